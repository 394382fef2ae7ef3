"""Closed months keep their phasing when the rest is phased again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.rephasing import rephase
from collabdesk.errors import Refusal

TWELVE = st.lists(st.integers(-(10**9), 10**9), min_size=12, max_size=12)
WEIGHTS = st.lists(st.integers(1, 99), min_size=12, max_size=12)


@given(st.integers(-(10**11), 10**11), TWELVE, WEIGHTS, st.integers(0, 11))
def test_the_months_add_up_and_the_closed_ones_stay(
    annual_p: int, published_p: list[int], weights: list[int], closed: int
) -> None:
    found = rephase(annual_p, published_p, weights, closed)
    assert sum(found) == annual_p
    assert list(found[:closed]) == published_p[:closed]
    assert len(found) == 12


def test_the_rest_follows_the_remaining_weights() -> None:
    found = rephase(1_200, [100] * 12, [9] * 9 + [1, 1, 2], 9)
    assert found[9:] == (75, 75, 150)


@pytest.mark.parametrize(
    ("published_p", "weights", "closed", "code"),
    [
        ([1] * 11, [1] * 12, 3, "weights_not_twelve"),
        ([1] * 12, [1] * 13, 3, "weights_not_twelve"),
        ([1] * 12, [1] * 12, 12, "no_open_month"),
        ([1] * 12, [1] * 12, -1, "no_open_month"),
        ([1] * 12, [1] * 11 + [0], 11, "weights_sum_zero"),
    ],
)
def test_what_cannot_be_phased_again_is_refused(
    published_p: Sequence[int], weights: Sequence[int], closed: int, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        rephase(1, published_p, weights, closed)
    assert refused.value.code == code
