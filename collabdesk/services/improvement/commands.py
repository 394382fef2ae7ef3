"""What a quality improvement lead can do with projects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from collabdesk.domain.changes import Cell


@dataclass(frozen=True, slots=True)
class RegisterProject:
    """Start a project with its aim; `joint` puts it where all partners may edit it."""

    title: str
    aim: str
    joint: bool = False
    code: str = ""
    population: str = ""
    rationale: str = ""
    setting: str = ""
    owner: str = ""
    start: dt.date | None = None
    target_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class EditProject:
    """Change some cells of a project.

    `seen` holds the values the person was looking at; where one of those edited is no
    longer so, the edit is refused rather than written over somebody else's.
    """

    project: bytes
    cells: Mapping[str, Cell]
    seen: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AddDriver:
    """Add a driver or change idea to a project's diagram, serving nodes one level up."""

    project: bytes
    kind: str
    text: str
    serves: tuple[bytes, ...] = ()
    strength: str = "strong"
    idea_status: str = ""


@dataclass(frozen=True, slots=True)
class LinkDrivers:
    """Say that one node of a diagram also serves another, one level up."""

    from_driver: bytes
    to_driver: bytes
    strength: str = "strong"


@dataclass(frozen=True, slots=True)
class AddMeasure:
    """Say what a project measures; `target` is as typed, empty for none."""

    project: bytes
    name: str
    kind: str
    value_kind: str
    direction: str
    unit: str = ""
    definition: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class PointTyped:
    """One row of data as typed or pasted: a value, or numerator and denominator."""

    period_start: dt.date | None
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordDataPoints:
    """Enter data of a measure; a paste of many rows is one step, all or nothing."""

    measure: bytes
    points: tuple[PointTyped, ...]


@dataclass(frozen=True, slots=True)
class PlanCycle:
    """Plan a PDSA cycle on a change idea; without a number it is the next of its ramp."""

    project: bytes
    idea: bytes
    objective: str
    prediction: str = ""
    plan: str = ""
    ramp: int = 1
    number: int | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    scale: str = ""


@dataclass(frozen=True, slots=True)
class StartCycle:
    """Begin a planned cycle; without a day it keeps the planned start."""

    cycle: bytes
    start: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RecordStudy:
    """Write down what was observed in a cycle and how it compares with the prediction.

    What is left empty stays as it is.
    """

    cycle: bytes
    observations: str = ""
    study: str = ""


@dataclass(frozen=True, slots=True)
class CloseCycle:
    """Close a cycle with its decision: adopt, adapt or abandon; without a study its own is kept."""

    cycle: bytes
    decision: str
    study: str = ""
    end: dt.date | None = None
