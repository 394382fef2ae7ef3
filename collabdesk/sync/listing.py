"""Reading what a workspace's folder holds, by names alone.

A sync cycle makes one `Listing` and asks it, in this order, for records, segments, healed
copies and join requests; each answer yields what is not yet known by name, and the caller
does `content = store.get(found.path, found.cap)` and gives the content to the engine,
which identifies it. Records come first because they say which devices are known.

An idle poll lists `o/`, four folders of each slot and the last bucket of each active
device, and reads nothing. A survey (without `newest`) lists everything of the devices.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from collabdesk.errors import NotPossible
from collabdesk.sync import blobs, join, names, records, segment
from collabdesk.sync.stores.paths import is_found_name
from collabdesk.sync.stores.port import Entries, Entry, Store

MAX_SLOTS: Final = 64
MAX_SALVAGED: Final = 64
"""Renamed copies considered in one folder, a sync."""

MAX_IN_BUCKET: Final = 1_000
MAX_NEW: Final = {"c": 500, "h": 400, "j": 100}
"""Unknown files considered a sync and slot, in rotation: a delay, never a verdict."""


class Kind(StrEnum):
    """What a file is, by where it lies or how its name ends."""

    GENESIS = "genesis"
    RECORD = "record"
    SEGMENT = "segment"
    HEALED = "healed"
    BLOB = "blob"
    JOIN = "join"


CAPS: Final[Mapping[Kind, int]] = {
    Kind.GENESIS: records.MAX_FILE,
    Kind.RECORD: records.MAX_FILE,
    Kind.SEGMENT: segment.MAX_FILE,
    Kind.HEALED: segment.MAX_FILE,
    Kind.BLOB: blobs.MAX_CHUNK,
    Kind.JOIN: join.MAX_FILE,
}
"""Bytes that a file of each kind may have."""

_BY_SUFFIX: Final = {
    names.SEGMENT: Kind.SEGMENT,
    names.RECORD: Kind.RECORD,
    names.BLOB: Kind.BLOB,
    names.JOIN: Kind.JOIN,
}

Said = names.SegmentName | str
Reads = Callable[[str], Said | None]
Known = Callable[[str], bool]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """A file nobody has read yet; a renamed copy (not `strict`) says nothing by its name.

    `path` is the store's, `slot` is "" outside `o/`, `device` is "" outside `d/`.
    """

    path: str
    slot: str
    kind: Kind
    size: int
    name_says: Said | None
    strict: bool
    device: str = ""

    @property
    def cap(self) -> int:
        """Return how many bytes a file of this kind may have."""
        return CAPS[self.kind]


@dataclass(frozen=True, slots=True)
class Newest:
    """Where the newest verified segment of a device was found."""

    slot: str
    seq: int


def workspaces(store: Store) -> list[str]:
    """Return the ws26 of every workspace in the chosen folder."""
    folders = (entry.name for entry in store.list("") if not entry.is_file)
    return sorted(ws26 for ws26 in map(names.read_workspace_folder, folders) if ws26)


def slots(store: Store, ws26: str) -> list[str]:
    """Return every slot of a workspace; more than MAX_SLOTS is a reason for alarm."""
    entries = store.list(f"{_folder(ws26)}/o")
    return sorted(e.name for e in entries if not e.is_file and names.is_slot(e.name))


@dataclass
class Listing:
    """One look at a workspace's folder.

    `known` says of a path that its content needs no reading. `homes` are the slots in which
    known devices were found: they are always read, of the others 64 at a time; `turn` is a
    number that rises with every sync and rotates what is beyond a limit. After the look,
    `left_out` says in words which folders could not be read, and `shown` which files, by
    folder and path, were there with how many bytes.
    """

    store: Store
    ws26: str
    known: Known
    homes: Collection[str] = ()
    turn: int = 0
    left_out: list[NotPossible] = field(default_factory=list)
    shown: dict[str, dict[str, int]] = field(default_factory=dict)
    _inside: dict[str, frozenset[str]] = field(default_factory=dict)
    _slots: list[str] | None = None
    _all: list[str] = field(default_factory=list)

    @property
    def slots(self) -> list[str]:
        """Return the slots read in this look; the first call lists `o/`."""
        if self._slots is None:
            self._all = slots(self.store, self.ws26)
            self._inside[f"{_folder(self.ws26)}/o"] = frozenset(self._all)
            kept = [slot for slot in self._all if slot in self.homes]
            others = [slot for slot in self._all if slot not in self.homes]
            self._slots = sorted([*kept, *_in_turn(others, MAX_SLOTS, self.turn)])
        return self._slots

    @property
    def crowded(self) -> bool:
        """Tell whether there are more slots than any alliance has."""
        return bool(self.slots) and len(self._all) > MAX_SLOTS

    def genesis(self) -> Iterator[Found]:
        """Yield what `g/` holds; not part of an idle poll."""
        folder = f"{_folder(self.ws26)}/g"
        reader = _Folder(folder, "", Kind.GENESIS, names.RECORD, _called(self.ws26))
        yield from self._read(reader, MAX_NEW["c"])

    def shows_genesis(self) -> bool:
        """Tell whether `g/` shows the file that founds this workspace; lists one folder."""
        folder = f"{_folder(self.ws26)}/g"
        self._list_files(folder)
        return self.size_at(f"{folder}/{self.ws26}.{names.RECORD}") is not None

    def records(self) -> Iterator[Found]:
        """Yield the unknown control records of every slot."""
        for slot in self.slots:
            folder = self._in(slot, "c")
            reader = _Folder(folder, slot, Kind.RECORD, names.RECORD, names.read_record_name)
            yield from self._read(reader, MAX_NEW["c"])

    def healed(self) -> Iterator[Found]:
        """Yield the unknown healed copies of every slot."""
        for slot in self.slots:
            folder = self._in(slot, "h")
            reader = _Folder(folder, slot, Kind.HEALED, names.SEGMENT, names.read_healed_name)
            yield from self._read(reader, MAX_NEW["h"])

    def joins(self, wanted: str = "") -> Iterator[Found]:
        """Yield unknown join requests; `wanted`, from the words read out, is how a name begins."""
        for slot in self.slots:
            folder = self._in(slot, "j")
            reader = _Folder(folder, slot, Kind.JOIN, names.JOIN, names.read_join_name, wanted)
            yield from self._read(reader, MAX_NEW["j"])

    def segments(
        self, devices: Collection[str], newest: Mapping[str, Newest] | None = None
    ) -> Iterator[Found]:
        """Yield the unknown segments of known devices, each named by its dev26.

        Of a device in `newest` the bucket of that number is listed, and each next one while the
        one before is full; of the others every bucket. Every slot that has the device's folder
        counts: where the newest was found may be a copy that somebody laid into another slot,
        and the device goes on in its own.
        """
        for slot in self.slots:
            for device in self._devices(slot, devices):
                place = newest.get(device) if newest else None
                if place:
                    yield from self._onward(slot, device, place.seq)
                    continue
                for number in self._found_buckets(slot, device):
                    yield from self._bucket(slot, device, number)

    def blobs(self, wanted: Iterable[bytes]) -> Iterator[Found]:
        """Yield the chunks with these hashes, and renamed copies beside them."""
        by_fan: dict[str, set[str]] = {}
        for name in map(names.hash52, wanted):
            by_fan.setdefault(name[:2], set()).add(name)
        for slot in self.slots:
            for fan, wanted_names in sorted(by_fan.items()):
                folder = self._in(slot, f"b/{fan}")
                reader = _Folder(folder, slot, Kind.BLOB, names.BLOB, _one_of(wanted_names))
                yield from self._read(reader, MAX_IN_BUCKET)

    def _in(self, slot: str, folder: str) -> str:
        return f"{_folder(self.ws26)}/o/{slot}/{folder}"

    def _list(self, folder: str) -> Entries:
        """List a folder; one that only its own trust can mend must not stop the others."""
        try:
            entries = self.store.list(folder)
        except NotPossible as refusal:
            if refusal.code != "folder-not-readable":
                raise
            self.left_out.append(refusal)
            return []
        self._inside[folder] = frozenset(e.name for e in entries if not e.is_file)
        return entries

    def _list_files(self, folder: str) -> Entries:
        entries = self._list(folder)
        if folder in self._inside:
            files = ((f"{folder}/{entry.name}", entry.size) for entry in entries if entry.is_file)
            # A file of no bytes is a placeholder: it is not here yet.
            self.shown[folder] = {path: size for path, size in files if size}
        return entries

    @property
    def folders(self) -> frozenset[str]:
        """Return the folders that were listed."""
        return frozenset(self._inside)

    def is_gone(self, folder: str) -> bool:
        """Tell whether a folder, or one it lies in, was not there to be listed."""
        parent, _, name = folder.rpartition("/")
        if parent in self._inside:
            return name not in self._inside[parent]
        return bool(parent) and self.is_gone(parent)

    def listed(self, path: str) -> bool:
        """Tell whether the folder of a file was listed in this look."""
        return path.rpartition("/")[0] in self.shown

    def size_at(self, path: str) -> int | None:
        """Return the bytes a file was listed with, or None if it was not shown."""
        return self.shown.get(path.rpartition("/")[0], {}).get(path)

    def look_into_blobs(self) -> None:
        """List every folder of chunks; part of a survey, since there may be a thousand."""
        for slot in self.slots:
            fans = self._list(self._in(slot, "b"))
            for entry in fans:
                if not entry.is_file and names.is_fan_folder(entry.name):
                    self._list_files(self._in(slot, f"b/{entry.name}"))

    def own_chain(self, slot: str, device: str, seq: int) -> Iterator[Found]:
        """Yield what the own slot holds of a device from about a number on."""
        yield from self._onward(slot, device, seq)

    def _devices(self, slot: str, devices: Collection[str]) -> list[str]:
        entries = self._list(self._in(slot, "d"))
        return sorted(e.name for e in entries if not e.is_file and e.name in devices)

    def _found_buckets(self, slot: str, device: str) -> list[int]:
        entries = self._list(self._in(slot, f"d/{device}"))
        numbers = (names.read_bucket(e.name) for e in entries if not e.is_file)
        return sorted(number for number in numbers if number is not None)

    def _onward(self, slot: str, device: str, seq: int) -> Iterator[Found]:
        number, full = seq // names.BUCKET_SIZE, _fills(seq)
        while True:
            for found in self._bucket(slot, device, number):
                said = found.name_says
                full |= isinstance(said, names.SegmentName) and _fills(said.seq)
                yield found
            if not full:
                return
            number, full = number + 1, False

    def _bucket(self, slot: str, device: str, number: int) -> Iterator[Found]:
        folder = self._in(slot, f"d/{device}/{number:06d}")
        reads = _in_bucket(number)
        reader = _Folder(folder, slot, Kind.SEGMENT, names.SEGMENT, reads, device=device)
        yield from self._read(reader, MAX_IN_BUCKET)

    def _read(self, folder: _Folder, limit: int) -> Iterator[Found]:
        entries = [e for e in self._list_files(folder.path) if e.is_file and e.size]
        new = [
            found for found in map(folder.found, entries) if found and not self.known(found.path)
        ]
        new.sort(key=lambda found: found.path)
        yield from _in_turn([found for found in new if found.strict], limit, self.turn)
        yield from _in_turn([found for found in new if not found.strict], MAX_SALVAGED, self.turn)


@dataclass(frozen=True, slots=True)
class _Folder:
    """How one folder's names are read."""

    path: str
    slot: str
    kind: Kind
    suffix: str
    reads: Reads
    begins: str = ""
    device: str = ""

    def found(self, entry: Entry) -> Found | None:
        said = self.reads(entry.name)
        if said is not None:
            wanted = entry.name.startswith(self.begins)
            return self._found(entry, self.kind, said) if wanted else None
        suffix = names.salvage_suffix(entry.name)
        if suffix is None or not is_found_name(entry.name):
            return None
        kind = self.kind if suffix == self.suffix else _BY_SUFFIX[suffix]
        return self._found(entry, kind, None)

    def _found(self, entry: Entry, kind: Kind, said: Said | None) -> Found:
        path = f"{self.path}/{entry.name}"
        return Found(path, self.slot, kind, entry.size, said, said is not None, self.device)


def _folder(ws26: str) -> str:
    folder = f"cd1-{ws26}"
    if names.read_workspace_folder(folder) is None:
        message = f"not a workspace: {ws26!r}"
        raise ValueError(message)
    return folder


def _fills(seq: int) -> bool:
    """Tell whether a number is the last of its bucket."""
    return (seq + 1) % names.BUCKET_SIZE == 0


def _in_bucket(number: int) -> Reads:
    def reads(name: str) -> Said | None:
        said = names.read_segment_name(name)
        return said if said and said.seq // names.BUCKET_SIZE == number else None

    return reads


def _called(wanted: str) -> Reads:
    """Know one record's name: any number of files beside it cannot hide it."""

    def reads(name: str) -> Said | None:
        return wanted if names.read_record_name(name) == wanted else None

    return reads


def _one_of(wanted: Collection[str]) -> Reads:
    def reads(name: str) -> Said | None:
        said = names.read_blob_name(name)
        return said if said in wanted else None

    return reads


def _in_turn(things: list[T], limit: int, turn: int) -> list[T]:
    if len(things) <= limit:
        return things
    start = turn * limit % len(things)
    return (things[start:] + things[:start])[:limit]
