"""Stored rows as the values the rules of improvement speak of."""

from __future__ import annotations

from collabdesk.domain.improvement.drivers import Driver, DriverKind, Link
from collabdesk.domain.improvement.measures import Measure, MeasureKind, Point, ValueKind
from collabdesk.domain.improvement.pdsa import Cycle, CycleStatus
from collabdesk.domain.statistics.direction import Direction
from collabdesk.storage.queries import improvement as stored


def driver_of(row: stored.Driver) -> Driver:
    """Return a node of a diagram."""
    return Driver(row.row, row.project, DriverKind(row.kind), row.text)


def link_of(row: stored.DriverLink) -> Link:
    """Return an arrow of a diagram."""
    return Link(row.from_driver, row.to_driver)


def cycle_of(row: stored.Cycle) -> Cycle:
    """Return a cycle as it stands."""
    status = CycleStatus(row.status)
    return Cycle(row.row, row.idea, row.ramp, row.number, status, row.start, row.end)


def measure_of(row: stored.Measure) -> Measure:
    """Return a measure."""
    return Measure(
        name=row.name,
        kind=MeasureKind(row.kind),
        value_kind=ValueKind(row.value_kind),
        direction=Direction(row.direction),
        unit=row.unit,
        definition=row.definition,
        target=row.target or "",
    )


def point_of(row: stored.DataPoint) -> Point:
    """Return a data point."""
    return Point(row.period_start, row.value, row.numerator, row.denominator, row.note)
