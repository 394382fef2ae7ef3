"""Programmes, pilots and the figures stated about them, as they stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.queries.records import Record, record, records
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Record):
    """An innovation programme."""

    title: str
    kind: str
    host: str
    aims: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot(Record):
    """One pilot of a programme; `name` and `lead` are empty where not stated."""

    programme: bytes
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFigure(Record):
    """A figure as an announcement states it; `value` is decimal text."""

    programme: bytes
    pilot: bytes | None
    name: str
    value: str | None
    unit: str
    qualifier: str
    basis: str
    source: str


def programmes(reads: Connection) -> tuple[Programme, ...]:
    """Return all programmes."""
    return records(reads, "programme", Programme)


def programme(reads: Connection, row: bytes) -> Programme | None:
    """Return one programme, or None."""
    return record(reads, "programme", Programme, row)


def pilots(reads: Connection) -> tuple[Pilot, ...]:
    """Return all pilots by reference."""
    found = records(reads, "pilot", Pilot)
    return tuple(sorted(found, key=lambda p: (p.reference, p.row)))


def pilot(reads: Connection, row: bytes) -> Pilot | None:
    """Return one pilot, or None."""
    return record(reads, "pilot", Pilot, row)


def figures(reads: Connection, programme_row: bytes) -> tuple[StatedFigure, ...]:
    """Return the figures stated about a programme and its pilots."""
    table = PROJECTIONS["stated_figure"]
    return records(reads, "stated_figure", StatedFigure, table.c.programme == programme_row)
