"""What an accepted operation leaves in the state (step 8)."""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.sync import merge
from collabdesk.sync.authority.cited import Cited
from collabdesk.sync.judging import journal
from collabdesk.sync.judging.member import Member
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.operations import (
    ApproveRow,
    DeleteRow,
    InsertRow,
    PostMark,
    ResolveCell,
    SetRow,
    UndeleteRow,
    WithdrawApproval,
)
from collabdesk.sync.registry import Registry
from collabdesk.sync.workset import AcceptedApproval, Workset


class Accepting:
    """Merges what is accepted of one segment."""

    def __init__(self, registry: Registry, work: Workset, placed: Placed, cited: Cited) -> None:
        """Merge into a working set."""
        self._registry = registry
        self._work = work
        self._placed = placed
        self._cited = cited

    def group(self, group: Sequence[Member]) -> None:
        """Merge every operation of an accepted group, in order."""
        for member in group:
            self._one(member, group)

    def _one(self, member: Member, group: Sequence[Member]) -> None:
        work, lamport, op = self._work, self._placed.lamport, member.op
        dot = (self._placed.dev16, self._placed.seq, member.idx)
        match op:
            case SetRow():
                merge.set_cells(work, dot, op, lamport)
            case InsertRow() if member.row is not None:
                merge.insert(work, dot, member.row, op, lamport)
            case ResolveCell():
                merge.resolve(work, dot, op, lamport)
            case DeleteRow():
                merge.delete(work, dot, op)
            case UndeleteRow():
                merge.undelete(work, op)
            case WithdrawApproval(approval=approval):
                work.withdrawn[dot] = approval
            case ApproveRow():
                author = self._cited.author(self._placed.key)
                dots = tuple(named for _, named in op.items)
                if author is not None:
                    work.approvals[dot] = AcceptedApproval(op.row, *author, dots)
            case PostMark():
                work.post(dot, journal.accepted(self._registry, self._placed, op, group))
            case _:
                return
