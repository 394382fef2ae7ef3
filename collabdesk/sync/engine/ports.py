"""What the engine asks of the workspace's store, and who works with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from nacl.signing import SigningKey

from collabdesk.sync.authority.cited import Citation
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.chain import Link
from collabdesk.sync.names import dev16 as short_name
from collabdesk.sync.operations import Dot, Operation
from collabdesk.sync.registry import Registry
from collabdesk.sync.sealer import Sealer
from collabdesk.sync.segment import Segment
from collabdesk.sync.workset import Judged, Log, Workset

Changed = Mapping[str, frozenset[bytes]]
RawOperation = tuple[Sequence[bytes], list[Any]]
Forks = Mapping[bytes, int]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this laptop is: its public key, organisation and incarnation.

    `unlock` fetches the signing key; nothing but sealing asks for it.
    """

    key: bytes
    organisation: bytes
    incarnation: bytes
    app: str
    unlock: Callable[[], SigningKey]

    @property
    def dev16(self) -> bytes:
        """The short name of the key."""
        return short_name(self.key)


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """What the open segment's first operation fixed of its header."""

    seq: int
    prev: bytes
    parents: tuple[tuple[bytes, int, bytes], ...]
    lamport: int
    wall_ms: int
    epoch: tuple[int, bytes]
    roster: tuple[int, bytes]


class EngineLog(Log, Protocol):
    """What the engine asks of the operation log beyond the judge."""

    def add_place(self, link: Link, author: tuple[bytes, bytes | None] | None) -> None:
        """Keep the place of a linked segment and who wrote it (organisation, person)."""

    def save(self, work: Workset) -> None:
        """Write back what a batch judged and merged."""

    def open_operations(self) -> Iterable[RawOperation]:
        """Return the operations of the open segment, each with its device list."""

    def held_newer(self) -> Iterable[list[Any]]:
        """Return the operations that need a newer registry, or wait with one that does."""

    def forget(self, dev: bytes, seq: int) -> None:
        """Forget what was read of a segment that has just grown."""


class Told(NamedTuple):
    """What was said of one operation."""

    idx: int
    kind: int
    table: int | None
    row: bytes | None
    verdict: int


class Accepted(NamedTuple):
    """An accepted operation, with what merging it needs."""

    row: bytes
    dot: Dot
    lamport: int
    author: tuple[bytes, bytes] | None
    op: Operation


Order = tuple[int, bytes, int, bytes]
"""Where a segment stands in the order of judgement: Lamport number, device, number, id."""


class JudgedAgain(Protocol):
    """What the engine asks and changes where other records change verdicts.

    None of it is asked while a device has signed two ways.
    """

    def citations(self) -> Iterable[tuple[Citation, bytes]]:
        """Return the records cited by linked segments, with the devices that cite them."""

    def citing(self, citation: Citation, dev: bytes, after: int) -> Iterable[Order]:
        """Return a device's segments above a number that cite two records."""

    def after_citing(self, citations: Collection[Citation]) -> Iterable[Order]:
        """Return the segments that cite any of these, and all whose past holds one of them."""

    def with_posts(self) -> Iterable[Order]:
        """Return the segments with journals or releases of the ledger."""

    def naming(self, rows: Collection[bytes]) -> Iterable[Order]:
        """Return the segments with operations on rows, or withdrawals of their approvals."""

    def told(self, order: Order) -> Sequence[Told]:
        """Return what was said of a segment's operations."""

    def keep(self, work: Workset, flipped: Sequence[Judged]) -> None:
        """Keep new verdicts, with the journals accepted."""

    def forget_ledger_from(self, order: Order) -> None:
        """Forget the journals and releases accepted from a segment on."""

    def forget_state(self, rows: Collection[bytes]) -> None:
        """Forget the live state of rows."""

    def accepted(self, rows: Sequence[bytes]) -> Iterable[Accepted]:
        """Return the accepted operations on rows in the order of judgement."""


class Replica(Protocol):
    """The workspace's store on this laptop, inside one transaction."""

    @property
    def log(self) -> EngineLog:
        """The operation log."""

    @property
    def again(self) -> JudgedAgain:
        """What was said before, where other records change it."""

    def project(self, work: Workset) -> Changed:
        """Bring the projections up to date; return the rows changed by table."""

    def state_root(self) -> bytes:
        """Return the state root over everything held."""

    def control_head(self, rulebook: Rulebook) -> bytes:
        """Return the digest of the control records that rule."""

    # --- segments ----------------------------------------------------------------------

    def has_segment(self, segment_id: bytes) -> bool:
        """Tell whether a segment is held."""

    def segment_file(self, segment_id: bytes) -> bytes | None:
        """Return the file of a held segment."""

    def add_segment(self, segment: Segment, file: bytes) -> None:
        """Keep a verified segment's file, and notice if its device signed two ways."""

    def in_order(self) -> Iterable[bytes]:
        """Return every held segment's file by (lamport, device, number, id)."""

    def heads(self) -> Sequence[tuple[bytes, int, bytes]]:
        """Return the newest linked segment (device, number, id) of every device."""

    def forks(self) -> Forks:
        """Return the least number under which a device signed two segments."""

    def wait(self, segment_id: bytes, missing: bytes) -> None:
        """Note that a held segment waits for an ancestor; for nothing, if none can help."""

    def waiting(self) -> Mapping[bytes, Sequence[bytes]]:
        """Return the ids of the segments that wait, by the ancestor they wait for."""

    def stop_waiting(self, segment_id: bytes) -> None:
        """Note that a segment waits no longer."""

    # --- the open segment ----------------------------------------------------------------

    def open_segment(self) -> OpenSegment | None:
        """Return the open segment's fixed header fields."""

    def begin(self, opened: OpenSegment) -> None:
        """Open a segment."""

    def append(self, contents: Sequence[bytes], start: int) -> None:
        """Add encoded operations, each with its devices, to the open segment."""

    def open_size(self) -> tuple[int, int]:
        """Return the number and bytes of the open segment's operations."""

    def close(self, segment: Segment, file: bytes) -> None:
        """Replace the open segment by its sealed file and put that in the outbox."""

    def own_approvals(self, dev16: bytes) -> Mapping[bytes, Dot]:
        """Return a device's newest standing approval of each row."""

    def clear_derived(self) -> None:
        """Drop everything that can be rebuilt; forks are found again."""


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction's surroundings: store, registry, rules, who signs and seals, the time."""

    replica: Replica
    registry: Registry
    rulebook: Rulebook
    identity: Identity | None
    now_ms: Callable[[], int]
    sealer: Sealer | None = None
