"""Allocation letters of an agreed year: recorded first, then posted to unallocated."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.approvals import inserted_at, was_seen
from collabdesk.storage.queries.ledger import PostedJournal, journals


def waiting_letters(reads: Connection, fiscal_year: str) -> tuple[stored.AllocationMove, ...]:
    """Return the letters of a year's agreed budget that no journal has carried out yet."""
    posted = journals(reads, fiscal_year)
    opening = next((one for one in posted if one.kind == "opening"), None)
    if opening is None or opening.version is None:
        return ()
    moves = stored.allocation_moves(reads, opening.version)
    return tuple(move for move in moves if journal_of_move(reads, move.row, posted) is None)


def journal_of_move(
    reads: Connection, move: bytes, posted: tuple[PostedJournal, ...]
) -> PostedJournal | None:
    """Return the journal that brought an allocation into the ledger, or None while it waits."""
    for journal in posted:
        if journal.source == move:
            return journal
        opens = journal.kind == "opening" and was_seen(reads, inserted_at(reads, move), journal.dot)
        if opens:
            return journal
    return None
