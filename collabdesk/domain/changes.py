"""What a command decides, in the names of the field; numbers and dots come later.

A group of changes is atomic. Storage, signing and merge never look at meaning;
rules never look at storage, signing or merge. These values are what passes between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row inserted earlier in the same group, by the key its insert gave it."""

    key: str


@dataclass(frozen=True, slots=True)
class Shared:
    """The scope of rows that every partner with the right role may edit."""

    area: str


@dataclass(frozen=True, slots=True)
class OwnScope:
    """The scope of the acting organisation."""


OWN: Final = OwnScope()


class Sealed(bytes):
    """A restricted value as it lies here, unopened; lists of any table show it as these words.

    Entered again, it is opened and sealed anew for whoever may read it then.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """Say that something is there, and not what."""
        return "a confidential value"


RowRef = bytes | NewRow
Cell = None | bool | int | str | bytes | dt.date | NewRow
Scope = bytes | Shared | OwnScope


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row."""

    table: str
    scope: Scope
    cells: Mapping[str, Cell]
    key: str = ""


@dataclass(frozen=True, slots=True)
class SetCells:
    """New values for some cells of one row."""

    table: str
    row: RowRef
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Delete:
    """A row taken away; it can be brought back."""

    table: str
    row: RowRef


@dataclass(frozen=True, slots=True)
class Undelete:
    """A deleted row brought back."""

    table: str
    row: RowRef


@dataclass(frozen=True, slots=True)
class Resolve:
    """One value in place of the contested ones, with the reason."""

    table: str
    row: RowRef
    column: str
    value: Cell
    reason: str


@dataclass(frozen=True, slots=True)
class Approve:
    """A signed agreement to the present values of some cells of a row."""

    table: str
    row: RowRef
    columns: tuple[str, ...]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The actor's approval of a row taken back."""

    table: str
    row: RowRef
    text: str | None = None


@dataclass(frozen=True, slots=True)
class PostJournal:
    """A balanced journal, posted by the ledger keeper alone.

    `source` is the proposal the journal carries out, if any.
    """

    header: Insert
    lines: tuple[Insert, ...] = field(default_factory=tuple)
    source: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """The ledger keeper's laptop lays its term down: it posts nothing after this."""


@dataclass(frozen=True, slots=True)
class Beacon:
    """What this laptop holds, as two digests that partners compare by themselves."""


@dataclass(frozen=True, slots=True)
class Heed:
    """Membership records this laptop has seen, by id, so that hiding one shows."""

    records: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Adopt:
    """The change that the others of this command re-issue: a change set's id, and its place."""

    segment: bytes
    idx: int


Change = (
    Insert
    | SetCells
    | Delete
    | Undelete
    | Resolve
    | Approve
    | Withdraw
    | PostJournal
    | Release
    | Beacon
    | Heed
    | Adopt
)
