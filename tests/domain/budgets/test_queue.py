from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.ledger import Balances, LineKey, Recurrence
from collabdesk.domain.budgets.queue import Waiting, moved, work_off
from collabdesk.domain.budgets.virement import Virement

A, B = LineKey(b"a" * 16, "RHA"), LineKey(b"b" * 16, "RWX")


def _held(amount_p: int) -> Balances:
    return Balances(amount_p, 0, 0, 0, {A: amount_p})


def _waiting(name: bytes, lamport: int, amount_p: int) -> Waiting:
    virement = Virement("2026/27", A, B, amount_p, 3, Recurrence.RECURRENT, "Open two beds")
    return Waiting(name, virement, Recurrence.RECURRENT, (lamport, name))


def test_the_first_in_the_queue_wins_and_the_loser_learns_what_is_left() -> None:
    """FIN-30."""
    both = [_waiting(b"b2", 41, 7_000_000), _waiting(b"a9", 41, 6_000_000)]
    for arrival in permutations(both):
        done = work_off(arrival, _held(10_000_000))
        assert [row for row, _ in done.posts] == [b"a9"]
        (back,) = done.sent_back
        assert (back.row, back.why.code, back.available_p) == (b"b2", "overdrawn", 4_000_000)
        assert done.held.lines[A] == 4_000_000


def test_one_that_does_not_fit_does_not_stop_those_behind_it() -> None:
    done = work_off(
        [_waiting(b"1", 1, 60), _waiting(b"2", 2, 50), _waiting(b"3", 3, 40)], _held(100)
    )
    assert [row for row, _ in done.posts] == [b"1", b"3"]
    assert [back.row for back in done.sent_back] == [b"2"]
    assert done.held.lines == {A: 0, B: 100}


def test_a_line_the_ledger_does_not_know_holds_nothing() -> None:
    done = work_off([_waiting(b"1", 1, 60)], Balances(0, 0, 0, 0, {}))
    assert [back.available_p for back in done.sent_back] == [0]


@given(st.lists(st.integers(1, 500), max_size=8), st.integers(0, 1_000))
def test_no_queue_draws_a_line_below_nought_or_loses_a_penny(
    amounts: list[int], start: int
) -> None:
    waiting = [_waiting(bytes([n]), n % 3, amount) for n, amount in enumerate(amounts)]
    done = work_off(waiting, _held(start))
    assert done.posts == work_off(reversed(waiting), _held(start)).posts
    assert min(done.held.lines.values()) >= 0
    assert done.held.identity_holds
    assert len(done.posts) + len(done.sent_back) == len(waiting)


def test_money_moves_from_one_line_to_the_other() -> None:
    after = moved(_held(100), _waiting(b"1", 1, 30).virement)
    assert after.lines == {A: 70, B: 30}
