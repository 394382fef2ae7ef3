"""Values sealed as a command is kept: for the readers of this moment, once and for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nacl.public import PrivateKey
from sqlalchemy import Connection

from collabdesk.errors import CollabDeskError, Refusal
from collabdesk.services.sealed.concerns import Readership
from collabdesk.storage.queries.sealed import boxes_for
from collabdesk.sync import sealed
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.meaning import fits
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import Dot, Value
from collabdesk.sync.readership import recovery_keys
from collabdesk.sync.registry.model import Column, Kind, ReadClass, Table
from collabdesk.sync.sealer import RowInHand


class ItemSealer:
    """Seals what this laptop enters; its own laptop and its recovery key can always read it."""

    def __init__(
        self, reads: Connection, book: Rulebook, key: bytes, unlock: Callable[[], PrivateKey]
    ) -> None:
        """Work inside a transaction; `unlock` is asked only for what was sealed before."""
        self._reads = reads
        self._book = book
        self._dev16 = dev16(key)
        self._key = key
        self._unlock = unlock
        self._readership = Readership(reads, book)

    def seal(self, table: Table, at: RowInHand, values: Mapping[int, Value]) -> Mapping[int, bytes]:
        """Return the sealed cells by column: one key for the columns that the same people read."""
        item = sealed.Item(self._book.workspace, table.number, self._dev16)
        cells: dict[int, bytes] = {}
        for read in dict.fromkeys(table.sealed[number] for number in values):
            plain = {
                number: self._plain(table, table.by_number[number], value)
                for number, value in values.items()
                if table.sealed[number] == read
            }
            cells.update(sealed.seal(plain, self._recipients(read, table, at), item))
        return cells

    def check_readable(self, table: Table, column: int, dot: Dot, content: Value) -> None:
        """Refuse the approval of what this laptop cannot read: nobody agrees to what is hidden."""
        item = sealed.Item(self._book.workspace, table.number, dot[0])
        granted = boxes_for(self._reads, self._dev16).get(dot, ())
        try:
            sealed.open_sealed(
                content if isinstance(content, bytes) else b"",
                item,
                column,
                dev16=self._dev16,
                private_key=self._unlock(),
                granted=granted,
            )
        except CollabDeskError as fault:
            raise Refusal(
                code="cannot-approve-unread",
                words="This laptop cannot read what would be approved.",
                remedy="Let somebody approve it who can read it.",
                field=table.by_number[column].name,
            ) from fault

    def _recipients(self, read: ReadClass, table: Table, at: RowInHand) -> dict[bytes, bytes]:
        organisation = self._book.organisation_of(self._key) or b""
        found = dict(recovery_keys(self._book, organisation))
        for short, reader in self._readership.of(read, table, at).items():
            if reader.seal_key is not None:
                found[short] = reader.seal_key
        roster = self._book.roster(organisation)
        for device in roster.devices if roster else ():
            if device.key == self._key and device.seal_key is not None:
                found[self._dev16] = device.seal_key
        return found

    def _plain(self, table: Table, column: Column, value: Value) -> Value:
        plain = self._open(table, column, value) if isinstance(value, bytes) else value
        if not may_stand(column, plain):
            raise Refusal(
                code="not_a_value",
                words="This cannot stand in a confidential cell of this kind.",
                remedy="Enter it as the page asks for it.",
                field=column.name,
            )
        return plain

    def _open(self, table: Table, column: Column, content: bytes) -> Value:
        """Return the value of a cell sealed before, whoever of the partners sealed it."""
        try:
            return self._opened(table, column, content)
        except CollabDeskError as fault:
            raise Refusal(
                code="cannot-reissue",
                words="This was sealed for other laptops, so it cannot be entered again here.",
                remedy="Let somebody do it on a laptop that can read it.",
                field=column.name,
            ) from fault

    def _opened(self, table: Table, column: Column, content: bytes) -> Value:
        boxes = [box for found in boxes_for(self._reads, self._dev16).values() for box in found]
        item_key = sealed.item_key_of(content, self._dev16, self._unlock(), boxes)
        authors = (
            sealed.Item(self._book.workspace, table.number, short)
            for short in self._book.known_devices
        )
        nonce = sealed.read_sealed(content).nonce
        item = next(
            (i for i in authors if sealed.nonce_of(item_key, i, column.number) == nonce), None
        )
        if item is None:
            raise Refusal(code="no-author", words="No partner's laptop sealed this.")
        value = sealed.open_with(item_key, content, item.ws, item.table, column.number)
        return None if isinstance(value, list) else value


def may_stand(column: Column, value: Value) -> bool:
    """Tell whether a value has the form that its column's kind demands, unsealed."""
    if column.kind is Kind.ENUM and column.members is not None:
        return type(value) is int and column.members.since(value) is not None
    return fits(column.kind, value)
