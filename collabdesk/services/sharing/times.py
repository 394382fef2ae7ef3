"""Times are labels by their authors' clocks: which of them are doubtful."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from typing import Final

from sqlalchemy import Connection

from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import HeardBeacon, ShareLog
from collabdesk.sync.chain import nearest
from collabdesk.sync.segment import read

EARLIER_MS: Final = 5 * 60 * 1000
LATER_MS: Final = 24 * 3600 * 1000


def is_doubtful(reads: Connection, segment_id: bytes) -> bool:
    """Tell whether the time a change set bears can hardly be when it was made.

    It lies before what it had seen, or a day after others' laptops said they had it. Nothing
    is decided by it: the time is shown, marked as doubtful.
    """
    replica = SqliteReplica(reads)
    file, link = replica.segment_file(segment_id), replica.log.link(segment_id)
    if file is None or link is None:
        return False
    header = read(file).header
    seen = [wall for ancestor in nearest(header) if (wall := _wall(replica, ancestor)) is not None]
    if seen and header.wall_ms < max(seen) - EARLIER_MS:
        return True
    had = _first_that_had(ShareLog(reads), replica, link.dev16, link.seq)
    return bool(had) and header.wall_ms > statistics.median(had) + LATER_MS


def _wall(replica: SqliteReplica, segment_id: bytes) -> int | None:
    file = replica.segment_file(segment_id)
    return read(file).header.wall_ms if file else None


def _first_that_had(log: ShareLog, replica: SqliteReplica, dev: bytes, seq: int) -> list[int]:
    """Return when the first beacon of each other laptop that had a change set was made."""
    found = []
    for device in log.beacon_devices():
        beacons = log.beacons_of(device) if device != dev else []
        at = bisect_left(beacons, seq, key=lambda beacon: _had(replica, beacon, dev))
        if at < len(beacons):
            found.append(beacons[at].wall_ms)
    return found


def _had(replica: SqliteReplica, beacon: HeardBeacon, dev: bytes) -> int:
    link = replica.log.link(beacon.segment)
    return link.past.get(dev, 0) if link else 0
