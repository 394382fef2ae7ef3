"""Closing a month: what is done on which working day, by whom, and who may lock it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from collabdesk.domain.budgets.approvals import Decision, Proposer, Tally, tally
from collabdesk.domain.periods import Calendar, FiscalYear, Month, england
from collabdesk.errors import Refusal

NEEDED_TO_LOCK: Final = 2
_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the close: due on a working day of the next month, with its usual owner.

    `before_lock` steps must be done before the month is locked.
    """

    key: str
    words: str
    owner: str
    working_day: int
    before_lock: bool = True


STEPS: Final = (
    Step("cut_off", "Ledger cut-off: trial balance imported", "Finance lead", 1),
    Step("activity", "Activity: flex position from bed management", "Contracts lead", 2),
    Step("accruals", "Accruals entered", "Finance lead", 3),
    Step("returns", "Partner returns imported", "Finance lead", 4),
    Step("reconciliation", "Returns reconciled, queries sent", "Finance lead", 5),
    Step(
        "forecast", "Forecast updated line by line, each movement with a reason", "Budget leads", 6
    ),
    Step("review", "Review and soft close", "Finance lead", 7),
    Step("approval", "Close approved by two people", "Approvers", 8, before_lock=False),
    Step("lock", "Month locked and signed", "Ledger keeper", 9, before_lock=False),
    Step("paper", "Board paper issued", "Finance lead", 10, before_lock=False),
    Step("freeze", "Freeze position replaces flex", "Contracts lead", 15, before_lock=False),
)


def due(month: Month, working_day: int, calendar: Calendar | None = None) -> dt.date:
    """Return the date of a working day after a month: working day 1 is the next month's first."""
    worked = calendar or england()
    day, left = month.last, working_day
    while left:
        day += _ONE_DAY
        left -= worked.working_days(day, day)
    return day


def lock_words(month: Month) -> str:
    """Return what somebody types to lock a month, as ``LOCK M6 2026/27``."""
    return f"LOCK M{month.number} {FiscalYear.of(month.first).label}"


def check_typed(typed: str, month: Month) -> None:
    """Refuse to lock a month that was not named in full."""
    if " ".join(typed.split()).upper() != lock_words(month):
        raise Refusal(
            code="not_confirmed",
            words=f"A lock is for ever; “{typed.strip()[:40]}” does not confirm it.",
            remedy=f"Type {lock_words(month)}.",
            field="typed",
        )


def lock_tally(decisions: Sequence[Decision]) -> Tally:
    """Count the different people who agree to a lock."""
    return tally(Proposer(""), decisions, NEEDED_TO_LOCK)


def check_lockable(month: Month, agreed: Tally, done: Iterable[str]) -> None:
    """Refuse a lock before two people agree and every step before it is ticked off."""
    if agreed.missing:
        raise Refusal(
            code="lock_not_approved",
            words=f"{month.label} is locked by two people; {len(agreed.counted)} agreed so far.",
            remedy="Ask another person with the role of approver to agree to the lock.",
            field="month",
        )
    ticked = set(done)
    open_steps = [step for step in STEPS if step.before_lock and step.key not in ticked]
    if open_steps:
        raise Refusal(
            code="steps_open",
            words=f"{len(open_steps)} steps of the close are not ticked off; the first is "
            f"“{open_steps[0].words}”.",
            remedy="Do each, or tick it off and say in its evidence why it was not needed.",
            field="step",
        )
