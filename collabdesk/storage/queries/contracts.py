"""Contracts, their prices, activity, bills and payments, as they stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from collabdesk.storage.queries.positions import posted
from collabdesk.storage.queries.records import R, Record, record, records
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Record):
    """A contract of one fiscal year; percentages and hours are decimal text."""

    fiscal_year: str
    reference: str
    service_line: bytes
    provider: str
    form: str
    starts: dt.date
    ends: dt.date
    annual_p: int | None
    profile: str
    planned: int | None
    price_p: int | None
    within_pct: str | None
    over_pct: str | None
    under_pct: str | None
    threshold: int | None
    quality_bp: int | None
    beds: int | None
    staff: int | None
    hours_per_day: str | None
    on_cost_pct: str | None
    terms_days: int | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPrice(Record):
    """What one unit of a measure costs from a day on."""

    contract: bytes
    measure: str
    starts: dt.date
    price_p: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Record):
    """An invoice between two partners; `paid_on` is None while it is unpaid."""

    fiscal_year: str
    month: int
    payer: str
    payee: str
    invoice: str
    amount_p: int
    kind: str
    invoiced: dt.date
    due: dt.date
    paid_on: dt.date | None
    contract: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceStatement(Record):
    """What one partner states of its balance with another at the end of a month."""

    fiscal_year: str
    month: int
    stated_by: str
    partner: str
    owed_to_us_p: int
    owed_by_us_p: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Record):
    """A month's total after the suppression gate; one without a quantity is hidden."""

    contract: bytes
    month: int
    measure: str
    position: str
    quantity: int | None
    cost_p: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill(Record):
    """A line of a bill: so many at a price; a credit note has a price below nought."""

    contract: bytes
    month: int
    reference: str
    count: int
    price_p: int
    credits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityMeasure(Record):
    """One measure of a contract's quality element in a quarter, in basis points."""

    contract: bytes
    quarter: int
    name: str
    weight_bp: int
    achieved_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementTotal(Record):
    """A month's placements after the gate, whole or of one part of a cut."""

    fiscal_year: str
    month: int
    service_line: bytes
    cut: str
    part: str
    people: int | None
    nights: int | None
    cost_p: int | None
    overdue: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline(Record):
    """What placements of a service line were before, against which a saving is shown."""

    fiscal_year: str
    service_line: bytes
    nights: int
    price_p: int
    local_cost_p: int | None
    evidence: str


def contracts(reads: Connection, fiscal_year: str) -> tuple[Contract, ...]:
    """Return the contracts of a year, by provider and reference."""
    found = _of_year(reads, "contract", Contract, fiscal_year)
    return tuple(sorted(found, key=lambda c: (c.provider, c.reference, c.row)))


def contract(reads: Connection, row: bytes) -> Contract | None:
    """Return one contract, or None."""
    return record(reads, "contract", Contract, row)


def prices(reads: Connection, fiscal_year: str) -> tuple[ContractPrice, ...]:
    """Return the prices of a year's contracts, the earliest first."""
    found = _of_contracts(reads, "contract_price", ContractPrice, fiscal_year)
    return tuple(sorted(found, key=lambda p: (p.starts, p.measure, p.row)))


def payments(reads: Connection, fiscal_year: str = "") -> tuple[Payment, ...]:
    """Return the invoices of a year, or of all years, by due date."""
    if fiscal_year:
        found = _of_year(reads, "contract_payment", Payment, fiscal_year)
    else:
        found = records(reads, "contract_payment", Payment)
    return tuple(sorted(found, key=lambda p: (p.due, p.invoice, p.row)))


def payment(reads: Connection, row: bytes) -> Payment | None:
    """Return one invoice, or None."""
    return record(reads, "contract_payment", Payment, row)


def balance_statements(reads: Connection, fiscal_year: str) -> tuple[BalanceStatement, ...]:
    """Return what partners stated of their balances in a year."""
    return _of_year(reads, "balance_statement", BalanceStatement, fiscal_year)


def activity(reads: Connection, fiscal_year: str) -> tuple[Activity, ...]:
    """Return the activity of a year's contracts, both positions, by month."""
    found = _of_contracts(reads, "activity", Activity, fiscal_year)
    return tuple(sorted(found, key=lambda a: (a.month, a.measure, a.position, a.row)))


def bills(reads: Connection, fiscal_year: str) -> tuple[Bill, ...]:
    """Return the bills of a year's contracts, by month and reference."""
    found = _of_contracts(reads, "contract_bill", Bill, fiscal_year)
    return tuple(sorted(found, key=lambda b: (b.month, b.reference, b.row)))


def quality_measures(reads: Connection, fiscal_year: str) -> tuple[QualityMeasure, ...]:
    """Return the quality measures of a year's contracts, by quarter and name."""
    found = _of_contracts(reads, "quality_measure", QualityMeasure, fiscal_year)
    return tuple(sorted(found, key=lambda q: (q.quarter, q.name, q.row)))


def placement_totals(reads: Connection, fiscal_year: str) -> tuple[PlacementTotal, ...]:
    """Return a year's totals of placements out of area, by month."""
    found = _of_year(reads, "placement_total", PlacementTotal, fiscal_year)
    return tuple(sorted(found, key=lambda t: (t.month, t.cut, t.part, t.row)))


def baselines(reads: Connection, fiscal_year: str) -> tuple[Baseline, ...]:
    """Return the baselines of a year's savings."""
    return _of_year(reads, "saving_baseline", Baseline, fiscal_year)


def _of_year(reads: Connection, table: str, made: type[R], year: str) -> tuple[R, ...]:
    return records(reads, table, made, PROJECTIONS[table].c.fiscal_year == year)


def _of_contracts(reads: Connection, table: str, made: type[R], year: str) -> tuple[R, ...]:
    contract_ = PROJECTIONS["contract"]
    of_year = select(contract_.c.row).where(contract_.c.fiscal_year == year)
    return records(reads, table, made, PROJECTIONS[table].c.contract.in_(of_year))


def spent(reads: Connection, fiscal_year: str) -> tuple[tuple[bytes, str, int, int], ...]:
    """Return the posted spending of a year as (service line, provider, month, pence)."""
    line, header = PROJECTIONS["journal_line"], posted(fiscal_year)
    place = (line.c.service_line, line.c.provider, line.c.month)
    query = (
        select(*place, func.sum(line.c.amount_p))
        .select_from(line)
        .join(header, header.c.row == line.c.journal)
        .where(line.c.account == "spend")
        .group_by(*place)
    )
    return tuple((found[0], found[1] or "", found[2], found[3]) for found in reads.execute(query))
