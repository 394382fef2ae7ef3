"""The words in which the registry is declared.

A number, once published, never means anything else; later versions add lines and
change none. Everything carries the registry version that introduced it (`since`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, Flag, IntFlag, auto


class Merge(Enum):
    """How concurrent changes to a cell meet (change-set format, merge classes)."""

    MONEY = "M"
    LEDGER = "L"
    TEXT = "T"
    NOTE = "N"
    COUNT = "C"
    SET = "S"


class Kind(Enum):
    """What a cell may hold on the wire; a restricted cell holds it sealed.

    PERSON and LAPTOP are 16-byte names, BYTES is whatever its column says.
    """

    BOOL = "bool"
    INT = "int"
    PENCE = "pence"
    TEXT = "text"
    DECIMAL = "decimal"
    DATE = "date"
    ENUM = "enum"
    ROW = "row"
    ORG = "org"
    BLOB = "blob"
    PERSON = "person"
    LAPTOP = "laptop"
    BYTES = "bytes"


class Scope(Flag):
    """Whom a row of the table may belong to."""

    ORGANISATION = auto()
    SHARED = auto()


class Verb(IntFlag):
    """What a grant allows."""

    INSERT = 1
    SET = 2
    DELETE = 4
    RESOLVE = 8
    APPROVE = 16
    POST = 32


class Reach(IntFlag):
    """Whose rows a grant touches."""

    OWN = 1
    SHARED = 2
    OTHERS = 4


class Side(Enum):
    """Whose laptops a circle of readers takes in, seen from a row."""

    OWNER = "the organisation whose scope the row is in"
    PARTY = "the organisation that a column of the row names"
    LEAD = "the lead provider"
    ANYBODY = "every partner"


@dataclass(frozen=True, slots=True)
class Circle:
    """Laptops of one side; with `roles`, those that have one of them."""

    side: Side
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadClass:
    """Who may read a table or column: whoever is in a circle; no circle, the whole workspace.

    `party` names the column that side PARTY reads. `item` names the column that refers to
    the record in question, or is ITSELF where it is the row: people with a hard interest
    in that record, or in the organisation whose it is, are left out.
    """

    words: str
    circles: tuple[Circle, ...] = ()
    party: str = ""
    item: str = ""

    @property
    def restricted(self) -> bool:
        """Tell whether values travel sealed."""
        return bool(self.circles)


ITSELF = "row"
WORKSPACE = ReadClass("everybody in the workspace")
OWNER_AND_LEAD = ReadClass(
    "the owning organisation and the lead provider", (Circle(Side.OWNER), Circle(Side.LEAD))
)


@dataclass(frozen=True, slots=True)
class Members:
    """An enumeration; each member is (number, name, introduced in)."""

    name: str
    members: tuple[tuple[int, str, int], ...]

    def number(self, name: str) -> int:
        """Return the number of a member; KeyError if there is none."""
        for number, member, _ in self.members:
            if member == name:
                return number
        raise KeyError(name)

    def named(self, number: int) -> str:
        """Return the name of a number; KeyError if there is none."""
        for known, member, _ in self.members:
            if known == number:
                return member
        raise KeyError(number)

    def since(self, number: int) -> int | None:
        """Return the version that introduced a number, or None."""
        return next((since for known, _, since in self.members if known == number), None)


def members(name: str, *names: str) -> Members:
    """Declare an enumeration of version 1, numbered from 1 in the order given."""
    return Members(name, tuple((i, n, 1) for i, n in enumerate(names, start=1)))


def extended(known: Members, since: int, *names: str) -> Members:
    """Declare members that a later version adds, numbered after those it had."""
    added = enumerate(names, start=len(known.members) + 1)
    return Members(known.name, (*known.members, *((i, n, since) for i, n in added)))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its number, name, kind and merge class.

    `refers` names the table a ROW column points to; `members` the enumeration.
    `search` marks text that the search box finds; `read` restricts who may read it.
    """

    number: int
    name: str
    kind: Kind
    merge: Merge = Merge.TEXT
    required: bool = False
    members: Members | None = None
    refers: str = ""
    read: ReadClass = WORKSPACE
    search: bool = False
    since: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its number, name, the area of its grants and its columns.

    `read` holds for every column that has no read class of its own.
    """

    number: int
    name: str
    area: str
    scope: Scope
    columns: tuple[Column, ...]
    read: ReadClass = WORKSPACE
    since: int = 1
    ledger: str = ""
    by_number: dict[int, Column] = field(init=False, compare=False, repr=False)
    by_name: dict[str, Column] = field(init=False, compare=False, repr=False)
    required: tuple[Column, ...] = field(init=False, compare=False, repr=False)
    insert_only: bool = field(init=False, compare=False, repr=False)
    sealed: dict[int, ReadClass] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the columns; rows of classes L and C are never set, resolved or deleted.

        `sealed` holds the read class of every restricted column.
        """
        if self.read.restricted:
            columns = (c if c.read.restricted else replace(c, read=self.read) for c in self.columns)
            object.__setattr__(self, "columns", tuple(columns))
        object.__setattr__(self, "by_number", {c.number: c for c in self.columns})
        object.__setattr__(self, "by_name", {c.name: c for c in self.columns})
        object.__setattr__(self, "required", tuple(c for c in self.columns if c.required))
        fixed = any(c.merge in {Merge.LEDGER, Merge.COUNT} for c in self.columns)
        object.__setattr__(self, "insert_only", fixed)
        sealed = {c.number: c.read for c in self.columns if c.read.restricted}
        object.__setattr__(self, "sealed", sealed)


@dataclass(frozen=True, slots=True)
class Area:
    """What a grant is about; a room has one, the ledger its own."""

    number: int
    name: str
    since: int = 1


@dataclass(frozen=True, slots=True)
class SharedArea:
    """A scope that belongs to the workspace rather than to one organisation."""

    number: int
    name: str
    since: int = 1


@dataclass(frozen=True, slots=True)
class OperationKind:
    """One kind of operation; `since` 2 means no build writes it before its behaviour exists."""

    number: int
    name: str
    since: int = 1


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role may do in an area."""

    area: str
    verbs: Verb
    reach: Reach


@dataclass(frozen=True, slots=True)
class RoleDeclaration:
    """A role as the first epoch grants it."""

    number: int
    name: str
    words: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """What one room declares, inside the numbers reserved for it."""

    name: str
    numbers: range
    areas: tuple[Area, ...] = ()
    shared_areas: tuple[SharedArea, ...] = ()
    tables: tuple[Table, ...] = ()
