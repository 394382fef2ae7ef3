"""Who agreed to what: approvals of a record, and whether its figures are still those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from collabdesk.domain.changes import Cell
from collabdesk.storage.oplog import OperationLog
from collabdesk.storage.packing import unpack_past
from collabdesk.storage.queries.authors import Author, Authors, cell, in_order
from collabdesk.storage.tables.derived import APPROVAL, CELL, CITATION, OPERATION, PLACE, ROW
from collabdesk.sync.operations import ApproveRow, Dot, Operation, WithdrawApproval
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.kinds import WITHDRAW
from collabdesk.sync.registry.model import Merge
from collabdesk.sync.verdicts import ACCEPTED


@dataclass(frozen=True, slots=True)
class Approval:
    """A signed agreement; `current` while it names the only figure standing in every column."""

    dot: Dot
    author: Author
    withdrawn: bool
    current: bool


def approvals(reads: Connection, row: bytes) -> tuple[Approval, ...]:
    """Return the approvals of a record in the order every replica agrees on."""
    authors, live, log = Authors(reads), money_dots(reads, row), OperationLog(reads)
    found = {
        (one.dev16, one.seq, one.idx): bool(one.withdrawn)
        for one in reads.execute(select(APPROVAL).where(APPROVAL.c.row == row))
    }
    return tuple(
        Approval(dot, authors.of(dot), found[dot], _current(log.read(dot), live))
        for dot in in_order(found, authors)
    )


def _current(signed: Operation | None, live: Mapping[int, frozenset[Dot]]) -> bool:
    if not isinstance(signed, ApproveRow) or not live:
        return False
    named = dict(signed.items)
    return all(dots == {named.get(column)} for column, dots in live.items())


def money_dots(reads: Connection, row: bytes) -> Mapping[int, frozenset[Dot]]:
    """Return what stands in each money column of a record."""
    live: dict[int, set[Dot]] = defaultdict(set)
    query = select(CELL, ROW.c.tbl).join(ROW, ROW.c.row == CELL.c.row).where(CELL.c.row == row)
    for found in reads.execute(query):
        if REGISTRY.tables[found.tbl].by_number[found.col].merge is Merge.MONEY:
            live[found.col].add((found.dev16, found.seq, found.idx))
    return {column: frozenset(dots) for column, dots in live.items()}


def approvals_before(reads: Connection, row: bytes, post: Dot) -> tuple[Approval, ...]:
    """Return the approvals that stood where a journal was signed, whatever came after it."""
    past = Past(reads, post)
    given = [one for one in approvals(reads, row) if one.dot in past]
    taken = withdrawals(reads, [one.dot for one in given])
    return tuple(one for one in given if not any(dot in past for dot in taken.get(one.dot, ())))


def cited_at(
    reads: Connection, device: bytes, seq: int
) -> tuple[tuple[int, bytes], tuple[int, bytes]] | None:
    """Return number and id of the epoch and of the roster that a change set cites."""
    query = (
        select(CITATION)
        .join(PLACE, PLACE.c.cites == CITATION.c.name)
        .where(PLACE.c.dev16 == device, PLACE.c.seq == seq)
        .order_by(PLACE.c.id)
    )
    found = reads.execute(query).first()
    if found is None:
        return None
    return (found.epoch_number, found.epoch), (found.roster_number, found.roster)


def was_seen(reads: Connection, dot: Dot, by: Dot) -> bool:
    """Tell whether the author of an operation had seen another when signing it."""
    return dot in Past(reads, by)


class Past:
    """What the author of an operation had seen when signing it."""

    def __init__(self, reads: Connection, dot: Dot) -> None:
        """Read it where the operation was signed."""
        query = select(PLACE.c.past).where(PLACE.c.dev16 == dot[0], PLACE.c.seq == dot[1])
        packed = reads.execute(query).scalars().first()
        self._dot, self._past = dot, unpack_past(packed or b"")

    def __contains__(self, other: Dot) -> bool:
        """Tell whether an operation had been seen."""
        if other[0] == self._dot[0]:
            return other < self._dot
        return self._past.get(other[0], 0) >= other[1]


def withdrawals(reads: Connection, given: Collection[Dot]) -> Mapping[Dot, tuple[Dot, ...]]:
    """Return the accepted operations that took approvals back, by approval."""
    if not given:
        return {}
    log = OperationLog(reads)
    taken: dict[Dot, tuple[Dot, ...]] = {}
    query = select(OPERATION).where(OPERATION.c.kind == WITHDRAW, OPERATION.c.verdict == ACCEPTED)
    for found in reads.execute(query).all():
        dot = (found.dev16, found.seq, found.idx)
        op = log.read(dot)
        if isinstance(op, WithdrawApproval) and op.approval in given:
            taken[op.approval] = (*taken.get(op.approval, ()), dot)
    return taken


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
