"""One door for every change: commands of this laptop and segments of others.

Everything runs inside a transaction of the replica given. A local command is judged
by the same judge as a stranger's segment before it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from nacl.signing import SigningKey

from collabdesk.domain.changes import Change
from collabdesk.errors import Refusal
from collabdesk.sync import segment as segments
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.rulebook import Rulebook, Seen
from collabdesk.sync.chain import Broken, Link, Links, Waiting, place
from collabdesk.sync.codec import Malformed
from collabdesk.sync.drafting import Drafting
from collabdesk.sync.hashing import Z
from collabdesk.sync.judge import Judge, Placed
from collabdesk.sync.names import dev16 as short_name
from collabdesk.sync.operations import (
    DeviceList,
    Dot,
    read_operation,
    write_operation,
)
from collabdesk.sync.registry import Registry, kinds
from collabdesk.sync.workset import Log, Workset

BATCH: Final = 50
FULL_SEGMENT: Final = 2_500
FULL_BYTES: Final = 400_000
MAX_PARENTS: Final = 256

Changed = Mapping[str, frozenset[bytes]]
RawOperation = tuple[Sequence[bytes], list[Any]]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this laptop is: its signing key, organisation and incarnation."""

    signing_key: SigningKey
    organisation: bytes
    incarnation: bytes
    app: str

    @property
    def key(self) -> bytes:
        """The public key."""
        return bytes(self.signing_key.verify_key)

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


class EngineLog(Log, Links, Protocol):
    """What the engine asks of the operation log beyond the judge."""

    def add_place(self, link: Link, organisation: bytes | None, person: bytes | None) -> None:
        """Keep the place of a linked segment and who wrote it."""

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

    def has_segment(self, segment_id: bytes) -> bool:
        """Tell whether a segment is held."""

    def add_segment(self, segment: segments.Segment, file: bytes) -> None:
        """Keep a verified segment's file."""

    def unplaced(self) -> list[bytes]:
        """Return the files of held segments that are not linked."""

    def in_order(self) -> Iterable[bytes]:
        """Return every held segment's file by (lamport, device, number, id)."""

    def heads(self) -> list[tuple[bytes, int, bytes]]:
        """Return the newest linked segment (device, number, id) of every device."""

    def forks(self) -> Mapping[bytes, int]:
        """Return the least number under which a device signed two segments."""

    def open_segment(self) -> OpenSegment | None:
        """Return the open segment's fixed header fields."""

    def begin(self, opened: OpenSegment) -> None:
        """Open a segment."""

    def append(self, operations: Sequence[RawOperation], start: int) -> None:
        """Add operations to the open segment."""

    def open_size(self) -> tuple[int, int]:
        """Return the number and bytes of the open segment's operations."""

    def close(self, segment: segments.Segment, file: bytes) -> None:
        """Replace the open segment by its sealed file and put that in the outbox."""

    def own_approvals(self, dev16: bytes) -> Mapping[bytes, Dot]:
        """Return a device's newest standing approval of each row."""

    def clear_derived(self) -> None:
        """Drop everything that can be rebuilt."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a command left: rows changed by table, ids of new rows by key, its dots."""

    changed: Changed
    new_rows: Mapping[str, bytes]


@dataclass(slots=True)
class Received:
    """What became of the files offered."""

    changed: dict[str, set[bytes]] = field(default_factory=dict)
    stored: int = 0
    linked: int = 0
    refused: list[tuple[int, Malformed]] = field(default_factory=list)
    strangers: list[int] = field(default_factory=list)
    broken: list[bytes] = field(default_factory=list)

    def merge(self, changed: Changed) -> None:
        """Add rows changed."""
        for table, rows in changed.items():
            self.changed.setdefault(table, set()).update(rows)


class Engine:
    """Commits, seals, receives and rebuilds, over one replica and one rule book."""

    def __init__(
        self,
        replica: Replica,
        registry: Registry,
        rulebook: Rulebook,
        identity: Identity | None,
        now_ms: Callable[[], int],
    ) -> None:
        """Work inside the replica's transaction; without identity nothing can be committed."""
        self.replica = replica
        self.registry = registry
        self.rulebook = rulebook
        self.identity = identity
        self.now_ms = now_ms

    # --- this laptop's commands ----------------------------------------------------------

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Judge and keep one command's changes; Refusal if they would not be accepted."""
        me = self._me()
        if not changes:
            return Committed({}, {})
        self._seal_if_full()
        opened = self.replica.open_segment() or self._open(me)
        start, _ = self.replica.open_size()
        drafting = self._drafting(me, opened, start)
        operations = drafting.draft(changes)
        devices = DeviceList(operations)
        wires = [write_operation(op, devices) for op in operations]
        work = Workset(self.replica.log)
        link = self._open_link(me, opened)
        placed = self._placed(me.key, opened, link, devices.devs, wires, start)
        cited = Judge(self.registry, self.rulebook, work).segment(placed)
        for judged in work.judged:
            if judged.verdict != v.ACCEPTED:
                raise _refusal(judged.verdict)
        person = cited.person(me.key) if cited else None
        self.replica.log.add_place(link, me.organisation, person)
        self.replica.append([(devices.devs, wire) for wire in wires], start)
        self.replica.log.forget(me.dev16, opened.seq)
        self.replica.log.save(work)
        return Committed(self.replica.project(work), drafting.new_rows)

    def _drafting(self, me: Identity, opened: OpenSegment, start: int) -> Drafting:
        return Drafting(
            self.registry,
            self.replica.log,
            key=me.key,
            dev16=me.dev16,
            organisation=me.organisation,
            workspace=self.rulebook.workspace,
            seq=opened.seq,
            first=start,
            term=self.rulebook.open_term,
            own_approval=self.replica.own_approvals(me.dev16),
        )

    def _me(self) -> Identity:
        if self.identity is None or self.rulebook.organisation_of(self.identity.key) is None:
            raise Refusal(
                code="not-enrolled",
                words="This laptop is not enrolled in the workspace yet, so it cannot sign.",
                remedy="Read its eight words to the administrator and share again.",
            )
        return self.identity

    def _open(self, me: Identity) -> OpenSegment:
        heads = self.replica.heads()
        mine = next((head for head in heads if head[0] == me.dev16), None)
        before = self.replica.log.link(mine[2]) if mine else None
        past = dict(before.past) if before else {}
        moved = sorted(h for h in heads if h[0] != me.dev16 and h[1] > past.get(h[0], 0))
        parents = tuple(moved[:MAX_PARENTS])
        lamports = [link.lamport for link in self._links(parents)]
        opened = OpenSegment(
            seq=mine[1] + 1 if mine else 1,
            prev=mine[2] if mine else Z,
            parents=parents,
            lamport=1 + max([before.lamport if before else 0, *lamports]),
            wall_ms=self.now_ms(),
            epoch=(self.rulebook.epoch.n, self.rulebook.head.id),
            roster=self._roster(me),
        )
        self.replica.begin(opened)
        if len(moved) > MAX_PARENTS:
            self.replica.log.add_place(self._open_link(me, opened), me.organisation, None)
            self.seal()
            return self._open(me)
        return opened

    def _roster(self, me: Identity) -> tuple[int, bytes]:
        pin = self.rulebook.roster_of(me.organisation)
        if pin is None:
            raise Refusal(code="not-enrolled", words="Your organisation is not a partner here.")
        return pin

    def _links(self, parents: Iterable[tuple[bytes, int, bytes]]) -> list[Link]:
        found = (self.replica.log.link(parent[2]) for parent in parents)
        return [link for link in found if link is not None]

    def _open_link(self, me: Identity, opened: OpenSegment) -> Link:
        before = self.replica.log.link(opened.prev) if opened.seq > 1 else None
        past = dict(before.past) if before else {}
        seen = before.seen if before else Seen()
        if before:
            past[me.dev16] = before.seq
        for parent in self._links(opened.parents):
            for device, seq in (*parent.past.items(), (parent.dev16, parent.seq)):
                past[device] = max(seq, past.get(device, 0))
            seen = seen.union(parent.seen)
        seen = seen.after(self.rulebook.cite(opened.epoch, opened.roster))
        return Link(b"", me.dev16, opened.seq, opened.lamport, past, seen)

    def _placed(  # noqa: PLR0913 - a segment's place has that many parts
        self,
        key: bytes,
        opened: OpenSegment,
        link: Link,
        devs: Sequence[bytes],
        ops: Sequence[list[Any]],
        start: int,
    ) -> Placed:
        return Placed(
            key=key,
            dev16=link.dev16,
            seq=opened.seq,
            lamport=opened.lamport,
            schema=self.registry.version,
            epoch=opened.epoch,
            roster=opened.roster,
            past=link.past,
            seen=Seen(),
            devs=devs,
            ops=ops,
            n_ops=len(ops),
            start=start,
        )

    # --- sealing ---------------------------------------------------------------------------

    def _seal_if_full(self) -> None:
        count, size = self.replica.open_size()
        if count >= FULL_SEGMENT or size >= FULL_BYTES:
            self.seal()

    def seal(self) -> bytes | None:
        """Sign the open segment and put it in the outbox; return its id, None if none is open."""
        opened = self.replica.open_segment()
        if opened is None or self.identity is None:
            return None
        held = [read_operation(op, devs) for devs, op in self.replica.log.open_operations()]
        devices = DeviceList(held)
        file = segments.seal(
            signing_key=self.identity.signing_key,
            ws=self.rulebook.workspace,
            seq=opened.seq,
            prev=opened.prev,
            parents=opened.parents,
            lamport=opened.lamport,
            wall_ms=opened.wall_ms,
            app=self.identity.app,
            schema=self.registry.version,
            epoch=opened.epoch,
            roster=opened.roster,
            incarnation=self.identity.incarnation,
            devs=devices.devs,
            ops=[write_operation(op, devices) for op in held],
        )
        sealed = segments.read(file)
        self.replica.close(sealed, file)
        return sealed.id

    # --- others' segments --------------------------------------------------------------------

    def receive(self, files: Sequence[bytes]) -> Received:
        """Verify, link, judge and merge segment files, in whatever order they come."""
        received = Received()
        self.seal()
        before = self.replica.forks()
        for index, file in enumerate(files):
            self._hold(index, file, received)
        if self.replica.forks() != before:
            self.rebuild()
        self._link_all(received)
        return received

    def _hold(self, index: int, file: bytes, received: Received) -> None:
        try:
            segment = segments.read(file)
            if segment.header.ws != self.rulebook.workspace:
                raise Malformed("workspace")
            if self.replica.has_segment(segment.id):
                return
            if segment.header.dev not in self.rulebook.known_keys:
                received.strangers.append(index)
                return
            if not segments.verify(segment):
                raise Malformed("signature")
            if segment.header.enc_key_id is None:
                segments.open_body(segment)
        except Malformed as error:
            received.refused.append((index, error))
            return
        self.replica.add_segment(segment, file)
        received.stored += 1

    def _link_all(self, received: Received) -> None:
        waiting = [segments.read(file) for file in self.replica.unplaced()]
        waiting.sort(key=lambda s: (s.header.lamport, short_name(s.header.dev), s.header.seq, s.id))
        batch: list[tuple[Link, segments.Segment]] = []
        for segment in waiting:
            try:
                link = place(segment.header, segment.id, _Batch(self.replica.log, batch))
            except Waiting:
                continue
            except Broken:
                received.broken.append(segment.id)
                continue
            batch.append((self._with_seen(link, segment), segment))
            if len(batch) == BATCH:
                self._apply(batch, received)
                batch = []
        self._apply(batch, received)

    def _with_seen(self, link: Link, segment: segments.Segment) -> Link:
        cited = self.rulebook.cite(segment.header.epoch, segment.header.roster)
        return Link(
            link.id, link.dev16, link.seq, link.lamport, link.past, link.seen.after(cited)
        )

    def _apply(
        self, batch: Sequence[tuple[Link, segments.Segment]], received: Received
    ) -> None:
        if not batch:
            return
        work = Workset(self.replica.log)
        judge = Judge(self.registry, self.rulebook, work)
        bodies = [_body(segment) for _, segment in batch]
        work.prefetch({row for body in bodies if body for row in _rows_named(body.ops)})
        forks = self.replica.forks()
        for (link, segment), body in zip(batch, bodies, strict=True):
            cited = judge.segment(self._received(link, segment, body, forks))
            person = cited.person(segment.header.dev) if cited else None
            self.replica.log.add_place(link, cited.organisation if cited else None, person)
        received.linked += len(batch)
        self.replica.log.save(work)
        received.merge(self.replica.project(work))

    def _received(
        self,
        link: Link,
        segment: segments.Segment,
        body: segments.Body | None,
        forks: Mapping[bytes, int],
    ) -> Placed:
        header = segment.header
        return Placed(
            key=header.dev,
            dev16=link.dev16,
            seq=header.seq,
            lamport=header.lamport,
            schema=header.schema,
            epoch=header.epoch,
            roster=header.roster,
            past=link.past,
            seen=self._seen_before(header),
            devs=body.devs if body else (),
            ops=body.ops if body else None,
            n_ops=header.n_ops,
            forked=header.seq >= forks.get(link.dev16, header.seq + 1),
        )

    def _seen_before(self, header: segments.Header) -> Seen:
        seen = Seen()
        ancestors = [parent[2] for parent in header.parents]
        for ancestor in (header.prev, *ancestors):
            link = self.replica.log.link(ancestor) if ancestor != Z else None
            seen = seen.union(link.seen) if link else seen
        return seen

    # --- from scratch --------------------------------------------------------------------------

    def rebuild(self, progress: Callable[[int], None] | None = None) -> None:
        """Drop what is derived and work it all out again from the signed bytes."""
        self.replica.clear_derived()
        received = Received()
        batch: list[tuple[Link, segments.Segment]] = []
        done = 0
        for file in self.replica.in_order():
            segment = segments.read(file)
            try:
                link = place(segment.header, segment.id, _Batch(self.replica.log, batch))
            except (Waiting, Broken):
                continue
            batch.append((self._with_seen(link, segment), segment))
            if len(batch) == BATCH:
                self._apply(batch, received)
                done += len(batch)
                batch = []
                if progress:
                    progress(done)
        self._apply(batch, received)
        self._reapply_open()

    def _reapply_open(self) -> None:
        opened = self.replica.open_segment()
        if opened is None or self.identity is None:
            return
        held = [read_operation(op, devs) for devs, op in self.replica.log.open_operations()]
        devices = DeviceList(held)
        wires = [write_operation(op, devices) for op in held]
        link = self._open_link(self.identity, opened)
        work = Workset(self.replica.log)
        placed = self._placed(self.identity.key, opened, link, devices.devs, wires, 0)
        cited = Judge(self.registry, self.rulebook, work).segment(placed)
        person = cited.person(self.identity.key) if cited else None
        self.replica.log.add_place(link, self.identity.organisation, person)
        self.replica.log.save(work)
        self.replica.project(work)


class _Batch:
    """Links of the log and of the batch being put together."""

    def __init__(self, log: Links, batch: Sequence[tuple[Link, segments.Segment]]) -> None:
        self._log = log
        self._batch = {link.id: link for link, _ in batch}

    def link(self, segment_id: bytes) -> Link | None:
        return self._batch.get(segment_id) or self._log.link(segment_id)


def _body(segment: segments.Segment) -> segments.Body | None:
    return None if segment.header.enc_key_id is not None else segments.open_body(segment)


_NAMING_A_ROW = frozenset(
    (kinds.SET, kinds.DELETE, kinds.UNDELETE, kinds.RESOLVE, kinds.APPROVE)
)
_ROW_AT = 3


def _rows_named(ops: Iterable[list[Any]]) -> Iterable[bytes]:
    for op in ops:
        if op[0] in _NAMING_A_ROW and len(op) > _ROW_AT and isinstance(op[_ROW_AT], bytes):
            yield op[_ROW_AT]


def _refusal(verdict: int) -> Refusal:
    if verdict == v.NEEDS_RESOLVE:
        return Refusal(
            code="contested",
            words="Several people's figures stand in this cell, so it cannot simply be overtyped.",
            remedy="Settle it with Resolve, which keeps every figure and your reason.",
        )
    return Refusal(
        code=f"verdict-{verdict}",
        words=f"This change would not be accepted by the partners: {v.WORDS[verdict]}.",
        remedy="Nothing was changed. Ask the workspace administrator if you should have this right."
        if verdict in (v.NO_RIGHT, v.NOT_THE_KEEPER)
        else "Nothing was changed.",
    )
