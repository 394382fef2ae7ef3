"""A saving out of area is evidenced against its baseline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.placements import Placements, saving
from collabdesk.errors import Refusal

PLACEMENTS = st.builds(Placements, st.integers(0, 10**5), st.integers(0, 10**6))


def test_fewer_bed_days_at_a_higher_price() -> None:
    """FIN-17."""
    found = saving(Placements(4_380, 68_340), Placements(2_914, 71_005), 31_100_000)
    assert (found.baseline_cost_p, found.actual_cost_p) == (299_329_200, 206_908_570)
    assert (found.volume_p, found.price_p) == (100_186_440, -7_765_810)
    assert (found.gross_p, found.net_p) == (92_420_630, 61_320_630)


@given(PLACEMENTS, PLACEMENTS, st.integers(-(10**9), 10**9))
def test_volume_and_price_are_the_whole_saving(
    baseline: Placements, actual: Placements, local_p: int
) -> None:
    found = saving(baseline, actual, local_p)
    assert found.gross_p == found.baseline_cost_p - found.actual_cost_p
    assert found.net_p + local_p == found.gross_p


def test_bed_days_below_nought_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        Placements(-1, 100)
    assert (refused.value.code, refused.value.field) == ("negative_quantity", "bed_days")
