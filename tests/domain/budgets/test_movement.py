"""Why a forecast moved adds up to how far it moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.movement import Movement, Reason, all_lines, explain
from collabdesk.errors import Refusal

PENCE = st.integers(-(10**12), 10**12)
MOVEMENTS = st.lists(st.builds(Movement, st.sampled_from(Reason), PENCE), max_size=8)


@given(PENCE, MOVEMENTS)
def test_last_month_and_the_reasons_are_this_month(last_p: int, moves: list[Movement]) -> None:
    """I9."""
    now_p = last_p + sum(move.amount_p for move in moves)
    table = explain(last_p, now_p, moves)
    assert table.now_p == now_p
    assert table.last_p + sum(table.by_reason.values()) == now_p
    assert set(table.by_reason) == set(Reason)


@given(PENCE, MOVEMENTS, PENCE.filter(bool))
def test_a_penny_without_a_reason_is_refused(
    last_p: int, moves: list[Movement], missing_p: int
) -> None:
    """I9."""
    now_p = last_p + sum(move.amount_p for move in moves) + missing_p
    with pytest.raises(Refusal) as refused:
        explain(last_p, now_p, moves)
    assert (refused.value.code, refused.value.field) == ("movement_does_not_add_up", "movements")


def test_the_refusal_names_what_is_unexplained() -> None:
    with pytest.raises(Refusal) as refused:
        explain(100_00, 150_00, [Movement(Reason.PRICE, 20_00, "Pay award")])
    assert str(refused.value) == (
        "The forecast moved by £50.00; the reasons explain £20.00 of it. "
        "Give a reason for the other £30.00."
    )


@given(st.lists(st.tuples(PENCE, MOVEMENTS), max_size=5))
def test_the_tables_of_lines_add_up_to_one(lines: list[tuple[int, list[Movement]]]) -> None:
    """I9."""
    tables = [
        explain(last_p, last_p + sum(move.amount_p for move in moves), moves)
        for last_p, moves in lines
    ]
    together = all_lines(tables)
    assert together.now_p == sum(table.now_p for table in tables)
    assert together.moved_p == sum(table.moved_p for table in tables)
