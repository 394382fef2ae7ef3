"""Work that a laptop's old keys could not sign any more: kept, and said again with the new."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from collabdesk.errors import Refusal
from collabdesk.services.control.reissue import is_of_the_ledger, said_again
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.quarantine import Part, SetAside
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import codec
from collabdesk.sync.derive import row_id
from collabdesk.sync.judging.reading import read_raw
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import Group, InsertRow, Operation
from collabdesk.sync.registry import REGISTRY, kinds

_UNSAID: Final = "unsaid"
_PROTOCOL: Final = frozenset((kinds.GROUP, kinds.BEACON, kinds.HEED, kinds.ADOPT, kinds.RELEASE))


def keep_unsaid(connection: Connection, replica: SqliteReplica, key: bytes) -> None:
    """Keep what was being written aside, and forget that it was; in the switch of keys."""
    opened = replica.open_segment()
    if opened is None:
        return
    raw = [[list(devs), op] for devs, op in replica.log.open_operations()]
    replica.set_setting(_UNSAID, codec.encode([key, opened.seq, raw]))
    connection.exec_driver_sql("DELETE FROM open_operation")
    connection.exec_driver_sql("DELETE FROM open_segment")


def say_unsaid(workspace: Workspace) -> str:
    """Sign with the new keys what the old ones could not; return its words, empty if nothing.

    Where the partners would not accept it, it stays kept and is tried at the next sharing.
    """
    if not workspace.enrolled:
        return ""
    kept = workspace.query(_unsaid)
    if kept is None:
        return ""

    def say() -> int:
        with workspace.engine() as (engine, replica, connection):
            changes = said_again(connection, kept)
            engine.commit(changes)
            replica.set_setting(_UNSAID, b"")
        return len(changes)

    try:
        count = workspace.threads.write(say).result()
    except Refusal as refused:
        return refused.words
    return f"{count} changes signed with the new keys"


def _unsaid(reads: Connection) -> SetAside | None:
    kept = SqliteReplica(reads).setting(_UNSAID)
    if not kept:
        return None
    key, seq, raw = codec.decode_kept(kept)
    parts = [
        Part(idx, op, row_id(key, seq, idx) if isinstance(op, InsertRow) else None)
        for idx, (devs, wire) in enumerate(raw)
        if (op := _read(devs, wire)) is not None
    ]
    if not parts:
        return None
    return SetAside(b"", dev16(key), seq, None, None, 0, 0, tuple(parts))


def _read(devs: list[bytes], wire: list[object]) -> Operation | None:
    if wire[0] in _PROTOCOL:
        return None
    op, _ = read_raw(wire, devs, REGISTRY)
    # Journals are left out: the keeper's laptop posts them again from what they carry out.
    return None if op is None or isinstance(op, Group) or is_of_the_ledger(op) else op
