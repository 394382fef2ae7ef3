"""An investment takes its money from the investment money, month by month from its start."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.investing import Investment, journal_lines
from collabdesk.domain.budgets.ledger import Account, LineKey, Recurrence, out_of_balance
from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

YEAR = FiscalYear.parse("2026/27")
KEY = LineKey(b"asl", "RHA")


def test_the_part_year_effect_goes_to_the_months_by_their_days() -> None:
    """FIN-36: 1 October to 31 March are 182 of 365 days."""
    wanted = Investment(KEY, 36_500, 1_000, dt.date(2026, 10, 1), dt.date(2026, 9, 1))
    assert (wanted.part_year_p(YEAR), wanted.slippage_p(YEAR)) == (18_200, 3_000)
    lines = journal_lines(wanted, YEAR, 19_200)
    recurrent = {
        line.month: line.amount_p for line in lines if line.recurrence is Recurrence.RECURRENT
    }
    assert recurrent == {7: 3_100, 8: 3_000, 9: 3_100, 10: 3_100, 11: 2_800, 12: 3_100}
    (once,) = (line for line in lines if line.recurrence is Recurrence.NON_RECURRENT)
    assert (once.month, once.amount_p) == (7, 1_000)
    assert lines[-1].account is Account.INVESTMENT


def test_what_falls_in_closed_months_goes_to_the_next_open_one() -> None:
    wanted = Investment(KEY, 36_500, 1_000, dt.date(2026, 10, 1), dt.date(2026, 10, 1))
    closed = {YEAR.month(number): MonthState.LOCKED for number in range(1, 9)}
    lines = journal_lines(wanted, YEAR, 19_200, closed)
    months = [(line.month, line.amount_p) for line in lines[:-1]]
    assert months == [(9, 9_200), (10, 3_100), (11, 2_800), (12, 3_100), (9, 1_000)]


@given(
    st.integers(0, 10**10),
    st.integers(0, 10**9),
    st.dates(dt.date(2026, 4, 1), dt.date(2027, 3, 31)),
)
def test_it_balances_and_takes_the_part_year_and_what_is_spent_once(
    recurrent_p: int, once_p: int, start: dt.date
) -> None:
    wanted = Investment(KEY, recurrent_p, once_p, start, start)
    total = wanted.part_year_p(YEAR) + once_p
    lines = journal_lines(wanted, YEAR, total)
    assert out_of_balance(lines) == 0
    assert -lines[-1].amount_p == total
    assert wanted.slippage_p(YEAR) == 0


@pytest.mark.parametrize(
    ("start", "available_p", "code"),
    [
        (dt.date(2027, 4, 1), 10**9, "start_outside_year"),
        (dt.date(2026, 4, 1), 36_499, "investment_money_short"),
    ],
)
def test_what_cannot_be_given(start: dt.date, available_p: int, code: str) -> None:
    with pytest.raises(Refusal) as why:
        journal_lines(Investment(KEY, 36_500, 0, start, start), YEAR, available_p)
    assert why.value.code == code
