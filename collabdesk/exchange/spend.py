"""Files of spending over £25,000 as NHS bodies publish them, known by what they hold."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal
from collabdesk.exchange.periods_written import month_in
from collabdesk.exchange.sheet_dates import DateOrder, DateShapes, disagreement, read_date, shapes
from collabdesk.exchange.sheets import (
    Aliases,
    LeftOut,
    Sheet,
    SheetCell,
    SheetRow,
    Table,
    exact_pounds,
    names_a_sum,
    no_layout,
    pence_of,
    plain_heading,
    recognised,
    table_as_told,
    text_of,
)

# A star lets the words stand anywhere in the heading; without one they are all of it.
ALIASES: Final[Aliases] = {
    "amount": (
        "amount",
        "amount £",
        "amount gbp",
        "net amount",
        "gross amount",
        "line amount",
        "payment amount",
        "amount*",
        "value",
        "total",
        "value*",
        "total*",
        "net*",
        "gross*",
        "spend*",
        "sum paid",
        "paid amount",
        "£*",
    ),
    "date": (
        "date",
        "date paid",
        "payment date",
        "paid date",
        "date of payment",
        "paid on",
        "date*",
    ),
    "period": ("period", "accounting period", "month", "period*"),
    "supplier": (
        "supplier",
        "supplier name",
        "vendor",
        "vendor name",
        "payee",
        "supplier*",
        "vendor*",
        "payee*",
        "merchant*",
        "creditor*",
        "beneficiary*",
    ),
    "reference": (
        "transaction number",
        "transaction reference",
        "transaction no",
        "transaction*",
        "invoice number",
        "invoice*",
        "reference",
        "payment number",
        "document number",
        "voucher*",
        "reference*",
    ),
    "area": (
        "expense area",
        "expenses area",
        "cost centre",
        "area",
        "expense area*",
        "cost centre*",
    ),
    "type": ("expense type", "expenses type", "subjective", "expense type*", "type", "description"),
    "entity": ("entity", "entity name", "organisation", "body", "entity*", "organisation*"),
    "family": ("department family", "department", "department*"),
}
_SIDES: Final = frozenset({"net", "gross"})
_AMOUNTS: Final = _SIDES | {"amount", "value", "total"}
_TAX: Final = frozenset({"vat", "tax"})
_SAYS_WHEN: Final = frozenset({"date", "period"})
_SAYS_WHAT: Final = frozenset({"supplier", "reference", "area", "type"})
_UNSAID: Final = "its dates do not say whether the day or the month comes first."
_MONTHS_BACK: Final = 400
_HEADER_WITHIN: Final = 20
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class SpendRow:
    """One payment; `number` is its row in the file, references may repeat."""

    number: int
    day: dt.date
    month: Month
    supplier: str
    reference: str
    area: str
    kind: str
    amount_p: int


@dataclass(frozen=True, slots=True)
class SpendFile:
    """A file understood: its rows, what is left out, and what it says of itself."""

    table: Table
    dates: DateShapes
    rows: tuple[SpendRow, ...]
    left_out: tuple[LeftOut, ...]
    blank: int
    entity: str

    @property
    def total_p(self) -> int:
        """The total of the rows that were read."""
        return sum(row.amount_p for row in self.rows)


def spend_table(sheet: Sheet) -> Table:
    """Find the columns of a spend file; refused where it is none."""
    table = recognised(sheet, ALIASES, ("amount",), (_SAYS_WHEN, _SAYS_WHAT))
    if table is None:
        wanted = ("an amount", "a supplier", "a date")
        raise no_layout(sheet, "a file of spending over £25,000", wanted)
    return table


def amounts_of(table: Table) -> dict[str, int]:
    """Return what each column that may be the amount adds up to in pence; the one taken first.

    Some files have the net and the gross of a payment side by side; tax alone is neither.
    """
    taken = table.places["amount"]
    spare = (place for place in range(len(table.headings)) if place not in table.places.values())
    places = (taken, *(place for place in spare if _names_an_amount(table.headings[place])))
    found = {}
    for place in places:
        cells = [row.cells[place] for row in table.body if place < len(row.cells)]
        read = [pence for cell in cells if (pence := _pence(cell)) is not None]
        if place == taken or 2 * len(read) > sum(text_of(cell) != "" for cell in cells):
            found[table.headings[place]] = sum(read)
    return found


def _names_an_amount(heading: str) -> bool:
    words = set(plain_heading(heading).split())
    return bool(words & _AMOUNTS) and not (words & _TAX and not words & _SIDES)


def _pence(cell: SheetCell) -> int | None:
    try:
        return pence_of(cell, "amount")
    except Refusal:
        return None


def headings_with_dates(sheet: Sheet) -> tuple[str, ...]:
    """Return the headings of a table most of whose rows have a date in one of its columns.

    Empty where it has none: then it is no file of payments.
    """
    at = next(
        (n for n, row in enumerate(sheet.rows[:_HEADER_WITHIN]) if _words(row) >= _FEWEST), None
    )
    if at is None:
        return ()
    rows = [row for row in sheet.rows[at + 1 :] if not row.blank]
    for place in range(len(sheet.rows[at].cells)):
        found = shapes([row.cells[place] for row in rows if place < len(row.cells)])
        dated = found.only_day_first + found.only_month_first + found.either + found.real
        if rows and 2 * dated > len(rows):
            return tuple(text for cell in sheet.rows[at].cells if (text := text_of(cell)))
    return ()


def _words(row: SheetRow) -> int:
    return sum(isinstance(cell, str) and bool(cell.strip()) for cell in row.cells)


def dates_of(table: Table) -> tuple[SheetCell, ...]:
    """Return the cells of the date column, of rows that hold anything."""
    return tuple(table.cell(row, "date") for row in table.body if not row.blank)


def read_spend(
    sheet: Sheet,
    order: DateOrder | None = None,
    columns: Mapping[str, str] | None = None,
    amount: str = "",
) -> SpendFile:
    """Read a spend file; `order` is what somebody answered where the file does not say.

    So are `columns`, the heading of each field, where its own headings are not known, and
    `amount`, the heading that counts where several of `amounts_of` may.

    Refused while the order of its dates is not known; single rows are left out with why.
    """
    table = table_as_told(sheet, columns) if columns else spend_table(sheet)
    if amount and amount in table.headings:
        table = replace(table, places={**table.places, "amount": table.headings.index(amount)})
    found = shapes(dates_of(table))
    if found.ambiguous and order is None:
        raise Refusal(
            code="date_order",
            words=f"{sheet.name}: {disagreement(dates_of(table)) or _UNSAID}",
            remedy="Look at the sample dates and choose.",
            field="date_order",
        )
    rows: list[SpendRow] = []
    left_out: list[LeftOut] = list(table.sheet.unread)
    for row in table.body:
        if not row.blank:
            each = _row(table, row, order or found.order)
            if isinstance(each, SpendRow) and _adds_up(each, rows):
                each = _total_row(table, each)
            (left_out if isinstance(each, LeftOut) else rows).append(each)  # type: ignore[arg-type]
    blank = sum(row.blank for row in table.body) - len(sheet.unread)
    return SpendFile(table, found, tuple(rows), tuple(left_out), blank, entity_of(table))


def entity_of(table: Table) -> str:
    """Return the body that most rows name; empty where the file names none."""
    names = Counter(table.text(row, "entity") for row in table.body)
    names.pop("", None)
    return names.most_common(1)[0][0] if names else ""


def _row(table: Table, row: SheetRow, order: DateOrder | None) -> SpendRow | LeftOut:
    field = "amount"
    try:
        amount_p = pence_of(table.cell(row, "amount"), "amount")
        field = "date"
        day, month = _when(table, row, order)
    except Refusal as why:
        where, what = table.heading(why.field or field), table.text(row, field)
        return LeftOut(row.number, where, what, why, _month_of(table, row, order))
    return SpendRow(
        row.number,
        day,
        month,
        table.text(row, "supplier"),
        table.text(row, "reference"),
        table.text(row, "area") or table.text(row, "family"),
        table.text(row, "type"),
        amount_p,
    )


def _adds_up(row: SpendRow, before: Sequence[SpendRow]) -> bool:
    """Tell whether a row calls itself a total and is that of all rows before it."""
    named = any(map(names_a_sum, (row.supplier, row.reference, row.area, row.kind)))
    return named and row.amount_p == sum(each.amount_p for each in before)


def _total_row(table: Table, row: SpendRow) -> LeftOut:
    why = Refusal(
        code="total_row",
        words="It calls itself a total and adds up to the rows before it, so it is no payment.",
        remedy="Nothing needs to be done; give it another name if it is a payment.",
        field="amount",
    )
    return LeftOut(row.number, table.heading("amount"), format_pence(row.amount_p), why)


def _when(table: Table, row: SheetRow, order: DateOrder | None) -> tuple[dt.date, Month]:
    """Return the day paid and the month counted in: the file's period where it states one."""
    period, stated = table.text(row, "period"), table.cell(row, "period")
    if "date" not in table.places:
        month = month_in(stated, period, None, "period")
        return month.last, month
    epoch = table.sheet.epoch_1904
    day = read_date(table.cell(row, "date"), order, "date", epoch_1904=epoch)
    year = FiscalYear.of(day)
    month = month_in(stated, period, year, "period") if period else year.month(_number(day))
    if abs((month.first - day).days) > _MONTHS_BACK:
        raise Refusal(
            code="period_date",
            words=f"Its period {period} is read as {month.label}, its date is {day:%d/%m/%Y}.",
            remedy="Correct whichever of the two is wrong.",
            field="period",
        )
    return day, month


def _month_of(table: Table, row: SheetRow, order: DateOrder | None) -> Month | None:
    try:
        return _when(table, row, order)[1]
    except Refusal:
        return None


def _number(day: dt.date) -> int:
    return Month(day.replace(day=1)).number


# --- counting, for those who check the reading against figures worked out elsewhere ---------


@dataclass(frozen=True, slots=True)
class Counts:
    """What a spend file holds, whatever its dates may mean."""

    header: tuple[SheetCell, ...]
    data_rows: int
    blank_rows: int
    unparsed: int
    sub_penny: int
    total: Fraction
    negative_rows: int
    negative_total: Fraction
    dates: DateShapes


def counts(sheet: Sheet) -> Counts:
    """Count a spend file's rows; totals are exact pence, finer ones included."""
    table = spend_table(sheet)
    amounts = list(_amounts(table))
    pence = [100 * exact for exact in amounts if exact is not None]
    negative = [each for each in pence if each < 0]
    return Counts(
        sheet.rows[table.header_at].cells,
        len(pence),
        sum(row.blank for row in table.body),
        len(amounts) - len(pence),
        sum(each.denominator != 1 for each in pence),
        sum(pence, Fraction()),
        len(negative),
        sum(negative, Fraction()),
        shapes(dates_of(table), signs="/"),
    )


def _amounts(table: Table) -> Iterator[Fraction | None]:
    return (exact_pounds(table.cell(row, "amount")) for row in table.body if not row.blank)
