"""Letting a laptop in to what was sealed before it became a reader.

A grant is a row of the reader who gives it; the sealed value itself never changes. Only
what opens for the giver and was sealed by the laptop that entered it is granted, and only
to a laptop that may read it by the rules in force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from nacl.public import PrivateKey
from sqlalchemy import Connection

from collabdesk.domain.changes import OWN, Insert
from collabdesk.errors import CollabDeskError, Refusal
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.sealed.survey import Entry, entries
from collabdesk.services.wording import counted
from collabdesk.storage.queries.sealed import boxes_for
from collabdesk.sync import sealed
from collabdesk.sync.authority.rights import Request, Rules
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.operations import Dot
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Verb

MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Box:
    """The key of one entry, boxed to the laptop that is let in."""

    dot: Dot
    box: bytes


@dataclass(frozen=True, slots=True)
class GrantReading:
    """Let a laptop read entries sealed before it could; `whose` names it in words."""

    reader: bytes
    whose: str
    boxes: tuple[Box, ...]


def grant_reading(command: GrantReading, _: Connection, __: Actor) -> Outcome:
    """Sign the boxes as rows of one's own organisation; nobody can take them back."""
    if not command.boxes:
        raise Refusal(
            code="nothing-to-grant",
            words=f"Nothing waits for {command.whose} that this laptop could open for it.",
            remedy="Ask somebody whose laptop can read it.",
        )
    changes = tuple(
        Insert("sealed_grant", OWN, _cells(command.reader, box)) for box in command.boxes
    )
    let_in = counted(len(command.boxes), "confidential entry", "confidential entries")
    words = f"{command.whose} may read {let_in}; this cannot be taken back"
    return Outcome(changes, (), words)


def _cells(reader: bytes, box: Box) -> Mapping[str, bytes | int]:
    author, seq, idx = box.dot
    return {"author": author, "seq": seq, "idx": idx, "reader": reader, "box": box.box}


def may_grant(book: Rulebook, key: bytes) -> bool:
    """Tell whether the rules let a laptop's person let readers in at all."""
    organisation = book.organisation_of(key)
    roster = book.roster(organisation) if organisation else None
    if organisation is None or roster is None:
        return False
    area = REGISTRY.areas[REGISTRY.table_names["sealed_grant"].area].number
    return Rules(book.epoch, roster).allows(key, Request(area, Verb.INSERT, organisation))


def could_open(entry: Entry, reader: bytes) -> bool:
    """Tell whether a laptop holds a box of an entry; only trying tells whether it opens."""
    return reader in entry.holders


class Granter:
    """Opens entries with one laptop's key, or a recovery key, to box their keys for others."""

    def __init__(
        self, reads: Connection, book: Rulebook, reader: bytes, unlock: Callable[[], PrivateKey]
    ) -> None:
        """Open as the reader of a short name."""
        self._ws = book.workspace
        self._reader = reader
        self._unlock = unlock
        self._boxes = boxes_for(reads, reader)
        self._entries = tuple(entries(reads, book))

    def command(self, reader: bytes, whose: str, *, again: bool = False) -> GrantReading:
        """Return the command that lets a laptop read what waits for it and opens here.

        With `again`, also what it holds a box of: a dishonest author's box may not open.
        """
        found: list[Box] = []
        for entry in self._entries:
            seal_key = (entry.readers if again else entry.waiting).get(reader)
            if seal_key is None or not could_open(entry, self._reader) or len(found) == MOST:
                continue
            item_key = self._key_of(entry)
            if item_key is not None:
                found.append(Box(entry.dot, sealed.box_for(item_key, seal_key)))
        return GrantReading(reader, whose, tuple(found))

    def waiting(self) -> frozenset[bytes]:
        """Return the laptops that wait for something this one holds a box of."""
        held = (entry for entry in self._entries if could_open(entry, self._reader))
        return frozenset(short for entry in held for short in entry.waiting)

    def _key_of(self, entry: Entry) -> bytes | None:
        """Return an entry's key if every value under it opens and is its author's own."""
        try:
            keys = {self._opened(entry, number) for number in range(len(entry.cells))}
        except CollabDeskError:
            return None
        return keys.pop() if len(keys) == 1 else None

    def _opened(self, entry: Entry, number: int) -> bytes:
        one, granted = entry.cells[number], self._boxes.get(entry.dot, ())
        item = sealed.Item(self._ws, one.table.number, entry.dot[0])
        column, private_key = one.column.number, self._unlock()
        sealed.open_sealed(
            one.content,
            item,
            column,
            dev16=self._reader,
            private_key=private_key,
            granted=granted,
        )
        return sealed.item_key_of(one.content, self._reader, private_key, granted)
