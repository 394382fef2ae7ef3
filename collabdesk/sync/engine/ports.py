"""What the engine asks of the workspace's store, and who works with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nacl.signing import SigningKey

from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.chain import Link
from collabdesk.sync.names import dev16 as short_name
from collabdesk.sync.operations import Dot
from collabdesk.sync.registry import Registry
from collabdesk.sync.sealer import Sealer
from collabdesk.sync.segment import Segment
from collabdesk.sync.workset import Log, Workset

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

    def forget(self, dev: bytes, seq: int) -> None:
        """Forget what was read of a segment that has just grown."""


class Replica(Protocol):
    """The workspace's store on this laptop, inside one transaction."""

    @property
    def log(self) -> EngineLog:
        """The operation log."""

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

    def append(self, operations: Sequence[RawOperation], start: int) -> None:
        """Add operations to the open segment."""

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
