"""Walks a placed segment, group by group, and gives each operation its number.

The order of the tests is the order of the change-set format's verdict procedure
(steps 7 a–g); the first that hits gives the number. Nothing here depends on the clock,
on arrival order or on this computer's settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from collabdesk.sync import derive
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.cited import Cited
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.judging import journal
from collabdesk.sync.judging.accepting import Accepting, LedgerAlone
from collabdesk.sync.judging.member import Member
from collabdesk.sync.judging.naming import Naming
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.judging.reading import read_raw
from collabdesk.sync.judging.rights import Rights, standing
from collabdesk.sync.meaning import MeaningError, check_meaning
from collabdesk.sync.operations import (
    AdoptOperation,
    ApproveRow,
    InsertRow,
    Operation,
    PostMark,
    ReleaseLedger,
    WithdrawApproval,
)
from collabdesk.sync.registry import Registry, kinds
from collabdesk.sync.workset import Judged, OperationFacts, RowFacts, Workset

_MARKER_LENGTH = 2


class Again(NamedTuple):
    """What is known of a segment judged before.

    `sound` are the indices of operations that name only what their past holds; `only` those
    whose groups need judging, None if all do.
    """

    sound: frozenset[int]
    only: frozenset[int] | None


class Judge:
    """Judges the operations of placed segments, one segment after another."""

    def __init__(
        self, registry: Registry, rulebook: Rulebook, work: Workset, *, ledger_only: bool = False
    ) -> None:
        """Judge by a registry and a rule book, on a working set.

        With `ledger_only` accepted journals alone are merged: rows are merged elsewhere.
        """
        self.ledger_only = ledger_only
        self.registry = registry
        self.rulebook = rulebook
        self.work = work

    def segment(self, placed: Placed, again: Again | None = None) -> Cited | None:
        """Judge one segment and merge what is accepted; return whom it cites.

        `again` says what is known of it from before.
        """
        cited = self.rulebook.cite(placed.epoch, placed.roster)
        whole = _whole(placed, cited, self.rulebook)
        walk = _Walk(self, placed, cited, whole)
        if again is not None:
            walk.naming.sound, walk.only = again.sound, again.only
        if placed.ops is None:
            walk.unopened(placed.n_ops)
        else:
            walk.run(placed.ops)
        return cited


def _whole(placed: Placed, cited: Cited | None, rulebook: Rulebook) -> int:
    """Return the number that hits every operation alike, by steps a and b; 0 if none does."""
    if cited is None:
        return v.CITED_RECORD_NOT_HELD
    if placed.schema < cited.floor:
        return v.BELOW_FLOOR
    if placed.seen.newer_than(cited):
        return v.STALE_CITATION
    if not placed.stands:
        return v.FORKED
    return v.SUSPENDED if _is_suspended(placed, cited, rulebook) else v.ACCEPTED


def _is_suspended(placed: Placed, cited: Cited, rulebook: Rulebook) -> bool:
    if cited.rules is None:
        return False
    last = rulebook.suspended_from(cited.organisation, placed.key)
    return last is not None and placed.seq > last


class _Walk:
    def __init__(self, judge: Judge, placed: Placed, cited: Cited | None, whole: int) -> None:
        self.registry, self.rulebook, self.work = judge.registry, judge.rulebook, judge.work
        self.placed = placed
        self.cited = cited
        self.whole = whole
        self.only: frozenset[int] | None = None
        self.author = cited.author(placed.key) if cited else None
        self.naming = Naming(judge.registry, judge.work, placed)
        self.rights = Rights(judge.registry, judge.rulebook, placed, cited) if cited else None
        merging = LedgerAlone if judge.ledger_only else Accepting
        self.accepting = merging(self.naming, placed, cited) if cited else None

    def run(self, ops: Sequence[list[Any]]) -> None:
        at = 0
        while at < len(ops):
            size = _group_size(ops, at)
            start = self.placed.start + at
            if self.only is None or not self.only.isdisjoint(range(start, start + size)):
                self._group(ops[at : at + size], start)
            at += size

    def unopened(self, count: int) -> None:
        """Let a body that cannot be opened wait as a whole; its dots exist."""
        for idx in range(count):
            member = Member(idx, [-1], None, v.NEWER_REGISTRY, self.whole or v.NEWER_REGISTRY)
            self._note(member)
            self._settle(member)

    def _group(self, raws: Sequence[list[Any]], start: int) -> None:
        devs, registry = self.placed.devs, self.registry
        group = [
            Member(idx, raw, *read_raw(raw, devs, registry)) for idx, raw in enumerate(raws, start)
        ]
        broken = _broken(raws)
        for member in group:
            member.verdict = self.whole or self._verdict(member, group, broken=broken)
            self._note(member)
        verdict = group[0].verdict if len(group) == 1 else v.worst([m.verdict for m in group])
        for member in group:
            member.verdict = verdict
            self._settle(member)
        if verdict == v.ACCEPTED and self.accepting is not None:
            self.accepting.group(group)

    def _verdict(self, member: Member, group: Sequence[Member], *, broken: bool) -> int:
        op = member.op
        if broken:
            return v.WRONG_SHAPE
        if op is None or self.cited is None or self.rights is None:
            return member.read
        try:
            check_meaning(self.registry, op)
        except MeaningError as error:
            return error.verdict
        self.naming.at = member.idx
        named = self.naming.check(op)
        verdict = named.verdict or self._group_form(op, member, group)
        if verdict or named.unread:
            return verdict or v.ROW_HELD
        return self.rights.verdict(op, named) or standing(op, named) or self._turn(op, self.cited)

    def _group_form(self, op: Operation, member: Member, group: Sequence[Member]) -> int:
        if isinstance(op, PostMark):
            return journal.form(self.registry, group, member)
        if isinstance(op, InsertRow) and self.registry.tables[op.table].ledger:
            return v.ACCEPTED if journal.led_by_post(group) else v.LEDGER_BALANCE
        if isinstance(op, AdoptOperation) and group[0].raw[0] != kinds.GROUP:
            return v.WRONG_SHAPE
        return v.ACCEPTED

    def _turn(self, op: Operation, cited: Cited) -> int:
        match op:
            case PostMark():
                return journal.turn(self.naming, self.rulebook, cited, op)
            case ReleaseLedger():
                return journal.release(self.placed, cited, op)
            case _:
                return v.ACCEPTED

    def _note(self, member: Member) -> None:
        """Let later operations see this one; a shape that is wrong makes no row and no dot."""
        op, placed = member.op, self.placed
        if op is None and member.read != v.NEWER_REGISTRY:
            return
        dot = (placed.dev16, placed.seq, member.idx)
        if op is None or isinstance(op, InsertRow):
            member.row = derive.row_id(placed.key, placed.seq, member.idx)
            table, scope = (None, 0) if op is None else (op.table, op.scope)
            facts = RowFacts(table, scope, dot, member.verdict)
            self.work.add_row(member.row, placed.branch, facts)
        else:
            member.row = self._row_of(op)
        noted = OperationFacts(op, member.row, member.verdict, self.author)
        self.work.note(dot, placed.branch, noted)

    def _row_of(self, op: Operation) -> bytes | None:
        """Return the row an operation has to do with; a withdrawal has that of its approval."""
        if isinstance(op, WithdrawApproval):
            found = self.naming.operation(op.approval)
            return found.row if found and isinstance(found.op, ApproveRow) else None
        return getattr(op, "row", None)

    def _settle(self, member: Member) -> None:
        placed = self.placed
        judged = Judged(
            placed.dev16,
            placed.seq,
            placed.branch,
            member.idx,
            member.raw[0],
            getattr(member.op, "table", None),
            member.row,
            member.verdict,
        )
        self.work.settle(judged)


def _group_size(ops: Sequence[list[Any]], at: int) -> int:
    op = ops[at]
    if op[0] != kinds.GROUP or len(op) != _MARKER_LENGTH or op[1] < 1:
        return 1
    return min(int(op[1]) + 1, len(ops) - at)


def _broken(ops: Sequence[list[Any]]) -> bool:
    """Tell whether a marker is misshapen, reaches past the end or covers another marker."""
    head = ops[0]
    if head[0] != kinds.GROUP:
        return False
    well_formed = len(head) == _MARKER_LENGTH and head[1] >= 1 and len(ops) == head[1] + 1
    return not well_formed or any(op[0] == kinds.GROUP for op in ops[1:])
