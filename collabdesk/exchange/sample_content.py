"""What the sample holds: real trusts, invented figures, people as roles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Partner:
    """A trust, its part (lead, partner or provider) and, where it takes part, who works there."""

    code: str
    part: str
    laptop: str
    person: str


@dataclass(frozen=True, slots=True)
class Move:
    """The opening allocation or a later letter."""

    reference: str
    words: str
    recurrence: str
    amount_p: int
    letter_date: dt.date
    month: int


@dataclass(frozen=True, slots=True)
class PlannedAmount:
    """What one provider is to have for a service line in the year, in pence."""

    provider: str
    amount_p: int


@dataclass(frozen=True, slots=True)
class Line:
    """A service line; a group has neither profile nor amounts."""

    code: str
    name: str
    kind: str
    parent: str
    profile: str
    plan: tuple[PlannedAmount, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """The opening plan of the fiscal year."""

    version: str
    contingency_pct: str
    moves: tuple[Move, ...]
    lines: tuple[Line, ...]

    @property
    def envelope_p(self) -> int:
        """The envelope after all letters, in pence."""
        return sum(move.amount_p for move in self.moves)

    @property
    def planned_p(self) -> int:
        """All planned amounts, in pence."""
        return sum(amount.amount_p for line in self.lines for amount in line.plan)


@dataclass(frozen=True, slots=True)
class Virement:
    """A proposal to move money between two lines."""

    from_line: str
    from_provider: str
    to_line: str
    to_provider: str
    amount_p: int
    month: int
    recurrence: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfflineEdits:
    """What two trusts change while neither can see the other."""

    line: str
    provider: str
    month: int
    one_p: int
    other_p: int
    resolved_reason: str
    title_one: str
    title_other: str


@dataclass(frozen=True, slots=True)
class Driver:
    """A node of the driver diagram and the nodes it serves."""

    key: str
    kind: str
    text: str
    serves: tuple[str, ...]
    idea_status: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """One PDSA cycle on a change idea."""

    idea: str
    ramp: int
    number: int
    objective: str
    prediction: str
    plan: str
    start: dt.date
    end: dt.date
    observations: str
    study: str
    decision: str
    scale: str
    status: str


@dataclass(frozen=True, slots=True)
class Point:
    """A month's value, as decimal text."""

    period_start: dt.date
    value: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What the project measures, month by month."""

    name: str
    kind: str
    definition: str
    unit: str
    value_kind: str
    direction: str
    target: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """The improvement project."""

    code: str
    owner: str
    title: str
    aim: str
    what: str
    by_how_much: str
    for_whom: str
    rationale: str
    setting: str
    start: dt.date
    target_date: dt.date
    drivers: tuple[Driver, ...]
    cycles: tuple[Cycle, ...]
    measure: Measure


@dataclass(frozen=True, slots=True)
class Standard:
    """The value a published measure is held to, with who says so."""

    metric: str
    kind: str
    value: str
    source: str
    source_date: dt.date
    effective_from: dt.date


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A published file shipped beside the sample."""

    file: str
    profile: str


@dataclass(frozen=True, slots=True)
class Pilot:
    """One pilot as far as its source states it; empty where it does not."""

    reference: str
    name: str
    lead: str
    partners: str
    theme: str
    population: str
    idea: str
    aims: str
    state: str
    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure with its qualifier and basis; `value` is None where nothing is stated."""

    pilot: str
    name: str
    value: str | None
    unit: str
    qualifier: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme described in public."""

    reference: str
    title: str
    kind: str
    host: str
    aims: str
    source: str
    pilots: tuple[Pilot, ...]
    figures: tuple[StatedFigure, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything the sample holds."""

    banner: str
    workspace: str
    fiscal_year: str
    partners: tuple[Partner, ...]
    budget: Budget
    virement: Virement
    offline: OfflineEdits
    project: Project
    standards: tuple[Standard, ...]
    releases: tuple[ReleaseFile, ...]
    programmes: tuple[Programme, ...]
