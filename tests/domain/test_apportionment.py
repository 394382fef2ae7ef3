"""Splits add up, are fair to a penny and refuse what cannot be split."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.apportionment import split
from collabdesk.errors import Refusal

WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any)
TOTALS = st.integers(-(10**14), 10**14)


@given(TOTALS, WEIGHTS)
def test_parts_add_up_and_each_is_within_a_penny(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))


@given(TOTALS, WEIGHTS)
def test_a_negative_total_mirrors_a_positive_one(total: int, weights: list[int]) -> None:
    assert split(-total, weights) == [-part for part in split(total, weights)]


@given(TOTALS, WEIGHTS)
def test_a_weight_of_nought_gets_nothing(total: int, weights: list[int]) -> None:
    parts = split(total, [*weights, 0])
    assert parts == [*split(total, weights), 0]


def test_equal_remainders_go_to_the_first() -> None:
    assert split(1_000_000_001, [1] * 12) == [83_333_334] * 5 + [83_333_333] * 7
    assert split(1, [1, 1, 1]) == [1, 0, 0]


@pytest.mark.parametrize(
    ("weights", "code"),
    [([], "no_weights"), ([5, -1], "negative_weight"), ([0, 0], "weights_sum_zero")],
)
@pytest.mark.parametrize("total", [0, 100])
def test_what_cannot_be_split_is_refused(weights: list[int], code: str, total: int) -> None:
    with pytest.raises(Refusal) as refused:
        split(total, weights)
    assert refused.value.code == code
