"""Approved virements that wait for the ledger keeper: which post, and which go back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from collabdesk.domain.budgets.ledger import Account, Balances, LineKey, Recurrence
from collabdesk.domain.budgets.month_states import States
from collabdesk.domain.budgets.virement import Virement, available_p, post_virement
from collabdesk.domain.changes import PostJournal
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Waiting:
    """An approved proposal; `order` is its place in the queue, the same on every computer."""

    row: bytes
    virement: Virement
    source_recurrence: Recurrence
    order: tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class SentBack:
    """A proposal that can no longer be posted as approved, and what its source still holds."""

    row: bytes
    why: Refusal
    available_p: int


@dataclass(frozen=True, slots=True)
class Queue:
    """What may be posted, in order, with what goes back and what stays on each account."""

    posts: tuple[tuple[bytes, PostJournal], ...]
    sent_back: tuple[SentBack, ...]
    held: Balances


def work_off(waiting: Iterable[Waiting], held: Balances, states: States | None = None) -> Queue:
    """Try each proposal against what is left, first come first served.

    One that does not fit goes back and does not stop the queue.
    """
    posts: list[tuple[bytes, PostJournal]] = []
    sent_back: list[SentBack] = []
    for one in sorted(waiting, key=lambda w: w.order):
        try:
            journal = post_virement(one.row, one.virement, one.source_recurrence, held, states)
        except Refusal as why:
            sent_back.append(SentBack(one.row, why, available_p(one.virement, held)))
        else:
            posts.append((one.row, journal))
            held = moved(held, one.virement)
    return Queue(tuple(posts), tuple(sent_back), held)


def moved(held: Balances, virement: Virement) -> Balances:
    """Return what stands on each account after a virement."""
    given = _changed(held, virement.feeds, virement.amount_p)
    left = _changed(given, virement.draws, -virement.amount_p)
    if held.recurrent_p is None or virement.recurrence is Recurrence.NON_RECURRENT:
        return left
    on_lines_p = sum(left.lines.values()) - sum(held.lines.values())
    return replace(left, recurrent_p=held.recurrent_p - on_lines_p)


def _changed(held: Balances, place: LineKey | Account, by_p: int) -> Balances:
    match place:
        case LineKey():
            lines = {**held.lines, place: held.lines.get(place, 0) + by_p}
            return replace(held, lines=lines)
        case Account.UNALLOCATED:
            return replace(held, unallocated_p=held.unallocated_p + by_p)
        case Account.CONTINGENCY:
            return replace(held, contingency_p=held.contingency_p + by_p)
        case _:
            return replace(held, investment_p=held.investment_p + by_p)
