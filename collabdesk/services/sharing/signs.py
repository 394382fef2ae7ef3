"""What change sets say beside their changes: beacons, heeded records, what they name.

A beacon is compared at the moment when this laptop holds exactly what its author held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from collabdesk.services.sharing.noticing import keep
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.state import control_head, state_root
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import HeardBeacon, NamedAbsent, ShareLog
from collabdesk.sync import names
from collabdesk.sync.chain import nearest
from collabdesk.sync.codec import Malformed
from collabdesk.sync.hashing import Z
from collabdesk.sync.registry import REGISTRY_VERSION, kinds
from collabdesk.sync.segment import Body, Segment, open_body, read, verify

SAME: Final = "same"
STATE: Final = "state"
CONTROL: Final = "control"
NOT_COMPARED: Final = ""

_FEW: Final = 4
"""Operations of a change set that may be a beacon's: a beacon is sealed by itself."""


def fronts(workspace: Workspace, segments: Sequence[Segment]) -> list[int]:
    """Return at which of these, in order, this laptop will hold just what a beacon's author did."""
    known = workspace.book.known_keys
    if not any(_may_be_beacon(segment) for segment in segments):
        return []
    with workspace.database.read() as reads:
        replica = SqliteReplica(reads)
        if replica.open_segment() is not None:
            return []
        return [at for at in _fronts(replica, segments) if segments[at].header.dev in known]


def _fronts(replica: SqliteReplica, segments: Sequence[Segment]) -> Iterator[int]:
    heads = {dev: seq for dev, seq, _ in replica.heads()}
    pasts: dict[bytes, Mapping[bytes, int]] = {}
    for at, segment in enumerate(segments):
        if replica.log.link(segment.id) is not None:
            continue
        past = _past(replica, pasts, segment)
        if past is None:
            continue
        if past == heads and _is_beacon(segment):
            yield at
        dev = names.dev16(segment.header.dev)
        pasts[segment.id] = {**past, dev: segment.header.seq}
        heads[dev] = max(segment.header.seq, heads.get(dev, 0))


def _past(
    replica: SqliteReplica, pasts: Mapping[bytes, Mapping[bytes, int]], segment: Segment
) -> dict[bytes, int] | None:
    """Return everything before a change set, or None if some of it is not here."""
    past: dict[bytes, int] = {}
    for ancestor in nearest(segment.header):
        known = pasts.get(ancestor)
        if known is None:
            link = replica.log.link(ancestor)
            if link is None:
                return None
            known = {**link.past, link.dev16: link.seq}
        for dev, seq in known.items():
            past[dev] = max(seq, past.get(dev, 0))
    return past


def compare(workspace: Workspace, segment: Segment) -> None:
    """Compare a beacon with what this laptop holds, which is what its author held."""
    found = _beacon_in(segment)
    if found is None or segment.header.schema != REGISTRY_VERSION:
        return
    idx, state, control = found
    with workspace.database.read() as reads:
        same_control = control == control_head(reads, workspace.book)
        result = CONTROL if not same_control else SAME
        if same_control and state != state_root(reads):
            result = STATE
        beacon = _heard(workspace, reads, segment, (idx, state, control), result)
    keep(workspace, lambda log, _: log.add_beacon(beacon))


def note(workspace: Workspace, came: Sequence[Segment], waited: frozenset[bytes]) -> None:
    """Keep what change sets that came, and those that had waited for them, say and name."""
    if not came:
        return
    now = workspace.clock.now_ms()

    def write(log: ShareLog, replica: SqliteReplica) -> None:
        for segment in came:
            _note_names(log, segment, now)
            log.hear(names.dev16(segment.header.dev), segment.header.seq, now)
        log.drop_arrived()
        freed = waited - log.waiting()
        for segment in (*came, *_files(replica, freed)):
            _note_signs(workspace, log, segment)

    keep(workspace, write)


def note_own(workspace: Workspace, log: ShareLog, file: bytes) -> None:
    """Keep what a change set of this laptop's own lists."""
    _note_signs(workspace, log, read(file))


def _note_names(log: ShareLog, segment: Segment, now: int) -> None:
    header = segment.header
    dev = names.dev16(header.dev)
    named: list[tuple[bytes, str, bytes, int]] = [
        (parent_id, "segment", parent, seq) for parent, seq, parent_id in header.parents
    ]
    if header.prev != Z:
        named.append((header.prev, "segment", dev, header.seq - 1))
    named += [(header.epoch[1], "epoch", dev, header.epoch[0])]
    named += [(header.roster[1], "roster", dev, header.roster[0])]
    for content, kind, device, seq in named:
        if not log.holds(content):
            log.name(NamedAbsent(content, kind, device, seq, now))


def _note_signs(workspace: Workspace, log: ShareLog, segment: Segment) -> None:
    found = log.signs_in(segment.id)
    if not found:
        return
    body, dev = open_body(segment), names.dev16(segment.header.dev)
    for idx, kind in found:
        if kind == kinds.HEED:
            heeded = _heeded(body, idx)
            log.heed(heeded, dev, segment.header.seq)
            for record in heeded:
                if not log.holds(record):
                    now = workspace.clock.now_ms()
                    log.name(NamedAbsent(record, "record", dev, segment.header.seq, now))
        elif not any(one.seq == segment.header.seq for one in log.beacons_of(dev)):
            state, control = _roots(body, idx)
            said = (idx, state, control)
            heard = _heard(workspace, log.connection, segment, said, NOT_COMPARED)
            log.add_beacon(heard)


def _heard(
    workspace: Workspace,
    reads: Connection,
    segment: Segment,
    said: tuple[int, bytes, bytes],
    found: str,
) -> HeardBeacon:
    header = segment.header
    return HeardBeacon(
        names.dev16(header.dev),
        header.seq,
        said[0],
        segment.id,
        header.wall_ms,
        workspace.clock.now_ms(),
        _own_wall(reads, names.dev16(workspace.about.key), segment),
        said[1],
        said[2],
        found,
    )


def _own_wall(reads: Connection, own: bytes, segment: Segment) -> int | None:
    """Return what the own clock said of the newest own change set in a beacon's past."""
    past = _past(SqliteReplica(reads), {}, segment) or {}
    query = "SELECT wall_ms FROM segment WHERE dev16 = ? AND seq = ?"
    found = reads.exec_driver_sql(query, (own, past.get(own, 0))).first()
    return int(found[0]) if found else None


def _is_beacon(segment: Segment) -> bool:
    return _may_be_beacon(segment) and verify(segment) and _beacon_in(segment) is not None


def _may_be_beacon(segment: Segment) -> bool:
    return 0 < segment.header.n_ops <= _FEW and segment.header.enc_key_id is None


def _beacon_in(segment: Segment) -> tuple[int, bytes, bytes] | None:
    try:
        body = open_body(segment)
    except Malformed:
        return None
    for idx, op in enumerate(body.ops):
        if op[0] == kinds.BEACON and len(op) == 4:  # noqa: PLR2004 - kind, min and two roots
            return (idx, *_roots(body, idx))
    return None


def _roots(body: Body, idx: int) -> tuple[bytes, bytes]:
    _, _, state, control = body.ops[idx]
    return _bytes(state), _bytes(control)


def _heeded(body: Body, idx: int) -> list[bytes]:
    listed = body.ops[idx][2]
    return [_bytes(record) for record in listed] if isinstance(listed, list) else []


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _files(replica: SqliteReplica, ids: Iterable[bytes]) -> Iterator[Segment]:
    for segment_id in ids:
        file = replica.segment_file(segment_id)
        if file is not None:
            yield read(file)
