"""The part of the replica's state that one batch of segments touches.

Loaded once for a batch, changed in memory by the judge and the merge, written back
in one go. Nothing here knows SQL; the log that loads and saves it is a port.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from collabdesk.sync.operations import Dot, Value
from collabdesk.sync.verdicts import NEWER_REGISTRY

Past = Mapping[bytes, int]


@dataclass(slots=True)
class RowFacts:
    """What an insert left: its table (None while unread), scope, dot and verdict."""

    table: int | None
    scope: bytes | int
    dot: Dot
    verdict: int


@dataclass(frozen=True, slots=True)
class Sibling:
    """One live value of a cell."""

    value: Value
    lamport: int


@dataclass(slots=True)
class Tombstone:
    """An accepted delete: the dots it saw and whether an undelete named it."""

    seen: frozenset[Dot]
    undone: bool = False


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What an operation already held names: enough to check a dot that cites it."""

    kind: int
    table: int | None
    row: bytes | None
    values: Mapping[int, Value]
    verdict: int
    author: tuple[bytes, bytes] | None

    @property
    def columns(self) -> Collection[int]:
        """The columns the operation wrote."""
        return self.values.keys()

    @property
    def unread(self) -> bool:
        """Tell whether this build cannot read what the operation names."""
        return self.kind < 0 and self.verdict == NEWER_REGISTRY

    def judged(self, verdict: int) -> OperationFacts:
        """Return the same facts under the verdict of the whole group."""
        return self if verdict == self.verdict else replace(self, verdict=verdict)


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


class Log(Protocol):
    """What the judge and the merge ask of the place where operations are kept."""

    def rows(self, keys: Iterable[bytes]) -> Mapping[bytes, RowFacts]:
        """Return the facts of those rows that exist."""

    def cells(self, rows: Iterable[bytes]) -> Mapping[bytes, Columns]:
        """Return the live siblings of every cell of the rows."""

    def tombstones(self, rows: Iterable[bytes]) -> Mapping[bytes, dict[Dot, Tombstone]]:
        """Return the accepted deletes of the rows."""

    def operation(self, dot: Dot) -> OperationFacts | None:
        """Return what the operation at a dot names, or None if none is held there."""

    def ledger_tail(self) -> LedgerTail | None:
        """Return the last accepted post."""

    def source_used(self, source: Dot) -> bool:
        """Tell whether an accepted post already carries out the source."""


@dataclass(slots=True)
class Judged:
    """One operation and its verdict, as the log keeps it."""

    dot: Dot
    kind: int
    table: int | None
    row: bytes | None
    verdict: int


@dataclass
class Workset:
    """State touched by a batch; `touched` rows are rewritten when it is saved."""

    log: Log
    rows: dict[bytes, RowFacts] = field(default_factory=dict)
    cells: dict[bytes, Columns] = field(default_factory=dict)
    tombstones: dict[bytes, dict[Dot, Tombstone]] = field(default_factory=dict)
    operations: dict[Dot, OperationFacts] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)
    approvals: dict[Dot, AcceptedApproval] = field(default_factory=dict)
    withdrawn: dict[Dot, Dot] = field(default_factory=dict)
    posts: dict[Dot, AcceptedPost] = field(default_factory=dict)
    used_sources: set[Dot] = field(default_factory=set)
    new_rows: set[bytes] = field(default_factory=set)
    added: dict[CellKey, Sibling] = field(default_factory=dict)
    removed: set[CellKey] = field(default_factory=set)
    touched: set[bytes] = field(default_factory=set)
    _tail: LedgerTail | None = None
    _tail_known: bool = False

    def prefetch(self, rows: set[bytes]) -> None:
        """Load the state of rows that the coming operations name."""
        missing = rows - self.rows.keys()
        if missing:
            self.rows.update(self.log.rows(missing))
        unloaded = [row for row in rows if row in self.rows and row not in self.cells]
        if unloaded:
            self.cells.update(self.log.cells(unloaded))
            self.tombstones.update(self.log.tombstones(unloaded))

    def columns(self, row: bytes) -> Columns:
        """Return the live cells of a row, loading them once."""
        known = self.cells.get(row)
        if known is None:
            known = dict(self.log.cells([row]).get(row, {})) if row not in self.new_rows else {}
            self.cells[row] = known
            if row not in self.new_rows:
                self.tombstones.update(self.log.tombstones([row]))
        return known

    def row(self, key: bytes) -> RowFacts | None:
        """Return the facts of a row, or None if no insert made it."""
        known = self.rows.get(key)
        if known is None:
            found = self.log.rows([key]).get(key)
            if found is None:
                return None
            self.rows[key] = found
            known = found
        return known

    def operation(self, dot: Dot) -> OperationFacts | None:
        """Return what the operation at a dot names."""
        known = self.operations.get(dot)
        return known if known is not None else self.log.operation(dot)

    def live(self, row: bytes, column: int, dot: Dot, sibling: Sibling) -> None:
        """Add a live sibling to a cell."""
        self.cells[row].setdefault(column, {})[dot] = sibling
        self.added[(row, column, dot)] = sibling

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
