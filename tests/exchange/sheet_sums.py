"""Works out the few kinds of formula that an exported report holds, from its own cells."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries

SUMIFS = re.compile(r"=ROUND\((-?)SUMIFS\(Amounts,(.*)\),2\)")
SUM = re.compile(r"=ROUND\(SUM\((\w+:\w+)\),2\)")
LESS = re.compile(r"=ROUND\((\w+)-(\w+),2\)")


class Recalculated:
    """A workbook whose Report is worked out again."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.carried = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Report"]
        self.report = self.book["Report"]
        self.columns = {name: self._column(name) for name in self.book.defined_names}
        self.known: dict[str, Decimal] = {}

    def formulas(self) -> list[str]:
        """Return where a formula stands."""
        cells = (cell for row in self.report.iter_rows() for cell in row)
        return [cell.coordinate for cell in cells if cell.data_type == "f"]

    def value(self, place: str) -> Decimal:
        """Return what a cell's formula comes to."""
        if place not in self.known:
            self.known[place] = self._worked_out(str(self.report[place].value))
        return self.known[place]

    def shown(self, place: str) -> Decimal:
        """Return the value that the formula carries."""
        return Decimal(str(self.carried[place].value))

    def _worked_out(self, formula: str) -> Decimal:
        if found := SUMIFS.fullmatch(formula):
            return (-1 if found[1] else 1) * self._sumifs(found[2].split(","))
        if found := SUM.fullmatch(formula):
            left, top, right, bottom = range_boundaries(found[1])
            rows = self.report.iter_rows(top, bottom, left, right)
            return sum((self.value(c.coordinate) for row in rows for c in row), Decimal())
        if found := LESS.fullmatch(formula):
            return self.value(found[1]) - self.value(found[2])
        raise AssertionError(formula)

    def _sumifs(self, asked: list[str]) -> Decimal:
        wanted = [(self.columns[name], self._operand(of)) for name, of in _pairs(asked)]
        total = Decimal()
        for place, amount in enumerate(self.columns["Amounts"]):
            if all(column[place] == value for column, value in wanted):
                total += Decimal(str(amount)).quantize(Decimal("0.01"))
        return total

    def _operand(self, text: str) -> Any:  # noqa: ANN401 - a number or words
        if text.startswith('"'):
            return text.strip('"')
        return self.report[text.replace("$", "")].value

    def _column(self, name: str) -> list[Any]:
        sheet, _, cells = self.book.defined_names[name].attr_text.partition("!")
        rows = self.book[sheet][cells.replace("$", "")]
        return [row[0].value for row in rows]


def _pairs(asked: list[str]) -> list[tuple[str, str]]:
    return list(zip(asked[::2], asked[1::2], strict=True))
