"""A month is closed on working days of the next, and locked by two people who name it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.approvals import Decision
from collabdesk.domain.budgets.closing import (
    STEPS,
    check_lockable,
    check_typed,
    due,
    lock_tally,
    lock_words,
)
from collabdesk.domain.periods import FiscalYear, england
from collabdesk.errors import Refusal

M6 = FiscalYear(2026).month(6)
TWO = lock_tally([Decision("u1", approves=True), Decision("u2", approves=True)])
DONE = [step.key for step in STEPS]


def test_the_first_working_day_skips_a_bank_holiday_and_a_weekend() -> None:
    assert due(M6, 1) == dt.date(2026, 10, 1)
    assert due(M6, 9) == dt.date(2026, 10, 13)
    # New Year's Day is a Friday in 2027.
    assert due(FiscalYear(2026).month(9), 1) == dt.date(2027, 1, 4)


@given(st.integers(2016, 2034), st.integers(1, 12), st.integers(1, 15))
def test_a_due_date_has_that_many_working_days_behind_it(
    year: int, number: int, working_day: int
) -> None:
    month = FiscalYear(year).month(number)
    day = due(month, working_day)
    assert england().working_days(month.last + dt.timedelta(days=1), day) == working_day
    assert england().working_days(day, day) == 1


def test_a_lock_is_confirmed_by_naming_the_month() -> None:
    assert lock_words(M6) == "LOCK M6 2026/27"
    check_typed(" lock m6  2026/27", M6)
    with pytest.raises(Refusal, match="does not confirm") as refused:
        check_typed("LOCK M5 2026/27", M6)
    assert refused.value.remedy == "Type LOCK M6 2026/27."


def test_two_different_people_lock() -> None:
    twice = lock_tally([Decision("u1", approves=True), Decision("u1", approves=True)])
    with pytest.raises(Refusal, match="1 agreed so far"):
        check_lockable(M6, twice, DONE)
    check_lockable(M6, TWO, DONE)


def test_what_is_not_ticked_off_stops_the_lock() -> None:
    with pytest.raises(Refusal, match="“Accruals entered”") as refused:
        check_lockable(M6, TWO, [key for key in DONE if key not in {"accruals", "review"}])
    assert refused.value.code == "steps_open"
    check_lockable(M6, TWO, [step.key for step in STEPS if step.before_lock])
