"""A workspace on paper: commands are decided, and their changes written straight down.

No signing, no merging; names, kinds, required cells and references are held to the registry.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, delete, insert, select, update
from sqlalchemy.pool import StaticPool

from collabdesk.domain.changes import (
    Cell,
    Change,
    Delete,
    Insert,
    NewRow,
    OwnScope,
    RowRef,
    SetCells,
    Shared,
    Undelete,
)
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.storage.tables.derived import CONTESTED, DERIVED
from collabdesk.storage.tables.durable import BLOB, DURABLE
from collabdesk.storage.tables.projections import PROJECTED, PROJECTIONS, wire
from collabdesk.sync.hashing import sha256
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Kind, Table

TODAY = dt.date(2026, 11, 22)
RP1 = Actor(
    organisation=b"1" * 16,
    ods="RP1",
    organisation_name="Northamptonshire Healthcare NHS Foundation Trust",
    person=b"p" * 16,
    role="qi_lead",
    is_lead=False,
    keeps_ledger=False,
    today=TODAY,
)
RP7 = replace(RP1, organisation=b"7" * 16, ods="RP7", person=b"q" * 16)


class Paper:
    """One desk's workspace, kept in memory."""

    def __init__(self, handlers: Handlers, me: Actor = RP1) -> None:
        self.me = me
        self._handlers = handlers
        self._engine = create_engine("sqlite://", poolclass=StaticPool)
        for tables in (PROJECTED, DERIVED, DURABLE):
            tables.create_all(self._engine)
        self._deleted: dict[bytes, Mapping[str, Any]] = {}
        self._count = 0
        self.new: dict[str, bytes] = {}

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def run(self, command: object, me: Actor | None = None) -> Outcome:
        """Decide a command and write its changes; `new` then names the rows it inserted."""
        me = me or self.me
        with self.read() as reads:
            outcome = self._handlers[type(command)](command, reads, me)
        self.new = {}
        with self.write() as writes:
            for chunk in outcome.blobs:
                writes.execute(
                    insert(BLOB).prefix_with("OR IGNORE").values(hash=sha256(chunk), content=chunk)
                )
            self._apply(writes, outcome.changes, me)
        return outcome

    def undo(self, outcome: Outcome) -> None:
        """Write the inverse of the last outcome."""
        with self.write() as writes:
            self._apply(writes, outcome.inverse, self.me)

    def refused(self, command: object, me: Actor | None = None) -> Refusal:
        """Return the refusal of a command that must be refused, and be told fully."""
        with pytest.raises(Refusal) as refused:
            self.run(command, me)
        refusal = refused.value
        assert all((refusal.code, refusal.words, refusal.remedy, refusal.field))
        return refusal

    def contest(self, table: str, row: bytes, column: str) -> None:
        """Mark a cell as contested."""
        declared = REGISTRY.table_names[table]
        with self.write() as writes:
            writes.execute(
                insert(CONTESTED).values(
                    row=row,
                    col=declared.by_name[column].number,
                    tbl=declared.number,
                    siblings=2,
                )
            )

    def rows(self, table: str) -> list[Mapping[str, Any]]:
        """Return all rows of a projection."""
        with self.read() as reads:
            return [dict(found) for found in reads.execute(select(PROJECTIONS[table])).mappings()]

    def _apply(self, writes: Connection, changes: Sequence[Change], me: Actor) -> None:
        for change in changes:
            match change:
                case Insert():
                    self._insert(writes, change, me)
                case SetCells(table, row, cells):
                    self._set(writes, table, self._row(row), cells)
                case Delete(table, row):
                    self._delete(writes, table, self._row(row))
                case Undelete(table, row):
                    back = self._deleted.pop(self._row(row))
                    writes.execute(insert(PROJECTIONS[table]).values(**back))
                case _:
                    raise TypeError(change)

    def _insert(self, writes: Connection, change: Insert, me: Actor) -> None:
        declared = REGISTRY.table_names[change.table]
        cells = self._shown(declared, change.cells)
        lacking = [c.name for c in declared.columns if c.required and cells.get(c.name) is None]
        assert not lacking, lacking
        self._count += 1
        row = hashlib.sha256(self._count.to_bytes(4, "big")).digest()[:16]
        if change.key:
            assert change.key not in self.new
            self.new[change.key] = row
        scope = change.scope
        writes.execute(
            insert(PROJECTIONS[change.table]).values(
                row=row,
                scope=b"" if isinstance(scope, Shared) else _owner(scope, me),
                shared=scope.area if isinstance(scope, Shared) else "",
                kept=0,
                **cells,
            )
        )

    def _set(self, writes: Connection, table: str, row: bytes, cells: Mapping[str, Cell]) -> None:
        shown = self._shown(REGISTRY.table_names[table], cells)
        target = PROJECTIONS[table]
        done = writes.execute(update(target).where(target.c.row == row).values(**shown))
        assert done.rowcount == 1

    def _delete(self, writes: Connection, table: str, row: bytes) -> None:
        target = PROJECTIONS[table]
        found = writes.execute(select(target).where(target.c.row == row)).mappings().one()
        self._deleted[row] = dict(found)
        writes.execute(delete(target).where(target.c.row == row))

    def _shown(self, declared: Table, cells: Mapping[str, Cell]) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for name, value in cells.items():
            column = declared.by_name[name]
            if isinstance(value, NewRow):
                shown[name] = self.new[value.key]
            elif value is not None and column.kind is Kind.ENUM:
                wire(column, value)  # KeyError if it is no member
                shown[name] = value
            else:
                shown[name] = value.isoformat() if isinstance(value, dt.date) else value
        return shown

    def _row(self, row: RowRef) -> bytes:
        return self.new[row.key] if isinstance(row, NewRow) else row


def _owner(scope: bytes | OwnScope, me: Actor) -> bytes:
    return me.organisation if isinstance(scope, OwnScope) else scope
