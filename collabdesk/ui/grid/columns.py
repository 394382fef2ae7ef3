"""Columns: what a figure is, how it is written, and how typed text is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Final

from collabdesk.domain.money import MINUS, format_pence, parse_money_or_sum
from collabdesk.errors import Refusal
from collabdesk.ui.grid.cells import GridCell, Value

NOTHING: Final = "–"
_NUMBER: Final = re.compile(r"[-−]?\d[\d,]*(\.\d+)?")
_DAY_FORMS: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y")


class Kind(Enum):
    """What the values of a column are."""

    MONEY = auto()
    NUMBER = auto()
    TEXT = auto()
    DATE = auto()
    ENUM = auto()


class Unit(Enum):
    """How money is shown; typing, copying and sums are always exact."""

    POUNDS = "£"
    THOUSANDS = "£k"


@dataclass(frozen=True)
class GridColumn:
    """One column, declared."""

    key: str
    title: str
    second: str = ""
    kind: Kind = Kind.TEXT
    editable: bool = False
    band: str = ""
    band_icon: str = ""
    italic: bool = False
    strong: bool = False
    signed: bool = False
    pence: bool = False
    """Money is shown to the penny, whatever unit others are shown in."""
    choices: tuple[str, ...] = ()
    read: Callable[[str], Value] | None = None
    unit: str = ""
    help: str = ""

    @cached_property
    def name(self) -> str:
        """The title in one line."""
        return f"{self.title} {self.second}".strip()

    @cached_property
    def is_figure(self) -> bool:
        """Whether the values stand at the right and add up."""
        return self.kind in {Kind.MONEY, Kind.NUMBER}

    def shown(self, value: Value, unit: Unit = Unit.POUNDS) -> str:
        """Write a value as the grid shows it."""
        if value is None:
            return NOTHING if self.is_figure else ""
        if self.pence and isinstance(value, int):
            return self._signed(f"{'-' if value < 0 else ''}{format_pence(abs(value))[1:]}")
        if self.kind is Kind.MONEY and isinstance(value, int):
            size = 100 if unit is Unit.POUNDS else 100_000
            return self._signed(f"{_rounded(value, size):,}")
        if self.kind is Kind.NUMBER:
            return self._signed(_grouped(value)) + self.unit
        return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else str(value)

    def shown_cell(self, cell: GridCell, unit: Unit = Unit.POUNDS, joint: str = " or ") -> str:
        """Write a cell, both figures where two stand."""
        first = self.shown(cell.value, unit)
        return first if cell.other is None else f"{first}{joint}{self.shown(cell.other, unit)}"

    def exact(self, value: Value) -> str:
        """Write a value in full: money to the penny."""
        if self.kind is Kind.MONEY and isinstance(value, int):
            return format_pence(value)
        return self.shown(value)

    def exact_cell(self, cell: GridCell) -> str:
        """Write a cell in full, both figures where two stand."""
        first = self.exact(cell.value)
        return first if cell.other is None else f"{first} or {self.exact(cell.other)}"

    def plain(self, value: Value) -> str:
        """Write a value for the clipboard and the editor, as a spreadsheet reads it."""
        if value is None:
            return ""
        if self.kind is Kind.MONEY and isinstance(value, int):
            pounds, pence = divmod(abs(value), 100)
            return f"{'-' if value < 0 else ''}{pounds}.{pence:02}"
        return str(value) if not isinstance(value, dt.date) else self.shown(value)

    def parse(self, text: str) -> Value:
        """Read typed text; nothing typed means nothing there. Raises Refusal."""
        trimmed = text.strip()
        if not trimmed or trimmed == NOTHING:
            return None
        if self.read is not None:
            return self.read(trimmed)
        return _READ[self.kind](self, trimmed)

    def _signed(self, text: str) -> str:
        plus = "+" if self.signed and not text.startswith("-") and text.strip("0.") else ""
        return plus + text.replace("-", MINUS)


def _rounded(pence: int, size: int) -> int:
    """Round as `round_half_away` does, without a fraction for each of thousands of cells."""
    whole = (2 * abs(pence) + size) // (2 * size)
    return whole if pence >= 0 else -whole


def _grouped(value: Value) -> str:
    whole, dot, rest = str(value).partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole.lstrip("-").isdigit() else str(value)


def _money(column: GridColumn, text: str) -> Value:
    return parse_money_or_sum(text, column.name)


def _number(column: GridColumn, text: str) -> Value:
    plain = text.removesuffix(column.unit.strip()).strip()
    if not _NUMBER.fullmatch(plain):
        raise _refusal(column, text, "is not a number", "Type digits, for example 1,234 or 12.5.")
    digits = plain.replace(",", "").replace(MINUS, "-")
    return digits if "." in digits else int(digits)


def _day(column: GridColumn, text: str) -> Value:
    for form in _DAY_FORMS:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    raise _refusal(column, text, "is not a date", "Type it as 07/04/2026.")


def _choice(column: GridColumn, text: str) -> Value:
    for choice in column.choices:
        if choice.casefold() == text.casefold():
            return choice
    listed = ", ".join(column.choices)
    raise _refusal(column, text, "is not one of the choices", f"Choose one of: {listed}.")


def _refusal(column: GridColumn, text: str, why: str, remedy: str) -> Refusal:
    return Refusal(
        code=f"{column.kind.name.lower()}_text",
        words=f"“{text}” {why}.",
        remedy=remedy,
        field=column.name,
    )


_READ: Final[dict[Kind, Callable[[GridColumn, str], Value]]] = {
    Kind.MONEY: _money,
    Kind.NUMBER: _number,
    Kind.DATE: _day,
    Kind.ENUM: _choice,
    Kind.TEXT: lambda _column, text: text,
}
