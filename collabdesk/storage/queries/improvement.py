"""Improvement projects with their drivers, cycles, measures and points, as they stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.queries.records import Record, record, records
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Record):
    """An improvement project."""

    code: str
    title: str
    aim: str
    population: str
    rationale: str
    setting: str
    status: str
    start: dt.date | None
    target_date: dt.date | None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver(Record):
    """One node of a driver diagram: the aim, a driver or a change idea."""

    project: bytes
    kind: str
    text: str
    position: int | None
    idea_status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverLink(Record):
    """An arrow of a driver diagram, from a node to one of the next level down."""

    from_driver: bytes
    to_driver: bytes
    strength: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle(Record):
    """One PDSA cycle."""

    project: bytes
    idea: bytes
    ramp: int
    number: int
    objective: str
    prediction: str
    plan: str
    start: dt.date | None
    end: dt.date | None
    observations: str
    study: str
    decision: str
    scale: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Record):
    """What a project measures; `target` is decimal text."""

    project: bytes
    name: str
    kind: str
    definition: str
    unit: str
    value_kind: str
    direction: str
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPoint(Record):
    """One period of a measure; `value` is decimal text."""

    measure: bytes
    period_start: dt.date
    value: str | None
    numerator: int | None
    denominator: int | None
    note: str


def projects(reads: Connection) -> tuple[Project, ...]:
    """Return all projects."""
    return records(reads, "project", Project)


def project(reads: Connection, row: bytes) -> Project | None:
    """Return one project, or None."""
    return record(reads, "project", Project, row)


def drivers(reads: Connection, project_row: bytes) -> tuple[Driver, ...]:
    """Return the nodes of a project's driver diagram in the order people gave them."""
    found = records(reads, "driver", Driver, PROJECTIONS["driver"].c.project == project_row)
    return tuple(sorted(found, key=lambda d: (d.position is None, d.position, d.row)))


def driver(reads: Connection, row: bytes) -> Driver | None:
    """Return one node of a driver diagram, or None."""
    return record(reads, "driver", Driver, row)


def links(reads: Connection, project_row: bytes) -> tuple[DriverLink, ...]:
    """Return the links between the nodes of a project, each pair once."""
    nodes = {found.row for found in drivers(reads, project_row)}
    pairs: dict[tuple[bytes, bytes], DriverLink] = {}
    for link in records(reads, "driver_link", DriverLink):
        if link.from_driver in nodes and link.to_driver in nodes:
            pairs.setdefault((link.from_driver, link.to_driver), link)
    return tuple(pairs.values())


def cycles(reads: Connection, project_row: bytes) -> tuple[Cycle, ...]:
    """Return the PDSA cycles of a project, ramp by ramp."""
    found = records(reads, "pdsa_cycle", Cycle, PROJECTIONS["pdsa_cycle"].c.project == project_row)
    return tuple(sorted(found, key=lambda c: (c.ramp, c.number, c.row)))


def cycle(reads: Connection, row: bytes) -> Cycle | None:
    """Return one PDSA cycle, or None."""
    return record(reads, "pdsa_cycle", Cycle, row)


def measures(reads: Connection, project_row: bytes) -> tuple[Measure, ...]:
    """Return the measures of a project."""
    return records(reads, "measure", Measure, PROJECTIONS["measure"].c.project == project_row)


def measure(reads: Connection, row: bytes) -> Measure | None:
    """Return one measure, or None."""
    return record(reads, "measure", Measure, row)


def points(reads: Connection, measure_row: bytes) -> tuple[DataPoint, ...]:
    """Return the points of a measure by period."""
    found = records(
        reads, "data_point", DataPoint, PROJECTIONS["data_point"].c.measure == measure_row
    )
    return tuple(sorted(found, key=lambda p: (p.period_start, p.row)))
