"""Which months are open, softly closed or locked, as the lead provider's keeper set them."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.month_states import MonthState, States, locked_through, posting_month
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.services.budgets.policy import lead_of
from collabdesk.storage.queries.month_states import StoredState, month_states


def states(reads: Connection, fiscal_year: str) -> States:
    """Return the states of a year's months; a month without one is open."""
    year = FiscalYear.parse(fiscal_year)
    found: dict[Month, MonthState] = {}
    for kept in stored_states(reads, year.label):
        month = year.month(kept.month)
        found[month] = max(found.get(month, MonthState.OPEN), MonthState(kept.state), key=_firm)
    return found


def stored_states(reads: Connection, fiscal_year: str) -> tuple[StoredState, ...]:
    """Return the states that count: those in the lead provider's scope, of real months."""
    lead = lead_of(reads)
    return tuple(
        kept
        for kept in month_states(reads, fiscal_year)
        if kept.scope == lead and 1 <= kept.month <= len(FiscalYear.parse(fiscal_year).months)
    )


def _firm(state: MonthState) -> int:
    return list(MonthState).index(state)


def locked_to(reads: Connection, fiscal_year: str) -> int:
    """Return the number of the month up to which a year is locked, 0 for none."""
    return locked_through(FiscalYear.parse(fiscal_year), states(reads, fiscal_year))


def open_month(reads: Connection, fiscal_year: str, effective: int) -> int:
    """Return the month something is posted in: the earliest open one from its own on."""
    year = FiscalYear.parse(fiscal_year)
    return posting_month(year.month(effective), states(reads, fiscal_year)).number
