"""Projection rows as frozen records: dates as dates, figures as text or whole numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, select

from collabdesk.domain.changes import Scope, Shared
from collabdesk.storage.tables.derived import CONTESTED
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Kind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every row has: its id, whom it belongs to and which of its figures are contested."""

    row: bytes
    scope: bytes
    shared: str
    contested: frozenset[str] = field(default_factory=frozenset)

    @property
    def place(self) -> Scope:
        """The scope in which rows that belong to this one are written."""
        return Shared(self.shared) if self.shared else self.scope


R = TypeVar("R", bound=Record)


def records(
    reads: Connection, table: str, made: type[R], *where: ColumnElement[bool]
) -> tuple[R, ...]:
    """Return the rows of a table as `made`, whose fields are named as its columns; by row id."""
    projected = PROJECTIONS[table]
    wanted = [f.name for f in fields(made) if f.name != "contested"]
    query = select(*(projected.c[name] for name in wanted)).where(*where).order_by(projected.c.row)
    declared = REGISTRY.table_names[table]
    contested = contested_columns(reads, declared)
    return tuple(
        made(**_cells(declared, found._asdict()), contested=contested.get(found.row, frozenset()))
        for found in reads.execute(query)
    )


def record(reads: Connection, table: str, made: type[R], row: bytes) -> R | None:
    """Return one row of a table, or None where there is none."""
    found = records(reads, table, made, PROJECTIONS[table].c.row == row)
    return found[0] if found else None


def contested_columns(reads: Connection, table: Table) -> Mapping[bytes, frozenset[str]]:
    """Return the names of the contested columns of each row that has any."""
    query = select(CONTESTED.c.row, CONTESTED.c.col).where(CONTESTED.c.tbl == table.number)
    found: dict[bytes, frozenset[str]] = {}
    for row, column in reads.execute(query):
        names = frozenset((table.by_number[column].name,))
        found[row] = found.get(row, frozenset()) | names
    return found


def _cells(table: Table, found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _cell(table, name, value) for name, value in found.items()}


def _cell(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401 - as SQLite gives it
    declared = table.by_name.get(name)
    if declared is None:
        return value
    if declared.kind is Kind.DATE and isinstance(value, str):
        return dt.date.fromisoformat(value)
    if declared.kind in (Kind.TEXT, Kind.ENUM) and value is None:
        return ""
    return value
