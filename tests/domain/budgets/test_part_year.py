"""What starts during a year counts from the day it starts."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.part_year import days_left, effect
from collabdesk.domain.periods import FiscalYear

YEAR = FiscalYear(2025)
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))


def test_a_late_start_slips() -> None:
    """FIN-36."""
    found = effect(120_000_000, dt.date(2025, 11, 10), dt.date(2025, 9, 1), YEAR)
    assert (found.days, found.part_year_p, found.slippage_p) == (142, 46_684_932, 23_013_698)


@pytest.mark.parametrize(
    ("start", "days"),
    [
        (dt.date(2025, 4, 1), 365),
        (dt.date(2024, 12, 1), 365),
        (dt.date(2026, 3, 31), 1),
        (dt.date(2026, 4, 1), 0),
        (dt.date(2026, 8, 1), 0),
    ],
)
def test_the_first_and_last_day_count_and_other_years_do_not(start: dt.date, days: int) -> None:
    assert days_left(start, YEAR) == days


def test_a_leap_year_has_its_own_divisor() -> None:
    start = dt.date(2028, 2, 29)
    assert effect(366, start, start, FiscalYear(2027)).part_year_p == 32


@given(st.integers(-(10**12), 10**12), DAYS, DAYS)
def test_planned_less_slippage_is_the_effect_and_early_starts_slip_backwards(
    full_year_p: int, start: dt.date, planned: dt.date
) -> None:
    found = effect(full_year_p, start, planned, YEAR)
    assert found.part_year_p + found.slippage_p == found.planned_p
    assert abs(found.part_year_p) <= abs(full_year_p)
    if full_year_p >= 0 and start <= planned:
        assert found.slippage_p <= 0
