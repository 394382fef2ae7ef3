"""Run charts: critical values exactly, edges, and what always holds."""

from __future__ import annotations

import math
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.statistics.runs import RunOptions, critical_values, run_chart

SERIES = st.lists(st.one_of(st.none(), st.integers(0, 9).map(float)), max_size=60)


def exact_crossings(useful: int) -> int:
    tosses = useful - 1
    heads = accumulate(math.comb(tosses, k) for k in range(useful))
    return next(k for k, total in enumerate(heads) if 20 * total >= 2**tosses)


@pytest.mark.parametrize("useful", [*range(1, 200), 500, 997, 1024, 2000])
def test_critical_values_are_those_of_whole_numbers(useful: int) -> None:
    longest, crossings = critical_values(useful)
    assert crossings == exact_crossings(useful)
    assert abs(longest - 3 - math.log2(useful)) <= 0.5


def test_a_chart_without_points_has_no_runs() -> None:
    chart = run_chart([])
    assert (chart.runs, chart.signal) == ((), False)


def test_a_long_run_is_a_signal() -> None:
    chart = run_chart([1.0, 2.0] * 6 + [9.0] * 12, RunOptions(freeze=12))
    assert chart.runs[0].shift
    assert chart.signal
    assert set(chart.centre.tolist()) == {1.5}


def test_too_few_crossings_are_a_signal_of_their_own() -> None:
    values = ([1.0] * 4 + [9.0] * 4) * 3
    (runs,) = run_chart(values, RunOptions(centre=5.0)).runs
    assert (runs.shift, runs.too_few_crossings, runs.signal) == (False, True, True)


def test_parts_have_their_own_centre_and_overrule_a_freeze() -> None:
    values = [1.0, 2.0, 3.0, 7.0, 8.0, 9.0]
    chart = run_chart(values, RunOptions(freeze=1, parts_after=(3, 99, 0)))
    assert chart.centre.tolist() == [2.0] * 3 + [8.0] * 3
    assert chart.part.tolist() == [1, 1, 1, 2, 2, 2]
    assert chart.baseline.all()


def test_excluded_points_count_for_nothing() -> None:
    chart = run_chart([1.0, 2.0, 99.0, 3.0], RunOptions(excluded=frozenset({2, 50})))
    assert chart.centre.tolist() == [2.0] * 4
    assert chart.included.tolist() == [True, True, False, True]
    assert (chart.runs[0].observations, chart.runs[0].useful) == (3, 2)


def test_with_everything_excluded_there_is_no_centre() -> None:
    chart = run_chart([1.0, 2.0], RunOptions(excluded=frozenset({0, 1})))
    assert np.isnan(chart.centre).all()
    assert (chart.runs[0].longest, chart.signal) == (None, False)


@given(SERIES)
def test_counts_hold_together(values: list[float | None]) -> None:
    chart = run_chart(values)
    for runs in chart.runs:
        if runs.longest is None or runs.crossings is None:
            assert runs.useful == 0
            continue
        assert 1 <= runs.longest <= runs.useful <= runs.observations
        assert runs.longest + runs.crossings <= runs.useful
        assert runs.signal == (runs.shift or runs.too_few_crossings)


@given(SERIES)
def test_points_on_the_line_and_missing_ones_neither_break_nor_extend(
    values: list[float | None],
) -> None:
    options = RunOptions(centre=4.5)
    padded = [each for value in values for each in (None, value, 4.5)]
    for one, other in zip(
        run_chart(values, options).runs, run_chart(padded, options).runs, strict=True
    ):
        assert (one.longest, one.crossings) == (other.longest, other.crossings)
