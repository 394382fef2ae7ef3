"""A membership record as it goes into the folder: no more signatures than a file may bear."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import records
from collabdesk.sync.records import Epoch, Genesis, RecordFile


def publishable(file: RecordFile, replica: SqliteReplica) -> bytes:
    """Return a record's file; of too many signatures, those of administrators come first.

    Anybody can sign anything, so a stranger's signatures must not keep a record from being
    put back.
    """
    if len(file.signatures) > records.MAX_SIGNATURES:
        file = _cut(file, _administrators(replica))
    return records.write_file(file)


def _cut(file: RecordFile, known: AbstractSet[bytes]) -> RecordFile:
    ranked = sorted(file.signatures, key=lambda pair: (pair[0] not in known, pair[0]))
    return RecordFile(file.record_bytes, tuple(sorted(ranked[: records.MAX_SIGNATURES])))


def _administrators(replica: SqliteReplica) -> frozenset[bytes]:
    """Return every key that a membership held, adopted or not, names as an administrator's."""
    keys: set[bytes] = set()
    for file in replica.record_files():
        record = records.read_record(file.record_bytes)
        epoch = record.epoch if isinstance(record, Genesis) else record
        if isinstance(epoch, Epoch):
            keys.update(key for entry in epoch.orgs for key in entry.admins)
    return frozenset(keys)
