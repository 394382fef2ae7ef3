"""Figures that rest on too few people are hidden, and nothing gives them back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.statistics.suppression import Gate, Total
from collabdesk.errors import Refusal

GATE = Gate()
GROUPS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 900)), max_size=8).map(
    lambda rows: [Total(n, amount, people) for n, (people, amount) in enumerate(rows)]
)


@given(GROUPS)
def test_what_is_shown_rests_on_enough_people_and_gives_nothing_back(
    group: list[Total[int]],
) -> None:
    shared, small = GATE.gated(group), GATE.hidden(group)
    for total in group:
        assert shared[total.key] in (None, total.amount)
        assert total.people >= GATE.below or shared[total.key] is None
    # A known total less what is shown never leaves one figure alone.
    assert len(small) != 1 or len(group) == 1


@given(GROUPS)
def test_no_more_is_hidden_than_has_to_be(group: list[Total[int]]) -> None:
    small = [total for total in group if total.people < GATE.below]
    assert len(GATE.hidden(group)) == len(small) + (len(small) == 1 and len(group) > 1)


def test_with_one_too_small_the_smallest_of_the_others_goes_too() -> None:
    group = [Total("a", 300, 12), Total("b", 20, 4), Total("c", 90, 6)]
    assert GATE.gated(group) == {"a": 300, "b": None, "c": None}


@pytest.mark.parametrize(
    ("people", "shown"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10), (13, 15)]
)
def test_counts_are_rounded_to_the_nearest_five(people: int, shown: int) -> None:
    assert GATE.rounded(people) == shown


@pytest.mark.parametrize(("amount", "people", "field"), [(-1, 6, "quantity"), (6, -1, "people")])
def test_counts_below_nought_are_refused(amount: int, people: int, field: str) -> None:
    with pytest.raises(Refusal) as caught:
        Total("a", amount, people)
    assert caught.value.field == field


def test_the_partners_may_agree_on_a_finer_or_a_coarser_gate() -> None:
    group = [Total("a", 300, 12), Total("b", 20, 9), Total("c", 90, 40)]
    assert Gate(10).gated(group) == {"a": None, "b": None, "c": 90}
    assert [Gate(nearest=1).rounded(people) for people in (0, 1, 7)] == [0, 1, 7]
