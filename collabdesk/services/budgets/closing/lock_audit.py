"""What looks wrong about locks: nobody agreed to one, or something was posted behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from collabdesk.domain.budgets.closing import NEEDED_TO_LOCK
from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.closing.month_states import stored_states
from collabdesk.services.budgets.virements.proposals import who
from collabdesk.storage.queries.approvals import agreed_values, approvals_before, money_dots
from collabdesk.storage.queries.ledger import Place, posted_after
from collabdesk.storage.queries.month_states import StoredState
from collabdesk.sync.registry.budgets.ledger import MONTH_STATE

_STATE = MONTH_STATE.by_name["state"].number


def locks_without_approvals(
    reads: Connection, years: Sequence[str]
) -> Iterator[tuple[StoredState, str]]:
    """Yield the locks that fewer than two people had agreed to, with words for each."""
    for kept in _locked(reads, years):
        if len(_agreed(reads, kept)) < NEEDED_TO_LOCK:
            label = FiscalYear.parse(kept.fiscal_year).month(kept.month).label
            yield kept, f"{label} was locked although fewer than two people had agreed."


def posted_behind_locks(reads: Connection, years: Sequence[str]) -> Iterator[tuple[Place, str]]:
    """Yield the journals posted in a month after it was locked, with words for each."""
    for kept in _locked(reads, years):
        if kept.journal_number is None:
            continue
        label = FiscalYear.parse(kept.fiscal_year).month(kept.month).label
        for journal in posted_after(reads, kept.journal_number, kept.fiscal_year, kept.month):
            yield journal, f"Journal #{journal.number} was posted in {label}, which is locked."


def _locked(reads: Connection, years: Sequence[str]) -> Iterator[StoredState]:
    for year in years:
        for kept in stored_states(reads, year):
            if kept.state == MonthState.LOCKED:
                yield kept


def _agreed(reads: Connection, kept: StoredState) -> set[str]:
    """Return who had agreed to one and the same close when the month was locked."""
    together: dict[object, set[str]] = defaultdict(set)
    for dot in money_dots(reads, kept.row).get(_STATE, ()):
        for approval in approvals_before(reads, kept.row, dot):
            values = agreed_values(reads, approval.dot)
            if values.get("state") == MonthState.SOFT_CLOSED:
                together[values.get("ledger_hash")].add(who(approval.author))
    return max(together.values(), key=len, default=set())
