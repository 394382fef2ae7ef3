"""Recurrent commitments never exceed recurrent savings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.investment import Purses, Wish, invest
from collabdesk.errors import Refusal

MONEY = st.integers(0, 1_000)
WISHES = st.lists(st.tuples(MONEY, MONEY), max_size=8).map(
    lambda found: [Wish(str(n), *each) for n, each in enumerate(found)]
)


def test_one_that_does_not_fit_says_by_how_much() -> None:
    """FIN-37."""
    wishes = [Wish("I1", 40_000_000, 5_000_000), Wish("I2", 30_000_000, 0)]
    found = invest(Purses(64_000_000, 20_000_000), wishes)
    assert found.affordable == ("I1",)
    assert found.left == Purses(24_000_000, 15_000_000)
    (missed,) = found.turned_down
    assert (missed.key, missed.why.code) == ("I2", "exceeds_recurrent_saving")
    assert (missed.commitment_p, missed.limit_p) == (70_000_000, 64_000_000)
    assert "£700,000.00 of the recurrent saving" in missed.why.words


def test_the_recurrent_purse_is_tested_first_and_later_ones_are_still_tried() -> None:
    wishes = [Wish("both", 2, 2), Wish("once", 0, 2), Wish("fits", 1, 1)]
    found = invest(Purses(1, 1), wishes)
    assert [(each.key, each.why.code, each.why.field) for each in found.turned_down] == [
        ("both", "exceeds_recurrent_saving", "recurrent_p"),
        ("once", "exceeds_nonrecurrent_money", "non_recurrent_p"),
    ]
    assert found.affordable == ("fits",)


def test_a_purse_nothing_is_asked_of_turns_nobody_down() -> None:
    found = invest(Purses(-500, 10), [Wish("once", 0, 10)])
    assert (found.affordable, found.left) == (("once",), Purses(-500, 0))


@given(MONEY, MONEY, WISHES)
def test_what_is_committed_and_what_is_left_are_the_savings(
    recurrent_p: int, once_p: int, wishes: list[Wish]
) -> None:
    found = invest(Purses(recurrent_p, once_p), wishes)
    accepted = [wish for wish in wishes if wish.key in found.affordable]
    assert sum(wish.recurrent_p for wish in accepted) + found.left.recurrent_p == recurrent_p
    assert sum(wish.non_recurrent_p for wish in accepted) + found.left.non_recurrent_p == once_p
    assert min(found.left.recurrent_p, found.left.non_recurrent_p) >= 0
    assert len(accepted) + len(found.turned_down) == len(wishes)


@pytest.mark.parametrize(
    ("wish", "field"), [((-1, 0), "recurrent_p"), ((0, -1), "non_recurrent_p")]
)
def test_a_proposal_for_less_than_nothing_is_refused(wish: tuple[int, int], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        Wish("x", *wish)
    assert (refused.value.code, refused.value.field) == ("proposal_below_nought", field)
