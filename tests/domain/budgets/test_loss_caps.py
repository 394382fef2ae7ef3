"""A loss is paid by those who still may, and what nobody pays stays visible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.loss_caps import absorb
from collabdesk.errors import Refusal

PARTNERS = st.lists(
    st.tuples(st.integers(0, 10_000), st.none() | st.integers(0, 10**6)), min_size=1, max_size=8
)


def test_the_excess_goes_to_those_below_their_cap_round_by_round() -> None:
    """FIN-23."""
    caps = (None, 40_000_000, 40_000_000, 5_000_000)
    found = absorb(200_000_001, (4_000, 3_000, 2_000, 1_000), caps)
    assert found.partners_p == (115_000_001, 40_000_000, 40_000_000, 5_000_000)
    assert found.unabsorbed_p == 0


def test_what_nobody_absorbs_is_never_dropped() -> None:
    """FIN-24."""
    found = absorb(100_000_000, (5_000, 5_000), (10_000_000, 20_000_000))
    assert found.partners_p == (10_000_000, 20_000_000)
    assert found.unabsorbed_p == 70_000_000


def test_a_part_that_meets_the_cap_exactly_closes_its_partner() -> None:
    assert absorb(100, (1, 1, 2), (25, 24, None)).partners_p == (25, 24, 51)


def test_one_whose_cap_is_nought_has_no_turn() -> None:
    assert absorb(101, (1, 1, 1), (None, None, 0)).partners_p == (51, 50, 0)


@given(st.integers(0, 10**9), PARTNERS)
def test_partners_and_the_unabsorbed_are_the_loss(
    loss_p: int, partners: list[tuple[int, int | None]]
) -> None:
    """I10."""
    shares, caps = zip(*partners, strict=True)
    found = absorb(loss_p, shares, caps)
    assert sum(found.partners_p) + found.unabsorbed_p == loss_p
    for (share, cap), paid in zip(partners, found.partners_p, strict=True):
        assert paid >= 0
        assert share or not paid
        assert cap is None or paid <= cap
        # Nothing is left unabsorbed while somebody could still pay.
        assert not found.unabsorbed_p or not share or paid == cap


@given(st.integers(0, 10**9), PARTNERS)
def test_without_caps_it_is_the_plain_split(
    loss_p: int, partners: list[tuple[int, int | None]]
) -> None:
    shares = [share + 1 for share, _ in partners]
    found = absorb(loss_p, shares, [None] * len(shares))
    assert list(found.partners_p) == split(loss_p, shares)


@pytest.mark.parametrize(
    ("loss_p", "shares", "caps", "code", "field"),
    [
        (-1, (1,), (None,), "loss_below_nought", "loss_p"),
        (1, (-1, 2), (None, None), "negative_share", "shares_bp"),
        (1, (1, 1), (None,), "partner_caps", "caps_p"),
        (1, (1,), (-5,), "partner_caps", "caps_p"),
    ],
)
def test_what_cannot_be_shared_is_refused(
    loss_p: int, shares: tuple[int, ...], caps: tuple[int | None, ...], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        absorb(loss_p, shares, caps)
    assert (refused.value.code, refused.value.field) == (code, field)
