"""Money for an investment: from the investment money to a line, in the months it is spent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.ledger import Account, JournalLine, LineKey, Recurrence
from collabdesk.domain.budgets.month_states import States, posting_month
from collabdesk.domain.budgets.part_year import days_left, effect
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Investment:
    """What is invested: a full year's recurrent money and what is spent once, in pence."""

    line: LineKey
    recurrent_p: int
    non_recurrent_p: int
    start: dt.date
    planned_start: dt.date

    def part_year_p(self, year: FiscalYear) -> int:
        """Return what of the recurrent money falls in its first year."""
        return effect(self.recurrent_p, self.start, self.planned_start, year).part_year_p

    def slippage_p(self, year: FiscalYear) -> int:
        """Return what a late start leaves unspent this year, once."""
        return effect(self.recurrent_p, self.start, self.planned_start, year).slippage_p


def journal_lines(
    wanted: Investment, year: FiscalYear, available_p: int, states: States | None = None
) -> tuple[JournalLine, ...]:
    """Return the lines that give an investment its money for this year.

    The recurrent part-year effect goes to the months by their days from the start on, what is
    spent once to the month of the start; what falls in a closed month goes to the next open
    one. Refused beyond what the investment money holds.
    """
    _check_in(wanted.start, year)
    first = next(m.number for m in year.months if wanted.start <= m.last)
    days = [days_left(max(wanted.start, month.first), year) for month in year.months]
    after = [*days[1:], 0]
    weights = [now - then for now, then in zip(days, after, strict=True)]
    recurrent = split(wanted.part_year_p(year), weights)
    once = [wanted.non_recurrent_p if m.number == first else 0 for m in year.months]
    given = [
        *_given(wanted.line, _in_open(recurrent, year, states or {}), Recurrence.RECURRENT),
        *_given(wanted.line, _in_open(once, year, states or {}), Recurrence.NON_RECURRENT),
    ]
    total = sum(line.amount_p for line in given)
    if total > available_p:
        raise Refusal(
            code="investment_money_short",
            words=(
                f"{format_pence(total)} is needed this year; the investment money holds "
                f"{format_pence(available_p)}."
            ),
            remedy="Move the confirmed saving into the investment money with a virement first.",
            field="recurrent_p",
        )
    return (*given, JournalLine(Account.INVESTMENT, -total))


def _given(key: LineKey, amounts: Sequence[int], recurrence: Recurrence) -> tuple[JournalLine, ...]:
    return tuple(
        JournalLine(Account.LINE, amount_p, key, month, recurrence)
        for month, amount_p in enumerate(amounts, 1)
        if amount_p
    )


def _in_open(amounts: Sequence[int], year: FiscalYear, states: States) -> Sequence[int]:
    moved = [0] * len(year.months)
    for month, amount_p in zip(year.months, amounts, strict=True):
        if amount_p:
            moved[posting_month(month, states).number - 1] += amount_p
    return moved


def _check_in(start: dt.date, year: FiscalYear) -> None:
    if not year.start <= start <= year.end:
        raise Refusal(
            code="start_outside_year",
            words=f"It does not start in {year.label}.",
            remedy=f"Choose a day from {year.start:%d/%m/%Y} to {year.end:%d/%m/%Y}.",
            field="start",
        )
