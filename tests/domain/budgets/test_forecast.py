"""The forecast outturn by every method, at the edges and in between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.forecast import (
    Method,
    Position,
    by_month,
    check_choice,
    forecast,
)
from collabdesk.domain.budgets.phasing import Profile, phase
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

YEAR = FiscalYear(2025)
ACTUAL_P = (701_122_033, 699_874_512, 712_009_941, 690_118_007, 734_550_120, 702_333_333)
BUDGET_P = phase(8_606_137_500, Profile.CALENDAR_DAYS, YEAR)
RUN_RATES = (
    Method.STRAIGHT_LINE_MONTHS,
    Method.STRAIGHT_LINE_DAYS,
    Method.EXCLUDING_ONE_OFFS,
    Method.LAST_THREE,
)
AMOUNTS = st.integers(-(10**9), 10**9)


def months(count: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(AMOUNTS, min_size=count, max_size=count).map(tuple)


def positions(least: int = 0, most: int = 12) -> st.SearchStrategy[Position]:
    return st.integers(least, most).flatmap(
        lambda closed: st.builds(
            Position,
            st.integers(2015, 2034).map(FiscalYear),
            months(closed),
            months(12),
            AMOUNTS,
            months(12 - closed),
            months(12 - closed),
        )
    )


@pytest.mark.parametrize(
    ("method", "outturn_p"),
    [
        (Method.STRAIGHT_LINE_MONTHS, 8_480_015_892),
        (Method.STRAIGHT_LINE_DAYS, 8_456_846_450),
        (Method.EXCLUDING_ONE_OFFS, 8_462_015_892),
        (Method.LAST_THREE, 8_494_010_866),
        (Method.BUDGET_REMAINING, 8_531_287_467),
        (Method.MANUAL, 8_470_007_946),
        (Method.COMMITTED, 4_240_007_946 + 6 * 700),
    ],
)
def test_half_a_year_by_each_method(method: Method, outturn_p: int) -> None:
    """FIN-18."""
    position = Position(YEAR, ACTUAL_P, BUDGET_P, 18_000_000, (705_000_000,) * 6, (700,) * 6)
    assert (position.ytd_p, position.ytd_budget_p) == (4_240_007_946, 4_314_857_979)
    assert forecast(position, method) == outturn_p


def test_the_leap_day_counts_in_the_days_method() -> None:
    leap = Position(FiscalYear(2027), (183,) + (0,) * 5, (0,) * 12)
    assert forecast(leap, Method.STRAIGHT_LINE_DAYS) == 366


def test_before_three_months_are_closed_last_three_averages_those_that_are() -> None:
    assert forecast(Position(YEAR, (10, 21), (0,) * 12), Method.LAST_THREE) == 31 + 155


@given(positions(0, 0))
def test_before_the_first_close_there_is_no_run_rate(position: Position) -> None:
    """FIN-19."""
    for method in RUN_RATES:
        assert forecast(position, method) is None
        assert by_month(position, method) is None
    assert forecast(position, Method.BUDGET_REMAINING) == sum(position.budget_p)


@given(positions(12, 12), st.sampled_from(Method))
def test_after_the_last_close_every_method_is_the_actual(
    position: Position, method: Method
) -> None:
    """FIN-19."""
    assert forecast(position, method) == position.ytd_p
    assert by_month(position, method) == position.actual_p


@given(positions(), st.sampled_from(Method))
def test_the_months_of_a_forecast_are_actuals_first_and_add_up(
    position: Position, method: Method
) -> None:
    spread = by_month(position, method)
    outturn = forecast(position, method)
    assert (spread is None) == (outturn is None)
    if spread is not None:
        assert sum(spread) == outturn
        assert len(spread) == 12
        assert spread[: position.closed] == position.actual_p


def test_open_months_are_spread_by_days_where_the_method_is_days() -> None:
    spread = by_month(Position(YEAR, (30, 31, 30), (0,) * 12), Method.STRAIGHT_LINE_DAYS)
    assert spread == tuple(month.days for month in YEAR.months)


@given(positions(1, 11))
def test_a_line_that_spends_the_same_each_month_goes_on_so(position: Position) -> None:
    flat = Position(position.year, (700,) * position.closed, (700,) * 12)
    for method in (
        Method.STRAIGHT_LINE_MONTHS,
        Method.EXCLUDING_ONE_OFFS,
        Method.LAST_THREE,
        Method.BUDGET_REMAINING,
    ):
        assert by_month(flat, method) == (700,) * 12


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (lambda: Position(YEAR, (), (1,) * 11), "months_not_twelve", "budget_p"),
        (lambda: Position(YEAR, (1,) * 13, (1,) * 12), "months_not_twelve", "budget_p"),
        (
            lambda: forecast(Position(YEAR, (1,), (1,) * 12), Method.MANUAL),
            "remaining_months",
            "manual_p",
        ),
        (
            lambda: by_month(Position(YEAR, (1,), (1,) * 12), Method.COMMITTED),
            "remaining_months",
            "committed_p",
        ),
        (lambda: check_choice(Method.MANUAL, " "), "reason_missing", "reason"),
    ],
)
def test_half_a_forecast_is_refused(asked: Callable[[], object], code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        asked()
    assert (refused.value.code, refused.value.field) == (code, field)


def test_only_judgement_needs_a_reason() -> None:
    check_choice(Method.MANUAL, "Two packages end in June")
    check_choice(Method.LAST_THREE, "")
