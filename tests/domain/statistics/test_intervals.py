"""Wilson's interval holds its value and refuses what is no proportion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.statistics.intervals import wilson
from collabdesk.errors import Refusal


@given(st.integers(1, 10**6), st.data(), st.sampled_from([0.8, 0.95, 0.998]))
def test_the_interval_holds_the_value_inside_nought_and_one(
    denominator: int, data: st.DataObject, confidence: float
) -> None:
    numerator = data.draw(st.integers(0, denominator))
    found = wilson(numerator, denominator, confidence)
    assert 0 <= found.lower <= found.value + 1e-12
    assert found.value - 1e-12 <= found.upper <= 1


@pytest.mark.parametrize(
    ("numerator", "denominator", "confidence"),
    [(1, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1)],
)
def test_what_is_no_proportion_is_refused(
    numerator: int, denominator: int, confidence: float
) -> None:
    with pytest.raises(Refusal) as refused:
        wilson(numerator, denominator, confidence)
    assert refused.value.code == "proportion"
