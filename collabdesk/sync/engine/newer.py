"""Rows that a newer version has changed in a way this one cannot read.

Such a change waits until this laptop is updated. To write over money meanwhile would settle a
contest that nobody here can see, so the row is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from collabdesk.errors import Refusal
from collabdesk.sync.engine.ports import Session
from collabdesk.sync.operations import DeleteRow, Operation, ResolveCell, SetRow, UndeleteRow
from collabdesk.sync.registry import Registry, kinds
from collabdesk.sync.registry.model import Column, Merge

_NAMING: Final = frozenset((kinds.SET, kinds.DELETE, kinds.UNDELETE, kinds.RESOLVE))
_TABLE_AT, _ROW_AT, _CELLS_AT = 2, 3, 4
_MONEY: Final = frozenset((Merge.MONEY, Merge.LEDGER))


def refuse_rows_held(session: Session, operations: Iterable[Operation]) -> None:
    """Raise Refusal where a row to be changed has a held change of an amount or in the ledger."""
    edits = (SetRow, ResolveCell, DeleteRow, UndeleteRow)
    rows = {op.row for op in operations if isinstance(op, edits)}
    held = session.replica.log.held_newer() if rows else ()
    if any(_row(raw) in rows and _is_money(session.registry, raw) for raw in held):
        raise Refusal(
            code="changed-by-newer-version",
            words="A partner changed an amount of this record with a newer version of CollabDesk, "
            "which this version cannot read. It is kept, and waits.",
            remedy="Update CollabDesk on this laptop, then look at the record again. "
            "Nothing was changed.",
        )


def _row(raw: list[Any]) -> bytes | None:
    """Return the row that an operation of a known kind names, whatever else is new in it."""
    if raw[0] not in _NAMING or len(raw) <= _CELLS_AT:
        return None
    row = raw[_ROW_AT]
    return row if isinstance(row, bytes) else None


def _is_money(registry: Registry, raw: list[Any]) -> bool:
    """Tell whether an operation touches class M or L; what is unknown may."""
    table = registry.tables.get(raw[_TABLE_AT])
    if table is None:
        return True
    touched = _columns(raw)
    columns: Collection[Column | None] = (
        table.columns if touched is None else [table.by_number.get(number) for number in touched]
    )
    return any(column is None or column.merge in _MONEY for column in columns)


def _columns(raw: list[Any]) -> list[Any] | None:
    """Return the numbers of the columns touched, or None for the whole row."""
    cells = raw[_CELLS_AT]
    if raw[0] == kinds.RESOLVE:
        return [cells]
    if raw[0] == kinds.SET and isinstance(cells, list):
        return [cell[0] if isinstance(cell, list) and cell else None for cell in cells]
    return None
