"""Deciding on driver diagrams: boxes and the arrows between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import Delete, Insert, NewRow
from collabdesk.domain.improvement.drivers import (
    Driver,
    DriverKind,
    IdeaStatus,
    Strength,
    add_driver,
    link,
)
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.improvement.access import own_driver, own_project
from collabdesk.services.improvement.commands import AddDriver, LinkDrivers
from collabdesk.services.improvement.entered import driver_of, link_of
from collabdesk.services.wording import chosen, plain
from collabdesk.storage.queries import improvement as stored

DRIVER: Final = "driver"
LINK: Final = "link"


def add_driver_node(command: AddDriver, reads: Connection, me: Actor) -> Outcome:
    """Insert a box and an arrow to it from each box it serves; a primary driver serves the aim."""
    project = own_project(reads, command.project, me)
    kind = chosen(DriverKind, command.kind, "kind")
    text = plain(command.text, "text")
    existing = [driver_of(row) for row in stored.drivers(reads, project.row)]
    node = add_driver(project.row, kind, text, existing, scope=project.place, key=DRIVER)
    if command.idea_status and kind is DriverKind.CHANGE_IDEA:
        status = chosen(IdeaStatus, command.idea_status, "idea_status")
        node = replace(node, cells=dict(node.cells) | {"idea_status": status.value})
    new = Driver(NewRow(DRIVER), project.row, kind, text)
    strength = chosen(Strength, command.strength, "strength")
    arrows = [
        _keyed(link(driver_of(above), new, (), strength, project.place), number)
        for number, above in enumerate(
            (own_driver(reads, row, "serves") for row in _served(command, kind, existing)), 1
        )
    ]
    return Outcome(
        changes=(node, *arrows),
        inverse=(
            *(Delete("driver_link", NewRow(arrow.key)) for arrow in arrows),
            Delete("driver", NewRow(DRIVER)),
        ),
        words=f"New {kind.words} “{text}”",
        record=("driver", NewRow(DRIVER)),
    )


def link_drivers(command: LinkDrivers, reads: Connection, me: Actor) -> Outcome:
    """Insert an arrow between two boxes that are there."""
    above = own_driver(reads, command.from_driver, "from_driver")
    below = own_driver(reads, command.to_driver, "to_driver")
    project = own_project(reads, above.project, me)
    links = [link_of(row) for row in stored.links(reads, project.row)]
    strength = chosen(Strength, command.strength, "strength")
    arrow = _keyed(link(driver_of(above), driver_of(below), links, strength, project.place), 1)
    return Outcome(
        changes=(arrow,),
        inverse=(Delete("driver_link", NewRow(arrow.key)),),
        words=f"Link from “{above.text}” to “{below.text}”",
        record=("project", project.row),
    )


def _served(command: AddDriver, kind: DriverKind, existing: Iterable[Driver]) -> Iterable[bytes]:
    if command.serves or kind is not DriverKind.PRIMARY_DRIVER:
        return dict.fromkeys(command.serves)
    return [d.row for d in existing if d.kind is DriverKind.AIM and isinstance(d.row, bytes)]


def _keyed(arrow: Insert, number: int) -> Insert:
    return replace(arrow, key=f"{LINK}{number}")
