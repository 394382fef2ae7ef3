"""Everything ever signed about one record, oldest first, accepted or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from collabdesk.domain.changes import Cell
from collabdesk.storage.oplog import OperationLog
from collabdesk.storage.packing import pack_dots
from collabdesk.storage.queries.approvals import withdrawals
from collabdesk.storage.queries.authors import Author, Authors, cell, in_order
from collabdesk.storage.queries.common import table_of
from collabdesk.storage.tables.derived import APPROVAL, OPERATION, POST, ROW
from collabdesk.sync.operations import (
    ApproveRow,
    Dot,
    InsertRow,
    Operation,
    PostMark,
    ResolveCell,
    SetRow,
    Value,
    WithdrawApproval,
)
from collabdesk.sync.registry import REGISTRY, kinds
from collabdesk.sync.registry.model import Table


@dataclass(frozen=True, slots=True)
class CellChange:
    """What became of one figure: the values it replaced (several, if contested) and the new one."""

    column: str
    old: tuple[Cell, ...]
    new: Cell


@dataclass(frozen=True, slots=True)
class Signed:
    """One signed operation on a record.

    `kind` is insert, set, delete, undelete, resolve, approve, withdraw or post; `verdict` is
    0 when accepted, and its words stand in the list of verdicts; `journal` numbers a post.
    """

    dot: Dot
    kind: str
    changes: tuple[CellChange, ...]
    text: str
    author: Author
    verdict: int
    journal: int | None = None


def history(reads: Connection, row: bytes) -> tuple[Signed, ...]:
    """Return everything signed about a record, in the order every replica agrees on."""
    table = table_of(reads, row)
    authors, log = Authors(reads), OperationLog(reads)
    found = {**_named(reads, row), **_posts(reads, row), **_withdrawals(reads, row)}
    return tuple(
        _signed(dot, found[dot], table, log, authors.of(dot)) for dot in in_order(found, authors)
    )


def _named(reads: Connection, row: bytes) -> dict[Dot, tuple[int, int]]:
    query = select(OPERATION).where(OPERATION.c.row == row)
    return {
        (found.dev16, found.seq, found.idx): (found.kind, found.verdict)
        for found in reads.execute(query)
    }


def _posts(reads: Connection, row: bytes) -> dict[Dot, tuple[int, int]]:
    insert = reads.execute(
        select(ROW.c.dev16, ROW.c.seq, ROW.c.idx).where(ROW.c.row == row)
    ).first()
    if insert is None:
        return {}
    source = pack_dots([(insert.dev16, insert.seq, insert.idx)])
    found = reads.execute(select(POST).where(POST.c.source == source))
    return {(post.dev16, post.seq, post.idx): (kinds.POST, 0) for post in found}


def _withdrawals(reads: Connection, row: bytes) -> dict[Dot, tuple[int, int]]:
    given = {
        (found.dev16, found.seq, found.idx)
        for found in reads.execute(select(APPROVAL).where(APPROVAL.c.row == row))
    }
    taken = withdrawals(reads, given)
    return {dot: (kinds.WITHDRAW, 0) for dots in taken.values() for dot in dots}


def _signed(
    dot: Dot, judged: tuple[int, int], table: Table | None, log: OperationLog, author: Author
) -> Signed:
    op, (kind, verdict) = log.read(dot), judged
    named = REGISTRY.kinds.get(kind)
    return Signed(
        dot,
        named.name if named else "",
        _changes(table, op, log) if table else (),
        _text(op),
        author,
        verdict,
        op.number if isinstance(op, PostMark) else None,
    )


def _changes(table: Table, op: Operation | None, log: OperationLog) -> tuple[CellChange, ...]:
    match op:
        case InsertRow(cells=cells):
            return _told(table, [(column, value, ()) for column, value in cells], log)
        case SetRow(cells=cells):
            return _told(table, cells, log)
        case ResolveCell(column=column, value=value, dots=dots):
            return _told(table, [(column, value, dots)], log)
        case _:
            return ()


def _told(
    table: Table, cells: Sequence[tuple[int, Value, tuple[Dot, ...]]], log: OperationLog
) -> tuple[CellChange, ...]:
    return tuple(
        CellChange(
            table.by_number[column].name,
            tuple(
                cell(table.by_number[column], _values(log, dot)[column])
                for dot in dots
                if column in _values(log, dot)
            ),
            cell(table.by_number[column], value),
        )
        for column, value, dots in cells
        if column in table.by_number
    )


def _values(log: OperationLog, dot: Dot) -> Mapping[int, Value]:
    facts = log.operation(dot)
    return facts.values if facts else {}


def _text(op: Operation | None) -> str:
    match op:
        case ResolveCell(reason=reason):
            return reason
        case ApproveRow(text=text) | WithdrawApproval(text=text):
            return text or ""
        case _:
            return ""
