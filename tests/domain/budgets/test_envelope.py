"""The envelope: opening, late uplift, contingency and what is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.envelope import (
    Convention,
    contingency,
    envelope,
    late_uplift,
    opening_allocation,
)
from collabdesk.errors import Refusal

PENCE = st.integers(-(10**12), 10**12)
PERCENT = st.integers(0, 10_000).map(lambda bp: f"{bp // 100}.{bp % 100:02}")


@pytest.mark.parametrize(
    ("convention", "net", "opening"),
    [
        (Convention.ADDITIVE, "2.15", 8_606_137_500),
        (Convention.MULTIPLICATIVE, "2.067", 8_599_144_750),
    ],
)
def test_the_opening_allocation_follows_the_convention(
    convention: Convention, net: str, opening: int
) -> None:
    found = opening_allocation(8_425_000_000, "4.15", "2.00", convention)
    assert (found.net_pct, found.opening_p) == (net, opening)
    assert found.opening_p - found.uplift_p == 8_425_000_000


@given(PENCE, PERCENT, PERCENT, st.integers(1, 12), st.data())
def test_a_late_uplift_posts_what_is_due_and_leaves_earlier_months_alone(
    baseline: int, old: str, new: str, effective: int, data: st.DataObject
) -> None:
    actioned = data.draw(st.integers(effective, 12))
    found = late_uplift(baseline, old, new, effective, actioned)
    assert sum(found.entitlement_p) == sum(found.posted_p) == found.adjustment_p
    assert found.adjustment_p == found.new_uplift_p - found.old_uplift_p
    assert len(found.entitlement_p) == len(found.posted_p) == 12
    assert not any(found.entitlement_p[: effective - 1])
    assert not any(found.posted_p[: actioned - 1])
    assert found.posted_p[actioned:] == found.entitlement_p[actioned:]


@pytest.mark.parametrize(("effective", "actioned"), [(0, 4), (5, 4), (1, 13)])
def test_a_late_uplift_out_of_order_is_refused(effective: int, actioned: int) -> None:
    with pytest.raises(Refusal) as refused:
        late_uplift(100, "1", "2", effective, actioned)
    assert refused.value.code == "months_out_of_order"


@given(st.lists(PENCE), PERCENT, st.lists(PENCE))
def test_the_parts_of_an_envelope_are_the_envelope(
    moves: list[int], pct: str, lines: list[int]
) -> None:
    found = envelope(moves, pct, lines)
    assert found.envelope_p == sum(moves)
    assert sum(lines) + found.contingency_p + found.unallocated_p == found.envelope_p


@pytest.mark.parametrize("pct", ["-0.5", "100.01"])
def test_a_contingency_outside_the_envelope_is_refused(pct: str) -> None:
    with pytest.raises(Refusal, match="0 to 100") as refused:
        contingency(100, pct)
    assert refused.value.field == "contingency_pct"


def test_the_whole_envelope_may_be_contingency() -> None:
    assert contingency(101, "100") == 101
