"""What the status bar says of a selection: sum, average and count, a range where contested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from collabdesk.domain.money import round_half_away
from collabdesk.ui.grid.cells import GridCell, Value
from collabdesk.ui.grid.columns import GridColumn, Kind

_PLACES: Final = Decimal("0.01")


@dataclass
class Summary:
    """Figures of the cells selected."""

    cells: int = 0
    count: int = 0
    contested: int = 0
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    column: GridColumn | None = None
    mixed: bool = False

    def add(self, column: GridColumn, cell: GridCell) -> None:
        """Count one more cell."""
        self.cells += 1
        figure = _figure(cell.value) if column.is_figure else None
        if figure is None:
            return
        other = _figure(cell.other)
        self.mixed |= self.column is not None and self.column.kind is not column.kind
        self.column = self.column or column
        self.count += 1
        self.contested += other is not None
        self.low += min(figure, other if other is not None else figure)
        self.high += max(figure, other if other is not None else figure)

    def pairs(self) -> list[tuple[str, str]]:
        """Return words and figures for the status bar."""
        cells = "1 cell" if self.cells == 1 else f"{self.cells:,} cells"
        if self.contested:
            cells += f", {self.count + self.contested:,} figures"
        pairs = [(cells, "")]
        if self.count and self.column is not None and not self.mixed:
            pairs.append(("Sum", self._range(self.column, Fraction(1))))
            if self.count > 1:
                pairs.append(("Average", self._range(self.column, Fraction(self.count))))
        return [*pairs, ("Count", f"{self.count:,}")]

    def _range(self, column: GridColumn, by: Fraction) -> str:
        low, high = (_written(column, end / by) for end in (self.low, self.high))
        return low if low == high else f"{low} to {high}"


def summarise(cells: Iterable[tuple[GridColumn, GridCell]]) -> Summary:
    """Add up the cells selected."""
    summary = Summary()
    for column, cell in cells:
        summary.add(column, cell)
    return summary


def _figure(value: Value) -> Fraction | None:
    if isinstance(value, int):
        return Fraction(value)
    try:
        return Fraction(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _written(column: GridColumn, exact: Fraction) -> str:
    if column.kind is Kind.MONEY:
        return column.exact(round_half_away(exact))
    if exact.denominator == 1:
        return column.shown(int(exact))
    places = Decimal(exact.numerator) / Decimal(exact.denominator)
    return column.shown(str(places.quantize(_PLACES, ROUND_HALF_UP)))
