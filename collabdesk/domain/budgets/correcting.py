"""Journals that cancel others: corrections of closed months, accruals that take themselves back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from collabdesk.domain.budgets.accruals import next_month
from collabdesk.domain.budgets.corrections import correct
from collabdesk.domain.budgets.ledger import (
    ACTUAL_SIDE,
    Account,
    Heading,
    JournalKind,
    JournalLine,
    post,
)
from collabdesk.domain.budgets.month_states import States, posting_month
from collabdesk.domain.budgets.postings import Posting, PostingKind
from collabdesk.domain.changes import NewRow, PostJournal
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal

_APPROVED: Final = frozenset(
    {JournalKind.VIREMENT, JournalKind.RELEASE, JournalKind.OPENING, JournalKind.INVESTMENT}
)
_LETTER: Final = (
    "is what a letter says; a correction would move money without one.",
    "Record a further letter that takes back the difference, with a minus.",
)
_OTHERWISE: Final = {
    JournalKind.ALLOCATION: _LETTER,
    JournalKind.UPLIFT: _LETTER,
    JournalKind.REPHASING: (
        "spreads a line over its months; a correction could change what the line has.",
        "Phase the line again.",
    ),
    JournalKind.REVISION: (
        "was agreed with its version; it is not corrected by one person.",
        "Propose a virement.",
    ),
}
"""How each journal of the budget side is put right instead: why, and by what."""
_BUDGET: Final = (
    "changes a budget; only what was spent is corrected.",
    "Propose a virement, or record a further letter.",
)
_CANCELS: Final = frozenset({JournalKind.REVERSAL, JournalKind.ACCRUAL_REVERSAL})
_COUNTER: Final = frozenset({Account.GENERAL_LEDGER, Account.ACCRUED})
"""The accounts that take up what a corrected amount leaves over."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A journal in the ledger: its row, the month it stands in and the one it belongs to."""

    row: bytes
    kind: JournalKind
    period: Month
    effective: Month
    words: str
    lines: tuple[JournalLine, ...]
    reversed: bool = False


def reversed_lines(lines: Iterable[JournalLine]) -> tuple[JournalLine, ...]:
    """Return lines that cancel the given ones exactly."""
    return tuple(replace(line, amount_p=-line.amount_p) for line in lines)


def rebalanced(lines: Sequence[JournalLine]) -> tuple[JournalLine, ...]:
    """Let the counter account take up what the lines of what was spent leave over."""
    kept = list(lines)
    at = next((n for n, line in enumerate(kept) if line.account in _COUNTER), None)
    if at is not None:
        out_p = sum(line.amount_p for line in kept)
        kept[at] = replace(kept[at], amount_p=kept[at].amount_p - out_p)
    return tuple(kept)


def correct_journal(
    original: Posted, true: Sequence[JournalLine], states: States, reason: str, cause: bytes = b""
) -> tuple[PostJournal, PostJournal]:
    """Return the reversal of a journal and its correction, both in the earliest open month.

    Nothing in the original's month changes; both belong to it. `true` are the lines as they
    should have been; `cause` may name a file the truth was taken from. A journal of the budget
    side is refused: what a line or a pot has is decided by letter, version or virement.
    """
    check_correctable(original)
    found_in = posting_month(original.effective, states)
    before = Posting(
        PostingKind.ACTUAL,
        original.period,
        original.effective,
        _moved(original.lines),
        key=original.row.hex(),
        words=original.words,
    )
    cancelled = Posting(
        PostingKind.REVERSAL,
        found_in,
        original.effective,
        -before.amount_p,
        reverses=before.key,
    )
    posted = (cancelled,) if original.reversed else ()
    pair = correct(before, _moved(true), found_in, states, posted)
    year = FiscalYear.of(found_in.first).label
    headings = (
        Heading(
            year,
            JournalKind.REVERSAL,
            found_in.number,
            pair[0].words,
            effective_month=original.effective.number,
            reverses=original.row,
            key="reversal",
        ),
        Heading(
            year,
            JournalKind.CORRECTION,
            found_in.number,
            f"{pair[1].words} ({reason})",
            effective_month=original.effective.number,
            source_file=cause or None,
            key="correction",
        ),
    )
    return (
        post(headings[0], reversed_lines(original.lines)),
        post(headings[1], rebalanced(true)),
    )


def _moved(lines: Iterable[JournalLine]) -> int:
    return sum(line.amount_p for line in lines if line.amount_p > 0)


def check_correctable(original: Posted) -> None:
    """Refuse what no correction puts right, and say what does."""
    if original.kind in _APPROVED:
        raise Refusal(
            code="moved_by_approval",
            words=f"“{original.words}” was approved by others; it is not corrected by one person.",
            remedy="Propose a virement the other way.",
            field="journal",
        )
    if original.kind in _CANCELS:
        raise Refusal(
            code="already_reversed",
            words=f"“{original.words}” cancels another journal; it is not cancelled itself.",
            remedy="Post a new amount if one is missing.",
            field="journal",
        )
    if original.kind in _OTHERWISE or any(x.account not in ACTUAL_SIDE for x in original.lines):
        why, instead = _OTHERWISE.get(original.kind, _BUDGET)
        raise Refusal(
            code="budget_not_corrected",
            words=f"“{original.words}” {why}",
            remedy=instead,
            field="journal",
        )


def accrue(
    year: FiscalYear,
    month: int,
    lines: Sequence[JournalLine],
    states: Mapping[int, States],
    words: str,
) -> tuple[PostJournal, PostJournal]:
    """Return an accrual of a month and what takes it back on the first day of the next.

    `lines` are what is expected, without the counter side; `states` are those of this fiscal
    year and the next, by the calendar year they begin in.
    """
    belongs = year.month(month)
    stands = posting_month(belongs, states.get(year.begins, {}))
    opens = next_month(stands)
    next_year = FiscalYear.of(opens.first)
    back = posting_month(opens, states.get(next_year.begins, {}))
    both = (*lines, JournalLine(Account.ACCRUED, -sum(x.amount_p for x in lines), month=month))
    accrual = Heading(
        year.label,
        JournalKind.ACCRUAL,
        stands.number,
        f"Accrual: {words}",
        effective_month=month,
        key="accrual",
    )
    reversal = Heading(
        next_year.label,
        JournalKind.ACCRUAL_REVERSAL,
        back.number,
        f"Accrual taken back on 1 {opens.label.split(' ', 1)[1]}: {words}",
        effective_month=opens.number,
        reverses=NewRow("accrual"),
        key="taken-back",
    )
    taken_back = (replace(line, month=opens.number) for line in reversed_lines(both))
    return post(accrual, both), post(reversal, tuple(taken_back))


@dataclass(frozen=True, slots=True)
class Rephased:
    """A line's months in the ledger, and as they are to be."""

    before_p: tuple[int, ...]
    after_p: tuple[int, ...]


def rephasing_lines(line: JournalLine, months: Rephased) -> tuple[JournalLine, ...]:
    """Return the journal lines that move a line's money between its months."""
    return tuple(
        replace(line, amount_p=after - before, month=number)
        for number, (before, after) in enumerate(
            zip(months.before_p, months.after_p, strict=True), 1
        )
    )
