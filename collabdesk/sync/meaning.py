"""What an operation's numbers mean in the registry: tables, columns, types, caps.

Step c of the verdict, as far as it needs the registry and the operation alone.
"""

from __future__ import annotations

import datetime as dt
import re

from collabdesk.sync.operations import (
    MAX_RESOLVED,
    ApproveRow,
    DeleteRow,
    InsertRow,
    Operation,
    ResolveCell,
    SetRow,
    UndeleteRow,
    Value,
)
from collabdesk.sync.registry import Registry
from collabdesk.sync.registry.model import Column, Kind, Scope, Table
from collabdesk.sync.verdicts import NEWER_THAN_MIN, WRONG_SHAPE

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{0,30}[1-9])?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class MeaningError(Exception):
    """The operation means nothing here, or something wrong; `verdict` says which."""

    def __init__(self, verdict: int) -> None:
        """Keep the verdict's number."""
        super().__init__(verdict)
        self.verdict = verdict


def check_meaning(registry: Registry, op: Operation) -> None:
    """Raise MeaningError unless tables, columns, members, types and scope are right."""
    match op:
        case InsertRow():
            _check_insert(registry, op)
        case SetRow():
            table = _table(registry, op.table, op.min)
            columns = [_column(table, number, op.min) for number, _, _ in op.cells]
            for column, (_, value, _) in zip(columns, op.cells, strict=True):
                _check_value(column, value, op.min)
            if table.insert_only or not columns:
                raise MeaningError(WRONG_SHAPE)
        case ResolveCell():
            table = _table(registry, op.table, op.min)
            _check_value(_column(table, op.column, op.min), op.value, op.min)
            if table.insert_only or len(op.dots) > MAX_RESOLVED:
                raise MeaningError(WRONG_SHAPE)
        case ApproveRow():
            table = _table(registry, op.table, op.min)
            for number, _ in op.items:
                _column(table, number, op.min)
        case DeleteRow() | UndeleteRow():
            _table(registry, op.table, op.min)
        case _:
            return


def _check_insert(registry: Registry, op: InsertRow) -> None:
    table = _table(registry, op.table, op.min)
    columns = [_column(table, number, op.min) for number, _ in op.cells]
    if isinstance(op.scope, int):
        shared = registry.shared_areas.get(op.scope)
        if shared is None or shared.since > op.min:
            raise MeaningError(NEWER_THAN_MIN)
    for column, (_, value) in zip(columns, op.cells, strict=True):
        _check_value(column, value, op.min)
    wanted = Scope.SHARED if isinstance(op.scope, int) else Scope.ORGANISATION
    given = {number for number, _ in op.cells}
    missing = any(c.required and c.since <= op.min and c.number not in given for c in table.columns)
    if wanted not in table.scope or missing:
        raise MeaningError(WRONG_SHAPE)


def _table(registry: Registry, number: int, minimum: int) -> Table:
    table = registry.tables.get(number)
    if table is None or table.since > minimum:
        raise MeaningError(NEWER_THAN_MIN)
    return table


def _column(table: Table, number: int, minimum: int) -> Column:
    column = table.by_number.get(number)
    if column is None or column.since > minimum:
        raise MeaningError(NEWER_THAN_MIN)
    return column


def _check_value(column: Column, value: Value, minimum: int) -> None:
    if value is None:
        if column.required:
            raise MeaningError(WRONG_SHAPE)
        return
    if column.kind is Kind.ENUM and column.members is not None and type(value) is int:
        since = column.members.since(value)
        if since is None or since > minimum:
            raise MeaningError(NEWER_THAN_MIN)
        return
    if not fits(column.kind, value):
        raise MeaningError(WRONG_SHAPE)


def fits(kind: Kind, value: Value) -> bool:
    """Tell whether a value has the form its kind demands on the wire."""
    match kind:
        case Kind.BOOL:
            return type(value) is bool
        case Kind.INT | Kind.PENCE:
            return type(value) is int
        case Kind.TEXT:
            return type(value) is str
        case Kind.DECIMAL:
            return type(value) is str and value != "-0" and bool(_DECIMAL.fullmatch(value))
        case Kind.DATE:
            return type(value) is str and _is_date(value)
        case Kind.ROW | Kind.ORG:
            return type(value) is bytes and len(value) == 16
        case Kind.BLOB:
            return type(value) is bytes and len(value) > 0 and len(value) % 32 == 0
        case Kind.ENUM:
            return False


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
