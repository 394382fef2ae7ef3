"""Times are labels by their authors' clocks: which of them are doubtful."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Mapping, Sequence
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
    return Doubts(reads).of(segment_id)


class Doubts:
    """Which times of change sets are doubtful, over one connection; each is looked up once."""

    def __init__(self, reads: Connection) -> None:
        """Read on a connection."""
        self._log, self._replica = ShareLog(reads), SqliteReplica(reads)
        self._known: dict[bytes, bool] = {b"": False}
        self._beacons: dict[bytes, list[HeardBeacon]] = {}

    def of(self, segment_id: bytes) -> bool:
        """Tell whether a change set's time is doubtful; one not sealed yet never is."""
        if segment_id not in self._known:
            self._known[segment_id] = self._is(segment_id)
        return self._known[segment_id]

    def _is(self, segment_id: bytes) -> bool:
        file = self._replica.segment_file(segment_id)
        link = self._replica.log.link(segment_id)
        if file is None or link is None:
            return False
        header = read(file).header
        walls = (self._wall(ancestor) for ancestor in nearest(header))
        seen = [wall for wall in walls if wall is not None]
        if seen and header.wall_ms < max(seen) - EARLIER_MS:
            return True
        had = self._first_that_had(link.dev16, link.seq)
        return bool(had) and header.wall_ms > statistics.median(had) + LATER_MS

    def _wall(self, segment_id: bytes) -> int | None:
        file = self._replica.segment_file(segment_id)
        return read(file).header.wall_ms if file else None

    def _first_that_had(self, dev: bytes, seq: int) -> list[int]:
        """Return when the first beacon of each other laptop that had a change set was made.

        A laptop whose own clock was set back by then is no witness.
        """
        found = []
        for device, beacons in self._heard().items():
            if device == dev:
                continue
            at = bisect_left(beacons, seq, key=lambda beacon: self._had(beacon, dev))
            if at < len(beacons) and not _set_back(beacons[: at + 1]):
                found.append(beacons[at].wall_ms)
        return found

    def _heard(self) -> Mapping[bytes, list[HeardBeacon]]:
        if not self._beacons:
            devices = self._log.beacon_devices()
            self._beacons = {device: self._log.beacons_of(device) for device in devices}
        return self._beacons

    def _had(self, beacon: HeardBeacon, dev: bytes) -> int:
        link = self._replica.log.link(beacon.segment)
        return link.past.get(dev, 0) if link else 0


def _set_back(beacons: Sequence[HeardBeacon]) -> bool:
    """Tell whether a laptop's newest beacon bears a time before that of an earlier one."""
    *before, last = beacons
    return any(last.wall_ms < beacon.wall_ms - EARLIER_MS for beacon in before)
