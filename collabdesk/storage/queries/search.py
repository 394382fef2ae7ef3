"""Records whose searchable texts hold what was typed: one LIKE for each marked column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, literal, or_, select, union_all

from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.registry import REGISTRY

ESCAPE: Final = "\\"


@dataclass(frozen=True, slots=True)
class Match:
    """A record that was found: its table, row, and the first text that matched."""

    table: str
    row: bytes
    text: str


def matches(reads: Connection, typed: str, limit: int) -> tuple[Match, ...]:
    """Return records that hold the text, in any capitals, as far as `limit`."""
    pattern = f"%{_escaped(typed)}%"
    parts = []
    for table in REGISTRY.tables.values():
        projected = PROJECTIONS[table.name]
        marked = [projected.c[column.name] for column in table.columns if column.search]
        if not marked:
            continue
        hits = [column.ilike(pattern, escape=ESCAPE) for column in marked]
        text = marked[0]
        parts.append(
            select(literal(table.name), projected.c.row, text).where(or_(*hits)).limit(limit)
        )
    # SQLite takes a limit inside a union only from a subquery.
    whole = union_all(*(select(part.subquery()) for part in parts)).limit(limit)
    return tuple(Match(name, row, text or "") for name, row, text in reads.execute(whole))


def _escaped(typed: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        typed = typed.replace(sign, ESCAPE + sign)
    return typed
