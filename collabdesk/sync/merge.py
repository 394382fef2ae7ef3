"""How accepted operations change the live state: exact, per cell, and order-free.

A cell is a multi-value register: its live siblings are the accepted dots that no
accepted set or resolve lists as replaced, and of one device only the newest.
Whatever order concurrent segments come in, the same siblings remain.
"""

from __future__ import annotations

from collections.abc import Mapping

from collabdesk.sync.operations import (
    DeleteRow,
    Dot,
    InsertRow,
    ResolveCell,
    SetRow,
    UndeleteRow,
    Value,
)
from collabdesk.sync.workset import CellKey, Columns, Sibling, Tombstone, Workset


def insert(work: Workset, dot: Dot, row: bytes, op: InsertRow, lamport: int) -> None:
    """Bring a row to life."""
    cells = work.cells[row] = {}
    for column, value in op.cells:
        sibling = Sibling(value, lamport)
        cells[column] = {dot: sibling}
        work.added[row, column, dot] = sibling
    work.touched.add(row)


def change(
    work: Workset, dot: Dot, op: SetRow | ResolveCell | DeleteRow | UndeleteRow, lamport: int
) -> None:
    """Change a row that stands."""
    match op:
        case SetRow():
            set_cells(work, dot, op, lamport)
        case ResolveCell():
            resolve(work, dot, op, lamport)
        case DeleteRow():
            delete(work, dot, op)
        case UndeleteRow():
            undelete(work, op)


def set_cells(work: Workset, dot: Dot, op: SetRow, lamport: int) -> None:
    """Replace the listed dots, and own older ones, of each cell."""
    work.columns(op.row)
    for column, value, replaced in op.cells:
        _replace(work, (op.row, column, dot), replaced, Sibling(value, lamport))
    work.touched.add(op.row)


def resolve(work: Workset, dot: Dot, op: ResolveCell, lamport: int) -> None:
    """Replace the siblings listed by one value."""
    work.columns(op.row)
    _replace(work, (op.row, op.column, dot), op.dots, Sibling(op.value, lamport))
    work.touched.add(op.row)


def _replace(work: Workset, key: CellKey, replaced: tuple[Dot, ...], sibling: Sibling) -> None:
    row, column, dot = key
    own = [known for known in work.cells[row].get(column, ()) if known[0] == dot[0]]
    for old in (*replaced, *own):
        work.retire(row, column, old)
    work.live(row, column, dot, sibling)


def delete(work: Workset, dot: Dot, op: DeleteRow) -> None:
    """Lay a tombstone that lists what its author saw."""
    work.columns(op.row)
    work.tombstones.setdefault(op.row, {})[dot] = Tombstone(frozenset(op.dots))
    work.touched.add(op.row)


def undelete(work: Workset, op: UndeleteRow) -> None:
    """Lift the tombstones named."""
    work.columns(op.row)
    for dot in op.dots:
        stone = work.tombstones.get(op.row, {}).get(dot)
        if stone is not None:
            stone.undone = True
    work.touched.add(op.row)


def is_deleted(stones: Mapping[Dot, Tombstone]) -> bool:
    """Tell whether some accepted delete is named by no accepted undelete."""
    return any(not stone.undone for stone in stones.values())


def outlives_delete(
    columns: Columns, stones: Mapping[Dot, Tombstone], money: frozenset[int]
) -> bool:
    """Tell whether a live money cell that no standing delete saw keeps the row visible."""
    seen = frozenset().union(*(s.seen for s in stones.values() if not s.undone))
    return any(
        dot not in seen for column, live in columns.items() if column in money for dot in live
    )


def winner(live: Mapping[Dot, Sibling]) -> Value:
    """Return the value shown where one must be: highest (lamport, device, index)."""
    if len(live) == 1:
        return next(iter(live.values())).value
    best = max(live, key=lambda dot: (live[dot].lamport, dot[0], dot[2]))
    return live[best].value
