"""This laptop's own chain compared: the database, the key store's anchor, and the folder.

A copy that lacks what the laptop has signed reads it back before anything is signed; where
two copies have signed, nothing is signed any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from collabdesk.errors import NotPossible
from collabdesk.services.notices import Notice
from collabdesk.services.restored import COPIED, LOST, copied_laptop, older_copy
from collabdesk.services.secrets import Anchor
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import names
from collabdesk.sync.codec import Malformed
from collabdesk.sync.hashing import Z
from collabdesk.sync.listing import Listing
from collabdesk.sync.operations import ShapeError, read_operation
from collabdesk.sync.segment import MAGIC, Segment, open_body, read, verify
from collabdesk.sync.stores.port import Store, TooLarge


@dataclass(frozen=True, slots=True)
class _Own:
    """What this copy holds of its own chain."""

    seq: int
    id: bytes
    open_seq: int
    unsent: frozenset[bytes]
    anchor: Anchor | None
    behind: bool

    @property
    def waits_to_go_out(self) -> bool:
        return bool(self.open_seq or self.unsent)


def compare_own_chain(workspace: Workspace, store: Store) -> int:
    """Read back what this copy lacks of its own chain; return how many change sets that were.

    Raises NotPossible where it cannot be had, or where another copy has signed: then nothing
    may be sealed or sent. Looks into the folder only where something waits to go out.
    """
    if workspace.query(_is_copied):
        raise copied_laptop()
    own = workspace.query(_own, workspace.about.key, workspace.secrets.anchor())
    if not own.behind and not own.waits_to_go_out:
        return 0
    if not own.behind and not any(True for _ in _strange(workspace, store, own)):
        return 0
    return read_back(workspace, store)


def read_back(workspace: Workspace, store: Store) -> int:
    """Take in the own change sets that this copy lacks, from anywhere in the folder."""
    anchor = workspace.secrets.anchor()
    own = workspace.query(_own, workspace.about.key, anchor)
    found = _lacking(workspace, store)
    line = _line(own, found.values())
    clash = [one for one in found.values() if one.header.seq <= own.seq]
    foreign = [o for o in found.values() if o.header.incarnation != workspace.about.incarnation]
    if clash or foreign or not workspace.query(_follows_open, line):
        _stop(workspace, list(found.values()), took_open=bool(own.open_seq))
    if line:
        _take_in(workspace, line)
        workspace.secrets.raise_anchor(line[-1].header.seq, line[-1].id)
    if own.behind and anchor is not None and anchor.id not in {one.id for one in line}:
        _unobtainable(workspace, anchor)
    return len(line)


def _is_copied(reads: Connection) -> bool:
    return bool(SqliteReplica(reads).setting(COPIED))


def _own(reads: Connection, key: bytes, anchor: Anchor | None) -> _Own:
    replica, dev = SqliteReplica(reads), names.dev16(key)
    query = "SELECT seq, id FROM segment WHERE dev16 = ? ORDER BY seq DESC LIMIT 1"
    newest = reads.exec_driver_sql(query, (dev,)).first()
    opened = replica.open_segment()
    unsent = frozenset(
        read(file).id for path, file in replica.outbox() if f"/d/{names.dev26(key)}/" in path
    )
    return _Own(
        newest[0] if newest else 0,
        newest[1] if newest else Z,
        opened.seq if opened else 0,
        unsent,
        anchor,
        anchor is not None and not replica.has_segment(anchor.id),
    )


def _strange(workspace: Workspace, store: Store, own: _Own) -> Iterator[str]:
    """Yield the files of the own folder that this copy did not put there."""
    about = workspace.about
    listing = Listing(store, names.ws26(about.workspace), lambda _: False)
    lowest = own.seq - len(own.unsent) + 1
    for found in listing.own_chain(about.slot, names.dev26(about.key), max(lowest, 1)):
        said = found.name_says
        if not isinstance(said, names.SegmentName) or said.seq < lowest:
            continue
        if not workspace.query(_is_ours, names.dev16(about.key), said):
            yield found.path


def _is_ours(reads: Connection, dev: bytes, said: names.SegmentName) -> bool:
    query = "SELECT id FROM segment WHERE dev16 = ? AND seq = ?"
    found = reads.exec_driver_sql(query, (dev, said.seq))
    return any(names.id26(segment_id) == said.id26 for (segment_id,) in found)


def _lacking(workspace: Workspace, store: Store) -> dict[bytes, Segment]:
    """Return every change set signed by this laptop's key that this copy does not hold."""
    about = workspace.about
    known = workspace.query(_held_paths)
    listing = Listing(store, names.ws26(about.workspace), known.__contains__)
    found: dict[bytes, Segment] = {}
    for place in (*listing.segments([names.dev26(about.key)]), *listing.healed()):
        segment = _read(store, place.path, place.cap)
        if segment is None or segment.header.dev != about.key or not verify(segment):
            continue
        if segment.header.ws == about.workspace and not workspace.query(_holds, segment.id):
            found[segment.id] = segment
    return found


def _held_paths(reads: Connection) -> frozenset[str]:
    return SqliteReplica(reads).seen_paths()


def _holds(reads: Connection, segment_id: bytes) -> bool:
    return SqliteReplica(reads).has_segment(segment_id)


def _read(store: Store, path: str, cap: int) -> Segment | None:
    try:
        content = store.get(path, cap)
        return read(content) if content else None
    except (TooLarge, Malformed):
        return None


def _line(own: _Own, found: Iterable[Segment]) -> list[Segment]:
    """Return the change sets that follow this copy's newest, one after the other."""
    after = {segment.header.prev: segment for segment in found}
    line: list[Segment] = []
    at = own.id
    while at in after and len(line) <= len(after):
        line.append(after[at])
        at = after[at].id
    return line


def _follows_open(reads: Connection, line: list[Segment]) -> bool:
    """Tell whether what was being written here is how the first lost change set begins."""
    replica = SqliteReplica(reads)
    opened = replica.open_segment()
    if opened is None or not line:
        return True
    body = open_body(line[0])
    here = [read_operation(op, devs) for devs, op in replica.log.open_operations()]
    if opened.seq != line[0].header.seq or len(here) > len(body.ops):
        return False
    try:
        return here == [read_operation(op, body.devs) for op in body.ops[: len(here)]]
    except ShapeError:
        return False


def _take_in(workspace: Workspace, line: list[Segment]) -> None:
    """Keep the change sets read back, in one step with all that follows from them."""

    def take(replica: SqliteReplica, connection: Connection) -> None:
        drop_open(connection)
        replica.set_setting(LOST, b"")
        for segment in line:
            replica.add_segment(segment, _file(segment))

    _with_all_that_follows(workspace, take, "This laptop's own changes were read back")


def _with_all_that_follows(
    workspace: Workspace, work: Callable[[SqliteReplica, Connection], None], words: str
) -> None:
    def run() -> None:
        with workspace.engine() as (engine, replica, connection):
            work(replica, connection)
            engine.rebuild()
            workspace.derive(connection)
            replica.rules_settled()

    workspace.threads.write(run).result()
    workspace.notices.tell(Notice("sync", {}, words))


def drop_open(connection: Connection) -> None:
    """Forget what was being written: it stands in a change set that was signed since."""
    connection.exec_driver_sql("DELETE FROM open_operation")
    connection.exec_driver_sql("DELETE FROM open_segment")


def _file(segment: Segment) -> bytes:
    length = len(segment.header_bytes).to_bytes(4, "big")
    return MAGIC + length + segment.header_bytes + segment.signature + segment.body


def _stop(workspace: Workspace, found: list[Segment], *, took_open: bool) -> None:
    """Sign nothing more: another copy has. What it signed is taken in, so that all see it."""

    def stop(replica: SqliteReplica, connection: Connection) -> None:
        replica.set_setting(COPIED, b"1")
        now = workspace.clock.now_ms()
        ShareLog(connection).alarm("copied-laptop", workspace.about.key, now, [])
        for segment in () if took_open else found:
            if not replica.has_segment(segment.id):
                replica.add_segment(segment, _file(segment))

    _with_all_that_follows(workspace, stop, "Another copy of this laptop signed changes")
    workspace.distrust_copy()
    raise copied_laptop()


def _unobtainable(workspace: Workspace, anchor: Anchor) -> None:
    workspace.write(partial(SqliteReplica.set_setting, key=LOST, value=anchor.id))
    workspace.distrust_copy()
    raise workspace.query(older_copy_lost, workspace.about.key, anchor)


def older_copy_lost(reads: Connection, key: bytes, anchor: Anchor) -> NotPossible:
    """Return the refusal of a copy whose missing change sets nobody shows."""
    return older_copy(reads, key, anchor, lost=True)
