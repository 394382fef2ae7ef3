"""What a paper is made of: parts on A4, each a run of headings, text, tables, charts and notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from collabdesk.domain.money import format_pence, format_pounds

TITLE_LEVEL: Final = 1
NOTHING: Final = "–"

Cell = int | Decimal | str | dt.date | None
"""A figure in its exact unit: pence, a count, a decimal; a day; words; or nothing."""


class Kind(StrEnum):
    """What the cells of a column hold, and so how each writer prints them."""

    TEXT = "text"
    PENCE = "pence"
    POUNDS = "pounds"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"

    @property
    def figures(self) -> bool:
        """Tell whether the column stands flush right."""
        return self not in {Kind.TEXT, Kind.DATE}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `kind` says what its cells are, POUNDS prints pence as whole pounds."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a strong one is a total or a group."""

    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, which is a bookmark too; level 1 is the highest below the paper's title."""

    text: str
    level: int = TITLE_LEVEL


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows; the heading row is repeated on each page."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its alternative text: SVG for paper that scales, PNG for office files."""

    caption: str
    alt: str
    svg: bytes
    png: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: where figures come from, or what they leave out."""

    text: str


Block = Heading | Text | Table | Chart | Note


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that begin on a new page, upright or across."""

    blocks: tuple[Block, ...]
    across: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document; `stamp` stands on every page and says which ledger the figures are of."""

    title: str
    subtitle: str
    stamp: str
    made_on: dt.date
    parts: tuple[Part, ...]

    @property
    def blocks(self) -> Iterator[Block]:
        """Every block in order."""
        for part in self.parts:
            yield from part.blocks


def printed(cell: Cell, kind: Kind) -> str:
    """Return a cell as it is printed.

    >>> printed(-123456, Kind.PENCE), printed(150, Kind.POUNDS), printed(None, Kind.NUMBER)
    ('−£1,234.56', '£2', '–')
    """
    match cell:
        case None:
            return NOTHING
        case dt.date():
            return f"{cell:%d/%m/%Y}"
        case int() if kind is Kind.PENCE:
            return format_pence(cell)
        case int() if kind is Kind.POUNDS:
            return format_pounds(cell)
        case int() | Decimal():
            return f"{cell:,}".replace("-", "−") + ("%" if kind is Kind.PERCENT else "")
        case str():
            return cell
