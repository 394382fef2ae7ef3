"""Approved virements that wait for the ledger keeper: which post, and which go back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from collabdesk.domain.budgets.ledger import Balances, LineKey, Recurrence
from collabdesk.domain.budgets.virement import Virement, post_virement
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


def work_off(waiting: Iterable[Waiting], held: Balances) -> Queue:
    """Try each proposal against what is left, first come first served.

    One that does not fit goes back and does not stop the queue.
    """
    posts: list[tuple[bytes, PostJournal]] = []
    sent_back: list[SentBack] = []
    for one in sorted(waiting, key=lambda w: w.order):
        try:
            journal = post_virement(one.row, one.virement, one.source_recurrence, held)
        except Refusal as why:
            available_p = held.lines.get(one.virement.source, 0)
            sent_back.append(SentBack(one.row, why, available_p))
        else:
            posts.append((one.row, journal))
            held = moved(held, one.virement)
    return Queue(tuple(posts), tuple(sent_back), held)


def moved(held: Balances, virement: Virement) -> Balances:
    """Return what stands on each account after a virement."""
    lines: dict[LineKey, int] = dict(held.lines)
    lines[virement.source] = lines.get(virement.source, 0) - virement.amount_p
    lines[virement.target] = lines.get(virement.target, 0) + virement.amount_p
    return replace(held, lines=lines)
