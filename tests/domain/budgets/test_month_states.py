"""Months open, close softly, open again, and lock for ever."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.month_states import (
    MonthState,
    States,
    check_open,
    check_step,
    locked_through,
    may_become,
    posting_month,
    state_of,
)
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal

YEAR = FiscalYear(2026)
OPEN, SOFT, LOCKED = MonthState
STATES = st.dictionaries(st.sampled_from(YEAR.months), st.sampled_from(MonthState))


def _locked(through: int, **softly: int) -> dict[Month, MonthState]:
    states = {YEAR.month(n): LOCKED for n in range(1, through + 1)}
    return states | {YEAR.month(n): SOFT for n in softly.values()}


def test_three_steps_exist() -> None:
    """FIN-34."""
    allowed = {step for step in product(MonthState, MonthState) if may_become(*step)}
    assert allowed == {(OPEN, SOFT), (SOFT, OPEN), (SOFT, LOCKED)}


@pytest.mark.parametrize(
    ("then", "state", "words"),
    [
        (LOCKED, OPEN, "M3 Jun 2026 is open; it cannot become locked."),
        (SOFT, SOFT, "M3 Jun 2026 is softly closed; it cannot become softly closed."),
        (OPEN, LOCKED, "M3 Jun 2026 is locked; it cannot become open."),
    ],
)
def test_other_steps_are_refused_in_words(then: MonthState, state: MonthState, words: str) -> None:
    month = YEAR.month(3)
    with pytest.raises(Refusal) as refused:
        check_step(month, then, {month: state})
    assert (refused.value.code, refused.value.field) == ("month_step", "state")
    assert refused.value.words == words
    assert refused.value.remedy


def test_months_are_locked_in_order() -> None:
    check_step(YEAR.month(12), LOCKED, _locked(11, last=12))
    with pytest.raises(Refusal) as refused:
        check_step(YEAR.month(12), LOCKED, _locked(10, before=11, last=12))
    assert refused.value.code == "earlier_month_not_locked"
    assert "M11 Feb 2027" in refused.value.words


def test_a_soft_close_may_go_before_the_locks_and_be_undone() -> None:
    closed = {YEAR.month(n): SOFT for n in (1, 2, 3, 4, 5)}
    check_step(YEAR.month(6), SOFT, closed)
    check_step(YEAR.month(6), OPEN, {YEAR.month(6): SOFT})
    with pytest.raises(Refusal, match="cannot be closed while M2 May 2026 is open") as refused:
        check_step(YEAR.month(6), SOFT, closed | {YEAR.month(2): OPEN})
    assert (refused.value.code, refused.value.field) == ("earlier_month_open", "month")


@pytest.mark.parametrize("state", [SOFT, LOCKED])
def test_nothing_is_posted_in_a_month_that_is_not_open(state: MonthState) -> None:
    month = YEAR.month(2)
    check_open(month, {})
    with pytest.raises(Refusal) as refused:
        check_open(month, {month: state}, "found_in")
    assert (refused.value.code, refused.value.field) == ("month_not_open", "found_in")


@given(STATES, st.sampled_from(YEAR.months))
def test_what_comes_late_is_posted_in_the_earliest_open_month_from_its_own(
    states: States, effective: Month
) -> None:
    candidates = [
        month for month in YEAR.months if month >= effective and state_of(month, states) is OPEN
    ]
    if candidates:
        assert posting_month(effective, states) == candidates[0]
    else:
        with pytest.raises(Refusal) as refused:
            posting_month(effective, states)
        assert refused.value.code == "year_closed"


def test_a_year_whose_months_are_all_closed_takes_nothing() -> None:
    assert posting_month(YEAR.month(3), _locked(4, next=5)) == YEAR.month(6)
    with pytest.raises(Refusal) as refused:
        posting_month(YEAR.month(12), _locked(11, last=12))
    assert (refused.value.code, refused.value.field) == ("year_closed", "month")
    assert "M12 Mar 2027" in refused.value.words


@pytest.mark.parametrize("through", [0, 5, 12])
def test_the_ledger_is_locked_to_a_month(through: int) -> None:
    assert locked_through(YEAR, _locked(through)) == through
