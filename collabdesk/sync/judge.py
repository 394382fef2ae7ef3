"""The verdict on each operation of one placed segment: sets in, numbers out.

The order of the tests is the order of the change-set format's verdict procedure
(steps 7 a–g); the first that hits gives the number. Nothing here depends on the clock,
on arrival order or on this computer's settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collabdesk.sync import derive, merge
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.rulebook import Cited, Request, Rulebook, Seen
from collabdesk.sync.meaning import MeaningError, check_meaning
from collabdesk.sync.operations import (
    ApproveRow,
    DeleteRow,
    Dot,
    Group,
    InsertRow,
    Operation,
    PostMark,
    ResolveCell,
    SetRow,
    ShapeError,
    UndeleteRow,
    WithdrawApproval,
    read_operation,
)
from collabdesk.sync.registry import Registry, kinds
from collabdesk.sync.registry.model import Merge, Verb
from collabdesk.sync.workset import (
    AcceptedApproval,
    AcceptedPost,
    Judged,
    OperationFacts,
    RowFacts,
    Workset,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A linked segment, or the part of an open one that is being committed.

    `past` gives, for each device, the greatest sequence number among the ancestors;
    `start` is the index of the first of `ops`; `ops` is None for a body that cannot
    be opened, of which only `n_ops` is known.
    """

    key: bytes
    dev16: bytes
    seq: int
    lamport: int
    schema: int
    epoch: tuple[int, bytes]
    roster: tuple[int, bytes]
    past: Mapping[bytes, int]
    seen: Seen
    devs: Sequence[bytes]
    ops: Sequence[list[Any]] | None
    n_ops: int
    start: int = 0
    forked: bool = False


class Judge:
    """Judges the operations of placed segments, one segment after another."""

    def __init__(self, registry: Registry, rulebook: Rulebook, work: Workset) -> None:
        """Judge by a registry and a rule book, on a working set."""
        self.registry = registry
        self.rulebook = rulebook
        self.work = work

    def segment(self, placed: Placed) -> Cited | None:
        """Judge one segment and merge what is accepted; return whom it cites."""
        cited = self.rulebook.cite(placed.epoch, placed.roster)
        whole = self._whole(placed, cited)
        if placed.ops is None:
            self._unopened(placed, whole)
            return cited
        _SegmentJudge(self, placed, cited, whole, placed.ops).run()
        return cited

    def _whole(self, placed: Placed, cited: Cited | None) -> int:
        if cited is None:
            return v.CITED_RECORD_NOT_HELD
        if placed.schema < cited.floor:
            return v.BELOW_FLOOR
        if placed.seen.newer_than(cited):
            return v.STALE_CITATION
        return v.FORKED if placed.forked else v.ACCEPTED

    def _unopened(self, placed: Placed, whole: int) -> None:
        verdict = whole or v.NEWER_REGISTRY
        for idx in range(placed.n_ops):
            dot = (placed.dev16, placed.seq, idx)
            row = derive.row_id(placed.key, placed.seq, idx)
            self.work.rows[row] = RowFacts(None, 0, dot, verdict)
            self.work.new_rows.add(row)
            self.work.judged.append(Judged(dot, -1, None, row, verdict))


class _SegmentJudge:
    """Walks the operations of one segment, group by group."""

    def __init__(
        self,
        judge: Judge,
        placed: Placed,
        cited: Cited | None,
        whole: int,
        ops: Sequence[list[Any]],
    ) -> None:
        self.judge = judge
        self.work = judge.work
        self.registry = judge.registry
        self.placed = placed
        self.cited = cited
        self.whole = whole
        self.ops = ops
        self.idx = placed.start
        self.parsed: list[Operation | None] = []

    def run(self) -> None:
        at = 0
        while at < len(self.ops):
            size = self._group_size(at)
            self._group(at, size)
            at += size

    def _group_size(self, at: int) -> int:
        op = self.ops[at]
        if op[0] != kinds.GROUP or len(op) != 2 or op[1] < 1:
            return 1
        return min(int(op[1]) + 1, len(self.ops) - at)

    def _group(self, at: int, size: int) -> None:
        ops = self.ops[at : at + size]
        broken = self._broken_group(ops)
        members: list[tuple[int, Operation | None, int]] = []
        leads_post = size > 1 and ops[1][0] == kinds.POST
        for offset, raw in enumerate(ops):
            self.idx = self.placed.start + at + offset
            op, verdict = self._one(raw, in_post=leads_post and offset > 1)
            if broken:
                verdict = self.whole or v.WRONG_SHAPE
            members.append((self.idx, op, verdict))
            self._note(self.idx, op, verdict)
        if not broken:
            self._ledger(members)
        verdict = v.worst([verdict for _, _, verdict in members])
        for (idx, op, _), raw in zip(members, ops, strict=True):
            self._settle(idx, op, raw, verdict, members)

    @staticmethod
    def _broken_group(ops: Sequence[list[Any]]) -> bool:
        head = ops[0]
        if head[0] != kinds.GROUP:
            return False
        well_formed = len(head) == 2 and head[1] >= 1 and len(ops) == head[1] + 1
        return not well_formed or any(op[0] == kinds.GROUP for op in ops[1:])

    def _one(self, raw: list[Any], *, in_post: bool) -> tuple[Operation | None, int]:
        op, verdict = self._read(raw)
        if self.whole:
            return op, self.whole
        if verdict or op is None:
            return op, verdict
        verdict = self._meaning(op, in_post=in_post)
        return op, verdict or self._right(op) or self._row_verdict(op)

    def _read(self, raw: list[Any]) -> tuple[Operation | None, int]:
        if raw[0] != kinds.GROUP and raw[1] > self.registry.version:
            return None, v.NEWER_REGISTRY
        kind = self.registry.kinds.get(raw[0])
        if kind is None or (raw[0] != kinds.GROUP and kind.since > raw[1]):
            return None, v.NEWER_THAN_MIN
        try:
            return read_operation(raw, self.placed.devs), v.ACCEPTED
        except (ShapeError, ValueError, IndexError):
            return None, v.WRONG_SHAPE

    # --- step c -----------------------------------------------------------------

    def _meaning(self, op: Operation, *, in_post: bool) -> int:
        try:
            check_meaning(self.registry, op)
        except MeaningError as error:
            return error.verdict
        match op:
            case InsertRow(table=table):
                lone = self.registry.tables[table].ledger and not in_post
                return v.LEDGER_BALANCE if lone else v.ACCEPTED
            case SetRow():
                return self._set_named(op)
            case DeleteRow() | UndeleteRow():
                return self._delete_named(op)
            case ResolveCell(table, row):
                return self._row_named(op.table, op.row) or self._cell_named(op, op.dots)
            case ApproveRow():
                return self._approve_named(op)
            case WithdrawApproval(approval=approval):
                return self._approval_named(approval)
            case PostMark(source=source):
                if source is not None and not self._exists(source):
                    return v.NOT_IN_PAST
        return v.ACCEPTED

    def _exists(self, dot: Dot) -> bool:
        return self._in_past(dot) and self.work.operation(dot) is not None

    def _in_past(self, dot: Dot) -> bool:
        dev, seq, idx = dot
        if dev == self.placed.dev16:
            return seq < self.placed.seq or (seq == self.placed.seq and idx < self.idx)
        return self.placed.past.get(dev, 0) >= seq

    def _row_named(self, table: int, row: bytes) -> int:
        facts = self.work.row(row)
        if facts is None or not self._in_past(facts.dot):
            return v.NOT_IN_PAST
        if facts.table is not None and facts.table != table:
            return v.NOT_IN_PAST
        return v.ACCEPTED

    def _set_named(self, op: SetRow) -> int:
        verdict = self._row_named(op.table, op.row)
        if verdict:
            return verdict
        columns = self.work.columns(op.row)
        table = self.registry.tables[op.table]
        needs_resolve = False
        for column, _, dots in op.cells:
            live = columns.get(column, {})
            for dot in dots:
                if not self._cell_dot(dot, op.row, column, live):
                    return v.NOT_IN_PAST
            if table.by_number[column].merge is Merge.MONEY:
                foreign = sum(dot[0] != self.placed.dev16 for dot in dots)
                needs_resolve = needs_resolve or foreign > 1
        return v.NEEDS_RESOLVE if needs_resolve else v.ACCEPTED

    def _cell_named(self, op: ResolveCell, dots: Sequence[Dot]) -> int:
        live = self.work.columns(op.row).get(op.column, {})
        named = all(self._cell_dot(dot, op.row, op.column, live) for dot in dots)
        return v.ACCEPTED if named else v.NOT_IN_PAST

    def _cell_dot(self, dot: Dot, row: bytes, column: int, live: Mapping[Dot, object]) -> bool:
        if not self._in_past(dot):
            return False
        if dot in live:
            return True
        facts = self.work.operation(dot)
        if facts is None:
            return False
        return facts.unread or (facts.row == row and column in facts.columns)

    def _delete_named(self, op: DeleteRow | UndeleteRow) -> int:
        verdict = self._row_named(op.table, op.row)
        if verdict:
            return verdict
        for dot in op.dots:
            facts = self.work.operation(dot) if self._in_past(dot) else None
            if facts is None:
                return v.NOT_IN_PAST
            right_kind = isinstance(op, DeleteRow) or facts.kind == kinds.DELETE
            if not facts.unread and (facts.row != op.row or not right_kind):
                return v.NOT_IN_PAST
        insert_only = self.registry.tables[op.table].insert_only
        return v.WRONG_SHAPE if insert_only else v.ACCEPTED

    def _approve_named(self, op: ApproveRow) -> int:
        verdict = self._row_named(op.table, op.row)
        if verdict:
            return verdict
        columns = self.work.columns(op.row)
        values = []
        for column, dot in op.items:
            live = columns.get(column, {})
            if not self._cell_dot(dot, op.row, column, live):
                return v.NOT_IN_PAST
            sibling = live.get(dot)
            facts = None if sibling else self.work.operation(dot)
            if facts is not None and facts.unread:
                return v.ACCEPTED
            value = sibling.value if sibling else facts.values[column] if facts else None
            values.append((column, *dot, value))
        right = derive.approve_digest(op.table, op.row, values) == op.digest
        return v.ACCEPTED if right else v.WRONG_SHAPE

    def _approval_named(self, approval: Dot) -> int:
        facts = self.work.operation(approval) if self._in_past(approval) else None
        if facts is None or (not facts.unread and facts.kind != kinds.APPROVE):
            return v.NOT_IN_PAST
        return v.ACCEPTED

    # --- step d -----------------------------------------------------------------

    def _right(self, op: Operation) -> int:
        cited = self.cited
        if cited is None or isinstance(op, Group):
            return v.ACCEPTED
        request = self._request(op)
        if request is None:
            return v.ACCEPTED
        if not cited.allows(self.placed.key, request):
            return v.NO_RIGHT
        if isinstance(op, WithdrawApproval) and not self._own_approval(op, cited):
            return v.NO_RIGHT
        past = self.judge.rulebook.lessened(cited, self.placed.key, request, self.placed.seq)
        return v.PAST_A_CUT if past else v.ACCEPTED

    def _own_approval(self, op: WithdrawApproval, cited: Cited) -> bool:
        facts = self.work.operation(op.approval)
        return facts is not None and (
            facts.unread or facts.author == (cited.organisation, cited.person(self.placed.key))
        )

    def _request(self, op: Operation) -> Request | None:
        match op:
            case InsertRow(table=table, scope=scope):
                return self._ask(table, Verb.INSERT, scope)
            case SetRow(table=table, row=row):
                return self._ask_row(table, Verb.SET, row)
            case DeleteRow(table=table, row=row) | UndeleteRow(table=table, row=row):
                return self._ask_row(table, Verb.DELETE, row)
            case ResolveCell(table=table, row=row):
                return self._ask_row(table, Verb.RESOLVE, row)
            case ApproveRow(table=table, row=row):
                return self._ask_row(table, Verb.APPROVE, row)
            case WithdrawApproval(approval=approval):
                facts = self.work.operation(approval)
                if facts is None or facts.table is None or facts.row is None:
                    return None
                return self._ask_row(facts.table, Verb.APPROVE, facts.row)
            case PostMark():
                ledger = self.registry.areas["ledger"].number
                own = b"" if self.cited is None else self.cited.organisation
                return Request(ledger, Verb.POST, own)
        return None

    def _ask(self, table: int, verb: Verb, scope: bytes | int) -> Request:
        area = self.registry.areas[self.registry.tables[table].area].number
        return Request(area, verb, scope)

    def _ask_row(self, table: int, verb: Verb, row: bytes) -> Request | None:
        facts = self.work.row(row)
        if facts is None or facts.table is None:
            return None
        return self._ask(table, verb, facts.scope)

    # --- step e -----------------------------------------------------------------

    def _row_verdict(self, op: Operation) -> int:
        match op:
            case SetRow() | DeleteRow() | UndeleteRow() | ResolveCell() | ApproveRow():
                facts = self.work.row(op.row)
                standing = facts.verdict if facts else v.ACCEPTED
            case WithdrawApproval(approval=approval):
                named = self.work.operation(approval)
                standing = named.verdict if named else v.ACCEPTED
            case _:
                return v.ACCEPTED
        return (v.ACCEPTED, v.ROW_HELD, v.ROW_QUARANTINED, v.ROW_REFUSED)[standing // 10]

    # --- step f and the ledger part of step c --------------------------------------

    def _ledger(self, members: list[tuple[int, Operation | None, int]]) -> None:
        for at, (idx, op, verdict) in enumerate(members):
            if verdict or not isinstance(op, PostMark):
                continue
            inserts = [member for _, member, _ in members[2:]]
            leads = at == 1 and self._well_formed_post(inserts)
            if not leads:
                verdict = v.LEDGER_BALANCE
            else:
                verdict = self._post_verdict(op)
            members[at] = (idx, op, verdict)

    def _well_formed_post(self, inserts: Sequence[Operation | None]) -> bool:
        lines = [op for op in inserts if self._ledger_part(op) == "line"]
        headers = [op for op in inserts if self._ledger_part(op) == "header"]
        if len(lines) + len(headers) != len(inserts) or len(lines) < 2 or len(headers) > 1:
            return False
        return sum(self._pence(line) for line in lines) == 0

    def _ledger_part(self, op: Operation | None) -> str:
        if not isinstance(op, InsertRow) or op.table not in self.registry.tables:
            return ""
        return self.registry.tables[op.table].ledger

    def _pence(self, op: Operation | None) -> int:
        if not isinstance(op, InsertRow):
            return 0
        amount = self.registry.tables[op.table].by_name["amount_p"].number
        return next((int(val or 0) for column, val in op.cells if column == amount), 0)

    def _post_verdict(self, op: PostMark) -> int:
        cited = self.cited
        if cited is None or not self.judge.rulebook.keeps_ledger(
            cited, self.placed.key, op.term, self.placed.seq, self.placed.past
        ):
            return v.NOT_THE_KEEPER
        tail = self.work.tail()
        number = tail.number + 1 if tail else 1
        link = tail.link if tail else self.judge.rulebook.workspace
        used = op.source is not None and self.work.source_used(op.source)
        if op.number != number or op.prev != link or used:
            return v.JOURNAL_LINK
        return v.ACCEPTED

    # --- step g, and step 8 for what is accepted -------------------------------------

    def _note(self, idx: int, op: Operation | None, verdict: int) -> None:
        """Let later operations of the group see this one."""
        dot = (self.placed.dev16, self.placed.seq, idx)
        self.work.operations[dot] = facts_of(
            op, self._new_row(op, verdict, idx), verdict, self._author()
        )
        row = self._new_row(op, verdict, idx)
        if row is not None and (isinstance(op, InsertRow) or op is None):
            table = op.table if isinstance(op, InsertRow) else None
            scope = op.scope if isinstance(op, InsertRow) else 0
            self.work.rows[row] = RowFacts(table, scope, dot, verdict)
            self.work.new_rows.add(row)

    def _new_row(self, op: Operation | None, verdict: int, idx: int) -> bytes | None:
        if isinstance(op, InsertRow) or (op is None and verdict == v.NEWER_REGISTRY):
            return derive.row_id(self.placed.key, self.placed.seq, idx)
        return getattr(op, "row", None)

    def _author(self) -> tuple[bytes, bytes] | None:
        if self.cited is None:
            return None
        person = self.cited.person(self.placed.key)
        return None if person is None else (self.cited.organisation, person)

    def _settle(
        self,
        idx: int,
        op: Operation | None,
        raw: list[Any],
        verdict: int,
        members: list[tuple[int, Operation | None, int]],
    ) -> None:
        dot = (self.placed.dev16, self.placed.seq, idx)
        row = self._new_row(op, verdict, idx)
        table = getattr(op, "table", None)
        self.work.judged.append(Judged(dot, raw[0], table, row, verdict))
        facts = self.work.operations[dot]
        self.work.operations[dot] = facts.judged(verdict)
        if isinstance(op, InsertRow) and row is not None:
            self.work.rows[row].verdict = verdict
        if verdict == v.ACCEPTED and op is not None:
            self._accept(dot, op, row, members)

    def _accept(
        self,
        dot: Dot,
        op: Operation,
        row: bytes | None,
        members: list[tuple[int, Operation | None, int]],
    ) -> None:
        lamport = self.placed.lamport
        match op:
            case InsertRow() if row is not None:
                merge.insert(self.work, dot, row, op, lamport)
            case SetRow():
                merge.set_cells(self.work, dot, op, lamport)
            case ResolveCell():
                merge.resolve(self.work, dot, op, lamport)
            case DeleteRow():
                merge.delete(self.work, dot, op)
            case UndeleteRow():
                merge.undelete(self.work, op)
            case ApproveRow():
                self._accept_approval(dot, op)
            case WithdrawApproval(approval=approval):
                self.work.withdrawn[dot] = approval
            case PostMark():
                self._accept_post(dot, op, members)

    def _accept_approval(self, dot: Dot, op: ApproveRow) -> None:
        author = self._author()
        if author is not None:
            dots = tuple(named for _, named in op.items)
            self.work.approvals[dot] = AcceptedApproval(op.row, *author, dots)

    def _accept_post(
        self, dot: Dot, op: PostMark, members: list[tuple[int, Operation | None, int]]
    ) -> None:
        inserts = [raw for raw in self._raw_members(dot[2], len(members) - 2)]
        header = next(
            (
                derive.row_id(self.placed.key, self.placed.seq, idx)
                for idx, member, _ in members[2:]
                if self._ledger_part(member) == "header"
            ),
            None,
        )
        link = derive.journal_hash(op.prev, op.term, op.number, op.source, inserts)
        self.work.post(dot, AcceptedPost(op.term, op.number, link, op.source, header))

    def _raw_members(self, post_idx: int, count: int) -> list[list[Any]]:
        first = post_idx - self.placed.start + 1
        return list(self.ops[first : first + count])


def facts_of(
    op: Operation | None,
    row: bytes | None,
    verdict: int,
    author: tuple[bytes, bytes] | None,
) -> OperationFacts:
    """Return what an operation names, for those that cite its dot later."""
    kind, table, values = -1, None, {}
    match op:
        case InsertRow(table=table, cells=cells):
            kind, values = kinds.INSERT, dict(cells)
        case SetRow(table=table, cells=triples):
            kind, values = kinds.SET, {column: value for column, value, _ in triples}
        case ResolveCell(table=table, column=column, value=value):
            kind, values = kinds.RESOLVE, {column: value}
        case DeleteRow(table=table):
            kind = kinds.DELETE
        case UndeleteRow(table=table):
            kind = kinds.UNDELETE
        case ApproveRow(table=table):
            kind = kinds.APPROVE
        case WithdrawApproval():
            kind = kinds.WITHDRAW
        case PostMark():
            kind = kinds.POST
        case Group():
            kind = kinds.GROUP
    return OperationFacts(kind, table, row, values, verdict, author)
