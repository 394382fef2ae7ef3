"""The year's result goes to the lead's reserve, the partners and the commissioner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.share import Agreement, share
from collabdesk.domain.budgets.shares import linked_shares
from collabdesk.errors import Refusal

ENVELOPE_P = 8_756_927_500
SHARES = (4_250, 2_375, 1_800, 1_575)
AGREED = Agreement("0.5", "3", SHARES)


def agreements() -> st.SearchStrategy[Agreement]:
    def build(bounds: list[int], bases: list[tuple[int, int | None]]) -> Agreement:
        collar, cap = sorted(bounds)
        caps = tuple(cap_p for _, cap_p in bases)
        shares = linked_shares([base for base, _ in bases])
        return Agreement(f"{collar}.5", f"{cap}.5", shares, caps)

    bases = st.tuples(st.integers(1, 9_999), st.none() | st.integers(0, 10**7))
    bounds = st.lists(st.integers(0, 20), min_size=2, max_size=2)
    return st.builds(build, bounds, st.lists(bases, min_size=1, max_size=6))


def test_a_gain_above_the_cap() -> None:
    """FIN-21."""
    found = share(AGREED, ENVELOPE_P, 312_345_678)
    assert (found.collar_p, found.band_p, found.above_cap_p) == (
        43_784_638,
        218_923_187,
        49_637_853,
    )
    assert found.partners_p == (93_042_354, 51_994_257, 39_406_174, 34_480_402)


def test_a_loss_inside_the_collar_costs_partners_nothing() -> None:
    """FIN-22."""
    found = share(AGREED, ENVELOPE_P, -29_999_999)
    assert (found.collar_p, found.band_p, found.above_cap_p) == (-29_999_999, 0, 0)
    assert found.partners_p == (0, 0, 0, 0)


@given(agreements(), st.integers(0, 10**10), st.integers(-(10**9), 10**9))
def test_collar_band_and_excess_are_the_result_and_the_band_is_its_partners(
    agreement: Agreement, envelope_p: int, result_p: int
) -> None:
    """I10."""
    found = share(agreement, envelope_p, result_p)
    assert found.result_p == result_p
    assert sum(found.partners_p) + found.unabsorbed_p == found.band_p
    sign = -1 if result_p < 0 else 1
    parts = (found.collar_p, found.band_p, found.above_cap_p, *found.partners_p)
    assert all(sign * part >= 0 for part in parts)


@given(st.integers(0, 10**9))
def test_without_caps_a_loss_mirrors_a_gain(size: int) -> None:
    gain, loss = share(AGREED, ENVELOPE_P, size), share(AGREED, ENVELOPE_P, -size)
    assert loss.partners_p == tuple(-part for part in gain.partners_p)
    assert (loss.collar_p, loss.above_cap_p) == (-gain.collar_p, -gain.above_cap_p)


def test_caps_limit_a_loss_and_never_a_gain() -> None:
    capped = Agreement("0", "100", (5_000, 5_000), (100, 200))
    loss, gain = share(capped, 100_000, -1_000), share(capped, 100_000, 1_000)
    assert (loss.partners_p, loss.unabsorbed_p) == ((-100, -200), -700)
    assert (gain.partners_p, gain.unabsorbed_p) == ((500, 500), 0)


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (lambda: Agreement("0.5", "3", (9_999,)), "shares_must_total_10000bp", "shares_bp"),
        (lambda: Agreement("3.1", "3", SHARES), "collar_above_cap", "collar_pct"),
        (lambda: Agreement("-1", "3", SHARES), "collar_above_cap", "collar_pct"),
        (lambda: Agreement("1", "x", SHARES), "decimal", "cap_pct"),
        (lambda: Agreement("1", "3", SHARES, (None,)), "partner_caps", "caps_p"),
        (lambda: share(AGREED, -1, 5), "envelope_below_nought", "envelope_p"),
    ],
)
def test_an_agreement_that_cannot_be_kept_is_refused(
    asked: Callable[[], object], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        asked()
    assert (refused.value.code, refused.value.field) == (code, field)
