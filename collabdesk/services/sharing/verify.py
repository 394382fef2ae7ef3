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
    for file in replica.record_files():
        found.records += 1
        if len(records.valid_signers(file)) != len(file.signatures):
            name = records.record_id(file.record_bytes).hex()[:12]
            found.faults.append(f"A membership record ({name}) carries a signature that fails.")
    known = workspace.book.known_keys if workspace.founded else frozenset()
    ends: dict[bytes, dict[int, bytes]] = {}
    for stored_id, dev, seq, file in replica.segments_from(0, 1 << 40):
        found.segments += 1
        fault = _segment_fault(stored_id, file, known, workspace.about.workspace)
        if fault:
            found.faults.append(f"Change set {seq} of laptop {names.base32(dev)[:8]}: {fault}")
            continue
        header = segment.read(file).header
        if ends.setdefault(dev, {}).get(seq - 1, header.prev) != header.prev and seq > 1:
            found.faults.append(f"Change set {seq} does not follow the one before it.")
        ends[dev][seq] = stored_id
    _check_chains(reads, ends, found)
    for chunk_hash, content in replica.blobs_from(0, 1 << 40):
        found.chunks += 1
        if sha256(content) != chunk_hash:
            found.faults.append(f"An attached file ({chunk_hash.hex()[:12]}) is damaged.")


def _segment_fault(stored: bytes, file: bytes, known: frozenset[bytes], workspace: bytes) -> str:
    try:
        read = segment.read(file)
        if read.id != stored:
            return "its content is not what its name says."
        if read.header.ws != workspace:
            return "it belongs to another workspace."
        if read.header.dev not in known:
            return "its laptop is not enrolled."
        if not segment.verify(read):
            return "its signature fails."
        if read.header.enc_key_id is None:
            segment.open_body(read)
    except Malformed as error:
        return error.words
    return ""


def _check_chains(
    reads: Connection, ends: dict[bytes, dict[int, bytes]], found: Verification
) -> None:
    greatest = reads.exec_driver_sql("SELECT dev16, seq, id FROM greatest_head")
    for dev, seq, segment_id in greatest:
        held = ends.get(dev, {})
        if held.get(seq) != segment_id or len(held) < seq:
            found.faults.append(
                f"Laptop {names.base32(dev)[:8]}: a change set that was held is gone."
            )
    for dev, held in ends.items():
        if set(held) != set(range(1, len(held) + 1)):
            found.faults.append(f"Laptop {names.base32(dev)[:8]}: its chain has a gap.")




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
