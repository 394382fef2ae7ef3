"""Checking what the database keeps of the signed bytes: files, chains, heads, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import Connection

from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names, records, segment
from collabdesk.sync.codec import Malformed
from collabdesk.sync.hashing import sha256

_AT_A_TIME: Final = 100


@dataclass(slots=True)
class ByteCheck:
    """How much was checked, what is wrong, and whether a change set is damaged."""

    segments: int = 0
    records: int = 0
    chunks: int = 0
    damaged: bool = False
    faults: list[str] = field(default_factory=list)


def check_bytes(reads: Connection, workspace: Workspace) -> ByteCheck:
    """Check everything kept as it was signed."""
    found, replica = ByteCheck(), SqliteReplica(reads)
    _check_file(reads, found)
    _check_records(replica, found)
    _check_segments(reads, workspace, found)
    for chunk_hash, content in replica.blobs_from(0, 1 << 40):
        found.chunks += 1
        if sha256(content) != chunk_hash:
            found.faults.append(f"An attached file ({chunk_hash.hex()[:12]}) is damaged.")
    _check_outbox(replica, found)
    return found


def _check_file(reads: Connection, found: ByteCheck) -> None:
    """Let SQLite compare its tables with their indexes."""
    for (told,) in reads.exec_driver_sql("PRAGMA integrity_check(20)"):
        if told != "ok":
            found.faults.append(f"The database is damaged: {told}.")


def _check_records(replica: SqliteReplica, found: ByteCheck) -> None:
    for stored_id, file in replica.stored_records():
        found.records += 1
        name = f"A membership record ({stored_id.hex()[:12]})"
        if records.record_id(file.record_bytes) != stored_id:
            found.faults.append(f"{name} is damaged.")
        elif len(records.valid_signers(file)) != len(file.signatures):
            found.faults.append(f"{name} carries a signature that fails.")


def _check_segments(reads: Connection, workspace: Workspace, found: ByteCheck) -> None:
    known = workspace.book.known_keys if workspace.founded else frozenset()
    chains: dict[bytes, dict[int, set[bytes]]] = {}
    follows: list[tuple[bytes, int, bytes]] = []
    for stored, file in _stored(reads):
        found.segments += 1
        chains.setdefault(stored.dev16, {}).setdefault(stored.seq, set()).add(stored.id)
        fault = _segment_fault(stored, file, known, workspace.about.workspace)
        if fault:
            found.damaged = True
            found.faults.append(f"{change_set(stored.dev16, stored.seq)}: {fault}")
        elif stored.seq > 1:
            follows.append((stored.dev16, stored.seq, segment.read(file).header.prev))
    found.faults.extend(
        f"{change_set(dev, seq)} does not follow the one before it."
        for dev, seq, prev in follows
        if prev not in chains[dev].get(seq - 1, ())
    )
    _check_heads(reads, chains, found)
    _check_anchor(workspace, chains, found)


class _Stored(NamedTuple):
    """What the database says beside a change set's bytes."""

    id: bytes
    dev16: bytes
    seq: int
    lamport: int
    wall_ms: int


def _stored(reads: Connection) -> Iterator[tuple[_Stored, bytes]]:
    """Yield every change set with what is noted of it, a few files at a time."""
    query = "SELECT id, dev16, seq, lamport, wall_ms, file FROM segment ORDER BY dev16, seq"
    for *noted, file in reads.exec_driver_sql(query).yield_per(_AT_A_TIME):
        yield _Stored(*noted), file


def change_set(dev: bytes, seq: int) -> str:
    """Return what people call a change set."""
    return f"Change set {seq} of laptop {names.base32(dev)[:8]}"


def _segment_fault(stored: _Stored, file: bytes, known: frozenset[bytes], workspace: bytes) -> str:
    try:
        read = segment.read(file)
        if read.header.enc_key_id is None:
            segment.open_body(read)
    except Malformed as error:
        return error.words
    header = read.header
    faults = (
        (_noted(read) != stored, "its content is another's."),
        (header.ws != workspace, "it belongs to another workspace."),
        (header.dev not in known, "its laptop is not enrolled."),
        (not segment.verify(read), "its signature fails."),
    )
    return next((words for wrong, words in faults if wrong), "")


def _noted(read: segment.Segment) -> _Stored:
    header = read.header
    dev = names.dev16(header.dev)
    return _Stored(read.id, dev, header.seq, header.lamport, header.wall_ms)


def _check_anchor(
    workspace: Workspace, chains: dict[bytes, dict[int, set[bytes]]], found: ByteCheck
) -> None:
    """Compare this laptop's chain with the newest change set its key store remembers."""
    anchor = workspace.secrets.anchor()
    own = chains.get(names.dev16(workspace.about.key), {})
    if anchor is not None and anchor.id not in own.get(anchor.seq, ()):
        found.faults.append(f"This laptop signed change set {anchor.seq}, and it is gone.")


def _check_heads(
    reads: Connection, chains: dict[bytes, dict[int, set[bytes]]], found: ByteCheck
) -> None:
    """Compare each chain with the greatest number ever verified of it."""
    greatest = {
        dev: (seq, segment_id)
        for dev, seq, segment_id in reads.exec_driver_sql("SELECT * FROM greatest_head")
    }
    for dev in sorted(greatest.keys() | chains.keys()):
        laptop, held = f"Laptop {names.base32(dev)[:8]}", chains.get(dev, {})
        seq, segment_id = greatest.get(dev, (0, b""))
        if max(held, default=0) > seq:
            found.faults.append(f"{laptop}: the newest change set is not what was noted.")
        elif segment_id not in held.get(seq, ()):
            found.faults.append(f"{laptop}: a change set that was held is gone.")


def _check_outbox(replica: SqliteReplica, found: ByteCheck) -> None:
    """Compare what waits to go out with what is held of it."""
    for path, file in replica.outbox():
        if path.endswith(names.SEGMENT) and not _is_held(replica, file):
            found.faults.append(f"{path} waits to go out, and is damaged.")


def _is_held(replica: SqliteReplica, file: bytes) -> bool:
    try:
        return replica.segment_file(segment.read(file).id) == file
    except Malformed:
        return False


def published(reads: Connection) -> dict[str, str]:
    """Return the words of what the folder must hold, by name: all but what waits to go out."""
    replica = SqliteReplica(reads)
    waiting = {path.rpartition("/")[2] for path, _ in replica.outbox()}
    gone = "is not in the shared folder."
    wanted = {
        names.id26(segment_id): f"{change_set(dev, seq)} {gone}"
        for segment_id, dev, seq in reads.exec_driver_sql("SELECT id, dev16, seq FROM segment")
        if f"{seq:010d}-{names.id26(segment_id)}.{names.SEGMENT}" not in waiting
    }
    for (chunk,) in reads.exec_driver_sql("SELECT hash FROM blob"):
        name = names.hash52(chunk)
        if f"{name}.{names.BLOB}" not in waiting:
            wanted[name] = f"An attached file ({chunk.hex()[:12]}) {gone}"
    return wanted
