"""Steps d and e of a verdict: may the author do this, and does what it changes stand?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.cited import Cited
from collabdesk.sync.authority.rights import Request
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.judging.naming import Named
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.operations import (
    ApproveRow,
    DeleteRow,
    Group,
    InsertRow,
    Operation,
    PostMark,
    ReleaseLedger,
    ResolveCell,
    SetRow,
    UndeleteRow,
    WithdrawApproval,
)
from collabdesk.sync.registry import Registry
from collabdesk.sync.registry.model import Verb

_VERBS = {
    SetRow: Verb.SET,
    DeleteRow: Verb.DELETE,
    UndeleteRow: Verb.DELETE,
    ResolveCell: Verb.RESOLVE,
    ApproveRow: Verb.APPROVE,
    WithdrawApproval: Verb.APPROVE,
}
_OF_A_ROW = (v.ACCEPTED, v.ROW_HELD, v.ROW_QUARANTINED, v.ROW_REFUSED)


@lru_cache(maxsize=4)
def _areas(registry: Registry) -> Mapping[int, int]:
    """Return the number of the area that grants are about, by table."""
    return {table.number: registry.areas[table.area].number for table in registry.tables.values()}


class Rights:
    """Judges rights under what one segment cites."""

    def __init__(
        self, registry: Registry, rulebook: Rulebook, placed: Placed, cited: Cited
    ) -> None:
        """Judge by a rule book, for the author of a segment."""
        self._registry = registry
        self._rulebook = rulebook
        self._placed = placed
        self._cited = cited
        self._area = _areas(registry)
        self._granted: set[Request | None] = set()

    def verdict(self, op: Operation, named: Named) -> int:
        """Return 24 or 20 where the author lacks the right, else 0.

        What asks for no area (a beacon, records heeded, a change adopted) needs a laptop
        that stands in its roster; a group's marker needs nothing.
        """
        request = self._request(op, named)
        if isinstance(op, Group) or (request is None and isinstance(op, WithdrawApproval)):
            return v.ACCEPTED if self._own_approval(op, named) else v.NO_RIGHT
        if request in self._granted and not isinstance(op, WithdrawApproval):
            return v.ACCEPTED
        allowed = self._cited.allows(self._placed.key, request)
        if not (allowed and self._own_approval(op, named)):
            return v.NO_RIGHT
        if self._rulebook.lessened(self._cited, self._placed.key, request, self._placed.seq):
            return v.PAST_A_CUT
        self._granted.add(request)
        return v.ACCEPTED

    def _own_approval(self, op: Operation, named: Named) -> bool:
        if not isinstance(op, WithdrawApproval) or named.approval is None:
            return True
        mine = self._cited.author(self._placed.key)
        return mine is not None and named.approval.author == mine

    def _request(self, op: Operation, named: Named) -> Request | None:
        if isinstance(op, InsertRow):
            return Request(self._area[op.table], Verb.INSERT, op.scope)
        if isinstance(op, PostMark | ReleaseLedger):
            ledger = self._registry.areas["ledger"].number
            return Request(ledger, Verb.POST, self._cited.organisation)
        verb, row = _VERBS.get(type(op)), named.row
        if verb is None or row is None or row.table is None:
            return None
        return Request(self._area[row.table], verb, row.scope)


def standing(op: Operation, named: Named) -> int:
    """Return 12, 25 or 36 where the row or approval that an operation changes does not stand."""
    if named.approval is not None:
        return _OF_A_ROW[named.approval.verdict // 10]
    if named.row is not None and not isinstance(op, WithdrawApproval):
        return _OF_A_ROW[named.row.verdict // 10]
    return v.ACCEPTED
