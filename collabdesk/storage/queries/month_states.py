"""The states of months as signed, and what a close has ticked off."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.queries.records import Record, records
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredState(Record):
    """A month's state, with the ledger as it stood when the state was set."""

    fiscal_year: str
    month: int
    state: str
    journal_number: int | None
    ledger_hash: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseStep(Record):
    """A step of a month's close as somebody ticked it off."""

    fiscal_year: str
    month: int
    step: str
    owner: str
    done: int | None
    evidence: str
    evidence_sha256: bytes | None


def month_states(reads: Connection, fiscal_year: str) -> tuple[StoredState, ...]:
    """Return the states of a year's months, whoever set them, the earliest month first."""
    where = PROJECTIONS["month_state"].c.fiscal_year == fiscal_year
    found = records(reads, "month_state", StoredState, where)
    return tuple(sorted(found, key=lambda state: (state.month, state.row)))


def close_steps(reads: Connection, fiscal_year: str, month: int) -> tuple[CloseStep, ...]:
    """Return what is ticked off of a month's close."""
    table = PROJECTIONS["close_step"]
    where = (table.c.fiscal_year == fiscal_year, table.c.month == month)
    return records(reads, "close_step", CloseStep, *where)
