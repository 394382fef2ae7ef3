"""Who agreed to what: approvals of a record, and whether its figures are still those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from collabdesk.domain.changes import Cell
from collabdesk.storage.oplog import OperationLog
from collabdesk.storage.packing import unpack_dots
from collabdesk.storage.queries.authors import Author, Authors, cell, in_order
from collabdesk.storage.tables.derived import APPROVAL, CELL, ROW
from collabdesk.sync.operations import ApproveRow, Dot
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Merge


@dataclass(frozen=True, slots=True)
class Approval:
    """A signed agreement; `current` while the figures it named are the only ones standing."""

    dot: Dot
    author: Author
    dots: frozenset[Dot]
    withdrawn: bool
    current: bool


def approvals(reads: Connection, row: bytes) -> tuple[Approval, ...]:
    """Return the approvals of a record in the order every replica agrees on."""
    authors, live = Authors(reads), money_dots(reads, row)
    found = {
        (one.dev16, one.seq, one.idx): one
        for one in reads.execute(select(APPROVAL).where(APPROVAL.c.row == row))
    }
    return tuple(
        Approval(
            dot,
            authors.of(dot),
            frozenset(named := unpack_dots(found[dot].dots)),
            bool(found[dot].withdrawn),
            _current(frozenset(named), live),
        )
        for dot in in_order(found, authors)
    )


def _current(named: frozenset[Dot], live: Mapping[int, frozenset[Dot]]) -> bool:
    return bool(live) and all(len(dots) == 1 and dots <= named for dots in live.values())


def money_dots(reads: Connection, row: bytes) -> Mapping[int, frozenset[Dot]]:
    """Return what stands in each money column of a record."""
    live: dict[int, set[Dot]] = defaultdict(set)
    query = select(CELL, ROW.c.tbl).join(ROW, ROW.c.row == CELL.c.row).where(CELL.c.row == row)
    for found in reads.execute(query):
        if REGISTRY.tables[found.tbl].by_number[found.col].merge is Merge.MONEY:
            live[found.col].add((found.dev16, found.seq, found.idx))
    return {column: frozenset(dots) for column, dots in live.items()}


def inserted_at(reads: Connection, row: bytes) -> Dot:
    """Return where a record was signed into being; that dot names it to everybody."""
    found = reads.execute(select(ROW.c.dev16, ROW.c.seq, ROW.c.idx).where(ROW.c.row == row)).one()
    return (found.dev16, found.seq, found.idx)


def agreed_values(reads: Connection, approval: Dot) -> Mapping[str, Cell]:
    """Return the figures that an approval agreed to, by column, whatever stands there now."""
    log = OperationLog(reads)
    signed = log.read(approval)
    if not isinstance(signed, ApproveRow):
        return {}
    declared = REGISTRY.tables[signed.table].by_number
    facts = {column: log.operation(dot) for column, dot in signed.items}
    return {
        declared[column].name: cell(declared[column], found.values[column])
        for column, found in facts.items()
        if found is not None and column in found.values
    }
