"""Long notes of which several versions stand, with what they were both written over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from collabdesk.storage.oplog import OperationLog
from collabdesk.storage.queries.common import CellSiblings, cell_siblings
from collabdesk.sync.operations import Dot, ResolveCell, SetRow
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Merge

_SEVERAL = (
    "SELECT r.tbl, c.* FROM cell c JOIN row r ON r.row = c.row WHERE (c.row, c.col) IN "
    "(SELECT row, col FROM cell GROUP BY row, col HAVING COUNT(*) > 1) "
    "ORDER BY r.tbl, c.row, c.col"
)


@dataclass(frozen=True, slots=True)
class NoteVersions:
    """A note with the versions that stand, newest first, and the text before all of them."""

    cell: CellSiblings
    base: str


def note_versions(reads: Connection) -> tuple[NoteVersions, ...]:
    """Return every note of which several versions stand."""
    dots: dict[tuple[bytes, str], list[Dot]] = {}
    rows = reads.exec_driver_sql(_SEVERAL).all()
    notes = [one for one in rows if _is_note(one)]
    for one in notes:
        name = REGISTRY.tables[one.tbl].by_number[one.col].name
        dots.setdefault((one.row, name), []).append((one.dev16, one.seq, one.idx))
    log = OperationLog(reads)
    return tuple(
        NoteVersions(found, _base(log, found, dots[found.row, found.column]))
        for found in cell_siblings(reads, notes)
        if len({one.value for one in found.siblings}) > 1
    )


def _is_note(found: Any) -> bool:  # noqa: ANN401 - a row of several tables
    table = REGISTRY.tables.get(found.tbl)
    if table is None or found.col not in table.by_number or found.col in table.sealed:
        return False
    return table.by_number[found.col].merge is Merge.NOTE


def _base(log: OperationLog, found: CellSiblings, dots: list[Dot]) -> str:
    """Return the newest text that every version replaced; nothing, if there was none."""
    column = REGISTRY.table_names[found.table].by_name[found.column].number
    replaced = [_replaced(log, dot, column) for dot in dots]
    shared = sorted(set.intersection(*replaced), key=lambda dot: (dot[1], dot[2], dot[0]))
    facts = log.operation(shared[-1]) if shared else None
    text = facts.values.get(column) if facts else None
    return text if isinstance(text, str) else ""


def _replaced(log: OperationLog, dot: Dot, column: int) -> set[Dot]:
    op = log.read(dot)
    match op:
        case SetRow(cells=cells):
            return {one for number, _, dots in cells if number == column for one in dots}
        case ResolveCell(dots=dots):
            return set(dots)
        case _:
            return set()
