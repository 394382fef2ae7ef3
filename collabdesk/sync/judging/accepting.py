"""What an accepted operation leaves in the state (step 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from collabdesk.sync import merge
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.cited import Cited
from collabdesk.sync.judging import journal
from collabdesk.sync.judging.member import Member
from collabdesk.sync.judging.naming import Naming
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.operations import (
    ApproveRow,
    DeleteRow,
    Dot,
    InsertRow,
    Operation,
    PostMark,
    ReleaseLedger,
    ResolveCell,
    SetRow,
    UndeleteRow,
    WithdrawApproval,
)
from collabdesk.sync.workset import AcceptedApproval, RowFacts


class Accepting:
    """Merges what is accepted of one segment."""

    def __init__(self, naming: Naming, placed: Placed, cited: Cited) -> None:
        """Merge into the working set in which names are looked up."""
        self._registry = naming.registry
        self._work = naming.work
        self._naming = naming
        self._placed = placed
        self._cited = cited

    def group(self, group: Sequence[Member]) -> None:
        """Merge every operation of an accepted group, in order."""
        for member in group:
            self._one(member, group)

    def _one(self, member: Member, group: Sequence[Member]) -> None:
        op = self._meant(member.op) if self._placed.forks else member.op
        dot = (self._placed.dev16, self._placed.seq, member.idx)
        match op:
            case InsertRow() if member.row is not None:
                self._insert(dot, member.row, op)
            case SetRow() | ResolveCell() | DeleteRow() | UndeleteRow():
                merge.change(self._work, dot, op, self._placed.lamport)
            case ApproveRow() | WithdrawApproval():
                self._approval(dot, op)
            case PostMark() | ReleaseLedger():
                self._ledger(dot, op, group)
            case _:
                return

    def _ledger(self, dot: Dot, op: PostMark | ReleaseLedger, group: Sequence[Member]) -> None:
        if isinstance(op, PostMark):
            self._work.post(dot, journal.accepted(self._registry, self._placed, op, group))
        else:
            self._work.releases[dot] = op.term

    def _insert(self, dot: Dot, row: bytes, op: InsertRow) -> None:
        if self._placed.branch:
            self._work.stand(row, RowFacts(op.table, op.scope, dot, v.ACCEPTED))
        merge.insert(self._work, dot, row, op, self._placed.lamport)

    def _approval(self, dot: Dot, op: ApproveRow | WithdrawApproval) -> None:
        if isinstance(op, WithdrawApproval):
            self._work.withdrawn[dot] = op.approval
            return
        author = self._cited.author(self._placed.key)
        if author is not None:
            dots = tuple(named for _, named in op.items)
            self._work.approvals[dot] = AcceptedApproval(op.row, *author, dots)

    def _meant(self, op: Operation | None) -> Operation | None:
        """Return an operation without the dots that mean a branch that does not stand.

        An approval keeps such a dot under number 0, which no live value bears: it is stale.
        """
        acts = self._naming.acts
        match op:
            case SetRow(cells=cells):
                kept = tuple((c, value, tuple(filter(acts, dots))) for c, value, dots in cells)
                return replace(op, cells=kept)
            case ResolveCell(dots=dots) | DeleteRow(dots=dots) | UndeleteRow(dots=dots):
                return replace(op, dots=tuple(filter(acts, dots)))
            case ApproveRow(items=items):
                named = tuple((c, d if acts(d) else (d[0], 0, d[2])) for c, d in items)
                return replace(op, items=named)
            case _:
                return op


class LedgerAlone(Accepting):
    """Merges journals and releases of one segment, and nothing else."""

    def _one(self, member: Member, group: Sequence[Member]) -> None:
        if isinstance(member.op, PostMark | ReleaseLedger):
            dot = (self._placed.dev16, self._placed.seq, member.idx)
            self._ledger(dot, member.op, group)
