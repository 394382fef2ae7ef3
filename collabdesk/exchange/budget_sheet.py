"""A budget kept in a workbook: service lines at providers, month by month or for the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR
from collabdesk.errors import Refusal
from collabdesk.exchange.allocations import Unit, unit_said
from collabdesk.exchange.sheets import (
    Aliases,
    LeftOut,
    Sheet,
    SheetCell,
    SheetRow,
    Table,
    filled,
    no_layout,
    pence_of,
    recognised,
)

_APRIL: Final = 4
_HEADER_WITHIN: Final = 20


def _month_names(month: int) -> tuple[str, ...]:
    name = MONTH_NAMES[(month + _APRIL - 2) % MONTHS_IN_YEAR].casefold()
    short = f"m{month}"
    return (short, f"{short}*", f"m{month:02}", f"m{month:02}*", name, name[:3], f"{name[:3]}*")


_ALIASES: Final[Aliases] = {
    "code": ("code", "line code", "service line code", "service code", "cost centre", "code*"),
    "provider": ("provider code", "ods code", "ods", "provider", "trust", "organisation code"),
    "name": ("service line", "line", "service", "name", "description", "service line*"),
    "recurrence": ("recurrence", "recurrent", "recurrent non recurrent", "kind", "r nr"),
    "total": ("total", "annual budget", "annual", "full year", "year", "budget", "total*"),
    **{f"m{month}": _month_names(month) for month in range(1, MONTHS_IN_YEAR + 1)},
}
_MONTHS: Final = tuple(f"m{month}" for month in range(1, MONTHS_IN_YEAR + 1))
_RECURRENT: Final = {"": "", "r": "recurrent", "recurrent": "recurrent", "yes": "recurrent"}
_ONCE: Final = {"nr", "n", "no", "non-recurrent", "non recurrent", "non_recurrent", "once"}


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A line of a budget: months in pence, April first; or only a total to be phased."""

    number: int
    code: str
    name: str
    provider: str
    recurrence: str
    months_p: tuple[int, ...]
    total_p: int


@dataclass(frozen=True, slots=True)
class BudgetSheet:
    """A budget read: its rows, and what is left out and why."""

    table: Table
    rows: tuple[BudgetRow, ...]
    left_out: tuple[LeftOut, ...]
    unit: Unit = Unit.POUNDS

    @property
    def total_p(self) -> int:
        """The total of what was read."""
        return sum(row.total_p for row in self.rows)


@dataclass(frozen=True, slots=True)
class Known:
    """What people call lines and providers, in small letters, and the codes meant by it."""

    lines: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)


_NOBODY: Final = Known()


def read_budget(sheet: Sheet, unit: Unit | None = None, known: Known = _NOBODY) -> BudgetSheet:
    """Read a budget; a row with a fault is left out with its cell, the others are read.

    Without a unit its figures count what its head states, else pounds. Lines and providers
    that are named and not coded are looked up in what is known.
    """
    sheet = _months_named(sheet)
    shapes = (
        (line, "provider", *figures)
        for figures in (_MONTHS, ("total",))
        for line in ("code", "name")
    )
    found = (recognised(sheet, _ALIASES, shape) for shape in shapes)
    table = next((one for one in found if one is not None), None)
    if table is None:
        wanted = ("the code of the line", "the provider", "M1 to M12 or a total")
        raise no_layout(sheet, "a budget by service line and provider", wanted)
    counts = unit or unit_said(sheet.rows[: table.header_at + 1]) or Unit.POUNDS
    reader = _Reader(table, counts, known)
    rows: list[BudgetRow] = []
    left_out: list[LeftOut] = list(table.sheet.unread)
    for row in table.body:
        if row.blank or _sums_up(table, row):
            continue
        try:
            rows.append(reader.read(row, rows))
        except Refusal as why:
            column = table.heading(why.field)
            left_out.append(LeftOut(row.number, column, table.text(row, why.field), why))
    return BudgetSheet(table, tuple(rows), tuple(left_out), counts)


def _months_named(sheet: Sheet) -> Sheet:
    """Write the months over headings that Excel keeps as dates: 01/04/2025 is M1."""
    rows = list(sheet.rows)
    for place, row in enumerate(rows[:_HEADER_WITHIN]):
        dates = [cell for cell in row.cells if isinstance(cell, dt.date)]
        if len({day.month for day in dates}) == MONTHS_IN_YEAR == len(dates):
            cells = tuple(_named_month(cell) for cell in row.cells)
            rows[place] = replace(row, cells=cells)
    return replace(sheet, rows=tuple(rows))


def _named_month(cell: SheetCell) -> SheetCell:
    return MONTH_NAMES[cell.month - 1] if isinstance(cell, dt.date) else cell


def _sums_up(table: Table, row: SheetRow) -> bool:
    """Tell whether a row adds others up: it names no line at a provider, or calls itself a sum."""
    named = [table.text(row, field).casefold() for field in ("code", "name", "provider")]
    if any(word.startswith(_SUMS) for word in named):
        return not (named[0] and named[2]) or named[2].startswith(_SUMS)
    return not any((named[0], named[2]))


_SUMS: Final = ("total", "subtotal", "sub-total", "sub total", "grand total", "check")


@dataclass(frozen=True)
class _Reader:
    """Reads the rows of a budget whose columns and unit are known."""

    table: Table
    unit: Unit
    known: Known

    def read(self, row: SheetRow, before: list[BudgetRow]) -> BudgetRow:
        code, provider = self._code(row), self._provider(row)
        first = next((b for b in before if (b.code, b.provider) == (code, provider)), None)
        if first is not None:
            raise Refusal(
                code="line_twice",
                words=f"{code} at {provider} stands in row {first.number} already.",
                remedy="Put both into one row.",
                field="provider",
            )
        months = self._months(row)
        total_p = self._total(row, months)
        name = self.table.text(row, "name") or code
        kind = _recurrence(self.table, row)
        return BudgetRow(row.number, code, name, provider, kind, months, total_p)

    def _code(self, row: SheetRow) -> str:
        code, name = self.table.text(row, "code"), self.table.text(row, "name")
        code = code or self.known.lines.get(name.casefold(), "")
        if code:
            return code
        if name and "code" not in self.table.places:
            raise Refusal(
                code="line_unknown",
                words=f"No service line is called “{name[:40]}”, and the row has no code.",
                remedy="Add a column with the code of each line, or name it as it is named here.",
                field="name",
            )
        raise Refusal(
            code="code_missing",
            words="The row has no code of a service line.",
            remedy="Give each row the code of its line.",
            field="code",
        )

    def _provider(self, row: SheetRow) -> str:
        said = self.table.text(row, "provider")
        return self.known.providers.get(said.casefold()) or ods_code(said, "provider")

    def _months(self, row: SheetRow) -> tuple[int, ...]:
        if "m1" not in self.table.places:
            return ()
        return tuple(self._pence(row, field) for field in _MONTHS)

    def _pence(self, row: SheetRow, field: str) -> int:
        cell = self.table.cell(row, field)
        return pence_of(cell, field, self.unit.pounds) if filled(cell) else 0

    def _total(self, row: SheetRow, months: tuple[int, ...]) -> int:
        stated = self._pence(row, "total") if filled(self.table.cell(row, "total")) else None
        if not months:
            return stated or 0
        if stated is not None and stated != sum(months):
            raise Refusal(
                code="total_differs",
                words=f"The months add up to {format_pence(sum(months))}, the total says "
                f"{format_pence(stated)}.",
                remedy="Correct a month or the total, and bring the file again.",
                field="total",
            )
        return sum(months)


def _recurrence(table: Table, row: SheetRow) -> str:
    said = table.text(row, "recurrence").casefold()
    if said in _ONCE:
        return "non_recurrent"
    if said not in _RECURRENT:
        raise Refusal(
            code="not_a_choice",
            words=f"“{said[:20]}” is neither recurrent nor non-recurrent.",
            remedy="Write recurrent or non-recurrent, or leave the cell empty.",
            field="recurrence",
        )
    return _RECURRENT[said]


def left_out_words(found: BudgetSheet) -> Iterator[tuple[str, str, str]]:
    """Yield where, what and why for everything that is left out."""
    for one in found.left_out:
        yield f"Row {one.row}, {one.column}", one.what, f"{one.why.words} {one.why.remedy}"
