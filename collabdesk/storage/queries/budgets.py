"""Budget versions, service lines, allocations, plan lines and virements, as they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.queries.records import Record, record, records
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetVersion(Record):
    """A budget version; `contingency_pct` is decimal text."""

    fiscal_year: str
    name: str
    state: str
    contingency_pct: str | None
    kind: str = ""
    based_on: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine(Record):
    """What money is spent on; `recurrence` is empty where nobody said."""

    code: str
    name: str
    kind: str
    parent: bytes | None
    position: int | None
    recurrence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationMove(Record):
    """Money that came into the envelope of a version."""

    version: bytes
    reference: str
    recurrence: str
    amount_p: int
    letter_date: dt.date | None
    effective_month: int | None
    position: int | None
    envelope: bytes | None = None
    kind: str = ""
    baseline_p: int | None = None
    cost_uplift_pct: str | None = None
    efficiency_pct: str | None = None
    convention: str = ""
    old_uplift_pct: str | None = None
    evidence_sha256: bytes | None = None
    evidence_name: str = ""
    pass_on: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine(Record):
    """A service line at a provider in a version, month by month in pence.

    `kept` marks a line that was deleted by somebody who had not seen a later amount.
    """

    version: bytes
    service_line: bytes
    provider: str
    profile: str
    note: str
    kept: int
    m1: int | None
    m2: int | None
    m3: int | None
    m4: int | None
    m5: int | None
    m6: int | None
    m7: int | None
    m8: int | None
    m9: int | None
    m10: int | None
    m11: int | None
    m12: int | None

    @property
    def months(self) -> tuple[int | None, ...]:
        """The twelve months, April first, as they are stored."""
        early = (self.m1, self.m2, self.m3, self.m4, self.m5, self.m6)
        return (*early, self.m7, self.m8, self.m9, self.m10, self.m11, self.m12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Virement(Record):
    """A proposal to move money; its scope is the proposing organisation."""

    fiscal_year: str
    from_line: bytes
    from_provider: str
    to_line: bytes
    to_provider: str
    amount_p: int
    month: int
    recurrence: str
    reason: str
    from_pot: str = ""
    to_pot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation(Record):
    """That one person may act for another; its scope is the organisation of the first."""

    person: bytes
    delegate: bytes
    delegate_of: bytes
    starts: dt.date | None
    ends: dt.date | None


def budget_versions(reads: Connection) -> tuple[BudgetVersion, ...]:
    """Return all budget versions, the latest year first."""
    found = records(reads, "budget_version", BudgetVersion)
    return tuple(sorted(found, key=lambda v: (v.fiscal_year, v.row), reverse=True))


def budget_version(reads: Connection, row: bytes) -> BudgetVersion | None:
    """Return one budget version, or None."""
    return record(reads, "budget_version", BudgetVersion, row)


def service_lines(reads: Connection) -> tuple[ServiceLine, ...]:
    """Return all service lines in the order people gave them."""
    found = records(reads, "service_line", ServiceLine)
    return tuple(sorted(found, key=lambda s: (s.position is None, s.position, s.code, s.row)))


def allocation_moves(reads: Connection, version: bytes) -> tuple[AllocationMove, ...]:
    """Return the allocations of a version, the opening one first."""
    found = records(
        reads,
        "allocation_move",
        AllocationMove,
        PROJECTIONS["allocation_move"].c.version == version,
    )
    return tuple(sorted(found, key=lambda m: (m.position is None, m.position, m.reference, m.row)))


def letters(reads: Connection) -> Mapping[bytes, AllocationMove]:
    """Return the allocations of every version by their rows."""
    return {one.row: one for one in records(reads, "allocation_move", AllocationMove)}


def plan_lines(reads: Connection, version: bytes) -> tuple[PlanLine, ...]:
    """Return the plan lines of a version."""
    return records(reads, "plan_line", PlanLine, PROJECTIONS["plan_line"].c.version == version)


def plan_line(reads: Connection, row: bytes) -> PlanLine | None:
    """Return one plan line, or None."""
    return record(reads, "plan_line", PlanLine, row)


def virements(reads: Connection) -> tuple[Virement, ...]:
    """Return all proposals to move money."""
    return records(reads, "virement", Virement)


def virement(reads: Connection, row: bytes) -> Virement | None:
    """Return one proposal, or None."""
    return record(reads, "virement", Virement, row)


def delegations(reads: Connection) -> tuple[Delegation, ...]:
    """Return who may act for whom."""
    return records(reads, "delegation", Delegation)
