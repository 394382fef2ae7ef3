"""What a laptop says by itself: a beacon a day, the records it heeds, and what it can prove."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import Beacon, Change, Heed
from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.sharing.noticing import look
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import names, records
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import Proof, Void
from collabdesk.sync.segment import Segment, read

_BEACON_DAY: Final = "beacon_day"
_AT_ONCE: Final = 256
_BRANCHES: Final = 2


def emit(workspace: Workspace) -> bool:
    """Say what is due; tell whether anything waits to go out now."""
    if not workspace.founded:
        return False
    proved = _prove(workspace)
    if not workspace.enrolled or not may_sign(workspace):
        return proved
    heeded = _unheeded(workspace)
    due = _beacon_due(workspace)
    if not heeded and not due:
        return proved
    changes: list[Change] = [Beacon()] if due else []
    if heeded:
        changes.append(Heed(heeded))
    return _sign(workspace, changes) or proved


def may_sign(workspace: Workspace) -> bool:
    """Tell whether this copy holds everything its laptop has signed."""
    try:
        workspace.refuse_restored_copy()
    except NotPossible:
        return False
    return True


def _sign(workspace: Workspace, changes: list[Change]) -> bool:
    """Sign what partners compare in a change set of its own, which they find by its size."""
    today = workspace.clock.today().isoformat().encode()

    def sign() -> None:
        with workspace.engine() as (engine, replica, _):
            engine.seal()
            engine.commit(changes)
            engine.seal()
            replica.set_setting(_BEACON_DAY, today)

    try:
        workspace.threads.write(sign).result()
    except Refusal:
        # A laptop that is suspended or signed two ways is not heard any more.
        return False
    return True


def _beacon_due(workspace: Workspace) -> bool:
    """Tell whether partners should hear from this laptop today; alone, nobody would."""
    if len(workspace.book.epoch.orgs) == 1:
        return False
    today = workspace.clock.today().isoformat().encode()
    return workspace.query(_beacon_day) != today


def _beacon_day(reads: Connection) -> bytes | None:
    return SqliteReplica(reads).setting(_BEACON_DAY)


def _unheeded(workspace: Workspace) -> tuple[bytes, ...]:
    """Return the suspensions, voids and proofs seen here that no change set lists yet."""
    heeded = look(workspace, ShareLog.heeded)
    found = (record for record in _to_heed(workspace.book) if record not in heeded)
    return tuple(islice(found, _AT_ONCE))


def _to_heed(book: Rulebook) -> Iterator[bytes]:
    yield from sorted(standing.id for standing in book.suspensions)
    for record_id, held in sorted(book.records.items()):
        if isinstance(held.record, Proof) and book.proves(held.record):
            yield record_id
        if isinstance(held.record, Void) and held.signers & book.admins:
            yield record_id


def _prove(workspace: Workspace) -> bool:
    """Publish a proof for every laptop seen to have signed two ways, unless one is here."""
    proofs = workspace.query(_proofs, workspace.book)
    if not proofs:
        return False

    def keep(replica: SqliteReplica) -> None:
        for proof in proofs:
            file = records.RecordFile(records.encode_record(proof))
            content = records.write_file(file)
            replica.add_record(file)
            replica.put_out(names.record_path(workspace.about.slot, content), content)

    workspace.write(keep)
    workspace.judge_again()
    return True


def _proofs(reads: Connection, book: Rulebook) -> list[Proof]:
    proved = {held.record.dev for held in book.records.values() if isinstance(held.record, Proof)}
    found = []
    for dev, seq in sorted(SqliteReplica(reads).forks().items()):
        key = book.known_devices.get(dev)
        if key is None or key in proved:
            continue
        one, two = _two_ways(reads, dev, seq)
        found.append(
            Proof(book.workspace, one.header_bytes, one.signature, two.header_bytes, two.signature)
        )
    return found


def _two_ways(reads: Connection, dev: bytes, seq: int) -> list[Segment]:
    query = "SELECT file FROM segment WHERE dev16 = ? AND seq = ? ORDER BY id LIMIT ?"
    return [read(file) for (file,) in reads.exec_driver_sql(query, (dev, seq, _BRANCHES))]
