"""The quality element pays for what was met."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.quality import Measure, quality_element
from collabdesk.errors import Refusal

PARTS = st.integers(0, 10_000)


def test_value_times_share_times_what_was_met() -> None:
    measures = [Measure(6_000, 10_000), Measure(4_000, 5_000)]
    assert quality_element(1_000_000_00, 250, measures) == 2_000_000


def test_there_is_one_rounding() -> None:
    thirds = [Measure(3_334, 5_000), Measure(3_333, 5_000), Measure(3_333, 5_000)]
    assert quality_element(1, 10_000, thirds) == 1
    assert quality_element(-1, 10_000, thirds) == -1


@given(st.integers(0, 10**12), PARTS, PARTS, PARTS, PARTS)
def test_meeting_all_pays_the_whole_element_and_no_measure_pays_more(
    value_p: int, quality_bp: int, weight_bp: int, one: int, other: int
) -> None:
    def earned(first: int, second: int) -> int:
        measures = [Measure(weight_bp, first), Measure(10_000 - weight_bp, second)]
        return quality_element(value_p, quality_bp, measures)

    whole = earned(10_000, 10_000)
    assert abs(10_000 * whole - value_p * quality_bp) <= 5_000
    assert 0 <= earned(one, other) <= whole


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (lambda: Measure(10_000, 10_001), "not_a_part", "achieved_bp"),
        (lambda: quality_element(1, -1, [Measure(10_000, 0)]), "not_a_part", "quality_bp"),
        (lambda: quality_element(1, 1, []), "shares_must_total_10000bp", "weight_bp"),
        (
            lambda: quality_element(1, 1, [Measure(-1, 0), Measure(10_001, 0)]),
            "negative_share",
            "weight_bp",
        ),
    ],
)
def test_parts_that_are_no_parts_are_refused(
    asked: Callable[[], object], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        asked()
    assert (refused.value.code, refused.value.field) == (code, field)
