"""A late control record: only what it touches is judged and merged again.

Verdicts spread along few paths: from an insert to whatever names its row, from an approval
to its withdrawal, from a journal to the journals after it. Segments are taken in the order
of judgement, so each is looked at once, after everything it depends on.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from collabdesk.sync import merge
from collabdesk.sync import segment as segments
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.chain import place
from collabdesk.sync.engine.applying import placed, rows_named
from collabdesk.sync.engine.linking import Linked, opened
from collabdesk.sync.engine.ports import Accepted, Changed, Order, Session, Told
from collabdesk.sync.engine.rebuilding import rebuild
from collabdesk.sync.engine.spines import ForkView, forks_of
from collabdesk.sync.engine.touched import bearing, first_touched, same_citation
from collabdesk.sync.judging.judge import Again, Judge
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
_SPREADING = frozenset((kinds.INSERT, kinds.APPROVE))
_AFTER_NAMING = frozenset(
    (v.ACCEPTED, v.PAST_A_CUT, v.NO_RIGHT, v.ROW_QUARANTINED, v.NOT_THE_KEEPER)
)
_NO_FORKS = ForkView({}, {})
ROWS_AT_ONCE: Final = 5_000


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
        self._whole: set[bytes] = set()
        self._spread_from: set[bytes] = set()
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
        """Let all of these segments be judged again."""
        found = list(orders)
        self._whole.update(order[-1] for order in found)
        self._queue_up(found)

    def _queue_up(self, orders: Iterable[Order]) -> None:
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
            if self._segment(order, told) and order[-1] not in self._whole:
                # What changed here may be named further down in the same segment.
                self._whole.add(order[-1])
                self._segment(order, self._held.told(order))

    def _open_ledger(self, order: Order) -> None:
        """Let the journals from here on follow one another anew."""
        self._ledger_open = True
        self._held.forget_ledger_from(order)
        self._add(found for found in self._held.with_posts() if found > order)
        self._whole.add(order[-1])

    def _segment(self, order: Order, told: Sequence[Told]) -> bool:
        """Judge a segment again; tell whether others may change with it."""
        session, log = self._session, self._session.replica.log
        file = session.replica.segment_file(order[-1])
        if file is None:
            raise KeyError(order[-1].hex())
        arrived = opened(segments.read(file))
        header = arrived.segment.header
        cited = session.rulebook.cite(header.epoch, header.roster)
        link = place(header, order[-1], log, cited)
        log.add_place(link, (cited.organisation, cited.person(header.dev)) if cited else None)
        known = Again(_sound(told), self._only(order, told))
        work = Workset(log)
        if len(known.sound) == len(told):
            work.rows.update(log.rows(rows_named([arrived])))
        else:
            work.prefetch(rows_named([arrived]))
        judge = Judge(session.registry, session.rulebook, work, ledger_only=True)
        judge.segment(placed(Linked(link, arrived), _NO_FORKS), known)
        self.result.segments += 1
        before = {one.idx: one for one in told}
        flipped = [one for one in work.judged if before[one.idx].verdict != one.verdict]
        self._held.keep(work, flipped)
        self.result.operations += len(flipped)
        return self._spread(order, [before[one.idx] for one in flipped])

    def _only(self, order: Order, told: Collection[Told]) -> frozenset[int] | None:
        """Return the operations that a changed verdict of others may change; None for all."""
        if order[-1] in self._whole:
            return None
        return frozenset(one.idx for one in told if one.row in self._spread_from)

    def _spread(self, order: Order, flipped: Iterable[Told]) -> bool:
        named = [one for one in flipped if one.row is not None]
        self._rows.update(one.row for one in named if one.row is not None)
        spreading = (one for one in named if one.kind in _SPREADING or one.table is None)
        rows = {one.row for one in spreading if one.row is not None}
        if rows:
            self._spread_from |= rows
            self._queue_up(later for later in self._held.naming(rows) if later > order)
        return bool(rows)

    # --- merging ---------------------------------------------------------------------------

    def finish(self) -> Rejudged:
        changed: dict[str, set[bytes]] = {}
        rows = sorted(self._rows)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            for table, found in self._merge_again(rows[start : start + ROWS_AT_ONCE]).items():
                changed.setdefault(table, set()).update(found)
        self.result.changed = {table: frozenset(found) for table, found in changed.items()}
        return self.result

    def _merge_again(self, rows: Sequence[bytes]) -> Changed:
        replica = self._session.replica
        work = Workset(replica.log)
        work.rows.update(replica.log.rows(rows))
        self._held.forget_state(rows)
        for row in work.rows:
            work.cells[row], work.tombstones[row] = {}, {}
            work.touched.add(row)
        for accepted in self._held.accepted(list(work.rows)):
            if work.rows[accepted.row].verdict == v.ACCEPTED:
                _merge(work, accepted)
        replica.log.save(work)
        return replica.project(work)


def _sound(told: Collection[Told]) -> frozenset[int]:
    """Return the operations whose names need no second look: only later tests have hit them.

    In a group one member's number hides the others', so there all must have been accepted.
    """
    grouped = any(one.kind == kinds.GROUP for one in told)
    passed = {v.ACCEPTED} if grouped else _AFTER_NAMING
    return frozenset(one.idx for one in told if one.verdict in passed)


def _merge(work: Workset, accepted: Accepted) -> None:
    row, dot, op = accepted.row, accepted.dot, accepted.op
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
