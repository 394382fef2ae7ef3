"""A variance says which way it goes, and how loudly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.variance import Flow, Rating, Thresholds, variance
from collabdesk.errors import Refusal

RAG = Thresholds("1", "3")
PENCE = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("compared", "found"),
    [
        ((Flow.EXPENDITURE, 100_000_000, 103_250_000), (-3_250_000, "-3.25", Rating.RED)),
        ((Flow.EXPENDITURE, 100_000_000, 99_000_000), (1_000_000, "1.00", Rating.GREEN)),
        ((Flow.INCOME, 50_000_000, 48_000_000), (-2_000_000, "-4.00", Rating.RED)),
        ((Flow.EXPENDITURE, 0, 1_234_500), (-1_234_500, None, Rating.RED)),
        ((Flow.INCOME, 0, 5), (5, None, Rating.GREEN)),
        ((Flow.EXPENDITURE, 100_000, 103_000), (-3_000, "-3.00", Rating.AMBER)),
        ((Flow.EXPENDITURE, 10_000_000, 10_300_001), (-300_001, "-3.00", Rating.RED)),
        ((Flow.EXPENDITURE, 100_000, 101_000), (-1_000, "-1.00", Rating.GREEN)),
        ((Flow.EXPENDITURE, 10_000_000, 10_100_001), (-100_001, "-1.00", Rating.AMBER)),
        ((Flow.EXPENDITURE, -100_000, -98_000), (-2_000, "-2.00", Rating.AMBER)),
        ((Flow.EXPENDITURE, 10_000_000, 10_000_001), (-1, "0.00", Rating.GREEN)),
        ((Flow.INCOME, 7, 7), (0, "0.00", Rating.GREEN)),
    ],
)
def test_sign_percentage_and_rating(
    compared: tuple[Flow, int, int], found: tuple[int, str | None, Rating]
) -> None:
    """FIN-20."""
    row = variance(*compared)
    assert (row.amount_p, row.pct, row.rating(RAG)) == found


@given(PENCE, PENCE)
def test_what_is_good_for_one_is_bad_for_the_other(budget_p: int, actual_p: int) -> None:
    spent, earned = (variance(flow, budget_p, actual_p) for flow in Flow)
    assert spent.amount_p == -earned.amount_p == budget_p - actual_p
    assert Rating.GREEN in {spent.rating(RAG), earned.rating(RAG)}


@pytest.mark.parametrize("given_pct", [("3", "1"), ("-1", "3")])
def test_thresholds_out_of_order_are_refused(given_pct: tuple[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        Thresholds(*given_pct)
    assert (refused.value.code, refused.value.field) == (
        "thresholds_out_of_order",
        "amber_over_pct",
    )
