"""The year as a live workbook: Data holds values, Report adds them up by formulas, Notes explains.

Each formula carries the value that the ledger holds, so that a reader without a calculator sees
the same figures; `make test-office` has LibreOffice work every one of them out again.
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.exchange.ledger_csv import EVERY, HEADER
from collabdesk.exchange.ledger_year import (
    NO_MONTHS,
    LedgerYear,
    LineName,
    Posting,
    Side,
    Told,
    unheard,
)
from collabdesk.exchange.neutral_text import neutral
from collabdesk.exchange.paper.xlsx import MONEY_FORM, OPTIONS, describe, dress

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

KEYED: Final = ("Key", *HEADER[:-1])
"""The columns of Data. A key names a line at a provider, since codes may look like numbers."""
_NAMED: Final = {"Keys": "Key", "Months": "Month", "Accounts": "Account", "Amounts": "Amount"}
_WIDTHS: Final = {"Service line": 30, "What": 40, "Amount": 16, "Reference": 16, "File": 24}
_FIRST_MONTH: Final = 3
_YEAR: Final = _FIRST_MONTH + MONTHS_IN_YEAR
_TITLES: Final = {Side.BUDGET: "Budget", Side.ACTUAL: "Actual"}
_COMMENT: Final = {"author": "CollabDesk", "x_scale": 2}
_PARTS: Final = ("line", "contingency", "investment", "unallocated")


def workbook_of(ledger: LedgerYear, told: Told = unheard) -> bytes:
    """Return the workbook; the same ledger gives the same bytes."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, OPTIONS)
    describe(book, ledger.title, ledger.stamp, ledger.made_on)
    keys = {line: f"L{n:04}" for n, line in enumerate(ledger.lines, 1)}
    data, report = book.add_worksheet("Data"), book.add_worksheet("Report")
    forms = _Forms(book)
    _write_data(data, ledger, keys, forms, told)
    _Report(report, ledger, keys, forms).write()
    _write_notes(book.add_worksheet("Notes"), ledger, forms)
    _name_columns(book, len(ledger.postings))
    report.activate()
    told("Packing the workbook", 0, 0)
    book.close()
    return out.getvalue()


class _Forms:
    """The few looks of a cell."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.strong = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        self.money = book.add_format({"num_format": MONEY_FORM})
        self.total = book.add_format({"num_format": MONEY_FORM, "bold": True, "top": 1})
        self.month = book.add_format({"num_format": '"M"0', "bold": True, "bottom": 1})
        self.number = book.add_format({"num_format": "0"})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})


def _exact(pence: int) -> Decimal:
    return Decimal(pence).scaleb(-2)


def _write_data(
    sheet: Worksheet,
    ledger: LedgerYear,
    keys: dict[LineName, str],
    forms: _Forms,
    told: Told,
) -> None:
    for place, name in enumerate(KEYED):
        sheet.write_string(0, place, name, forms.strong)
        sheet.set_column(place, place, _WIDTHS.get(name, 12))
    for done, posting in enumerate(ledger.postings):
        if done % EVERY == 0:
            told("Writing rows", done, len(ledger.postings))
        for place, value in enumerate(_cells(posting, keys)):
            if isinstance(value, Decimal):
                sheet.write_number(done + 1, place, value, forms.money)
            elif isinstance(value, int):
                sheet.write_number(done + 1, place, value, forms.number)
            elif value:
                sheet.write_string(done + 1, place, neutral(value))
    last = max(len(ledger.postings), 1)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(KEYED) - 1)
    sheet.print_area(0, 0, last, len(KEYED) - 1)
    sheet.repeat_rows(0)
    dress(sheet, ledger.stamp, across=True)


def _cells(one: Posting, keys: dict[LineName, str]) -> tuple[str | int | Decimal | None, ...]:
    line = one.line
    return (
        keys[line] if line else "",
        one.journal,
        one.kind,
        one.posting_month,
        one.month,
        one.account,
        line.code if line else "",
        line.name if line else "",
        line.provider if line else "",
        _exact(one.amount_p),
        one.recurrence,
        "yes" if one.one_off else "",
        one.reference,
        one.what,
        one.file,
        one.file_row,
    )


def _name_columns(book: Workbook, rows: int) -> None:
    for name, column in _NAMED.items():
        letter = _letter(KEYED.index(column))
        book.define_name(name, f"=Data!${letter}$2:${letter}${max(rows, 1) + 1}")


def _letter(place: int) -> str:
    return chr(ord("A") + place)


class _Report:
    """Budget and actual by line and month, and the envelope, each figure a formula."""

    def __init__(
        self, sheet: Worksheet, ledger: LedgerYear, keys: dict[LineName, str], forms: _Forms
    ) -> None:
        self._sheet, self._ledger, self._keys, self._forms = sheet, ledger, keys, forms
        self._at = 3
        self._notes: dict[LineName, dict[int, str]] = {}
        for note in ledger.notes:
            of_line = self._notes.setdefault(note.line, {})
            of_line[note.month] = "\n".join(filter(None, (of_line.get(note.month), note.signed)))

    def write(self) -> None:
        """Write the three tables and lay the sheet out."""
        sheet, forms, ledger = self._sheet, self._forms, self._ledger
        sheet.write_string(0, 0, neutral(ledger.title), forms.title)
        sheet.write_string(1, 0, neutral(ledger.stamp))
        sheet.write_string(2, 0, "Service line", forms.strong)
        sheet.write_string(2, 1, "Provider", forms.strong)
        sheet.write_string(2, 2, "Key", forms.strong)
        for number in range(1, MONTHS_IN_YEAR + 1):
            sheet.write_number(2, _FIRST_MONTH + number - 1, number, forms.month)
        sheet.write_string(2, _YEAR, ledger.year.label, forms.strong)
        for side in Side:
            self._side(side)
        self._envelope()
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 2, 10)
        sheet.set_column(_FIRST_MONTH, _YEAR, 15)
        sheet.freeze_panes(3, 3)
        sheet.repeat_rows(2)
        sheet.print_area(0, 0, self._at, _YEAR)
        dress(sheet, ledger.stamp, across=True)

    def _side(self, side: Side) -> None:
        held = self._ledger.months(side)
        notes = self._notes if side is Side.BUDGET else {}
        self._sheet.write_string(self._at, 0, _TITLES[side], self._forms.strong)
        first = self._at + 1
        for line in self._ledger.lines:
            self._at += 1
            months = held.get(line, NO_MONTHS)
            self._sheet.write_string(self._at, 0, neutral(line.name))
            self._sheet.write_string(self._at, 1, neutral(line.provider))
            self._sheet.write_string(self._at, 2, self._keys[line])
            for month, said in notes.get(line, {}).items():
                self._sheet.write_comment(self._at, _place_of(month), said, _COMMENT)
            for n, amount_p in enumerate(months):
                self._sum(side, n, amount_p)
            row = self._at + 1
            whole = f"=ROUND(SUM({_letter(_FIRST_MONTH)}{row}:{_letter(_YEAR - 1)}{row}),2)"
            self._put(_YEAR, whole, sum(months))
        self._at += 1
        self._sheet.write_string(self._at, 0, f"{_TITLES[side]}, all lines", self._forms.strong)
        every = [sum(months[n] for months in held.values()) for n in range(MONTHS_IN_YEAR)]
        for n, amount_p in enumerate([*every, sum(every)]):
            letter = _letter(_FIRST_MONTH + n)
            inside = f"{letter}{first + 1}:{letter}{self._at}"
            whole = f"=ROUND(SUM({inside}),2)" if self._ledger.lines else "=0"
            self._put(_FIRST_MONTH + n, whole, amount_p, total=True)
        self._at += 2

    def _sum(self, side: Side, n: int, amount_p: int) -> None:
        month = f"{_letter(_FIRST_MONTH + n)}$3"
        asked = f'Keys,$C{self._at + 1},Accounts,"{side.value}",Months,{month}'
        self._put(_FIRST_MONTH + n, f"=ROUND(SUMIFS(Amounts,{asked}),2)", amount_p)

    def _envelope(self) -> None:
        held = self._ledger.accounts
        self._sheet.write_string(self._at, 0, "Envelope", self._forms.strong)
        first = self._at + 1
        for account in _PARTS:
            self._at += 1
            self._sheet.write_string(self._at, 0, _said(account))
            formula = f'=ROUND(SUMIFS(Amounts,Accounts,"{account}"),2)'
            self._put(_FIRST_MONTH, formula, held.get(account, 0))
        letter = _letter(_FIRST_MONTH)
        parts = f"{letter}{first + 1}:{letter}{self._at + 1}"
        self._at += 1
        self._sheet.write_string(self._at, 0, "Together", self._forms.strong)
        together = sum(held.get(account, 0) for account in _PARTS)
        self._put(_FIRST_MONTH, f"=ROUND(SUM({parts}),2)", together, total=True)
        self._at += 1
        self._sheet.write_string(self._at, 0, "Envelope as received")
        formula = '=ROUND(-SUMIFS(Amounts,Accounts,"envelope"),2)'
        self._put(_FIRST_MONTH, formula, -held.get("envelope", 0))
        self._at += 1
        self._sheet.write_string(self._at, 0, "Difference (must be nil)", self._forms.strong)
        difference = f"=ROUND({letter}{self._at - 1}-{letter}{self._at},2)"
        self._put(_FIRST_MONTH, difference, together + held.get("envelope", 0), total=True)

    def _put(self, place: int, formula: str, amount_p: int, *, total: bool = False) -> None:
        form = self._forms.total if total else self._forms.money
        value: Any = _exact(amount_p)
        self._sheet.write_formula(self._at, place, formula, form, value)


def _place_of(month: int) -> int:
    return _FIRST_MONTH + month - 1 if month else 0


def _said(account: str) -> str:
    return "All lines" if account == "line" else account.capitalize()


def _write_notes(sheet: Worksheet, ledger: LedgerYear, forms: _Forms) -> None:
    said: tuple[str, ...] = (
        ledger.title,
        ledger.stamp,
        f"Made on {ledger.made_on:%d/%m/%Y}.",
        (
            "Data holds every line of every posted journal of the year. Amounts are pounds; debits "
            "stand above nought."
        ),
        (
            "Report adds Data up by formulas (SUMIFS), so that each figure can be followed to its "
            "rows. The figures it shows before it is worked out again are those of the ledger."
        ),
        (
            "Key names a service line at a provider. Codes are not used to add up, because a "
            "spreadsheet takes 01 and 1 for the same."
        ),
        (
            "Budget is what the journals leave on each line; Actual is what was spent, accruals "
            "included. A line without a month counts in the month its journal belongs to."
        ),
        (
            "An apostrophe stands before words that begin with = + - or @, so that no program"
            " takes them for a formula. The workbook holds no macro and no link."
        ),
    )
    if ledger.notes:
        said += ("Notes on the plan; in Report they stand on the cells they are about.",)
        said += tuple(f"{note.place}: {note.signed}" for note in ledger.notes)
    sheet.set_column(0, 0, 100)
    for place, line in enumerate(said):
        sheet.write_string(place, 0, neutral(line), forms.title if place == 0 else forms.words)
    sheet.print_area(0, 0, len(said), 0)
    dress(sheet, ledger.stamp, across=False)
