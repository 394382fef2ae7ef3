"""Checking the shared folder against what this laptop holds: every file read back and compared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from collabdesk.errors import NotPossible
from collabdesk.sync import join, names, records, segment
from collabdesk.sync.codec import Malformed
from collabdesk.sync.hashing import sha256
from collabdesk.sync.listing import CAPS, Kind, slots
from collabdesk.sync.stores.port import Entry, Store, TooLarge

_ANOTHERS: Final = "its content is not the one its name states."
_UNSIGNED: Final = "its signature fails."


@dataclass(slots=True)
class FolderCheck:
    """What stands in the shared folder: sound files by what they are, and what is wrong."""

    files: int = 0
    faults: list[str] = field(default_factory=list)
    here: set[str] = field(default_factory=set)
    """Segments by id26, records by file26, chunks by hash52; damaged and unread ones too."""


def check_folder(store: Store, ws26: str, cancelled: Callable[[], bool]) -> FolderCheck:
    """Read every file of a workspace back; NotPossible where the folder is out of reach."""
    check, root = FolderCheck(), f"cd1-{ws26}"
    for folder, kind in _folders(store, root, ws26):
        for entry in store.list(folder):
            if cancelled():
                return check
            said = _NAMES[kind](entry.name) if entry.is_file else None
            if said is not None:
                _check(store, f"{folder}/{entry.name}", kind, said, check)
            elif entry.is_file and entry.size and names.salvage_suffix(entry.name):
                _check_renamed(store, f"{folder}/{entry.name}", kind, check)
    return check


def missing(check: FolderCheck, wanted: Mapping[str, str]) -> list[str]:
    """Return the words of what is wanted, by name, and is not in the folder."""
    return [words for name, words in wanted.items() if name not in check.here]


def _folders(store: Store, root: str, ws26: str) -> Iterator[tuple[str, Kind]]:
    yield f"{root}/g", Kind.GENESIS
    for slot in slots(store, ws26):
        place = f"{root}/o/{slot}"
        yield f"{place}/c", Kind.RECORD
        yield f"{place}/h", Kind.HEALED
        yield f"{place}/j", Kind.JOIN
        for fan in _below(store, f"{place}/b", names.is_fan_folder):
            yield fan, Kind.BLOB
        for device in _below(store, f"{place}/d", names.is_device_folder):
            for bucket in _below(store, device, lambda name: names.read_bucket(name) is not None):
                yield bucket, Kind.SEGMENT


def _below(store: Store, folder: str, wanted: Callable[[str], bool]) -> list[str]:
    found: Collection[Entry] = store.list(folder)
    return sorted(f"{folder}/{e.name}" for e in found if not e.is_file and wanted(e.name))


def _segment_id(name: str) -> str | None:
    said = names.read_segment_name(name)
    return said.id26 if said else None


_NAMES: Final[Mapping[Kind, Callable[[str], str | None]]] = {
    Kind.GENESIS: names.read_record_name,
    Kind.RECORD: names.read_record_name,
    Kind.SEGMENT: _segment_id,
    Kind.HEALED: names.read_healed_name,
    Kind.BLOB: names.read_blob_name,
    Kind.JOIN: names.read_join_name,
}


def _check(store: Store, path: str, kind: Kind, said: str, check: FolderCheck) -> None:
    check.here.add(said)
    try:
        content = store.get(path, CAPS[kind])
        if content:
            check.files += 1
            fault = _FAULTS[kind](content, path, said)
        else:
            fault = ""  # Empty or gone between two looks: it is not here yet.
    except (Malformed, TooLarge) as error:
        fault = error.words
    except NotPossible as error:
        if error.code == "share-not-found":
            raise
        fault = error.words
    if fault:
        check.faults.append(f"{path} in the shared folder: {fault}")


def _check_renamed(store: Store, path: str, kind: Kind, check: FolderCheck) -> None:
    """Know a change set that a sync program renamed; what else has such a name is no fault."""
    if kind not in (Kind.SEGMENT, Kind.HEALED):
        return
    try:
        content = store.get(path, CAPS[kind])
        if content:
            check.here.add(names.id26(segment.read(content).id))
    except (Malformed, TooLarge):
        return


def _segment_fault(content: bytes, path: str, said: str) -> str:
    read = segment.read(content)
    *_, device, _, name = path.split("/")
    stated = names.read_segment_name(name)
    if names.id26(read.id) != said:
        return _ANOTHERS
    if stated and (stated.seq, device) != (read.header.seq, names.dev26(read.header.dev)):
        return _ANOTHERS
    return "" if segment.verify(read) else _UNSIGNED


def _genesis_fault(content: bytes, _: str, said: str) -> str:
    file = records.read_file(content)
    if names.ws26(records.record_id(file.record_bytes)) != said:
        return _ANOTHERS
    return _signatures_fault(file)


def _record_fault(content: bytes, _: str, said: str) -> str:
    if names.file26(content) != said:
        return _ANOTHERS
    return _signatures_fault(records.read_file(content))


def _signatures_fault(file: records.RecordFile) -> str:
    whole = len(records.valid_signers(file)) == len(file.signatures)
    return "" if whole else _UNSIGNED


def _blob_fault(content: bytes, _: str, said: str) -> str:
    return "" if names.hash52(sha256(content)) == said else _ANOTHERS


def _join_fault(content: bytes, _: str, said: str) -> str:
    return "" if names.dev26(join.read_join(content).key) == said else _ANOTHERS


_FAULTS: Final[Mapping[Kind, Callable[[bytes, str, str], str]]] = {
    Kind.GENESIS: _genesis_fault,
    Kind.RECORD: _record_fault,
    Kind.SEGMENT: _segment_fault,
    Kind.HEALED: _segment_fault,
    Kind.BLOB: _blob_fault,
    Kind.JOIN: _join_fault,
}
