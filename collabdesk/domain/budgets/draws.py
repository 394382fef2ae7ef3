"""Draws on money that is on no line yet: whoever is first in the queue is served first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.budgets.pots import check_draw
from collabdesk.domain.budgets.queue import SentBack
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Draw:
    """An approved draw of pence; `lamport`, then `row`, is its place in the queue."""

    row: bytes
    lamport: int
    amount_p: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draws that may be posted, in order, those that go back, and what is left."""

    posted: tuple[bytes, ...]
    sent_back: tuple[SentBack, ...]
    left_p: int


def draw_in_order(draws: Iterable[Draw], held_p: int, pot: Account = Account.UNALLOCATED) -> Drawn:
    """Try each draw against what is left; one that does not fit does not stop the queue.

    The order does not depend on the order of arrival, so every computer reaches the same end.
    """
    posted: list[bytes] = []
    sent_back: list[SentBack] = []
    for draw in sorted(draws, key=lambda each: (each.lamport, each.row)):
        try:
            check_draw(draw.amount_p, held_p, pot)
        except Refusal as why:
            sent_back.append(SentBack(draw.row, why, held_p))
        else:
            posted.append(draw.row)
            held_p -= draw.amount_p
    return Drawn(tuple(posted), tuple(sent_back), held_p)
