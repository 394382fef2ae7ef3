"""Share agreements, confirmed savings and investments, as they stand; sealed terms stay sealed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.queries.records import Record, record, records
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAgreement(Record):
    """One version of the risk and gain share; percentages are decimal text."""

    fiscal_year: str
    name: str
    effective_month: int
    collar_pct: str
    cap_pct: str
    basis: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPartner(Record):
    """That an organisation is a partner in a version; its terms are sealed."""

    agreement: bytes
    partner: bytes
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStatement(Record):
    """That a statement was made for a partner; what it says is sealed."""

    fiscal_year: str
    month: int
    partner: bytes
    journal_number: int | None
    agreement: bytes | None
    issue: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSaving(Record):
    """A saving confirmed against a baseline, in pence."""

    fiscal_year: str
    title: str
    recurrent_p: int | None
    non_recurrent_p: int | None
    evidence: str
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredInvestment(Record):
    """A proposal to invest, in pence: recurrent money of a full year, and what is spent once."""

    fiscal_year: str
    title: str
    service_line: bytes
    provider: str
    recurrent_p: int
    non_recurrent_p: int
    planned_start: dt.date
    start: dt.date | None
    measures: str
    position: int | None
    state: str


def agreements(reads: Connection, fiscal_year: str) -> tuple[StoredAgreement, ...]:
    """Return the versions of a year, whoever made them, the earliest first."""
    where = PROJECTIONS["share_agreement"].c.fiscal_year == fiscal_year
    found = records(reads, "share_agreement", StoredAgreement, where)
    return tuple(sorted(found, key=lambda one: (one.effective_month, one.row)))


def agreement(reads: Connection, row: bytes) -> StoredAgreement | None:
    """Return one version, or None."""
    return record(reads, "share_agreement", StoredAgreement, row)


def partners_in(reads: Connection, agreement: bytes) -> tuple[StoredPartner, ...]:
    """Return the partners of a version in the order they were entered."""
    where = PROJECTIONS["share_partner"].c.agreement == agreement
    found = records(reads, "share_partner", StoredPartner, where)
    return tuple(sorted(found, key=lambda one: (one.position or 0, one.row)))


def statements(reads: Connection, fiscal_year: str) -> tuple[StoredStatement, ...]:
    """Return the statements of a year, the newest first."""
    where = PROJECTIONS["share_statement"].c.fiscal_year == fiscal_year
    found = records(reads, "share_statement", StoredStatement, where)
    return tuple(sorted(found, key=lambda one: (-one.month, -(one.issue or 0), one.row)))


def savings(reads: Connection, fiscal_year: str) -> tuple[StoredSaving, ...]:
    """Return the confirmed savings of a year in the order they were entered."""
    where = PROJECTIONS["saving"].c.fiscal_year == fiscal_year
    found = records(reads, "saving", StoredSaving, where)
    return tuple(sorted(found, key=lambda one: (one.position or 0, one.row)))


def investments(reads: Connection, fiscal_year: str) -> tuple[StoredInvestment, ...]:
    """Return the proposals of a year in the order they are tried."""
    where = PROJECTIONS["investment"].c.fiscal_year == fiscal_year
    found = records(reads, "investment", StoredInvestment, where)
    return tuple(sorted(found, key=lambda one: (one.position or 0, one.row)))


def investment(reads: Connection, row: bytes) -> StoredInvestment | None:
    """Return one proposal, or None."""
    return record(reads, "investment", StoredInvestment, row)


def saving(reads: Connection, row: bytes) -> StoredSaving | None:
    """Return one saving, or None."""
    return record(reads, "saving", StoredSaving, row)
