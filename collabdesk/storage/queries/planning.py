"""The year's settings, its envelopes and the list of providers, as they stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.queries.records import Record, records
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow(Record):
    """A provider of the list."""

    code: str
    name: str
    starts: dt.date | None
    ends: dt.date | None
    succeeded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalYearRow(Record):
    """What holds for a whole year; the rates are decimal text."""

    fiscal_year: str
    convention: str
    cost_uplift_pct: str | None
    efficiency_pct: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeRow(Record):
    """A commissioner's money of one kind in a year."""

    fiscal_year: str
    commissioner: str
    recurrence: str
    position: int | None


def providers(reads: Connection) -> tuple[ProviderRow, ...]:
    """Return the list of providers, by name."""
    found = records(reads, "provider", ProviderRow)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.row)))


def fiscal_years(reads: Connection) -> tuple[FiscalYearRow, ...]:
    """Return the settings of every year that has some, the latest first."""
    found = records(reads, "fiscal_year", FiscalYearRow)
    return tuple(sorted(found, key=lambda one: (one.fiscal_year, one.row), reverse=True))


def envelopes(reads: Connection, fiscal_year: str) -> tuple[EnvelopeRow, ...]:
    """Return the envelopes of a year in the order people gave them."""
    where = PROJECTIONS["envelope"].c.fiscal_year == fiscal_year
    found = records(reads, "envelope", EnvelopeRow, where)
    return tuple(sorted(found, key=lambda e: (e.position is None, e.position, e.row)))
