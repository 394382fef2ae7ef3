"""Every way to divide a result comes down to basis points that total 100 %."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.share_bases import Basis, shares_of
from collabdesk.domain.budgets.shares import WHOLE_BP
from collabdesk.errors import Refusal


@given(st.sampled_from(Basis), st.lists(st.integers(0, 10**12), min_size=1, max_size=12))
def test_shares_of_every_basis_total_one_hundred_per_cent(basis: Basis, weights: list[int]) -> None:
    if basis is Basis.STATED:
        weights = [WHOLE_BP - len(weights) + 1, *[1] * (len(weights) - 1)]
    elif basis.weighed and not any(weights):
        weights[-1] = 1
    found = shares_of(basis, weights, len(weights))
    assert (sum(found), len(found)) == (WHOLE_BP, len(weights))
    assert basis.words


def test_equal_shares_and_the_network_pot_need_nothing_given() -> None:
    assert shares_of(Basis.EQUAL, (), 3) == (3_334, 3_333, 3_333)
    assert shares_of(Basis.NETWORK_POT, (), 3, pot_at=1) == (0, 10_000, 0)


def test_shares_follow_budgets() -> None:
    assert shares_of(Basis.BUDGET, (3_000_000, 1_000_000), 2) == (7_500, 2_500)


@pytest.mark.parametrize(
    ("basis", "given_", "code", "field"),
    [
        (Basis.STATED, (5_000, 4_999), "shares_must_total_10000bp", "shares_bp"),
        (Basis.STATED, (10_000, None), "row_without_share", "row2.share_bp"),
        (Basis.STATED, (10_001, -1), "negative_share", "row2.share_bp"),
        (Basis.PERFORMANCE, (1, None), "row_without_weight", "row2.weight"),
        (Basis.EQUITY, (-1, 2), "negative_weight", "row1.weight"),
        (Basis.WEIGHTED_NEED, (0, 0), "weights_sum_zero", "row1.weight"),
        (Basis.EQUAL, (), "no_partners", "partners"),
    ],
)
def test_a_share_is_refused_at_its_row(
    basis: Basis, given_: tuple[int | None, ...], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as why:
        shares_of(basis, given_, len(given_))
    assert (why.value.code, why.value.field) == (code, field)
