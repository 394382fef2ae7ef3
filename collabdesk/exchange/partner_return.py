"""A partner's monthly return: the template we write, and the same sheet read back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from collabdesk.errors import Refusal
from collabdesk.exchange.sheets import (
    WORKBOOK,
    Aliases,
    LeftOut,
    Sheet,
    Table,
    no_layout,
    pence_of,
    read_sheet,
    recognised,
    text_of,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LAYOUT: Final = "CollabDesk return 1"
ITEMS: Final = "Return"
ABOUT: Final = "About"
HEADINGS: Final = ("Reference", "Description", "Amount (£)")
_ROWS: Final = 200
_FORMULA: Final = ("=", "+", "-", "@")
_ALIASES: Final[Aliases] = {
    "reference": ("reference", "invoice number", "invoice", "transaction number", "reference*"),
    "words": ("description", "narrative", "details", "description*"),
    "amount": ("amount £", "amount", "value", "amount*"),
}


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
    table = recognised(sheet, _ALIASES, ("reference", "amount"))
    if table is None:
        raise no_layout(sheet, "a partner return", ("a reference", "an amount"))
    return table


def read_return(name: str, content: bytes, title: str = "") -> ReturnSheet:
    """Read a return from its first sheet or the one named.

    A bad row is left out with why, the others are read.
    """
    table = return_table(read_sheet(name, content, title))
    rows: list[ReturnRow] = []
    left_out: list[LeftOut] = list(table.sheet.unread)
    for row in table.body:
        if row.blank:
            continue
        reference, words = table.text(row, "reference"), table.text(row, "words")
        field = "reference"
        try:
            _check_reference(reference)
            field = "amount"
            amount_p = pence_of(table.cell(row, "amount"), "amount")
        except Refusal as why:
            left_out.append(LeftOut(row.number, table.heading(field), table.text(row, field), why))
            continue
        rows.append(ReturnRow(row.number, reference, amount_p, words))
    head = _head(name, content) if content.startswith(WORKBOOK) else ReturnHead()
    return ReturnSheet(head, tuple(rows), tuple(left_out))


def _check_reference(reference: str) -> None:
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
    return ReturnHead(said.get("Partner", ""), said.get("Fiscal year", ""), said.get("Month", ""))


def _pairs(about: Sheet) -> dict[str, str]:
    return {
        text_of(row.cells[0]): text_of(row.cells[1]) for row in about.rows if len(row.cells) > 1
    }
