"""Finding what a command speaks of, in a project the acting organisation may write."""

from __future__ import annotations

from typing import NoReturn

from sqlalchemy import Connection

from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor
from collabdesk.storage.queries import improvement as stored

_AGAIN = "It may have been deleted meanwhile. Look at the list again."


def own_project(reads: Connection, row: bytes, me: Actor) -> stored.Project:
    """Return a project that may be written: of one's own trust, or a joint one; not archived."""
    project = stored.project(reads, row)
    if project is None:
        _gone("project", "This project is no longer here.")
    if not project.shared and project.scope != me.organisation:
        raise Refusal(
            code="not_yours",
            words=f"“{project.title}” belongs to another trust.",
            remedy="Ask that trust to change it; only joint projects are edited by all.",
            field="project",
        )
    if project.status == "archived":
        raise Refusal(
            code="project_archived",
            words=f"“{project.title}” is archived and can only be read.",
            remedy="Register a new project to carry the work on.",
            field="project",
        )
    return project


def own_driver(reads: Connection, row: bytes, field: str) -> stored.Driver:
    """Return a node of a diagram."""
    driver = stored.driver(reads, row)
    if driver is None:
        _gone(field, "This box of the driver diagram is no longer here.")
    return driver


def own_measure(reads: Connection, row: bytes, me: Actor) -> tuple[stored.Project, stored.Measure]:
    """Return a measure with its project."""
    measure = stored.measure(reads, row)
    if measure is None:
        _gone("measure", "This measure is no longer here.")
    return own_project(reads, measure.project, me), measure


def own_cycle(reads: Connection, row: bytes, me: Actor) -> stored.Cycle:
    """Return a cycle of a project that may be written."""
    cycle = stored.cycle(reads, row)
    if cycle is None:
        _gone("cycle", "This PDSA cycle is no longer here.")
    own_project(reads, cycle.project, me)
    return cycle


def _gone(field: str, words: str) -> NoReturn:
    raise Refusal(code=f"no_{field}", words=words, remedy=_AGAIN, field=field)
