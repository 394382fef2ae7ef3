"""Forecasts as chosen, as kept month by month, what moved them, and what may still come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.queries.records import Record, record, records
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredForecast(Record):
    """How a line is forecast, with the months judged by hand."""

    fiscal_year: str
    service_line: bytes
    provider: str
    method: str
    reason: str
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
        """The twelve months judged by hand, April first."""
        early = (self.m1, self.m2, self.m3, self.m4, self.m5, self.m6)
        return (*early, self.m7, self.m8, self.m9, self.m10, self.m11, self.m12)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersion(Record):
    """A forecast kept for a month; of one month the highest version counts."""

    fiscal_year: str
    month: int
    version: int
    journal_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine(Record):
    """One line of a kept forecast, in pence."""

    forecast_version: bytes
    service_line: bytes
    provider: str
    method: str
    outturn_p: int
    ytd_p: int
    budget_p: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMovement(Record):
    """One reason why a line's forecast moved since an earlier month."""

    fiscal_year: str
    month: int
    service_line: bytes
    provider: str
    reason: str
    amount_p: int | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRisk(Record):
    """A risk or opportunity; amounts in pence, the chance as decimal text."""

    fiscal_year: str
    kind: str
    title: str
    best_p: int | None
    likely_p: int | None
    worst_p: int | None
    probability_pct: str | None
    action: str
    owner: str
    state: str
    service_line: bytes | None


def forecasts(reads: Connection, fiscal_year: str) -> tuple[StoredForecast, ...]:
    """Return how the lines of a year are forecast, whoever chose it."""
    where = PROJECTIONS["forecast"].c.fiscal_year == fiscal_year
    return records(reads, "forecast", StoredForecast, where)


def kept_versions(reads: Connection, fiscal_year: str) -> tuple[KeptVersion, ...]:
    """Return the kept forecasts of a year, the latest last."""
    where = PROJECTIONS["forecast_version"].c.fiscal_year == fiscal_year
    found = records(reads, "forecast_version", KeptVersion, where)
    return tuple(sorted(found, key=lambda one: (one.month, one.version, one.row)))


def kept_lines(reads: Connection, version: bytes) -> tuple[KeptLine, ...]:
    """Return the lines of a kept forecast."""
    where = PROJECTIONS["forecast_line"].c.forecast_version == version
    return records(reads, "forecast_line", KeptLine, where)


def movements(reads: Connection, fiscal_year: str, month: int) -> tuple[StoredMovement, ...]:
    """Return the reasons given for movements to a month's forecast."""
    table = PROJECTIONS["forecast_movement"]
    where = (table.c.fiscal_year == fiscal_year, table.c.month == month)
    return records(reads, "forecast_movement", StoredMovement, *where)


def risks(reads: Connection, fiscal_year: str) -> tuple[StoredRisk, ...]:
    """Return the risks and opportunities of a year."""
    return records(reads, "risk", StoredRisk, PROJECTIONS["risk"].c.fiscal_year == fiscal_year)


def risk(reads: Connection, row: bytes) -> StoredRisk | None:
    """Return one risk or opportunity, or None."""
    return record(reads, "risk", StoredRisk, row)
