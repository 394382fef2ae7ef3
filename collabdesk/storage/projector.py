"""The one place that writes what screens read: live cells in, projection rows out.

It never refuses: what an accepted operation did is shown; what the whole then breaks
becomes a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from collabdesk.storage.statements import statements
from collabdesk.storage.tables.projections import PROJECTIONS, as_shown
from collabdesk.sync.merge import is_deleted, outlives_delete, winner
from collabdesk.sync.operations import Dot
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Merge, Table
from collabdesk.sync.verdicts import ACCEPTED
from collabdesk.sync.workset import Columns, RowFacts, Tombstone, Workset

_MONEY = {
    table.number: frozenset(c.number for c in table.columns if c.merge is Merge.MONEY)
    for table in REGISTRY.tables.values()
}
_INSERT = {
    table.number: (
        f"INSERT OR REPLACE INTO {PROJECTIONS[table.name].name} "  # noqa: S608 - our own names
        f"VALUES ({','.join('?' * (4 + len(table.columns)))})"
    )
    for table in REGISTRY.tables.values()
}
_DELETE = {
    table.number: f"DELETE FROM {PROJECTIONS[table.name].name} WHERE row = ?"  # noqa: S608
    for table in REGISTRY.tables.values()
}


_SHOWN = {
    table.number: tuple((column.number, as_shown(column)) for column in table.columns)
    for table in REGISTRY.tables.values()
}


class Projector:
    """Rewrites the projection rows of whatever a batch touched."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of a connection."""
        self._sql = statements(connection)

    def project(self, work: Workset) -> Mapping[str, frozenset[bytes]]:
        """Bring projections and the list of contested cells up to date.

        Returns the rows changed, by table name.
        """
        changed: dict[str, set[bytes]] = {}
        upserts: dict[int, list[tuple[Any, ...]]] = {}
        gone: dict[int, list[tuple[bytes]]] = {}
        contested: list[tuple[bytes, int, int, int]] = []
        for row in work.touched:
            facts = work.rows[row]
            table = REGISTRY.tables.get(facts.table or 0)
            if table is None:
                continue
            changed.setdefault(table.name, set()).add(row)
            if facts.verdict != ACCEPTED:
                gone.setdefault(table.number, []).append((row,))
                continue
            columns, stones = work.columns(row), work.tombstones.get(row, {})
            values = _projected(table, row, facts, columns, stones)
            if values is None:
                gone.setdefault(table.number, []).append((row,))
            else:
                upserts.setdefault(table.number, []).append(values)
                contested.extend(_contested(table, row, columns))
        self._write(work.touched, upserts, gone, contested)
        return {name: frozenset(rows) for name, rows in changed.items()}

    def _write(
        self,
        touched: Iterable[bytes],
        upserts: Mapping[int, list[tuple[Any, ...]]],
        gone: Mapping[int, list[tuple[bytes]]],
        contested: list[tuple[bytes, int, int, int]],
    ) -> None:
        for table, rows in upserts.items():
            self._sql(_INSERT[table], rows)
        for table, keys in gone.items():
            self._sql(_DELETE[table], keys)
        touched_keys = [(row,) for row in touched]
        if touched_keys:
            self._sql("DELETE FROM contested WHERE row = ?", touched_keys)
        if contested:
            self._sql("INSERT INTO contested VALUES (?, ?, ?, ?)", contested)


def _projected(
    table: Table,
    row: bytes,
    facts: RowFacts,
    columns: Columns,
    stones: Mapping[Dot, Tombstone],
) -> tuple[Any, ...] | None:
    deleted = is_deleted(stones)
    kept = deleted and outlives_delete(columns, stones, _MONEY[table.number])
    if deleted and not kept:
        return None
    scope, shared = _scope(facts.scope)
    cells = [
        convert(winner(live)) if (live := columns.get(number)) else None
        for number, convert in _SHOWN[table.number]
    ]
    return (row, scope, shared, int(kept), *cells)


def _scope(scope: bytes | int) -> tuple[bytes, str]:
    if isinstance(scope, int):
        return b"", REGISTRY.shared_areas[scope].name
    return scope, ""


def _contested(table: Table, row: bytes, columns: Columns) -> list[tuple[bytes, int, int, int]]:
    money = _MONEY[table.number]
    return [
        (row, number, table.number, len(live))
        for number, live in columns.items()
        if len(live) > 1 and number in money
    ]
