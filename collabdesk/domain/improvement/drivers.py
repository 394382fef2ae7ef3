"""The driver diagram: aim, primary and secondary drivers, change ideas; no tree but a graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from collabdesk.domain.changes import OWN, Cell, Insert, RowRef, Scope
from collabdesk.domain.required import required_text
from collabdesk.errors import Refusal


class DriverKind(StrEnum):
    """The levels of the diagram, from the aim down."""

    AIM = "aim"
    PRIMARY_DRIVER = "primary_driver"
    SECONDARY_DRIVER = "secondary_driver"
    CHANGE_IDEA = "change_idea"

    @property
    def words(self) -> str:
        """The level as it is said."""
        return self.value.replace("_", " ")


LEVELS: Final = tuple(DriverKind)


class IdeaStatus(StrEnum):
    """What has become of a change idea."""

    PROPOSED = "proposed"
    TESTING = "testing"
    ADOPTED = "adopted"
    ADAPTED = "adapted"
    ABANDONED = "abandoned"
    IMPLEMENTED = "implemented"


class Strength(StrEnum):
    """How strongly one driver is thought to act on another."""

    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Driver:
    """A node of the diagram of one project."""

    row: RowRef
    project: RowRef
    kind: DriverKind
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from a node to one of the next level down."""

    above: RowRef
    below: RowRef


def add_driver(  # noqa: PLR0913 - one node has this much to it
    project: RowRef,
    kind: DriverKind,
    text: str,
    existing: Collection[Driver] = (),
    *,
    scope: Scope = OWN,
    key: str = "driver",
) -> Insert:
    """Add a node to the diagram of a project; a project has one aim."""
    kept = required_text(
        text, "text", f"The {kind.words} has no words.", "Say it in a short sentence."
    )
    here = [driver for driver in existing if driver.project == project]
    if kind is DriverKind.AIM and any(driver.kind is DriverKind.AIM for driver in here):
        raise Refusal(
            code="second_aim",
            words="The diagram already has its aim.",
            remedy="Change the aim that is there, or start another project.",
            field="kind",
        )
    position = 1 + sum(driver.kind is kind for driver in here)
    cells: dict[str, Cell] = {
        "project": project,
        "kind": kind.value,
        "text": kept,
        "position": position,
    }
    if kind is DriverKind.CHANGE_IDEA:
        cells["idea_status"] = IdeaStatus.PROPOSED.value
    return Insert("driver", scope, cells, key)


def link(
    above: Driver,
    below: Driver,
    links: Collection[Link],
    strength: Strength = Strength.STRONG,
    scope: Scope = OWN,
) -> Insert:
    """Draw an arrow; it leads to the next level of the same project and closes no circle."""
    if above.project != below.project:
        raise _refused("other_project", "The two boxes belong to different projects.")
    if LEVELS.index(below.kind) != LEVELS.index(above.kind) + 1:
        raise _refused(
            "not_next_level", f"A {above.kind.words} cannot lead to a {below.kind.words}."
        )
    if Link(above.row, below.row) in links:
        raise _refused("link_exists", "These two boxes are linked already.")
    if above.row in reached(below.row, links):
        raise _refused("circle", "The arrow would close a circle.")
    cells: dict[str, Cell] = {
        "from_driver": above.row,
        "to_driver": below.row,
        "strength": strength.value,
    }
    return Insert("driver_link", scope, cells)


def _refused(code: str, words: str) -> Refusal:
    return Refusal(
        code=code,
        words=words,
        remedy="Arrows lead from aim to primary driver to secondary driver to change idea.",
        field="to_driver",
    )


def reached(row: RowRef, links: Collection[Link]) -> set[RowRef]:
    """Return every node that arrows lead to from one, itself included."""
    seen: set[RowRef] = set()
    waiting = [row]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += [step.below for step in links if step.above == here]
    return seen


def orphans(drivers: Iterable[Driver], links: Collection[Link]) -> tuple[Driver, ...]:
    """Return the nodes below the aim that no arrow leads to; people are warned of them."""
    led_to = {step.below for step in links}
    return tuple(
        driver
        for driver in drivers
        if driver.kind is not DriverKind.AIM and driver.row not in led_to
    )
