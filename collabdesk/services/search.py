"""Search (Ctrl+K): records whose texts hold what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.services.sharing.standing import table_words
from collabdesk.services.titles import PAGES, title_of
from collabdesk.storage.queries.search import matches

LIMIT: Final = 20
LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found, in words, with the page that shows it."""

    title: str
    where: str
    page: str
    table: str
    row: bytes


def find(reads: Connection, typed: str) -> tuple[Found, ...]:
    """Return the records that hold the text; fewer than two signs find nothing."""
    wanted = typed.strip()
    if len(wanted) < LEAST:
        return ()
    return tuple(
        Found(
            title_of(reads, match.table, match.row),
            table_words(match.table),
            PAGES[match.table],
            match.table,
            match.row,
        )
        for match in matches(reads, wanted, LIMIT)
    )
