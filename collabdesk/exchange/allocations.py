"""Tables of allocations as they are published: a body, an amount, and a unit somebody states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from collabdesk.errors import Refusal
from collabdesk.exchange.sheets import (
    LeftOut,
    Sheet,
    SheetRow,
    Table,
    exact_pounds,
    no_layout,
    pence_of,
    plain_heading,
)


class Unit(StrEnum):
    """What the figures of a table count."""

    POUNDS = "£"
    THOUSANDS = "£000"
    MILLIONS = "£m"

    @property
    def pounds(self) -> int:
        """How many pounds one of it is."""
        return {"£": 1, "£000": 1_000, "£m": 1_000_000}[self.value]


_UNIT_WORDS: Final = {
    "£": Unit.POUNDS,
    "gbp": Unit.POUNDS,
    "£000": Unit.THOUSANDS,
    "£000s": Unit.THOUSANDS,
    "£'000": Unit.THOUSANDS,
    "£k": Unit.THOUSANDS,
    "000": Unit.THOUSANDS,
    "thousands": Unit.THOUSANDS,
    "£m": Unit.MILLIONS,
    "millions": Unit.MILLIONS,
}
_HEADER_WITHIN: Final = 20
_NOT_MONEY: Final = ("growth", "per capita", "%", "dft", "distance", "share", "population")
_FIRST: Final = ("final allocation", "total allocation", "allocation", "core allocation")


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one body is allocated, in pence."""

    number: int
    name: str
    amount_p: int


@dataclass(frozen=True, slots=True)
class AllocationTable:
    """A table read: the column taken, its rows and what is left out."""

    table: Table
    column: str
    rows: tuple[Allocation, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def total_p(self) -> int:
        """The total of what was read."""
        return sum(row.amount_p for row in self.rows)


def unit_named(text: str) -> Unit:
    """Return the unit that some text names; refused for any other."""
    found = _UNIT_WORDS.get(text.strip().casefold().replace("’", "'"))
    if found is None:
        raise Refusal(
            code="unit",
            words=f"“{text.strip()[:20]}” is not a unit of money." if text.strip() else "No unit.",
            remedy="Choose £, £000 or £m; the head of the table or its notes say which.",
            field="unit",
        )
    return found


def stated_unit(sheet: Sheet) -> Unit | None:
    """Return the unit that the head of a table states, or None where it states none."""
    return unit_said(sheet.rows[: _header_at(sheet) + 1])


def unit_said(rows: Sequence[SheetRow]) -> Unit | None:
    """Return the unit that some rows of words state, or None where they state none."""
    said = " ".join(
        cell.casefold() for row in rows for cell in row.cells if isinstance(cell, str)
    ).replace("’", "'")
    for mark, unit in (
        ("£000", Unit.THOUSANDS),
        ("£'000", Unit.THOUSANDS),
        ("£k", Unit.THOUSANDS),
        ("£m", Unit.MILLIONS),
    ):
        if mark in said:
            return unit
    return None


def amount_columns(sheet: Sheet) -> tuple[str, ...]:
    """Return the headings whose cells may be allocations, the likeliest first."""
    headings = [str(cell or "").strip() for cell in sheet.rows[_header_at(sheet)].cells]
    able = [
        heading
        for heading in headings[1:]
        if heading and not any(word in heading.casefold() for word in _NOT_MONEY)
    ]
    named = [heading for heading in able if "allocation" in heading.casefold()] or able
    return tuple(sorted(named, key=lambda heading: (_rank(heading), headings.index(heading))))


def _rank(heading: str) -> int:
    plain = plain_heading(heading)
    return next((n for n, known in enumerate(_FIRST) if plain.startswith(known)), len(_FIRST))


def _header_at(sheet: Sheet) -> int:
    """Return the row of the headings: the first whose cells are words, over rows of figures."""
    rows = sheet.rows[:_HEADER_WITHIN]
    for place, row in enumerate(rows[:-1]):
        words = sum(isinstance(cell, str) and bool(cell.strip()) for cell in row.cells)
        figures = any(exact_pounds(cell) is not None for cell in rows[place + 1].cells)
        own = any(exact_pounds(cell) is not None for cell in row.cells)
        if words > 1 and figures and not own:
            return place
    raise no_layout(sheet, "a table of allocations", ("a body", "an allocation"))


def read_allocations(sheet: Sheet, unit: Unit, column: str = "") -> AllocationTable:
    """Read the rows of a table: the body of each in its first column, the amount in `column`."""
    at = _header_at(sheet)
    headings: Sequence[str] = [str(cell or "").strip() for cell in sheet.rows[at].cells]
    wanted = column or next(iter(amount_columns(sheet)), "")
    if wanted not in headings:
        raise no_layout(sheet, "a table of allocations", ("an allocation",))
    table = Table(sheet, {"name": 0, "amount": headings.index(wanted)}, at)
    rows: list[Allocation] = []
    left_out: list[LeftOut] = list(table.sheet.unread)
    for row in table.body:
        name, cell = table.text(row, "name"), table.cell(row, "amount")
        if row.blank or not name:
            continue
        try:
            rows.append(Allocation(row.number, name, pence_of(cell, "amount", unit.pounds)))
        except Refusal as why:
            left_out.append(LeftOut(row.number, wanted, table.text(row, "amount"), why))
    return AllocationTable(table, wanted, tuple(rows), tuple(left_out))
