"""Closing a month: softly first, then locked for ever by two people."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.approvals import Decision, Tally
from collabdesk.domain.budgets.closing import STEPS, check_lockable, check_typed, lock_tally
from collabdesk.domain.budgets.month_states import MonthState, check_step, state_of
from collabdesk.domain.changes import OWN, Approve, Cell, Delete, Insert, NewRow, SetCells, Withdraw
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.blockers import check_unblocked
from collabdesk.services.budgets.closing.close_commands import (
    ApproveLock,
    CloseMonth,
    LockMonth,
    ReopenMonth,
    TickStep,
)
from collabdesk.services.budgets.closing.month_states import states, stored_states
from collabdesk.services.budgets.evidence import check_fingerprint
from collabdesk.services.budgets.rights import check_keeper, check_lead
from collabdesk.services.budgets.virements.proposals import person_key, who
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import plain
from collabdesk.storage.queries.approvals import Approval, approvals
from collabdesk.storage.queries.ledger import journals, stamp
from collabdesk.storage.queries.month_states import StoredState, close_steps

SIGNED: Final = ("state", "journal_number", "ledger_hash")
"""What an agreement to a lock names: the state, and the ledger as the close left it."""


def close_month(command: CloseMonth, reads: Connection, me: Actor) -> Outcome:
    """Close a month softly once nothing is in the way."""
    check_keeper(me, "closes months")
    month = _month(command.fiscal_year, command.month)
    year = FiscalYear.of(month.first).label
    check_step(month, MonthState.SOFT_CLOSED, states(reads, year))
    _check_begun(reads, year)
    check_unblocked(reads, year, month.number)
    return _set(reads, month, MonthState.SOFT_CLOSED, f"{month.label} closed softly")


def reopen_month(command: ReopenMonth, reads: Connection, me: Actor) -> Outcome:
    """Open a softly closed month again."""
    check_keeper(me, "opens months again")
    month = _month(command.fiscal_year, command.month)
    check_step(month, MonthState.OPEN, states(reads, FiscalYear.of(month.first).label))
    return _set(reads, month, MonthState.OPEN, f"{month.label} opened again")


def approve_lock(command: ApproveLock, reads: Connection, me: Actor) -> Outcome:
    """Sign agreement to the lock of a softly closed month."""
    month = _month(command.fiscal_year, command.month)
    check_step(month, MonthState.LOCKED, states(reads, FiscalYear.of(month.first).label))
    kept = _softly_closed(reads, month)
    check_typed(command.typed, month)
    mine = person_key(me.organisation, me.person)
    if any(who(one.author) == mine for one in standing(reads, kept)):
        raise Refusal(
            code="already_approved",
            words=f"You have agreed to the lock of {month.label} already.",
            remedy="Two different people lock a month; ask another approver.",
            field="month",
        )
    change = Approve("month_state", kept.row, SIGNED, plain(command.typed, "typed"))
    back = Withdraw("month_state", kept.row)
    return Outcome(
        (change,), (back,), f"Agreement to lock {month.label}", ("month_state", kept.row)
    )


def lock_month(command: LockMonth, reads: Connection, me: Actor) -> Outcome:
    """Lock a month for ever; what belongs to it is posted in open months from now on."""
    check_keeper(me, "locks months")
    month = _month(command.fiscal_year, command.month)
    year = FiscalYear.of(month.first).label
    check_step(month, MonthState.LOCKED, states(reads, year))
    kept = _softly_closed(reads, month)
    ticked = [one.step for one in close_steps(reads, year, month.number) if one.done]
    check_lockable(month, agreed_to(reads, kept), ticked)
    check_typed(command.typed, month)
    check_unblocked(reads, year, month.number)
    return _set(reads, month, MonthState.LOCKED, f"{month.label} locked; this cannot be undone")


def tick_step(command: TickStep, reads: Connection, me: Actor) -> Outcome:
    """Tick a step of the close off, or take the tick away."""
    check_lead(me, "keeps the list of the close")
    month = _month(command.fiscal_year, command.month)
    year = FiscalYear.of(month.first).label
    step = next((one for one in STEPS if one.key == command.step), None)
    if step is None:
        raise Refusal(
            code="unknown_step",
            words="The close has no such step.",
            remedy="Choose a step of the list.",
            field="step",
        )
    if state_of(month, states(reads, year)) is MonthState.LOCKED and step.before_lock:
        raise Refusal(
            code="month_locked",
            words=f"{month.label} is locked; what led to it no longer changes.",
            remedy="Only what comes after the lock can be ticked off.",
            field="step",
        )
    check_fingerprint(command.evidence_sha256)
    cells: dict[str, Cell] = {
        "owner": plain(command.owner, "owner") or step.owner,
        "done": command.done,
        "evidence": plain(command.evidence, "evidence") or None,
        "evidence_sha256": command.evidence_sha256,
    }
    words = f"“{step.words}” {'done' if command.done else 'open again'}, {month.label}"
    kept = [one for one in close_steps(reads, year, month.number) if one.step == step.key]
    if kept:
        before: dict[str, Cell] = {name: getattr(kept[0], name) for name in cells}
        before["done"] = bool(kept[0].done)
        change, back = (SetCells("close_step", kept[0].row, c) for c in (cells, before))
        return Outcome((change,), (back,), words, ("close_step", kept[0].row))
    row = NewRow("step")
    named: dict[str, Cell] = {"fiscal_year": year, "month": month.number, "step": step.key}
    insert = Insert("close_step", OWN, named | cells, row.key)
    return Outcome((insert,), (Delete("close_step", row),), words, ("close_step", row))


def standing(reads: Connection, kept: StoredState) -> tuple[Approval, ...]:
    """Return the agreements to a lock that name the state as it stands."""
    return tuple(one for one in approvals(reads, kept.row) if one.current and not one.withdrawn)


def agreed_to(reads: Connection, kept: StoredState) -> Tally:
    """Count the different people who agree to the lock of a month."""
    given = [
        Decision(who(one.author), approves=True, key=one.author.device)
        for one in standing(reads, kept)
    ]
    return lock_tally(given)


def kept_state(reads: Connection, month: Month) -> StoredState | None:
    """Return the row that holds a month's state, or None while nobody has closed it."""
    year = FiscalYear.of(month.first).label
    found = (one for one in stored_states(reads, year) if one.month == month.number)
    return next(found, None)


def _month(fiscal_year: str, month: int) -> Month:
    return FiscalYear.parse(fiscal_year).month(month)


def _softly_closed(reads: Connection, month: Month) -> StoredState:
    kept = kept_state(reads, month)
    if kept is None:
        raise LookupError(month.label)
    return kept


def _check_begun(reads: Connection, year: str) -> None:
    if not journals(reads, year, budget_only=True):
        raise Refusal(
            code="year_not_agreed",
            words=f"Nothing is posted for {year}; there is nothing to close.",
            remedy="Agree a budget for the year first.",
            field="month",
        )


def _set(reads: Connection, month: Month, then: MonthState, words: str) -> Outcome:
    now, kept = stamp(reads), kept_state(reads, month)
    cells: dict[str, Cell] = {
        "state": then.value,
        "journal_number": now.number,
        "ledger_hash": now.link,
    }
    if kept is not None:
        change = SetCells("month_state", kept.row, cells)
        return Outcome((change,), (), words, ("month_state", kept.row))
    row = NewRow("state")
    named: dict[str, Cell] = {
        "fiscal_year": FiscalYear.of(month.first).label,
        "month": month.number,
    }
    insert = Insert("month_state", OWN, named | cells, row.key)
    return Outcome((insert,), (), words, ("month_state", row))
