"""Each form of contract pays what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.contracts import (
    Block,
    Cases,
    CostAndVolume,
    Tolerance,
    cost_per_case,
    pass_through,
)
from collabdesk.errors import Refusal

BLOCK = Block(6_000, 54_000, Tolerance("3", "50", "30"))
QUANTITIES = st.integers(0, 20_000)


@pytest.mark.parametrize(
    ("actual", "value_p"),
    [
        (6_312, 327_564_000),
        (6_180, 324_000_000),
        (5_999, 324_000_000),
        (5_820, 324_000_000),
        (5_500, 318_816_000),
    ],
)
def test_only_what_lies_beyond_the_tolerance_is_priced(actual: int, value_p: int) -> None:
    """FIN-15."""
    assert BLOCK.value_p(actual) == value_p


def test_limits_are_exact_and_halves_round_away_from_nought_on_either_side() -> None:
    block = Block(50, 1, Tolerance("3", "100", "100"))
    assert [block.value_p(actual) for actual in (51, 52, 49, 48)] == [50, 51, 50, 49]


def test_a_block_without_a_tolerance_pays_the_block() -> None:
    assert Block(6_000, 54_000).value_p(1) == 324_000_000


@given(QUANTITIES, QUANTITIES)
def test_more_activity_never_pays_less(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert BLOCK.value_p(low) <= BLOCK.value_p(high)


def test_credit_notes_are_lines_below_nought() -> None:
    """FIN-16."""
    lines = [Cases(3, 1_250_000), Cases(11, 87_550), Cases(1, -87_550)]
    assert cost_per_case(lines) == 4_625_500
    assert pass_through([12_345, -345]) == 12_000


@given(QUANTITIES)
def test_cost_and_volume_never_pays_less_than_the_fixed_sum(actual: int) -> None:
    contract = CostAndVolume(1_000_000, 400, 2_500)
    beyond = len(range(400, actual))
    assert contract.value_p(actual) == 1_000_000 + 2_500 * beyond


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (lambda: Block(-1, 1), "negative_quantity", "plan_obd"),
        (lambda: BLOCK.value_p(-1), "negative_quantity", "actual_obd"),
        (lambda: CostAndVolume(0, -1, 1), "negative_quantity", "threshold"),
        (lambda: CostAndVolume(0, 1, -1), "negative_price", "unit_price_p"),
        (lambda: CostAndVolume(0, 1, 1).value_p(-1), "negative_quantity", "actual"),
        (
            lambda: Block(1, 1, Tolerance("-3")).value_p(1),
            "negative_percentage",
            "tolerance_pct",
        ),
        (lambda: Block(1, 1, Tolerance("3", "x")).value_p(1), "decimal", "marginal_over_pct"),
    ],
)
def test_what_no_contract_says_is_refused_at_its_field(
    asked: Callable[[], object], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        asked()
    assert (refused.value.code, refused.value.field) == (code, field)
