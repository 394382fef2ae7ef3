"""Who says so: what any page asks of any figure, wherever it stands."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from collabdesk.services.sharing.times import Doubts
from collabdesk.storage.queries import history as stored
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.common import (
    CellSiblings,
    Overtaken,
    Sibling,
    contested_cells,
    overtaken,
    siblings,
)
from collabdesk.storage.queries.history import CellChange, Signed

__all__ = [
    "Author",
    "CellChange",
    "CellSiblings",
    "Overtaken",
    "Sibling",
    "Signed",
    "contested_cells",
    "history",
    "overtaken",
    "siblings",
]


def history(reads: Connection, row: bytes) -> tuple[Signed, ...]:
    """Return everything signed about a record, oldest first, with doubtful times marked."""
    doubts = Doubts(reads)
    return tuple(
        replace(one, author=replace(one.author, doubtful=True))
        if doubts.of(one.author.segment)
        else one
        for one in stored.history(reads, row)
    )
