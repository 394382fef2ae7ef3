"""Sealed values opened when they are asked for, in memory alone.

Nothing opened is ever written down: the database holds ciphertext, and the key that opens
it lies in the key store. A copy of the database without that key tells nobody anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from nacl.public import PrivateKey
from sqlalchemy import Connection

from collabdesk.domain.changes import Cell
from collabdesk.errors import CollabDeskError
from collabdesk.services.control.naming import Names
from collabdesk.services.sealed.concerns import Readership
from collabdesk.services.sealed.sealing import may_stand
from collabdesk.storage.queries.authors import Author, Authors, cell
from collabdesk.storage.queries.sealed import SealedCell, boxes_for, sealed_cells
from collabdesk.storage.tables.projections import shown
from collabdesk.sync import sealed
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.codec import Malformed
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import Dot, Value
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Table


class Standing(Enum):
    """How a restricted cell stands on this laptop."""

    OPEN = "open"
    SEALED = "sealed for others"
    WAITING = "waits for a reader to let this laptop in"
    BROKEN = "cannot be opened"


@dataclass(frozen=True, slots=True)
class Opened:
    """One live value of a restricted cell; `words` stand where the value cannot be shown."""

    standing: Standing
    value: Cell
    words: str
    author: Author


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A row of a restricted table: its open cells, and the live values of its restricted ones.

    Of several values in a cell the one a screen shows comes first. An empty cell is absent.
    """

    row: bytes
    scope: bytes
    cells: Mapping[str, Cell]
    opened: Mapping[str, tuple[Opened, ...]]

    def value(self, column: str) -> Cell:
        """Return the value shown of a restricted cell; None where there is none to show."""
        found = self.opened.get(column, ())
        return found[0].value if found else None


class Opener:
    """Opens what this laptop may read; `unlock` fetches its sealing key from the key store."""

    def __init__(self, book: Rulebook, key: bytes, unlock: Callable[[], PrivateKey]) -> None:
        """Open as the laptop of a key, under the rules in force."""
        self._book = book
        self._dev16 = dev16(key)
        self._unlock = unlock

    def cell(self, reads: Connection, table: str, row: bytes, column: str) -> tuple[Opened, ...]:
        """Return the live values of one restricted cell, the one shown first."""
        rows = self.rows(reads, table, row)
        return rows[0].opened.get(column, ()) if rows else ()

    def rows(self, reads: Connection, table: str, row: bytes | None = None) -> list[OpenedRow]:
        """Return the rows of a restricted table that have a sealed value, or one of them."""
        declared = REGISTRY.table_names[table]
        opening = _Opening(reads, self._book, self._dev16, self._unlock)
        found: dict[bytes, list[SealedCell]] = {}
        for one in sealed_cells(reads, (declared,), row):
            found.setdefault(one.row, []).append(one)
        return [opening.row(declared, cells) for cells in found.values()]


class _Opening:
    """One reading: what was granted, who is who and who may read are looked up once."""

    def __init__(
        self,
        reads: Connection,
        book: Rulebook,
        reader: bytes,
        unlock: Callable[[], PrivateKey],
    ) -> None:
        self._ws = book.workspace
        self._reader = reader
        self._unlock = unlock
        self._boxes: Mapping[Dot, Sequence[bytes]] = boxes_for(reads, reader)
        self._book = book
        self._names = Names(book)
        self._readership = Readership(reads, book)
        self._authors = Authors(reads)

    def row(self, table: Table, cells: Sequence[SealedCell]) -> OpenedRow:
        """Return one row from its sealed values."""
        at = cells[0].at
        opened: dict[str, list[Opened]] = {}
        for one in sorted(cells, key=lambda c: (c.lamport, c.dot[0], c.dot[2]), reverse=True):
            opened.setdefault(one.column.name, []).append(self._opened(one))
        return OpenedRow(
            cells[0].row,
            at.scope if isinstance(at.scope, bytes) else b"",
            {
                table.by_number[n].name: shown(table.by_number[n], value)
                for n, value in at.cells.items()
            },
            {name: tuple(found) for name, found in opened.items()},
        )

    def _opened(self, one: SealedCell) -> Opened:
        author = self._authors.of(one.dot)
        try:
            holders = sealed.read_sealed(one.content).boxes
        except Malformed:
            return self._broken(author)
        boxes = self._boxes.get(one.dot, ())
        if self._reader not in holders and not boxes:
            return self._closed(one, author)
        try:
            value = self._value(one, boxes)
        except CollabDeskError as fault:
            return self._broken(author, fault)
        return Opened(Standing.OPEN, cell(one.column, value), "", author)

    def _value(self, one: SealedCell, boxes: Sequence[bytes]) -> Value:
        value = sealed.open_sealed(
            one.content,
            sealed.Item(self._ws, one.table.number, one.dot[0]),
            one.column.number,
            dev16=self._reader,
            private_key=self._unlock(),
            granted=boxes,
        )
        if isinstance(value, list) or not may_stand(one.column, value):
            raise Malformed("type", "This value")
        return value

    def _closed(self, one: SealedCell, author: Author) -> Opened:
        read = one.table.sealed[one.column.number]
        words = f"Sealed for {read.words}."
        if not self._may_read(one):
            return Opened(Standing.SEALED, None, words, author)
        more = " Nobody who can read it has let this laptop in yet."
        return Opened(Standing.WAITING, None, words + more, author)

    def _may_read(self, one: SealedCell) -> bool:
        read = one.table.sealed[one.column.number]
        try:
            return self._reader in self._readership.of(read, one.table, one.at)
        except CollabDeskError:
            return False

    def _broken(self, author: Author, fault: CollabDeskError | None = None) -> Opened:
        key = self._book.known_devices.get(author.device)
        who = self._names.signer(key) if key else "a laptop not known here"
        if fault is not None and fault.code == "key-lost":
            return Opened(Standing.BROKEN, None, f"{fault.words} {fault.remedy}", author)
        words = f"Cannot be opened: what {who} entered does not open here."
        if fault is not None and fault.code == "not-the-authors":
            words = f"Cannot be opened: what {who} entered was sealed on another laptop."
        return Opened(Standing.BROKEN, None, words, author)
