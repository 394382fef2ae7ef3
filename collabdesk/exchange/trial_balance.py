"""A general ledger by month: cost centre, subjective, period, amount; or its transactions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR, FiscalYear, Month
from collabdesk.errors import Refusal
from collabdesk.exchange.periods_written import month_in
from collabdesk.exchange.sheet_dates import DateOrder, is_written, read_date, shapes
from collabdesk.exchange.sheets import (
    Aliases,
    LeftOut,
    Sheet,
    SheetCell,
    SheetRow,
    Table,
    exact_pounds,
    filled,
    header_row,
    no_layout,
    pence_of,
    plain_heading,
    recognised,
    table_as_told,
)

ALIASES: Final[Aliases] = {
    "cost_centre": (
        "cost centre",
        "cost center",
        "cost centre code",
        "costcentre",
        "cc",
        "cost code",
        "cost centre*",
        "cost center*",
    ),
    "subjective": (
        "subjective",
        "subjective code",
        "account",
        "account code",
        "nominal",
        "natural account",
        "expense code",
        "subjective*",
        "account*",
        "nominal*",
    ),
    "period": ("period", "accounting period", "month", "period*"),
    "amount": (
        "amount",
        "amount £",
        "actual",
        "in month actual",
        "balance",
        "net",
        "value",
        "amount*",
        "actual*",
        "balance*",
    ),
    "debit": ("debit", "dr", "debit*"),
    "credit": ("credit", "cr", "credit*"),
    "reference": (
        "transaction number",
        "transaction",
        "transaction reference",
        "invoice number",
        "invoice",
        "reference",
        "document number",
        "transaction*",
        "invoice*",
        "document*",
        "reference*",
    ),
    "words": ("description", "narrative", "supplier", "supplier name", "description*", "detail*"),
}


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """One month of a ledger: its rows, what is left out, how many rows are of other months.

    `transactions` tells that rows carry references of their own.
    """

    table: Table
    month: Month
    rows: tuple[SourceRow, ...]
    left_out: tuple[LeftOut, ...]
    other_months: int
    transactions: bool

    @property
    def total_p(self) -> int:
        """The total of the month's rows."""
        return sum(row.amount_p for row in self.rows)


def unsaid_of_months(table: Table, year: FiscalYear) -> str:
    """Return what a ledger does not say of its months: nothing, their year, or the month itself."""
    if "period" not in table.places:
        return "month"
    other = FiscalYear(year.begins + 1)
    return "year" if set(months_in(table, year)) != set(months_in(table, other)) else ""


def ledger_table(sheet: Sheet, columns: Mapping[str, str] | None = None) -> Table:
    """Find the columns of a trial balance; refused where it is none.

    `columns` are the headings somebody pointed out, where its own are not known.
    """
    if columns:
        return table_as_told(sheet, columns)
    table = _of_its_time(recognised(sheet, ALIASES, ("cost_centre", "subjective")))
    amounts = {"amount", "debit", "credit"}
    if table is None or not amounts & table.places.keys():
        wanted = ("a cost centre", "a subjective", "an amount")
        raise no_layout(sheet, "a trial balance", wanted)
    if "amount" not in table.places and not {"debit", "credit"} <= table.places.keys():
        raise no_layout(sheet, "a trial balance", ("both debits and credits",))
    return table


_OF_ANOTHER_TIME: Final = re.compile(
    r"\b(ytd|year to date|cumulative|to date|opening|closing|brought forward|prior|previous"
    r"|last year|budget|annual|forecast|plan)\b"
)


def of_another_time(table: Table) -> bool:
    """Tell whether the amount's heading says that it is no month's spending: a budget, say."""
    heading = table.heading("amount") if "amount" in table.places else ""
    return _OF_ANOTHER_TIME.search(plain_heading(heading)) is not None


def _of_its_time(table: Table | None) -> Table | None:
    """Leave an amount of another time out, so that somebody says which column is meant."""
    if table is None or not of_another_time(table):
        return table
    places = {field: place for field, place in table.places.items() if field != "amount"}
    return replace(table, places=places)


def ledger_headings(sheet: Sheet) -> Table | None:
    """Find the header of a ledger with other headings; None where no column has amounts."""
    table = _of_its_time(header_row(sheet, ALIASES))
    if table is None:
        return None
    rows = [row for row in table.body if not row.blank]
    for place in range(len(table.headings)):
        cells = [row.cells[place] for row in rows if place < len(row.cells)]
        amounts = sum(exact_pounds(cell) is not None for cell in cells)
        if amounts and 2 * amounts > sum(map(filled, cells)):
            return table
    return None


@dataclass(frozen=True, slots=True)
class Periods:
    """What somebody said of a file's periods.

    Which of day and month its dates write first, and whether 2026-04 is April 2026 or month 4
    of the fiscal year.
    """

    order: DateOrder | None = None
    calendar: bool = False


_AS_WRITTEN: Final = Periods()
_YEAR_AND_MONTH: Final = re.compile(r"(\d{4})[-/](\d{1,2})")


def years_and_months_in(table: Table) -> tuple[str, ...]:
    """Return the periods written as 2026-04: April of the calendar, or month 4 of the year."""
    texts = (table.text(row, "period") for row in table.body if not row.blank)
    return tuple(text for text in texts if _YEAR_AND_MONTH.fullmatch(text))


def dates_in(table: Table) -> tuple[SheetCell, ...]:
    """Return the periods that are written as dates, with a day."""
    cells = (table.cell(row, "period") for row in table.body if not row.blank)
    return tuple(cell for cell in cells if is_written(cell))


def months_in(table: Table, year: FiscalYear, meant: Periods = _AS_WRITTEN) -> tuple[Month, ...]:
    """Return the months a trial balance names, the one with most rows first."""
    meant = _inferred(table, meant)
    found: Counter[Month] = Counter()
    for row in table.body:
        try:
            found[_stated(table, row, year, meant)] += bool(table.text(row, "period"))
        except Refusal:
            continue
    return tuple(month for month, count in found.most_common() if count)


def read_trial_balance(
    sheet: Sheet,
    month: Month,
    columns: Mapping[str, str] | None = None,
    meant: Periods = _AS_WRITTEN,
) -> TrialBalance:
    """Read one month; where the file has no period column, all its rows are of that month."""
    table = ledger_table(sheet, columns)
    meant = _inferred(table, meant)
    rows: list[SourceRow] = []
    left_out: list[LeftOut] = list(table.sheet.unread)
    others = 0
    for row in table.body:
        if row.blank:
            continue
        each = _row(table, row, month, meant)
        if isinstance(each, SourceRow) and each.month == month.number:
            rows.append(each)
        elif isinstance(each, LeftOut) and each.month in {None, month}:
            left_out.append(each)
        else:
            others += 1
    referred = any(row.reference for row in rows)
    return TrialBalance(table, month, tuple(rows), tuple(left_out), others, referred)


def _inferred(table: Table, meant: Periods) -> Periods:
    return replace(meant, order=meant.order or shapes(dates_in(table)).order)


def _row(table: Table, row: SheetRow, month: Month, meant: Periods) -> SourceRow | LeftOut:
    field, at = "cost_centre", None
    try:
        _check_no_heading(table, row)
        centre = _code(table, row, "cost_centre")
        field = "subjective"
        subjective = _code(table, row, "subjective")
        field = "period"
        at = _month(table, row, month, meant)
        field = "amount"
        amount_p = _amount(table, row)
    except Refusal as why:
        return LeftOut(row.number, table.heading(field), table.text(row, field), why, at)
    of_month = at.number if FiscalYear.of(at.first) == FiscalYear.of(month.first) else 0
    reference, words = table.text(row, "reference"), table.text(row, "words")
    return SourceRow(row.number, centre, subjective, of_month, amount_p, reference, words)


def _check_no_heading(table: Table, row: SheetRow) -> None:
    """Refuse the header where a printed report repeats it on a new page."""
    places = table.places
    if all(table.text(row, field) == table.headings[place] for field, place in places.items()):
        raise Refusal(
            code="heading_again",
            words="It is the row of headings once more.",
            remedy="Nothing needs to be done.",
            field="cost_centre",
        )


def _code(table: Table, row: SheetRow, field: str) -> str:
    text = table.text(row, field)
    if not text:
        raise Refusal(
            code="no_code",
            words=f"The row has nothing in {table.heading(field)}.",
            remedy="A total or heading may stay out; a posting needs its code.",
            field=field,
        )
    return text


def _month(table: Table, row: SheetRow, month: Month, meant: Periods) -> Month:
    if "period" not in table.places:
        return month
    return _stated(table, row, FiscalYear.of(month.first), meant)


def _stated(table: Table, row: SheetRow, year: FiscalYear, meant: Periods) -> Month:
    """Return the month a row states, as a period or as a day in it."""
    cell, text = table.cell(row, "period"), table.text(row, "period")
    if is_written(cell):
        return Month(read_date(cell, meant.order, "period").replace(day=1))
    found = _YEAR_AND_MONTH.fullmatch(text) if meant.calendar else None
    if found is not None and 1 <= int(found[2]) <= MONTHS_IN_YEAR:
        text = f"{MONTH_NAMES[int(found[2]) - 1]} {found[1]}"
    return month_in(cell, text, year, "period")


def _amount(table: Table, row: SheetRow) -> int:
    if "amount" in table.places:
        return pence_of(table.cell(row, "amount"), "amount")
    sides: Sequence[int] = [
        pence_of(cell, field) if filled(cell) else 0
        for field in ("debit", "credit")
        for cell in [table.cell(row, field)]
    ]
    return sides[0] - sides[1]
