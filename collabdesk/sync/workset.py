"""The part of the replica's state that one batch of segments touches.

Loaded once for a batch, changed in memory by the judge and the merge, written back
in one go. Nothing here knows SQL; the log that loads and saves it is a port.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from collabdesk.sync.chain import Links
from collabdesk.sync.operations import Dot, InsertRow, Operation, ResolveCell, SetRow, Value


@dataclass(slots=True)
class RowFacts:
    """What an insert left: its table (None while unread), scope, dot and verdict."""

    table: int | None
    scope: bytes | int
    dot: Dot
    verdict: int


class Sibling(NamedTuple):
    """One live value of a cell."""

    value: Value
    lamport: int


@dataclass(slots=True)
class Tombstone:
    """An accepted delete: the dots it saw and whether an undelete named it."""

    seen: frozenset[Dot]
    undone: bool = False


@dataclass(slots=True)
class OperationFacts:
    """An operation already held, as far as an operation that cites its dot must know it.

    `op` is None while this build cannot read it; `author` is (organisation, person).
    """

    op: Operation | None
    row: bytes | None
    verdict: int
    author: tuple[bytes, bytes] | None

    @property
    def unread(self) -> bool:
        """Tell whether this build cannot read what the operation names."""
        return self.op is None

    @property
    def values(self) -> Mapping[int, Value]:
        """The cells the operation wrote, by column."""
        match self.op:
            case InsertRow(cells=cells):
                return dict(cells)
            case SetRow(cells=triples):
                return {column: value for column, value, _ in triples}
            case ResolveCell(column=column, value=value):
                return {column: value}
            case _:
                return {}

    def names(self, table: int, row: bytes) -> bool:
        """Tell whether the operation makes or changes a row, by the table it states."""
        return self.row == row and getattr(self.op, "table", None) == table

    def writes(self, table: int, row: bytes, column: int) -> bool:
        """Tell whether the operation wrote a cell."""
        return self.names(table, row) and column in self.values


@dataclass(frozen=True, slots=True)
class AcceptedApproval:
    """An accepted approval: who, of which row, of which dots."""

    row: bytes
    organisation: bytes
    person: bytes
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class LedgerTail:
    """The last accepted post: its term, number and journal hash."""

    term: int
    number: int
    link: bytes


@dataclass(frozen=True, slots=True)
class AcceptedPost:
    """An accepted post: its place in the ledger, hash, source and header row."""

    term: int
    number: int
    link: bytes
    source: Dot | None
    header: bytes | None


Columns = dict[int, dict[Dot, Sibling]]
CellKey = tuple[bytes, int, Dot]


class Log(Links, Protocol):
    """What the judge and the merge ask of the place where operations are kept."""

    def rows(self, keys: Iterable[bytes]) -> Mapping[bytes, RowFacts]:
        """Return the facts of those rows that exist."""

    def cells(self, rows: Iterable[bytes]) -> Mapping[bytes, Columns]:
        """Return the live siblings of every cell of the rows."""

    def tombstones(self, rows: Iterable[bytes]) -> Mapping[bytes, dict[Dot, Tombstone]]:
        """Return the accepted deletes of the rows."""

    def operation(self, dot: Dot, branch: bytes = b"") -> OperationFacts | None:
        """Return what the operation at a dot (of a branch) names, or None if none is there."""

    def forked_rows(self, row: bytes) -> Sequence[tuple[bytes, RowFacts]]:
        """Return branch and facts of every insert of a row that a forked device made."""

    def segments_at(self, dev: bytes, seq: int) -> Sequence[bytes]:
        """Return the ids of the linked segments of a device under one number."""

    def released(self, dev: bytes, term: int) -> bool:
        """Tell whether a device has laid a term of the ledger down."""

    def ledger_tail(self) -> LedgerTail | None:
        """Return the last accepted post."""

    def source_used(self, source: Dot) -> bool:
        """Tell whether an accepted post already carries out the source."""


class Judged(NamedTuple):
    """One operation and its verdict, as the log keeps it."""

    dev16: bytes
    seq: int
    branch: bytes
    idx: int
    kind: int
    table: int | None
    row: bytes | None
    verdict: int


@dataclass
class Workset:
    """State touched by a batch; `touched` rows are rewritten when it is saved.

    `noted` holds what this batch's operations name, by branch (empty but in a fork) and dot.
    """

    log: Log
    rows: dict[bytes, RowFacts] = field(default_factory=dict)
    cells: dict[bytes, Columns] = field(default_factory=dict)
    tombstones: dict[bytes, dict[Dot, Tombstone]] = field(default_factory=dict)
    noted: dict[tuple[bytes, Dot], OperationFacts] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)
    approvals: dict[Dot, AcceptedApproval] = field(default_factory=dict)
    withdrawn: dict[Dot, Dot] = field(default_factory=dict)
    posts: dict[Dot, AcceptedPost] = field(default_factory=dict)
    releases: dict[Dot, int] = field(default_factory=dict)
    used_sources: set[Dot] = field(default_factory=set)
    new_rows: dict[bytes, RowFacts] = field(default_factory=dict)
    added: dict[CellKey, Sibling] = field(default_factory=dict)
    removed: set[CellKey] = field(default_factory=set)
    touched: set[bytes] = field(default_factory=set)
    _forked_rows: dict[bytes, list[tuple[bytes, RowFacts]]] = field(default_factory=dict)
    _tail: LedgerTail | None = None
    _tail_known: bool = False

    # --- what is known -------------------------------------------------------------------

    def prefetch(self, rows: set[bytes], held: Mapping[bytes, Columns] | None = None) -> None:
        """Load the state of rows that the coming operations name, but for cells that are `held`."""
        found = self.log.rows(rows - self.rows.keys())
        self.rows.update(found)
        if found:
            known = held or {}
            self.cells.update((row, known[row]) for row in found.keys() & known.keys())
            self.cells.update(self.log.cells(found.keys() - known.keys()))
            self.tombstones.update(self.log.tombstones(found))

    def columns(self, row: bytes) -> Columns:
        """Return the live cells of a row, loading them once."""
        known = self.cells.get(row)
        if known is None:
            known = self.cells[row] = dict(self.log.cells([row]).get(row, {}))
            self.tombstones.update(self.log.tombstones([row]))
        return known

    def row(self, key: bytes) -> RowFacts | None:
        """Return the facts of a row, or None if no insert made it."""
        known = self.rows.get(key)
        if known is None:
            known = self.log.rows([key]).get(key)
            if known is not None:
                self.rows[key] = known
        return known

    def operation(self, dot: Dot) -> OperationFacts | None:
        """Return what the operation at a dot names."""
        return self.forked_operation(b"", dot)

    def forked_operation(self, branch: bytes, dot: Dot) -> OperationFacts | None:
        """Return what the operation at a dot names, on one branch of a fork."""
        known = self.noted.get((branch, dot))
        return known if known is not None else self.log.operation(dot, branch)

    def forked_rows(self, row: bytes) -> Sequence[tuple[bytes, RowFacts]]:
        """Return branch and facts of every insert of a row that a forked device made."""
        return [*self._forked_rows.get(row, ()), *self.log.forked_rows(row)]

    # --- what is judged ------------------------------------------------------------------

    def note(self, dot: Dot, branch: bytes, facts: OperationFacts) -> None:
        """Keep what an operation names for those that cite it."""
        self.noted[branch, dot] = facts

    def add_row(self, row: bytes, branch: bytes, facts: RowFacts) -> None:
        """Keep what an insert made; in a fork one row may have several."""
        if branch:
            self._forked_rows.setdefault(row, []).append((branch, facts))
        else:
            self.rows[row] = self.new_rows[row] = facts
            self.cells[row] = {}

    def stand(self, row: bytes, facts: RowFacts) -> None:
        """Keep a row that the branch that stands has made, as any other."""
        self.rows[row] = self.new_rows[row] = facts

    def settle(self, judged: Judged) -> None:
        """Keep the verdict an operation ends with."""
        self.judged.append(judged)
        dot = (judged.dev16, judged.seq, judged.idx)
        noted = self.noted.get((judged.branch, dot))
        if noted is None or noted.verdict == judged.verdict:
            return
        noted.verdict = judged.verdict
        made = self.new_rows.get(judged.row or b"")
        if made is not None and made.dot == dot:
            made.verdict = judged.verdict
        for branch, facts in self._forked_rows.get(judged.row or b"", ()):
            if (branch, facts.dot) == (judged.branch, dot):
                facts.verdict = judged.verdict

    # --- what is merged ------------------------------------------------------------------

    def live(self, row: bytes, column: int, dot: Dot, sibling: Sibling) -> None:
        """Add a live sibling to a cell."""
        self.cells[row].setdefault(column, {})[dot] = sibling
        self.added[row, column, dot] = sibling

    def retire(self, row: bytes, column: int, dot: Dot) -> None:
        """Take a sibling away, if it lives."""
        if self.cells[row].get(column, {}).pop(dot, None) is None:
            return
        if self.added.pop((row, column, dot), None) is None:
            self.removed.add((row, column, dot))

    def tail(self) -> LedgerTail | None:
        """Return the last accepted post, this batch included."""
        if not self._tail_known:
            self._tail, self._tail_known = self.log.ledger_tail(), True
        return self._tail

    def post(self, dot: Dot, post: AcceptedPost) -> None:
        """Add an accepted post and move the tail."""
        self.posts[dot] = post
        if post.source is not None:
            self.used_sources.add(post.source)
        self._tail = LedgerTail(post.term, post.number, post.link)
        self._tail_known = True

    def source_used(self, source: Dot) -> bool:
        """Tell whether an accepted post already carries out the source."""
        return source in self.used_sources or self.log.source_used(source)

    def released(self, dev: bytes, term: int) -> bool:
        """Tell whether a device has laid a term of the ledger down, this batch included."""
        now = any(dot[0] == dev and laid == term for dot, laid in self.releases.items())
        return now or self.log.released(dev, term)
