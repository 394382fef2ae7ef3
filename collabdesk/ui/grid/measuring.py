"""How wide the columns of a grid ask to be, worked out once for what is on show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from PySide6.QtGui import QFontMetrics

from collabdesk.ui.grid.cells import CellState, GridCell, GridRow, RowKind, Value
from collabdesk.ui.grid.columns import GridColumn, Unit
from collabdesk.ui.grid.model import GridModel
from collabdesk.ui.theme import Look, Theme

_MEASURED: Final = 200
_WIDE_DIGITS: Final = str.maketrans("0123456789", "0" * 10)
_SIGNED: Final = CellState.LOCKED | CellState.CONCERN | CellState.GOOD
_SLACK: Final = 2
"""Painted text may be a pixel wider than measured, and must not end in an ellipsis for it."""

_Extremes = Mapping[tuple[bool, bool], set[Value]]


class Measuring:
    """The widths that the first rows, the headings and the look ask for."""

    def __init__(self, look: Look, model: GridModel) -> None:
        """Measure nothing yet."""
        self._look, self._model = look, model
        self._of: tuple[int, Theme] | None = None
        self._extremes: list[_Extremes] = []
        self._deepest = 1
        self._widths: dict[Unit, list[int]] = {}
        self._metrics: dict[str, QFontMetrics] = {}
        self._advances: dict[tuple[str, str], int] = {}

    def widths(self) -> list[int]:
        """Return the least width of each column, in the unit that the model shows."""
        theme, model = self._look.theme, self._model
        if self._of is None or self._of[0] != model.revision or self._of[1] is not theme:
            self._of, self._widths = (model.revision, theme), {}
            self._metrics = {role: QFontMetrics(theme.font(role)) for role in (_TITLE, *_FONTS)}
            self._advances = {}
            rows = model.first_rows(_MEASURED)
            self._extremes = list(_extremes(rows, model.columns))
            self._deepest = max(1, *(row.level for row in rows), 1)
        if model.unit not in self._widths:
            self._widths[model.unit] = self._measured(theme, model.unit)
        return list(self._widths[model.unit])

    def _measured(self, theme: Theme, unit: Unit) -> list[int]:
        pad = 2 * theme.px("space.cellPaddingX") + 1
        sign = theme.px("icon.inline") + 4
        most = theme.px("size.inspectorWidth") + theme.px("space.7")
        made = []
        for place, column in enumerate(self._model.columns):
            parts = (*_wrapped(column.title), column.second)
            widest = max(self._advance(_TITLE, part) for part in parts)
            for (strong, marked), values in self._extremes[place].items():
                room = sign if marked else 0
                for value in values:
                    text = column.shown(value, unit)
                    text = text.translate(_WIDE_DIGITS) if isinstance(value, int) else text
                    widest = max(widest, self._advance(_FONTS[strong], text) + room)
            indent = theme.px("space.4") * (1 + self._deepest) if place == 0 else 0
            slack = 0 if column.is_figure else _SLACK
            made.append(min(widest + pad + indent + slack, most))
        return made

    def _advance(self, role: str, text: str) -> int:
        # Titles and names are asked for again in the other unit.
        known = self._advances.get((role, text))
        if known is None:
            known = self._metrics[role].horizontalAdvance(text)
            self._advances[role, text] = known
        return known


_TITLE: Final = "captionStrong"
_FONTS: Final = ("body", "bodyStrong")


def _extremes(rows: Iterable[GridRow], columns: Iterable[GridColumn]) -> Iterator[_Extremes]:
    """Yield, for each column, the values that may be the widest: by strong, then by marked.

    Of figures the largest and the smallest alone: thousands of texts need no measuring.
    """
    plain: list[tuple[GridCell, ...]] = []
    strong: list[tuple[GridCell, ...]] = []
    for row in rows:
        (plain if row.kind is RowKind.LINE else strong).append(row.cells)
    for place, column in enumerate(columns):
        found: dict[tuple[bool, bool], set[Value]] = {}
        for heavy, lines in ((True, strong), (column.strong, plain)):
            for marked, values in _split([cells[place] for cells in lines]):
                if values:
                    found[heavy, marked] = found.get((heavy, marked), set()) | values
        yield {key: set(_widest(values)) for key, values in found.items()}


def _split(cells: Sequence[GridCell]) -> tuple[tuple[bool, set[Value]], ...]:
    marked = [cell for cell in cells if cell.state is not CellState.OPEN and _signed(cell.state)]
    unmarked = cells
    if marked:
        unmarked = [
            cell for cell in cells if cell.state is CellState.OPEN or not _signed(cell.state)
        ]
    return (False, _values(unmarked)), (True, _values(marked))


def _values(cells: Sequence[GridCell]) -> set[Value]:
    others = {cell.other for cell in cells if cell.other is not None}
    return {cell.value for cell in cells} | others


def _widest(values: Iterable[Value]) -> Iterator[Value]:
    figures = []
    for value in values:
        if isinstance(value, int):
            figures.append(value)
        else:
            yield value
    if figures:
        yield min(figures)
        yield max(figures)


@cache
def _signed(state: CellState) -> bool:
    return bool(state & _SIGNED)


def _wrapped(title: str) -> list[str]:
    return title.split() if len(title) > 10 else [title]  # noqa: PLR2004 two lines of heading
