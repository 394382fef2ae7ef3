"""Every sealed entry that stands: who can open it, who may read it, and who waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.errors import CollabDeskError
from collabdesk.services.sealed.concerns import Readership
from collabdesk.storage.queries.authors import Authors
from collabdesk.storage.queries.sealed import SealedCell, granted, sealed_cells
from collabdesk.sync import sealed
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.codec import Malformed
from collabdesk.sync.operations import Dot
from collabdesk.sync.readership import recovery_keys
from collabdesk.sync.registry.model import ReadClass


@dataclass(frozen=True, slots=True)
class Entry:
    """What one operation sealed under one key in one row; `cells` are its live values.

    `holders` have a box, theirs since the beginning or granted later; `readers` (short name
    to sealing key) may read it now.
    """

    dot: Dot
    read: ReadClass
    cells: tuple[SealedCell, ...]
    holders: frozenset[bytes]
    readers: Mapping[bytes, bytes | None]

    @property
    def waiting(self) -> dict[bytes, bytes]:
        """Those who may read it, have a key to be let in by, and hold no box of it."""
        return {
            short: key
            for short, key in self.readers.items()
            if key is not None and short not in self.holders
        }


def entries(reads: Connection, book: Rulebook) -> Iterator[Entry]:
    """Return every entry that stands, by table and row."""
    later, authors = granted(reads), Authors(reads)
    readership = Readership(reads, book)
    for (dot, _), group in _grouped(reads).items():
        first, read = group.cells[0], group.read
        readers = _readers(readership, first, read)
        whose = authors.of(dot).organisation
        if whose is not None:
            readers.update(recovery_keys(book, whose))
        holders = group.boxed | later.get(dot, frozenset())
        yield Entry(dot, read, tuple(group.cells), holders, readers)


@dataclass(slots=True)
class _Group:
    """Values under one key, and those who have a box in every one of them."""

    cells: list[SealedCell]
    boxed: frozenset[bytes]

    @property
    def read(self) -> ReadClass:
        first = self.cells[0]
        return first.table.sealed[first.column.number]


def _grouped(reads: Connection) -> dict[tuple[Dot, bytes], _Group]:
    found: dict[tuple[Dot, bytes], _Group] = {}
    for one in sealed_cells(reads):
        try:
            parts = sealed.read_sealed(one.content)
        except Malformed:
            continue
        boxed = frozenset(parts.boxes)
        group = found.setdefault((one.dot, parts.key_hash), _Group([], boxed))
        group.cells.append(one)
        group.boxed &= boxed
    return found


def _readers(readership: Readership, one: SealedCell, read: ReadClass) -> dict[bytes, bytes | None]:
    try:
        found = readership.of(read, one.table, one.at)
    except CollabDeskError:
        return {}
    return {short: reader.seal_key for short, reader in found.items()}
