"""Shares total one hundred per cent, or are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.shares import check_shares, linked_shares
from collabdesk.errors import Refusal


@pytest.mark.parametrize("shares", [(5_000, 5_000), (0, 10_000), (10_000,)])
def test_shares_of_the_whole_pass(shares: tuple[int, ...]) -> None:
    """FIN-25."""
    check_shares(shares)


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ((4_250, 2_375, 1_800, 1_574), "shares_must_total_10000bp"),
        ((), "shares_must_total_10000bp"),
        ((-1, 10_001), "negative_share"),
    ],
)
def test_other_shares_are_refused(shares: tuple[int, ...], code: str) -> None:
    """FIN-25."""
    with pytest.raises(Refusal) as refused:
        check_shares(shares)
    assert (refused.value.code, refused.value.field) == (code, "shares_bp")


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(any))
def test_shares_that_follow_budgets_are_shares(budgets: list[int]) -> None:
    check_shares(linked_shares(budgets))


def test_budgets_of_four_partners() -> None:
    """FIN-26."""
    budgets = (3_390_000_000, 2_480_000_000, 1_210_000_000, 640_000_000)
    assert linked_shares(budgets) == (4_391, 3_213, 1_567, 829)
