"""The XLSX writer of papers: a sheet for each part, figures as numbers, no macro and no link."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, assert_never

from collabdesk.exchange.neutral_text import neutral
from collabdesk.exchange.paper.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Kind,
    Note,
    Paper,
    Part,
    Table,
    Text,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""What every workbook is written with: words stay words."""
A4: Final = 9
_WIDEST: Final = 48
_FORMS: Final = {
    Kind.TEXT: "@",
    Kind.PENCE: "£#,##0.00;[Red]−£#,##0.00",
    Kind.POUNDS: "£#,##0;[Red]−£#,##0",
    Kind.NUMBER: "#,##0.##",
    Kind.PERCENT: '0.00"%"',
    Kind.DATE: "dd/mm/yyyy",
}
_FINENESS: Final = b"pHYs"
_SCREEN: Final = 3780
"""Pixels to the metre at which a sheet shows a picture as large as it is."""
MONEY_FORM: Final = _FORMS[Kind.PENCE]


def xlsx_of(paper: Paper) -> bytes:
    """Return a paper as a workbook; the same paper gives the same bytes."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, OPTIONS)
    describe(book, paper.title, paper.stamp, paper.made_on)
    for number, part in enumerate(paper.parts, 1):
        _Sheet(book, _title(part, number), part, paper).write()
    book.close()
    return out.getvalue()


def describe(book: Workbook, title: str, stamp: str, made_on: dt.date) -> None:
    """Say in the file's properties what it is; no clock is read."""
    made = dt.datetime.combine(made_on, dt.time())
    told = {"title": title, "subject": stamp, "author": "CollabDesk", "created": made}
    book.set_properties(told)


def dress(sheet: Worksheet, stamp: str, *, across: bool) -> None:
    """Make a sheet print on A4, as wide as a page, with stamp and page x of y."""
    sheet.set_paper(A4)
    if across:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{stamp.replace('&', '&&')}&RPage &P of &N")


def number_of(cell: Cell, kind: Kind) -> Decimal | int | str | dt.date | None:
    """Return a cell as a sheet holds it: money in pounds to the penny."""
    if isinstance(cell, int) and kind in {Kind.PENCE, Kind.POUNDS}:
        return Decimal(cell).scaleb(-2)
    return cell


def _title(part: Part, number: int) -> str:
    named = (block.text for block in part.blocks if isinstance(block, Heading))
    kept = "".join(sign for sign in next(named, "") if sign not in "[]:*?/\\'")
    return f"{number} {kept}"[:31].rstrip()


class _Sheet:
    """One part on its way into a sheet, block under block."""

    def __init__(self, book: Workbook, title: str, part: Part, paper: Paper) -> None:
        self._book, self._part, self._paper = book, part, paper
        self._sheet: Worksheet = book.add_worksheet(title)
        self._at = 0
        self._widths: dict[int, int] = {}
        self._kept: dict[tuple[Kind, bool, bool, bool], Format] = {}

    def write(self) -> None:
        """Write every block and lay the sheet out for paper."""
        self._say(self._paper.title, 14)
        self._say(self._paper.stamp, 9)
        for block in self._part.blocks:
            self._at += 1
            self._add(block)
        for place, width in self._widths.items():
            self._sheet.set_column(place, place, min(width + 2, _WIDEST))
        dress(self._sheet, self._paper.stamp, across=self._part.across)

    def _add(self, block: Block) -> None:
        match block:
            case Heading():
                self._say(block.text, 14 - block.level)
            case Text():
                self._say(block.text, 10, bold=block.strong)
            case Note():
                self._say(block.text, 8, bold=False)
            case Table():
                self._table(block)
            case Chart():
                self._picture(block)
            case _:
                assert_never(block)

    def _say(self, text: str, size: int, *, bold: bool = True) -> None:
        form = self._book.add_format({"bold": bold, "font_size": size})
        self._sheet.write_string(self._at, 0, neutral(text), form)
        self._at += 1

    def _table(self, block: Table) -> None:
        self._say(block.caption, 9, bold=False)
        tables = [one for one in self._part.blocks if isinstance(one, Table)]
        if len(tables) == 1:
            self._sheet.repeat_rows(self._at)
            self._sheet.freeze_panes(self._at + 1, 1)
        for place, column in enumerate(block.columns):
            self._head(place, column)
        self._at += 1
        for row in block.rows:
            for place, (cell, column) in enumerate(zip(row.cells, block.columns, strict=True)):
                self._put(place, cell, column.kind, strong=row.strong)
            self._at += 1

    def _head(self, place: int, column: Column) -> None:
        form = self._form(column.kind, strong=True, first=place == 0, head=True)
        self._sheet.write_string(self._at, place, neutral(column.title), form)
        self._widths[place] = max(self._widths.get(place, 0), len(column.title))

    def _put(self, place: int, cell: Cell, kind: Kind, *, strong: bool) -> None:
        form, held = self._form(kind, strong=strong, first=place == 0), number_of(cell, kind)
        match held:
            case None:
                self._sheet.write_blank(self._at, place, None, form)
            case dt.date():
                self._sheet.write_datetime(self._at, place, held, form)
            case str():
                self._sheet.write_string(self._at, place, neutral(held), form)
            case _:
                self._sheet.write_number(self._at, place, held, form)
        wide = len(f"{held:,}") + 2 if isinstance(held, int | Decimal) else len(str(held or ""))
        self._widths[place] = max(self._widths.get(place, 0), wide)

    def _form(self, kind: Kind, *, strong: bool, first: bool, head: bool = False) -> Format:
        known = (kind, strong, first, head)
        if known not in self._kept:
            look: dict[str, Any] = {"num_format": _FORMS[kind], "bold": strong}
            # Figures stand flush right, and words beside them would touch.
            look |= {"align": "right"} if kind.figures else {"indent": int(not first)}
            look |= {"num_format": _FORMS[Kind.TEXT], "bottom": 1} if head else {}
            self._kept[known] = self._book.add_format(look)
        return self._kept[known]

    def _picture(self, block: Chart) -> None:
        self._say(block.caption, 9, bold=False)
        told = {"image_data": io.BytesIO(block.png), "description": block.alt}
        self._sheet.insert_image(self._at, 0, "chart.png", {**told, "object_position": 1})
        self._at += 1 + _rows_of(block.png)


def _rows_of(png: bytes) -> int:
    """Return how many rows of a sheet a picture covers: its height over its fineness."""
    height, at = int.from_bytes(png[20:24], "big"), png.find(_FINENESS)
    per_metre = int.from_bytes(png[at + 4 : at + 8], "big") if at > 0 else 0
    pixels = round(height * _SCREEN / per_metre) if per_metre else height
    return pixels // 20 + 1
