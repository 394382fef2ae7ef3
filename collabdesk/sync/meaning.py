"""What an operation's numbers mean in the registry: tables, columns, types, caps.

Step c of the verdict, as far as it needs the registry and the operation alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from collabdesk.sync.operations import (
    MAX_RESOLVED,
    ROW_ID,
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
_HASH: Final = 32
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class MeaningError(Exception):
    """The operation means nothing here, or something wrong; `verdict` says which."""

    def __init__(self, verdict: int) -> None:
        """Keep the verdict's number."""
        super().__init__(verdict)
        self.verdict = verdict


def check_meaning(registry: Registry, op: Operation) -> None:
    """Raise MeaningError unless tables, columns, members, types and scope are right.

    What is newer than the operation's min is looked for first, in all of it.
    """
    check = _CHECKS.get(type(op))
    if check is not None:
        check(registry, op)


def _check_insert(registry: Registry, op: InsertRow) -> None:
    table = _table(registry, op.table, op.min)
    if isinstance(op.scope, int):
        shared = registry.shared_areas.get(op.scope)
        if shared is None or shared.since > op.min:
            raise MeaningError(NEWER_THAN_MIN)
    _check_cells(table, op.cells, op.min)
    wanted = Scope.SHARED if isinstance(op.scope, int) else Scope.ORGANISATION
    if wanted not in table.scope or _lacks(table, op):
        raise MeaningError(WRONG_SHAPE)


def _lacks(table: Table, op: InsertRow) -> bool:
    given = {number for number, _ in op.cells}
    return any(c.number not in given for c in table.required if c.since <= op.min)


def _check_set(registry: Registry, op: SetRow) -> None:
    table = _table(registry, op.table, op.min)
    _check_cells(table, [(column, value) for column, value, _ in op.cells], op.min)
    if table.insert_only:
        raise MeaningError(WRONG_SHAPE)


def _check_resolve(registry: Registry, op: ResolveCell) -> None:
    table = _table(registry, op.table, op.min)
    _check_cells(table, [(op.column, op.value)], op.min)
    if table.insert_only or len(op.dots) > MAX_RESOLVED:
        raise MeaningError(WRONG_SHAPE)


def _check_approve(registry: Registry, op: ApproveRow) -> None:
    table = _table(registry, op.table, op.min)
    for number, _ in op.items:
        _column(table, number, op.min)


def _check_row(registry: Registry, op: DeleteRow | UndeleteRow) -> None:
    _table(registry, op.table, op.min)


_CHECKS: Final[Mapping[type[Operation], Callable[[Registry, Any], None]]] = {
    InsertRow: _check_insert,
    SetRow: _check_set,
    ResolveCell: _check_resolve,
    ApproveRow: _check_approve,
    DeleteRow: _check_row,
    UndeleteRow: _check_row,
}


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


def _check_cells(table: Table, cells: Sequence[tuple[int, Value]], minimum: int) -> None:
    """Check types; what is sealed is bytes, and whoever cannot open it judges it all the same."""
    columns = [_column(table, number, minimum) for number, _ in cells]
    fitting = True
    for column, (_, value) in zip(columns, cells, strict=True):
        sealed = column.number in table.sealed
        if column.members is not None and type(value) is int and not sealed:
            since = column.members.since(value)
            if since is None or since > minimum:
                raise MeaningError(NEWER_THAN_MIN)
        elif value is None:
            fitting = fitting and not column.required
        elif sealed:
            fitting = fitting and type(value) is bytes
        else:
            fitting = fitting and fits(column.kind, value)
    if not fitting:
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
        case Kind.ROW | Kind.ORG | Kind.PERSON | Kind.LAPTOP:
            return type(value) is bytes and len(value) == ROW_ID
        case Kind.BLOB | Kind.BYTES:
            return type(value) is bytes and (kind is Kind.BYTES or _is_blob(value))
        case Kind.ENUM:
            return False


def _is_blob(value: bytes) -> bool:
    return len(value) > 0 and len(value) % _HASH == 0


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
