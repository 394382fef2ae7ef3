"""A partner's monthly return: the template we write, and the same sheet read back."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from collabdesk.domain.periods import Month
from collabdesk.errors import Refusal
from collabdesk.exchange.sheets import (
    WORKBOOK,
    Aliases,
    Fault,
    LeftOut,
    Sheet,
    SheetCell,
    Table,
    names_a_sum,
    no_layout,
    pence_of,
    plain_heading,
    read_sheet,
    recognised,
    refusal,
    text_of,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LAYOUT: Final = "CollabDesk return 1"
ITEMS: Final = "Return"
ABOUT: Final = "About"
HEADINGS: Final = ("Reference", "Description", "Amount (£)")
_MADE_BY: Final = "CollabDesk return"
_ROWS: Final = 200
_FORMULA: Final = ("=", "+", "-", "@")
_ALIASES: Final[Aliases] = {
    "reference": ("reference", "invoice number", "invoice", "transaction number", "reference*"),
    "words": ("description", "narrative", "details", "description*"),
    "amount": ("amount £", "amount", "value", "amount*"),
}
_NEEDED: Final = ("reference", "amount")
_CALLED: Final = {"reference": HEADINGS[0], "amount": HEADINGS[2]}


@dataclass(frozen=True, slots=True)
class ReturnHead:
    """Whose return of which month a sheet says it is; empty where it does not say."""

    partner: str = ""
    fiscal_year: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One row of a return, in pence."""

    number: int
    reference: str
    amount_p: int
    words: str


@dataclass(frozen=True, slots=True)
class ReturnSheet:
    """A return as read."""

    head: ReturnHead
    rows: tuple[ReturnRow, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def total_p(self) -> int:
        """The total of what was read."""
        return sum(row.amount_p for row in self.rows)


def write_template(head: ReturnHead, workspace: str, rows: tuple[ReturnRow, ...] = ()) -> bytes:
    """Return an empty return as a workbook, or one filled in; no macros, no links."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    items = book.worksheets[0]
    items.title = ITEMS
    _fill(items, 1, HEADINGS)
    for number, row in enumerate(rows, start=2):
        _fill(items, number, (row.reference, row.words))
        items.cell(number, 3).value = Decimal(row.amount_p) / 100
    bold = Font(bold=True)
    for column, width in zip("ABC", (24, 56, 18), strict=True):
        items[f"{column}1"].font = bold
        items.column_dimensions[column].width = width
    for number in range(2, max(_ROWS, len(rows)) + 2):
        items.cell(number, 3).number_format = "#,##0.00"
        items.cell(number, 1).number_format = "@"
    items.freeze_panes = "A2"
    about: Any = book.create_sheet(ABOUT)
    said = (
        ("Layout", LAYOUT),
        ("Alliance", workspace),
        ("Partner", head.partner),
        ("Fiscal year", head.fiscal_year),
        ("Month", head.month),
        ("How to fill it in", "One row for each invoice or charge of the month on “Return”."),
        ("", "Use the reference on your invoice; credit notes are negative."),
    )
    for number, pair in enumerate(said, start=1):
        _fill(about, number, pair)
        about.cell(number, 1).font = bold
    about.column_dimensions["A"].width = 20
    about.column_dimensions["B"].width = 64
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _fill(sheet: Worksheet, number: int, texts: tuple[str, ...]) -> None:
    for place, text in enumerate(texts, start=1):
        # Text stays text: a spreadsheet must not work out what somebody else typed.
        cell = sheet.cell(number, place)
        cell.value = text
        if text.startswith(_FORMULA):
            cell.data_type = "s"
            cell.quotePrefix = True


def return_table(sheet: Sheet) -> Table:
    """Find the columns of a return; refused where it is none."""
    table = recognised(sheet, _ALIASES, _NEEDED)
    if table is None:
        raise _missing(sheet)
    headings = [plain_heading(cell) for cell in sheet.rows[table.header_at].cells]
    for field in _NEEDED:
        if headings.count(headings[table.places[field]]) > 1:
            raise _twice(table, field)
    return table


def _missing(sheet: Sheet) -> Refusal:
    """Say which of the columns is not there, in the row that holds the others."""
    for field, other in (_NEEDED, _NEEDED[::-1]):
        found = recognised(sheet, _ALIASES, (field,))
        if found is not None:
            row = sheet.rows[found.header_at].number
            has, wants = found.heading(field), _CALLED[other]
            of = f" of “{sheet.title}”" if sheet.title else ""
            words = f"row {row}{of} has the column “{has}”, and none called “{wants}”."
            remedy = f"Call the column “{wants}” again, as the template does."
            return refusal(sheet.name, "unknown-layout", words, remedy)
    return no_layout(sheet, "a partner return", ("a reference", "an amount"))


def _twice(table: Table, field: str) -> Refusal:
    row = table.sheet.rows[table.header_at].number
    words = f"row {row} has more than one column called “{table.heading(field)}”."
    remedy = "Leave the one that counts, and give the others names of their own."
    return refusal(table.sheet.name, "column-twice", words, remedy)


def read_return(name: str, content: bytes, title: str = "") -> ReturnSheet:
    """Read a return from its first sheet or the one named.

    A bad row is left out with why, the others are read.
    """
    packed = content.startswith(WORKBOOK)
    table = return_table(read_sheet(name, content, title))
    unseen = _unseen(name, content, title) if packed else frozenset[int]()
    rows: list[ReturnRow] = []
    left_out: list[LeftOut] = list(table.sheet.unread)
    for row in table.body:
        if row.blank:
            continue
        reference, words = table.text(row, "reference"), table.text(row, "words")
        field = "reference"
        try:
            _check_seen(row.number, unseen)
            _check_reference(table.cell(row, "reference"), reference)
            field = "amount"
            amount_p = pence_of(table.cell(row, "amount"), "amount")
        except Refusal as why:
            left_out.append(LeftOut(row.number, table.heading(field), table.text(row, field), why))
            continue
        rows.append(ReturnRow(row.number, reference, amount_p, words))
    head = _head(name, content) if packed else ReturnHead()
    return ReturnSheet(head, tuple(rows), tuple(left_out))


def _unseen(name: str, content: bytes, title: str) -> frozenset[int]:
    from collabdesk.exchange.workbook import hidden_rows

    return hidden_rows(name, content, title)


def _check_seen(number: int, unseen: frozenset[int]) -> None:
    if number in unseen:
        raise Refusal(
            code="row_hidden",
            words="The row is hidden, by a filter or by hand: whoever sent it did not see it.",
            remedy="Show it if it belongs to the return, or delete it, and save the file again.",
            field="row",
        )


def _check_reference(cell: SheetCell, reference: str) -> None:
    if isinstance(cell, Fault):
        raise Refusal(
            code="no_value",
            words=f"The cell holds {cell.words}.",
            remedy="Put the reference itself in the cell.",
            field="reference",
        )
    if names_a_sum(reference):
        raise Refusal(
            code="total_row",
            words=f"“{reference}” is a total, and no charge.",
            remedy="Take the row out: what is returned is added up here.",
            field="reference",
        )
    if not reference:
        raise Refusal(
            code="reference_missing",
            words="The row has no reference.",
            remedy="Enter the number on the invoice; without it nothing can be matched.",
            field="reference",
        )


def _head(name: str, content: bytes) -> ReturnHead:
    from collabdesk.exchange.workbook import read_workbook

    try:
        about = read_workbook(name, content, ABOUT)
    except Refusal as why:
        if why.code != "no-sheet":
            raise
        return ReturnHead()
    said = _pairs(about)
    _check_layout(name, said.get("Layout", LAYOUT))
    return ReturnHead(said.get("Partner", ""), said.get("Fiscal year", ""), said.get("Month", ""))


def _pairs(about: Sheet) -> dict[str, str]:
    return {
        text_of(row.cells[0]): _written(row.cells[1]) for row in about.rows if len(row.cells) > 1
    }


def _written(cell: SheetCell) -> str:
    """Return what stands beside a word: a spreadsheet keeps Sep-26 as the day it begins."""
    return Month(cell.replace(day=1)).label if isinstance(cell, dt.date) else text_of(cell)


def _check_layout(name: str, layout: str) -> None:
    if layout != LAYOUT and layout.startswith(_MADE_BY):
        words = f"its sheet “{ABOUT}” says “{layout}”; this program reads “{LAYOUT}”."
        remedy = "Update this laptop, or get a new template from the lead provider."
        raise refusal(name, "newer-layout", words, remedy)
