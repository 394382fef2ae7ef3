"""Checking everything again from the signed bytes, as an auditor would.

Every signature, hash and chain is re-checked; then all projections are rebuilt in a
copy of the database, by the same code, and compared row by row.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from collabdesk.services.workspace import Workspace
from collabdesk.storage.database import FILE_NAME, Database
from collabdesk.storage.queries.state import projection_digests, state_root
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names, records, segment
from collabdesk.sync.codec import Malformed
from collabdesk.sync.engine import Engine
from collabdesk.sync.hashing import sha256
from collabdesk.sync.registry import REGISTRY


@dataclass(slots=True)
class Verification:
    """What was checked and what was found wrong."""

    segments: int = 0
    records: int = 0
    chunks: int = 0
    tables: int = 0
    state_root: bytes = b""
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


def verify(
    workspace: Workspace,
    *,
    progress: Callable[[str], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Verification:
    """Re-check every signature and chain, rebuild every projection and compare."""
    found = Verification()
    progress("Checking signatures and chains")
    workspace.query(_check_bytes, workspace, found)
    if cancelled():
        return found
    progress("Working everything out again")
    with tempfile.TemporaryDirectory(prefix="collabdesk-verify-") as folder:
        _compare(workspace, Path(folder) / FILE_NAME, found)
    return found


def _check_bytes(reads: Connection, workspace: Workspace, found: Verification) -> None:
    replica = SqliteReplica(reads)
    _check_records(replica, found)
    _check_segments(reads, workspace, found)
    for chunk_hash, content in replica.blobs_from(0, 1 << 40):
        found.chunks += 1
        if sha256(content) != chunk_hash:
            found.faults.append(f"An attached file ({chunk_hash.hex()[:12]}) is damaged.")


def _check_records(replica: SqliteReplica, found: Verification) -> None:
    for stored_id, file in replica.stored_records():
        found.records += 1
        name = f"A membership record ({stored_id.hex()[:12]})"
        if records.record_id(file.record_bytes) != stored_id:
            found.faults.append(f"{name} is damaged.")
        elif len(records.valid_signers(file)) != len(file.signatures):
            found.faults.append(f"{name} carries a signature that fails.")


def _check_segments(reads: Connection, workspace: Workspace, found: Verification) -> None:
    known = workspace.book.known_keys if workspace.founded else frozenset()
    chains: dict[bytes, dict[int, set[bytes]]] = {}
    follows: list[tuple[bytes, int, bytes]] = []
    for stored_id, dev, seq, file in SqliteReplica(reads).segments_from(0, 1 << 40):
        found.segments += 1
        chains.setdefault(dev, {}).setdefault(seq, set()).add(stored_id)
        fault = _segment_fault((stored_id, dev, seq), file, known, workspace.about.workspace)
        if fault:
            found.faults.append(f"{_change_set(dev, seq)}: {fault}")
        elif seq > 1:
            follows.append((dev, seq, segment.read(file).header.prev))
    found.faults.extend(
        f"{_change_set(dev, seq)} does not follow the one before it."
        for dev, seq, prev in follows
        if prev not in chains[dev].get(seq - 1, ())
    )
    _check_heads(reads, chains, found)


def _change_set(dev: bytes, seq: int) -> str:
    return f"Change set {seq} of laptop {names.base32(dev)[:8]}"


def _segment_fault(
    stored: tuple[bytes, bytes, int], file: bytes, known: frozenset[bytes], workspace: bytes
) -> str:
    try:
        read = segment.read(file)
        if read.header.enc_key_id is None:
            segment.open_body(read)
    except Malformed as error:
        return error.words
    header = read.header
    faults = (
        ((read.id, names.dev16(header.dev), header.seq) != stored, "its content is another's."),
        (header.ws != workspace, "it belongs to another workspace."),
        (header.dev not in known, "its laptop is not enrolled."),
        (not segment.verify(read), "its signature fails."),
    )
    return next((words for wrong, words in faults if wrong), "")


def _check_heads(
    reads: Connection, chains: dict[bytes, dict[int, set[bytes]]], found: Verification
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


def _compare(workspace: Workspace, copy: Path, found: Verification) -> None:
    with workspace.database.read() as reads:
        before = projection_digests(reads)
        found.state_root = state_root(reads)
    workspace.database.copy_to(copy)
    database = Database(copy)
    try:
        after, root = _rebuilt(workspace, database)
    finally:
        database.close()
    found.tables = len(after)
    found.faults.extend(
        f"The table {name} is not what the signed changes give."
        for name, digest in after.items()
        if before[name] != digest
    )
    if root != found.state_root:
        found.faults.append("The state is not what the signed changes give.")


def _rebuilt(workspace: Workspace, database: Database) -> tuple[dict[str, str], bytes]:
    with database.write() as connection:
        replica = SqliteReplica(connection, workspace.about.slot)
        engine = Engine(
            replica, REGISTRY, workspace.book, workspace.identity(), workspace.clock.now_ms
        )
        engine.rebuild()
        workspace.derive(connection)
        return dict(projection_digests(connection)), state_root(connection)
