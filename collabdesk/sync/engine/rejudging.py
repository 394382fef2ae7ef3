"""A late control record: only what it touches is judged and merged again.

Verdicts spread along few paths: from an insert to whatever names its row, from an approval
to its withdrawal, from a journal to the journals after it. Segments are taken in the order
of judgement, so each is looked at once, after everything it depends on.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from collabdesk.sync import merge
from collabdesk.sync import segment as segments
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.chain import place
from collabdesk.sync.engine.applying import placed
from collabdesk.sync.engine.linking import Linked, opened
from collabdesk.sync.engine.ports import Accepted, Changed, Order, Session, Told
from collabdesk.sync.engine.rebuilding import rebuild
from collabdesk.sync.engine.spines import ForkView, forks_of
from collabdesk.sync.engine.touched import bearing, first_touched, same_citation
from collabdesk.sync.judging.judge import Judge
from collabdesk.sync.operations import (
    ApproveRow,
    DeleteRow,
    InsertRow,
    ResolveCell,
    SetRow,
    UndeleteRow,
    WithdrawApproval,
)
from collabdesk.sync.registry import kinds
from collabdesk.sync.workset import AcceptedApproval, Workset

_LEDGER = frozenset((kinds.POST, kinds.RELEASE))
_NO_FORKS = ForkView({}, {})


@dataclass(slots=True)
class Rejudged:
    """How much was looked at again, and the rows whose state it changed."""

    segments: int = 0
    operations: int = 0
    rebuilt: bool = False
    changed: Changed = field(default_factory=dict)


def rejudge(session: Session, before: Rulebook) -> Rejudged:
    """Bring every verdict from one rule book to the session's; no segment may be open."""
    if before.forks(session.replica.forks()) or forks_of(session):
        # Which of two branches stands moves too much to be followed step by step.
        return Rejudged(segments=rebuild(session), rebuilt=True)
    again = _Again(session, before)
    again.find()
    again.judge()
    return again.finish()


class _Again:
    def __init__(self, session: Session, before: Rulebook) -> None:
        self._session = session
        self._before = before
        self._held = session.replica.again
        self._queue: list[Order] = []
        self._queued: set[bytes] = set()
        self._rows: set[bytes] = set()
        self._ledger_open = False
        self.result = Rejudged()

    # --- what is touched -----------------------------------------------------------------

    def find(self) -> None:
        book, moved = self._session.rulebook, set()
        known = {**self._before.known_devices, **book.known_devices}
        for citation, dev in self._held.citations():
            key = known[dev]
            old, new = bearing(self._before, citation, key), bearing(book, citation, key)
            after = first_touched(old, new)
            if after is not None:
                self._add(self._held.citing(citation, dev, after))
            if not same_citation(old, new):
                moved.add(citation)
        if moved:
            self._add(self._held.after_citing(moved))
        if self._before.terms != book.terms:
            self._add(self._held.with_posts())

    def _add(self, orders: Iterable[Order]) -> None:
        for order in orders:
            if order[-1] not in self._queued:
                self._queued.add(order[-1])
                heapq.heappush(self._queue, order)

    # --- judging ---------------------------------------------------------------------------

    def judge(self) -> None:
        while self._queue:
            order = heapq.heappop(self._queue)
            told = self._held.told(order)
            if not self._ledger_open and any(one.kind in _LEDGER for one in told):
                self._open_ledger(order)
            self._segment(order, {one.idx: one for one in told})

    def _open_ledger(self, order: Order) -> None:
        """Let the journals from here on follow one another anew."""
        self._ledger_open = True
        self._held.forget_ledger_from(order)
        self._add(later for later in self._held.with_posts() if later > order)

    def _segment(self, order: Order, told: dict[int, Told]) -> None:
        session, log = self._session, self._session.replica.log
        file = session.replica.segment_file(order[-1])
        if file is None:
            raise KeyError(order[-1].hex())
        arrived = opened(segments.read(file))
        header = arrived.segment.header
        cited = session.rulebook.cite(header.epoch, header.roster)
        link = place(header, order[-1], log, cited)
        log.add_place(link, (cited.organisation, cited.person(header.dev)) if cited else None)
        work = Workset(log)
        judge = Judge(session.registry, session.rulebook, work, ledger_only=True)
        judge.segment(placed(Linked(link, arrived), _NO_FORKS))
        self.result.segments += 1
        flipped = [one for one in work.judged if told[one.idx].verdict != one.verdict]
        self._held.keep(work, flipped)
        self.result.operations += len(flipped)
        for one in flipped:
            self._spread(order, told[one.idx])

    def _spread(self, order: Order, told: Told) -> None:
        if told.row is None:
            return
        self._rows.add(told.row)
        if told.kind in (kinds.INSERT, kinds.APPROVE) or told.table is None:
            self._add(later for later in self._held.naming(told.row) if later > order)

    # --- merging ---------------------------------------------------------------------------

    def finish(self) -> Rejudged:
        replica = self._session.replica
        work = Workset(replica.log)
        work.prefetch(self._rows)
        self._held.forget_state(self._rows)
        for row in sorted(self._rows & work.rows.keys()):
            work.cells[row], work.tombstones[row] = {}, {}
            work.touched.add(row)
            if work.rows[row].verdict == v.ACCEPTED:
                for accepted in self._held.accepted(row):
                    _merge(work, row, accepted)
        replica.log.save(work)
        self.result.changed = replica.project(work)
        return self.result


def _merge(work: Workset, row: bytes, accepted: Accepted) -> None:
    dot, op = accepted.dot, accepted.op
    match op:
        case InsertRow():
            merge.insert(work, dot, row, op, accepted.lamport)
        case SetRow() | ResolveCell() | DeleteRow() | UndeleteRow():
            merge.change(work, dot, op, accepted.lamport)
        case ApproveRow(items=items) if accepted.author is not None:
            dots = tuple(named for _, named in items)
            work.approvals[dot] = AcceptedApproval(row, *accepted.author, dots)
        case WithdrawApproval(approval=approval):
            work.withdrawn[dot] = approval
        case _:
            return
