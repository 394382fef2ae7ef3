"""XmR charts: the edges the reference results do not show, and what always holds."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.statistics.direction import Direction
from collabdesk.domain.statistics.xmr import XmrOptions, xmr
from collabdesk.errors import Refusal

START = dt.date(2024, 4, 1)
SERIES = st.lists(st.one_of(st.none(), st.integers(0, 40).map(float)), max_size=40)


def days(count: int) -> list[dt.date]:
    return [START + dt.timedelta(days=n) for n in range(count)]


def test_a_chart_without_points_is_empty() -> None:
    chart = xmr([], [], XmrOptions(Direction.INCREASE, target=5))
    assert (chart.groups, chart.causes, chart.variation, chart.assurance) == ((), (), "", "")
    assert not chart.short_group


def test_points_are_put_in_order_of_their_dates() -> None:
    first, second, third = days(3)
    chart = xmr([third, first, second], [3, 1, 2])
    assert chart.dates == (first, second, third)
    assert chart.values.tolist() == [1, 2, 3]
    assert chart.kept == (1, 2, 0)


def test_two_points_of_one_date_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        xmr([START, START], [1, 2])
    assert refused.value.code == "duplicate_dates"


def test_one_point_has_a_mean_and_no_limits() -> None:
    chart = xmr([START], [5], XmrOptions(Direction.DECREASE, target=1))
    assert chart.mean.tolist() == [5]
    assert math.isnan(chart.groups[0].limits.upper)
    assert (chart.variation, chart.assurance) == ("common_cause", "inconsistent")
    assert not chart.known.any()


def test_a_chart_of_missing_values_has_no_lines() -> None:
    chart = xmr(days(15), [None] * 15, XmrOptions(Direction.INCREASE, target=1))
    assert np.isnan(chart.mean).all()
    assert set(chart.causes) == {"Common Cause"}


def test_a_rebase_on_the_first_date_only_changes_the_number() -> None:
    values = [float(n % 5) for n in range(20)]
    plain = xmr(days(20), values)
    rebased = xmr(days(20), values, XmrOptions(rebase=(START, dt.date(1999, 1, 1))))
    assert [group.number for group in rebased.groups] == [1]
    assert rebased.mean.tolist() == plain.mean.tolist()


@pytest.mark.parametrize(("size", "short"), [(12, True), (13, False)])
def test_limits_of_a_short_group_are_provisional(size: int, *, short: bool) -> None:
    assert xmr(days(size), [1.0, 2.0] * 6 + [1.0] * (size - 12)).short_group is short


def test_no_run_trend_or_window_crosses_a_rebase() -> None:
    values = [float(n) for n in range(12)]
    assert "7 Point Trend (Increasing)" in xmr(days(12), values).causes
    split = xmr(days(12), values, XmrOptions(rebase=(days(12)[6],)))
    assert "7 Point Trend (Increasing)" not in split.causes


def test_a_turning_point_follows_its_next_step() -> None:
    rise_and_fall = [*range(7), *range(5, -1, -1)]
    base = [100.0, -100.0] * 10
    values = [*base, *(float(n) for n in rise_and_fall)]
    chart = xmr(days(len(values)), values, XmrOptions(fix_after=20))
    assert chart.causes[26] == "7 Point Trend (Decreasing)"
    assert chart.causes[25] == "7 Point Trend (Increasing)"


@pytest.mark.parametrize(
    ("direction", "icon"),
    [
        (Direction.INCREASE, "improvement_high"),
        (Direction.DECREASE, "concern_high"),
        (Direction.NEUTRAL, "neutral_high"),
    ],
)
def test_the_icon_says_which_way_the_last_point_went(direction: Direction, icon: str) -> None:
    values = [*[49.0, 51.0] * 6, 90.0]
    chart = xmr(days(13), values, XmrOptions(direction, target=0, fix_after=12))
    assert chart.variation == icon


@pytest.mark.parametrize(
    ("direction", "target", "assurance"),
    [
        (Direction.INCREASE, 99, "consistent_fail"),
        (Direction.INCREASE, 1, "consistent_pass"),
        (Direction.DECREASE, 99, "consistent_pass"),
        (Direction.DECREASE, 1, "consistent_fail"),
        (Direction.INCREASE, 50, "inconsistent"),
        (Direction.INCREASE, None, ""),
        (Direction.NEUTRAL, 99, ""),
    ],
)
def test_assurance_compares_the_target_with_the_last_limits(
    direction: Direction, target: float | None, assurance: str
) -> None:
    chart = xmr(days(14), [49.0, 51.0] * 7, XmrOptions(direction, target))
    assert chart.assurance == assurance


@given(SERIES, st.sets(st.integers(0, 39)))
def test_a_ghosted_point_is_as_if_it_were_never_there(
    values: list[float | None], ghosts: set[int]
) -> None:
    dates = days(len(values))
    kept = [n for n in range(len(values)) if n not in ghosts]
    ghosted = xmr(dates, values, XmrOptions(ghosted=frozenset(ghosts)))
    without = xmr([dates[n] for n in kept], [values[n] for n in kept])
    assert ghosted.kept == tuple(kept)
    assert ghosted.causes == without.causes
    np.testing.assert_array_equal(ghosted.upper, without.upper)


@given(SERIES)
def test_turning_a_chart_upside_down_turns_every_cause(values: list[float | None]) -> None:
    mirrored = [None if value is None else -value for value in values]
    chart, other = xmr(days(len(values)), values), xmr(days(len(values)), mirrored)
    assert (chart.cause == -other.cause).all()
    np.testing.assert_array_equal(chart.mean, -other.mean)


@given(SERIES, st.booleans())
def test_points_inside_the_limits_are_never_outside(
    values: list[float | None],
    screen: bool,
) -> None:
    chart = xmr(days(len(values)), values, XmrOptions(screen=screen))
    inside = (chart.values <= chart.upper) & (chart.values >= chart.lower)
    assert not (inside & chart.outside).any()
    assert not (chart.near & chart.outside).any()
    assert (chart.upper[chart.known] >= chart.lower[chart.known]).all()
