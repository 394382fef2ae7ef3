"""A pot is drawn in one order, and never below nought."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.draws import Draw, draw_in_order
from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.budgets.pots import check_draw
from collabdesk.errors import Refusal

DRAWS = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 400)), max_size=8).map(
    lambda found: [Draw(bytes([n]), *each) for n, each in enumerate(found)]
)


def test_two_that_approved_apart_are_put_in_order() -> None:
    """FIN-30."""
    both = [Draw(b"b2", 41, 7_000_000), Draw(b"a9", 41, 6_000_000)]
    for arrival in permutations(both):
        found = draw_in_order(arrival, 10_000_000)
        assert found.posted == (b"a9",)
        (back,) = found.sent_back
        assert (back.row, back.why.code) == (b"b2", "insufficient_unallocated")
        assert back.available_p == found.left_p == 4_000_000
        assert "£40,000.00" in back.why.remedy


def test_a_refused_one_does_not_stop_the_queue_and_an_exact_fit_posts() -> None:
    found = draw_in_order([Draw(b"1", 1, 60), Draw(b"2", 2, 50), Draw(b"3", 3, 40)], 100)
    assert found.posted == (b"1", b"3")
    assert found.left_p == 0


@given(DRAWS, st.integers(0, 1_000), st.data())
def test_every_order_of_arrival_ends_alike_and_no_pot_goes_below_nought(
    draws: list[Draw], held_p: int, data: st.DataObject
) -> None:
    """I7 and I14."""
    found = draw_in_order(draws, held_p)
    other = draw_in_order(data.draw(st.permutations(draws)), held_p)
    assert (other.posted, other.left_p) == (found.posted, found.left_p)
    assert [back.row for back in other.sent_back] == [back.row for back in found.sent_back]
    taken = sum(draw.amount_p for draw in draws if draw.row in found.posted)
    assert found.left_p == held_p - taken >= 0
    assert len(found.posted) + len(found.sent_back) == len(draws)


@pytest.mark.parametrize(
    ("pot", "words"),
    [
        (Account.CONTINGENCY, "The contingency holds £1.00"),
        (Account.INVESTMENT, "The investment money holds £1.00"),
        (Account.LINE, "The line holds £1.00"),
    ],
)
def test_the_refusal_names_the_pot(pot: Account, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_draw(101, 100, pot)
    assert refused.value.code == f"insufficient_{pot.value}"
    assert refused.value.words.startswith(words)
    check_draw(100, 100, pot)


def test_a_draw_of_nothing_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        check_draw(0, 100)
    assert refused.value.code == "amount_not_positive"
