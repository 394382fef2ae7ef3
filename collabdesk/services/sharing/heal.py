"""Keeping the folder whole: what is missing or damaged there is put back from this laptop.

Own files go back to their place at once. Another trust's go into this trust's slot, once
they have been missing for the grace the policy sets, so that one copy normally suffices.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import Connection

from collabdesk.services.sharing.publish import root_of
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names, records
from collabdesk.sync.codec import Malformed
from collabdesk.sync.stores.port import Store, TooLarge

AT_A_TIME: Final = 64
_LARGEST: Final = records.MAX_FILE + (8 << 20)


def heal(  # noqa: PLR0913 - a look has that many sides
    workspace: Workspace,
    store: Store,
    report: SyncReport,
    *,
    turn: int,
    grace_ms: int,
    cancelled: Callable[[], bool],
) -> None:
    """Read some of what this laptop holds back from the folder, and mend what is not there."""
    healing = _Healing(workspace, store, report, grace_ms)
    for segment_id, dev, seq, file in workspace.query(_segments, turn):
        if cancelled():
            return
        healing.segment(segment_id, dev, seq, file)
    for chunk_hash, content in workspace.query(_blobs, turn):
        if cancelled():
            return
        healing.blob(chunk_hash, content)
    healing.records()


class _Healing:
    def __init__(
        self, workspace: Workspace, store: Store, report: SyncReport, grace_ms: int
    ) -> None:
        self.workspace = workspace
        self.store = store
        self.report = report
        self.grace_ms = grace_ms
        self.root = root_of(workspace)
        self.slot = workspace.about.slot

    def segment(self, segment_id: bytes, dev: bytes, seq: int, file: bytes) -> None:
        key = self.workspace.about.key
        if dev == names.dev16(key):
            self._own(names.segment_path(self.slot, key, seq, segment_id), file)
            return
        name = names.id26(segment_id)
        places = self.workspace.query(_paths, segment_id)
        self._others(name, places, file, names.healed_path(self.slot, segment_id))

    def blob(self, chunk_hash: bytes, content: bytes) -> None:
        own = names.blob_path(self.slot, chunk_hash)
        places = self.workspace.query(_paths, chunk_hash)
        self._others(names.hash52(chunk_hash), places, content, own)

    def records(self) -> None:
        for file in self.workspace.query(_records):
            rid = records.record_id(file.record_bytes)
            if rid == self.workspace.about.workspace and self._is_founder():
                self._own(names.genesis_path(rid), records.write_file(file))
                continue
            genesis = f"{self.root}/{names.genesis_path(rid)}"
            places = [genesis, *self.workspace.query(_paths, rid)]
            united = records.write_file(file)
            into = names.record_path(self.slot, united)
            self._mend(rid.hex(), places, (into, united), partial(_same_record, file))

    def _is_founder(self) -> bool:
        return self.workspace.join_request() is None

    def _own(self, path: str, file: bytes) -> None:
        if self._get(f"{self.root}/{path}", len(file)) != file:
            self._put(path, file, self.report.put_back)

    def _others(self, name: str, places: list[str], file: bytes, into: str) -> None:
        self._mend(name, places, (into, file), lambda content: content == file)

    def _mend(
        self, name: str, places: list[str], copy: tuple[str, bytes], good: Callable[[bytes], bool]
    ) -> None:
        """Keep one good copy somewhere, and none that is damaged in one's own slot."""
        into, file = copy
        present = self._get(f"{self.root}/{into}", _LARGEST)
        if present is not None and not good(present):
            self._put(into, file, self.report.put_back)
        if present is not None or self._any_good(places, good):
            self.workspace.write(partial(SqliteReplica.found_again, name=name))
        elif self._long_enough(name):
            self._put(into, file, self.report.healed)

    def _any_good(self, places: list[str], good: Callable[[bytes], bool]) -> bool:
        for place in dict.fromkeys(places):
            content = self._get(place, _LARGEST)
            if content is not None and good(content):
                return True
        return False

    def _long_enough(self, name: str) -> bool:
        now = self.workspace.clock.now_ms()
        since = self.workspace.write(lambda replica: replica.missing_since(name, now))
        return now - since >= self.grace_ms

    def _get(self, path: str, limit: int) -> bytes | None:
        try:
            return self.store.get(path, limit)
        except TooLarge:
            return None

    def _put(self, path: str, file: bytes, told: list[str]) -> None:
        self.store.put_new(f"{self.root}/{path}", file)
        told.append(f"{self.root}/{path}")


def _same_record(file: records.RecordFile, content: bytes) -> bool:
    try:
        found = records.read_file(content)
    except Malformed:
        return False
    return found.record_bytes == file.record_bytes


def _segments(reads: Connection, turn: int) -> list[tuple[bytes, bytes, int, bytes]]:
    return SqliteReplica(reads).segments_from(turn, AT_A_TIME)


def _blobs(reads: Connection, turn: int) -> list[tuple[bytes, bytes]]:
    return SqliteReplica(reads).blobs_from(turn, AT_A_TIME)


def _paths(reads: Connection, content_id: bytes) -> list[str]:
    return SqliteReplica(reads).paths_of(content_id)


def _records(reads: Connection) -> list[records.RecordFile]:
    return SqliteReplica(reads).record_files()
