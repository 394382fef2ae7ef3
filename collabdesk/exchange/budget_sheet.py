"""A budget kept in a workbook: service lines at providers, month by month or for the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR
from collabdesk.errors import Refusal
from collabdesk.exchange.sheets import (
    Aliases,
    LeftOut,
    Sheet,
    SheetRow,
    Table,
    filled,
    no_layout,
    pence_of,
    recognised,
)

_APRIL: Final = 4


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

    @property
    def total_p(self) -> int:
        """The total of what was read."""
        return sum(row.total_p for row in self.rows)


def read_budget(sheet: Sheet) -> BudgetSheet:
    """Read a budget; a row with a fault is left out with its cell, the others are read."""
    table = recognised(sheet, _ALIASES, ("code", "provider", *_MONTHS)) or recognised(
        sheet, _ALIASES, ("code", "provider", "total")
    )
    if table is None:
        wanted = ("the code of the line", "the provider", "M1 to M12 or a total")
        raise no_layout(sheet, "a budget by service line and provider", wanted)
    rows: list[BudgetRow] = []
    left_out: list[LeftOut] = []
    for row in table.body:
        if row.blank or _sums_up(table, row):
            continue
        try:
            rows.append(_read(table, row, rows))
        except Refusal as why:
            column = table.heading(why.field)
            left_out.append(LeftOut(row.number, column, table.text(row, why.field), why))
    return BudgetSheet(table, tuple(rows), tuple(left_out))


def _sums_up(table: Table, row: SheetRow) -> bool:
    """Tell whether a row adds others up: it names neither line nor provider."""
    named = table.text(row, "code"), table.text(row, "provider")
    return not any(named) or (
        not named[1] and any(word.casefold().startswith(("total", "sub")) for word in named)
    )


def _read(table: Table, row: SheetRow, before: list[BudgetRow]) -> BudgetRow:
    code = table.text(row, "code")
    if not code:
        raise Refusal(
            code="code_missing",
            words="The row has no code of a service line.",
            remedy="Give each row the code of its line.",
            field="code",
        )
    provider = ods_code(table.text(row, "provider"), "provider")
    first = next((b for b in before if (b.code, b.provider) == (code, provider)), None)
    if first is not None:
        raise Refusal(
            code="line_twice",
            words=f"{code} at {provider} stands in row {first.number} already.",
            remedy="Put both into one row.",
            field="provider",
        )
    months = _months(table, row)
    total_p = _total(table, row, months)
    name = table.text(row, "name") or code
    return BudgetRow(row.number, code, name, provider, _recurrence(table, row), months, total_p)


def _months(table: Table, row: SheetRow) -> tuple[int, ...]:
    if "m1" not in table.places:
        return ()
    return tuple(_pence(table, row, field) for field in _MONTHS)


def _pence(table: Table, row: SheetRow, field: str) -> int:
    cell = table.cell(row, field)
    return pence_of(cell, field) if filled(cell) else 0


def _total(table: Table, row: SheetRow, months: tuple[int, ...]) -> int:
    stated = _pence(table, row, "total") if filled(table.cell(row, "total")) else None
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
