"""Paints the cells of every grid from the tokens: a whole sheet at once."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QLineF, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QTableView

from collabdesk.ui.grid.cells import CellState, GridCell, GridRow, RowKind
from collabdesk.ui.grid.columns import GridColumn
from collabdesk.ui.grid.model import GridModel
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.icons import paint_icon

_INKS: Final = (
    (CellState.CONTESTED, "text.contested"),
    (CellState.REFUSED, "text.danger"),
    (CellState.CONCERN, "text.concern"),
    (CellState.GOOD, "text.good"),
    (CellState.LOCKED, "text.secondary"),
    (CellState.FORECAST, "text.forecast"),
)
_CONTESTED: Final = "surface.contested"
_GROUNDS: Final = (
    (CellState.CONTESTED, _CONTESTED),
    (CellState.LOCKED, "surface.closed"),
    (CellState.CLOSED, "surface.closed"),
    (CellState.SOFT, "surface.softClosed"),
)
_SIGNED: Final = CellState.LOCKED | CellState.CONCERN | CellState.GOOD | CellState.REFUSED
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = int((Qt.AlignmentFlag.AlignRight | _MIDDLE).value)
_LEFT: Final = int((Qt.AlignmentFlag.AlignLeft | _MIDDLE).value)
_CORNER: Final = 8
_STACK_LINE: Final = 12

_PAGE: Final = "surface.page"
_Span = tuple[int, int]
"""Where a row or a column begins in the viewport, and its size."""


class CellPainter(QObject):
    """One painter for all states; words and shapes first, colour after.

    It paints a sheet, not a cell: Qt takes longer to ask for each cell than the cell takes.
    """

    def __init__(self, look: Look, sheet: QTableView, model: GridModel) -> None:
        """Take every colour, font and size from the look."""
        super().__init__(sheet)
        self._look, self._sheet, self._model = look, sheet, model
        self.frozen = 0
        self.covered = 0
        """So many first columns are under the frozen ones, which paint them."""
        self._slanted: dict[str, QFont] = {}
        self._pens: dict[tuple[str, str], QPen] = {}
        look.changed.connect(self._forget)

    def _forget(self) -> None:
        self._slanted.clear()
        self._pens.clear()

    def paint(self, painter: QPainter, part: QRect) -> None:
        """Paint the cells of a part of the viewport, the lines between them, and the ring."""
        down, across = self._rows_in(part), self._columns_in(part)
        if not down or not across:
            return
        chosen, page = self._chosen(down), self._look.theme.colour(_PAGE)
        painter.fillRect(part.intersected(_whole(down, across)), page)
        for line, (top, high) in down.items():
            row = self._model.row_at(line)
            for place, (left, wide) in across.items():
                where = QRect(left, top, wide, high)
                self._paint_cell(painter, where, row, place, chosen=(line, place) in chosen)
        self._paint_lines(painter, down, across)
        here = self._sheet.currentIndex()
        if self._sheet.hasFocus() and here.row() in down and here.column() in across:
            self._paint_ring(painter, self._sheet.visualRect(here))

    def _rows_in(self, part: QRect) -> dict[int, _Span]:
        sheet = self._sheet
        first, last = sheet.rowAt(part.top()), sheet.rowAt(part.bottom())
        stop = self._model.rowCount() if last < 0 else last + 1
        lines = range(first, stop) if first >= 0 else ()
        return {line: (sheet.rowViewportPosition(line), sheet.rowHeight(line)) for line in lines}

    def _columns_in(self, part: QRect) -> dict[int, _Span]:
        sheet, places = self._sheet, range(self.covered, len(self._model.columns))
        spans = {
            place: (sheet.columnViewportPosition(place), sheet.columnWidth(place))
            for place in places
        }
        return {
            place: (left, wide)
            for place, (left, wide) in spans.items()
            if wide and left <= part.right() and left + wide > part.left()
        }

    def _chosen(self, down: dict[int, _Span]) -> set[tuple[int, int]]:
        selection = self._sheet.selectionModel().selection()
        first, last = min(down), max(down)
        return {
            (line, place)
            for block in (selection.at(n) for n in range(selection.count()))
            for line in range(max(first, block.top()), min(last, block.bottom()) + 1)
            for place in range(block.left(), block.right() + 1)
        }

    def _paint_cell(
        self, painter: QPainter, where: QRect, row: GridRow, place: int, *, chosen: bool
    ) -> None:
        column, cell = self._model.columns[place], row.cells[place]
        ground = _ground(row, cell, chosen=chosen)
        if ground != _PAGE:
            painter.fillRect(where, self._look.theme.colour(ground))
        self._paint_figure(painter, where, row, column, cell)
        if cell.state is not CellState.OPEN:
            self._paint_marks(painter, where, cell)

    def _paint_lines(
        self, painter: QPainter, down: dict[int, _Span], across: dict[int, _Span]
    ) -> None:
        hairline, whole = self._pen("border.hairline"), _whole(down, across)
        left, right = whole.left(), whole.right()
        painter.setPen(hairline)
        for top, high in down.values():
            painter.drawLine(left, top + high - 1, right, top + high - 1)
        for place, (begins, wide) in across.items():
            edge = place == self.frozen - 1
            painter.setPen(self._pen("border.pane") if edge else hairline)
            beside = begins + wide - 1
            painter.drawLine(beside, whole.top(), beside, whole.bottom())
        if 0 in down and self._model.row_at(0).kind is RowKind.TOTAL:
            painter.setPen(QPen(self._look.theme.colour("mark.control"), 1))
            painter.drawLine(left, whole.top(), right, whole.top())

    def _font(self, role: str, *, italic: bool) -> QFont:
        upright = self._look.theme.font(role)
        if not italic:
            return upright
        if role not in self._slanted:
            self._slanted[role] = QFont(upright)
            self._slanted[role].setItalic(True)
        return self._slanted[role]

    def _pen(self, role: str, line: str = "hairline") -> QPen:
        key = (role, line)
        if key not in self._pens:
            theme = self._look.theme
            self._pens[key] = QPen(theme.colour(role), theme.line(line))
        return self._pens[key]

    def _paint_figure(
        self, painter: QPainter, where: QRect, row: GridRow, column: GridColumn, cell: GridCell
    ) -> None:
        theme = self._look.theme
        # Most cells are open: asking a flag costs more than all else that is asked of a cell.
        plain = cell.state is CellState.OPEN
        painter.setPen(theme.colour("text.primary" if plain else _ink_of(cell.state)))
        pad = theme.px("space.cellPaddingX")
        room = where.adjusted(pad, 0, -pad - 1, 0)
        strong = row.kind is not RowKind.LINE or column.strong
        italic = not plain and CellState.FORECAST in cell.state
        if column is self._model.columns[0]:
            room = self._paint_tree(painter, room, row)
        if not plain and not column.is_figure and cell.state & _SIGNED:
            room.adjust(theme.px("icon.inline") + 4, 0, 0, 0)
        if cell.other is not None:
            painter.setFont(self._font("captionStrong" if strong else "caption", italic=italic))
            self._paint_stack(painter, room, column, cell)
            return
        painter.setFont(self._font("bodyStrong" if strong else "body", italic=italic))
        text = column.shown(cell.value, self._model.unit)
        text = "*" if not plain and CellState.SUPPRESSED in cell.state else text
        if not column.is_figure:
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _side(column), text)

    def _paint_stack(
        self, painter: QPainter, room: QRect, column: GridColumn, cell: GridCell
    ) -> None:
        step = round(_STACK_LINE * self._look.theme.factor)
        top = room.center().y() - step + 1
        for line, value in enumerate((cell.value, cell.other)):
            spot = QRect(room.left(), top + line * step, room.width(), step)
            painter.drawText(spot, _side(column), column.shown(value, self._model.unit))

    def _paint_tree(self, painter: QPainter, room: QRect, row: GridRow) -> QRect:
        theme, indent = self._look.theme, self._look.theme.px("space.4")
        left = room.left() + theme.px("space.2") + indent * row.level
        if row.kind is RowKind.GROUP:
            side = theme.px("icon.inline")
            spot = QRectF(left, room.center().y() - side / 2 + 1, side, side)
            folded = self._model.is_folded(row.key)
            paint_icon(painter, theme, "right" if folded else "down", "text.primary", spot)
            return room.adjusted(left - room.left() + side + 2, 0, 0, 0)
        return room.adjusted(left - room.left(), 0, 0, 0)

    def _paint_marks(self, painter: QPainter, where: QRect, cell: GridCell) -> None:
        theme, state = self._look.theme, cell.state
        side = theme.px("icon.inline")
        spot = QRectF(where.left() + 4, where.center().y() - side / 2 + 1, side, side)
        if CellState.CONTESTED in state:
            bar = QRect(where.left(), where.top(), theme.line("contestedBar"), where.height())
            painter.fillRect(bar, theme.colour("mark.contested"))
        for flag, icon, role in (
            (CellState.LOCKED, "locked", "mark.locked"),
            (CellState.CONCERN, "concern", "text.concern"),
            (CellState.GOOD, "good", "mark.good"),
            (CellState.REFUSED, "refused", "mark.danger"),
        ):
            if flag in state:
                paint_icon(painter, theme, icon, role, spot)
        if CellState.NOTE in state:
            self._paint_corner(painter, where)
        if CellState.REFUSED in state:
            painter.setPen(QPen(theme.colour("mark.danger"), theme.line("control")))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(where.adjusted(0, 0, -2, -2))
        if CellState.CHANGED in state:
            pen = QPen(theme.colour("mark.pending"), theme.line("selectedOutline"))
            pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(
                QLineF(where.left(), where.bottom() - 1, where.right(), where.bottom() - 1)
            )

    def _paint_corner(self, painter: QPainter, where: QRect) -> None:
        right, top = where.right(), where.top()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.colour("mark.accent"))
        corner = [QPointF(right - _CORNER, top), QPointF(right, top), QPointF(right, top + _CORNER)]
        painter.drawPolygon(QPolygonF(corner))

    def _paint_ring(self, painter: QPainter, where: QRect) -> None:
        theme = self._look.theme
        width = theme.line("focusRing")
        painter.setPen(QPen(theme.colour("focus.ring"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(where.adjusted(width // 2, width // 2, -width // 2, -width // 2))


def _whole(down: dict[int, _Span], across: dict[int, _Span]) -> QRect:
    (left, _), (top, _) = across[min(across)], down[min(down)]
    right, bottom = sum(across[max(across)]), sum(down[max(down)])
    return QRect(left, top, right - left, bottom - top)


def _ground(row: GridRow, cell: GridCell, *, chosen: bool) -> str:
    ground = _PAGE if cell.state is CellState.OPEN else _ground_of(cell.state)
    if ground == _CONTESTED:
        return ground
    if chosen:
        return "surface.selected"
    return "surface.total" if row.kind is RowKind.TOTAL else ground


def _side(column: GridColumn) -> int:
    return _RIGHT if column.is_figure else _LEFT


@cache
def _ink_of(state: CellState) -> str:
    return next((role for flag, role in _INKS if flag in state), "text.primary")


@cache
def _ground_of(state: CellState) -> str:
    return next((role for flag, role in _GROUNDS if flag in state), _PAGE)
