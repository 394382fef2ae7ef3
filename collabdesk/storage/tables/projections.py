"""One table per registry table, made from its declaration: what screens read.

`shared` rows have an empty `scope`. A cell shows its only live value, or the winner
where several live; `contested` and the siblings in `cell` tell the rest. `kept` marks a
deleted row that a money figure its deleter never saw keeps visible. A restricted column
holds the value as it was sealed; nothing here is ever opened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

from collabdesk.sync.operations import Value
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Column as Declared
from collabdesk.sync.registry.model import Kind
from collabdesk.sync.registry.model import Table as DeclaredTable

PROJECTED: Final = MetaData()

_SQL_KIND = {
    Kind.BOOL: Integer,
    Kind.INT: Integer,
    Kind.PENCE: Integer,
    Kind.TEXT: Text,
    Kind.DECIMAL: Text,
    Kind.DATE: Text,
    Kind.ENUM: Text,
    Kind.ROW: LargeBinary,
    Kind.ORG: LargeBinary,
    Kind.BLOB: LargeBinary,
    Kind.PERSON: LargeBinary,
    Kind.LAPTOP: LargeBinary,
    Kind.BYTES: LargeBinary,
}


def _projection(table: DeclaredTable) -> Table:
    return Table(
        f"{REGISTRY.room_of(table.name)}_{table.name}",
        PROJECTED,
        Column("row", LargeBinary, primary_key=True),
        Column("scope", LargeBinary, nullable=False),
        Column("shared", Text, nullable=False),
        Column("kept", Integer, nullable=False),
        *(Column(c.name, _sql_kind(table, c)) for c in table.columns),
        *(Index(f"{table.name}_journal", "journal") for _ in range(table.ledger == "line")),
        sqlite_with_rowid=False,
    )


def _sql_kind(table: DeclaredTable, column: Declared) -> type[Any]:
    return LargeBinary if column.number in table.sealed else _SQL_KIND[column.kind]


PROJECTIONS: Final = {table.name: _projection(table) for table in REGISTRY.tables.values()}


def shown(column: Declared, value: Value) -> Value:
    """Return a wire value as its projection keeps it: members by name."""
    return as_shown(column)(value)


def as_shown(column: Declared) -> Callable[[Value], Value]:
    """Return what turns a column's wire values into those its projection keeps."""
    if column.kind is Kind.ENUM and column.members is not None:
        names = {number: name for number, name, _ in column.members.members}
        return lambda value: names[value] if isinstance(value, int) else value
    if column.kind is Kind.BOOL:
        return lambda value: int(value) if isinstance(value, bool) else value
    return _as_it_is


def _as_it_is(value: Value) -> Value:
    return value


def wire(column: Declared, value: object) -> Value:
    """Return a domain value as it goes on the wire: members by number, dates as ISO text."""
    if column.kind is Kind.ENUM and column.members is not None and isinstance(value, str):
        return column.members.number(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value  # type: ignore[return-value]
