"""The good bytes this laptop holds of a file of the folder, and where they belong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from collabdesk.services.about import About
from collabdesk.services.sharing.publishable import publishable
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import names, records, segment
from collabdesk.sync.codec import Malformed


@dataclass(frozen=True, slots=True)
class Copy:
    """Bytes held, by the id of what they are.

    `home` is where this laptop itself published it and "" if it did not; `elsewhere` is
    where anybody may put it back in the own slot. `head_of` names the laptop (and number)
    whose newest change set it is.
    """

    content: bytes
    name: str
    file: bytes
    home: str
    elsewhere: str
    is_good: Callable[[bytes], bool]
    is_record: bool = False
    head_of: tuple[bytes, int] | None = None


def held_copy(reads: Connection, about: About, content: bytes) -> Copy | None:
    """Return the copy of a change set, chunk or record, or None if it is not held."""
    query = "SELECT dev16, seq, file FROM segment WHERE id = ?"
    found = reads.exec_driver_sql(query, (content,)).first()
    if found is not None:
        return _segment(reads, about, content, tuple(found))
    chunk = SqliteReplica(reads).blob(content)
    if chunk is not None:
        path = names.blob_path(about.slot, content)
        return Copy(content, names.hash52(content), chunk, "", path, chunk.__eq__)
    return _record(reads, about, content)


def named_copy(reads: Connection, about: About, path: str) -> Copy | None:
    """Return the copy of the file that a name, as we would give it, claims to be."""
    folder, _, name = path.rpartition("/")
    said = names.read_segment_name(name)
    id26 = said.id26 if said else names.read_healed_name(name)
    if id26 is not None:
        found = ShareLog(reads).segment_like(id26)
        return held_copy(reads, about, found) if found else None
    if names.read_blob_name(name) is not None:
        return held_copy(reads, about, names.hash_of(names.read_blob_name(name) or ""))
    file26 = names.read_record_name(name)
    if file26 is None:
        return None
    if folder.endswith("/g"):
        return held_copy(reads, about, about.workspace)
    copies = (_record(reads, about, rid) for (rid,) in reads.exec_driver_sql(_RECORD_IDS))
    return next((copy for copy in copies if copy and file26 == names.file26(copy.file)), None)


def content_named(reads: Connection, name: str) -> bytes | None:
    """Return the id of what a copy's name stands for."""
    by_length: Mapping[int, Callable[[str], bytes | None]] = {
        26: ShareLog(reads).segment_like,
        52: names.hash_of,
        64: bytes.fromhex,
    }
    read = by_length.get(len(name))
    return read(name) if read else None


_RECORD_IDS = "SELECT id FROM record ORDER BY id"


def _segment(
    reads: Connection, about: About, content: bytes, found: tuple[bytes, int, bytes]
) -> Copy:
    dev, seq, file = found
    mine = dev == names.dev16(about.key)
    query = "SELECT 1 FROM greatest_head WHERE dev16 = ? AND id = ?"
    is_head = reads.exec_driver_sql(query, (dev, content)).first() is not None
    return Copy(
        content,
        names.id26(content),
        file,
        names.segment_path(about.slot, about.key, seq, content) if mine else "",
        names.healed_path(about.slot, content),
        partial(_is_segment, content),
        head_of=(dev, seq) if is_head else None,
    )


def _is_segment(content_id: bytes, content: bytes) -> bool:
    try:
        found = segment.read(content)
    except Malformed:
        return False
    return found.id == content_id and segment.verify(found)


def _record(reads: Connection, about: About, content: bytes) -> Copy | None:
    file = ShareLog(reads).record_file(content)
    if file is None:
        return None
    united = publishable(file, SqliteReplica(reads))
    founder = content == about.workspace and SqliteReplica(reads).setting("join_request") is None
    return Copy(
        content,
        content.hex(),
        united,
        names.genesis_path(content) if founder else "",
        names.record_path(about.slot, united),
        partial(_is_record, file.record_bytes),
        is_record=True,
    )


def _is_record(record_bytes: bytes, content: bytes) -> bool:
    try:
        found = records.read_file(content)
    except Malformed:
        return False
    # One damaged signature gives the file another name: a newcomer would not take it in.
    whole = len(records.valid_signers(found)) == len(found.signatures)
    return whole and found.record_bytes == record_bytes
