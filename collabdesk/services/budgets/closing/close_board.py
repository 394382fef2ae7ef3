"""The close of a month as a screen shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from collabdesk.domain.budgets.closing import NEEDED_TO_LOCK, STEPS, Step, due, lock_words
from collabdesk.domain.budgets.ledger import Account, JournalKind
from collabdesk.domain.budgets.month_states import MonthState, state_of
from collabdesk.domain.london import london
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.blockers import Blocker, blockers
from collabdesk.services.budgets.closing.close_commands import (
    ApproveLock,
    CloseMonth,
    LockMonth,
    ReopenMonth,
)
from collabdesk.services.budgets.closing.closing import kept_state, standing
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.entered import line_name, service_lines
from collabdesk.services.budgets.once import one_reading
from collabdesk.services.budgets.returns.reconciling import not_returned, settled_of
from collabdesk.services.commands import Actor
from collabdesk.services.permission import refusal_of
from collabdesk.services.wording import counted
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.common import siblings
from collabdesk.storage.queries.ledger import PostedJournal, Stamp, journals, stamp
from collabdesk.storage.queries.month_states import CloseStep, close_steps

__all__ = [
    "AccrualLine",
    "Author",
    "CloseBoard",
    "CloseRights",
    "StepLine",
    "close_board",
    "month_to_close",
]


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step with its date; `done_at` is the time in England at which it was ticked off."""

    step: Step
    due: dt.date
    owner: str
    done: bool
    evidence: str
    by: Author | None = None
    done_at: dt.datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class AccrualLine:
    """An accrual of the month, and whether it has been taken back."""

    journal: int
    name: str
    amount_p: int
    reference: str
    reversed_in: int | None


@dataclass(frozen=True, slots=True)
class CloseRights:
    """Why this person may not do what closes a month; None is go ahead."""

    close: Refusal | None = None
    reopen: Refusal | None = None
    approve: Refusal | None = None
    lock: Refusal | None = None


@dataclass(frozen=True, slots=True)
class CloseBoard:
    """A month's close: its list, what is in the way, who agreed to the lock."""

    month: Month
    fiscal_year: str
    state: MonthState
    states: tuple[MonthState, ...]
    steps: tuple[StepLine, ...]
    blockers: tuple[Blocker, ...]
    agreed: tuple[Author, ...]
    accruals: tuple[AccrualLine, ...]
    stamp: Stamp
    lock_words: str
    rights: CloseRights = field(default_factory=CloseRights)
    needed: int = NEEDED_TO_LOCK
    returns: tuple[int, int] = (0, 0)
    """How many references of partners' returns are settled, and how many there are."""
    missing: tuple[str, ...] = ()
    """Whose return for the month is not in."""

    @property
    def late(self) -> int:
        """How many steps are past their day and not done."""
        return sum(line.late and not line.done for line in self.steps)

    @property
    def outstanding(self) -> tuple[str, ...]:
        """What does not block the close, and is still to be done or to come."""
        settled, every = self.returns
        said = [f"{counted(self.late, 'step')} late"] if self.late else []
        said += [f"no return yet from {', '.join(self.missing)}"] if self.missing else []
        said += [f"{counted(every - settled, 'return item')} to settle"] if every > settled else []
        return tuple(said)


def close_board(
    reads: Connection,
    who: Callable[[], Actor],
    fiscal_year: str,
    wanted: int | None,
    today: dt.date,
) -> CloseBoard:
    """Return a month's close as of today; `who` says who acts, or refuses.

    Without a month it is the first one that is not locked.
    """
    with one_reading():
        return _board(reads, who, fiscal_year, wanted or month_to_close(reads, fiscal_year), today)


def _board(
    reads: Connection, who: Callable[[], Actor], fiscal_year: str, month: int, today: dt.date
) -> CloseBoard:
    year = FiscalYear.parse(fiscal_year)
    at, known = year.month(month), states(reads, fiscal_year)
    kept = kept_state(reads, at)
    return CloseBoard(
        at,
        year.label,
        state_of(at, known),
        tuple(state_of(each, known) for each in year.months),
        _steps(reads, at, today),
        blockers(reads, year.label, month),
        tuple(one.author for one in standing(reads, kept)) if kept else (),
        _accruals(reads, year.label, month),
        stamp(reads),
        lock_words(at),
        _rights(reads, who, year.label, month),
        returns=settled_of(reads, year.label, month),
        missing=not_returned(reads, year.label, month),
    )


def month_to_close(reads: Connection, fiscal_year: str) -> int:
    """Return the first month of a year that is not locked; the last once all are."""
    year = FiscalYear.parse(fiscal_year)
    known = states(reads, fiscal_year)
    unlocked = (m.number for m in year.months if state_of(m, known) is not MonthState.LOCKED)
    return next(unlocked, len(year.months))


def _steps(reads: Connection, month: Month, today: dt.date) -> tuple[StepLine, ...]:
    year = FiscalYear.of(month.first).label
    kept = {one.step: one for one in close_steps(reads, year, month.number)}
    return tuple(_step(reads, step, kept.get(step.key), month, today) for step in STEPS)


def _step(
    reads: Connection, step: Step, kept: CloseStep | None, month: Month, today: dt.date
) -> StepLine:
    day = due(month, step.working_day)
    if kept is None or not kept.done:
        owner = kept.owner if kept else ""
        evidence = kept.evidence if kept else ""
        return StepLine(
            step, day, owner or step.owner, done=False, evidence=evidence, late=today > day
        )
    author = siblings(reads, kept.row, "done")[0].author
    at = london(dt.datetime.fromtimestamp(author.wall_ms / 1000, tz=dt.UTC))
    return StepLine(
        step,
        day,
        kept.owner or step.owner,
        done=True,
        evidence=kept.evidence,
        by=author,
        done_at=at,
        late=at.date() > day,
    )


def _accruals(reads: Connection, fiscal_year: str, month: int) -> tuple[AccrualLine, ...]:
    kinds = (JournalKind.ACCRUAL.value, JournalKind.ACCRUAL_REVERSAL.value)
    posted, lines = journals(reads, kinds=kinds), service_lines(reads)
    back = {one.reverses: one.posting_month for one in posted if one.reverses}
    return tuple(
        AccrualLine(
            journal.number,
            line_name(lines.get(line.service_line or b""), line.provider),
            line.amount_p,
            line.reference,
            back.get(journal.row),
        )
        for journal in posted
        if _accrues(journal, fiscal_year, month)
        for line in journal.lines
        if line.account == Account.SPEND
    )


def _accrues(journal: PostedJournal, fiscal_year: str, month: int) -> bool:
    return (journal.kind, journal.fiscal_year, journal.posting_month) == (
        JournalKind.ACCRUAL,
        fiscal_year,
        month,
    )


def _rights(
    reads: Connection, who: Callable[[], Actor], fiscal_year: str, month: int
) -> CloseRights:
    try:
        me = who()
    except Refusal as why:
        return CloseRights(why, why, why, why)
    typed = lock_words(FiscalYear.parse(fiscal_year).month(month))
    return CloseRights(
        refusal_of(reads, CloseMonth(fiscal_year, month), me),
        refusal_of(reads, ReopenMonth(fiscal_year, month), me),
        refusal_of(reads, ApproveLock(fiscal_year, month, typed), me),
        refusal_of(reads, LockMonth(fiscal_year, month, typed), me),
    )
