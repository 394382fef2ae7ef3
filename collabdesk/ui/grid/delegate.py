"""Paints every cell of every grid from the tokens."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from collabdesk.ui.grid.cells import CellState, GridCell, GridRow, RowKind
from collabdesk.ui.grid.columns import GridColumn
from collabdesk.ui.grid.model import AnyIndex, GridModel
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
_SELECTED: Final = int(QStyle.StateFlag.State_Selected.value)
_FOCUSED: Final = int(QStyle.StateFlag.State_HasFocus.value)
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = int((Qt.AlignmentFlag.AlignRight | _MIDDLE).value)
_LEFT: Final = int((Qt.AlignmentFlag.AlignLeft | _MIDDLE).value)
_LOADED: Final = "loaded"
_CORNER: Final = 8
_STACK_LINE: Final = 12


class CellPainter(QStyledItemDelegate):
    """One painter for all states; words and shapes first, colour after."""

    editing = Signal(object)
    fill_wanted = Signal(str)
    """Ctrl+Enter in an editor: put the typed text into the whole selection."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        """Take every colour, font and size from the look."""
        super().__init__(parent)
        self._look = look
        self.frozen = 0
        self.covered = 0
        """So many first columns are under the frozen ones, which paint them."""
        self._fonts: dict[tuple[str, bool], QFont] = {}
        self._pens: dict[tuple[str, str], QPen] = {}
        look.changed.connect(self._forget)

    def _forget(self) -> None:
        self._fonts.clear()
        self._pens.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint ground, figure, marks, lines and the current cell's ring."""
        model, line, place = index.model(), index.row(), index.column()
        if place < self.covered or not isinstance(model, GridModel):
            return
        row, column = model.row_at(line), model.columns[place]
        cell = row.cells[place]
        where, state = _rect(option), _state(option)
        chosen = bool(state & _SELECTED)
        painter.fillRect(where, self._look.theme.colour(self._ground(row, cell, chosen=chosen)))
        self._paint_figure(painter, where, model, row, column, cell)
        if cell.state is not CellState.OPEN:
            self._paint_marks(painter, where, cell)
        self._paint_lines(painter, where, edge=place == self.frozen - 1)
        if row.kind is RowKind.TOTAL and line == 0:
            painter.setPen(QPen(self._look.theme.colour("mark.control"), 1))
            painter.drawLine(where.topLeft(), where.topRight())
        if state & _FOCUSED:
            self._paint_ring(painter, where)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """Rows have one height."""
        return QSize(0, self._look.theme.px("size.gridRow"))

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: AnyIndex
    ) -> QWidget:
        """Edit in a plain line, figures at the right, under the cell's spoken name."""
        editor = QLineEdit(parent)
        model = index.model()
        if isinstance(model, GridModel):
            column = model.columns[index.column()]
            name = f"{model.row_at(index.row()).name}, {column.name}"
            editor.setAccessibleName(name)
            self.editing.emit(index)
            if column.choices:
                editor.setCompleter(_choices(column, editor))
            if column.is_figure:
                editor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """Show the exact figure once: a change from elsewhere never replaces typing."""
        if not editor.property(_LOADED):
            editor.setProperty(_LOADED, True)
            super().setEditorData(editor, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Catch Ctrl+Enter; the rest is as in every editor."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if enter and held and isinstance(editor, QLineEdit):
                text = editor.text()
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
                self.fill_wanted.emit(text)
                return True
        return super().eventFilter(editor, event)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        """Give the exact figure room, wider than a narrow column if need be."""
        where = _rect(option)
        model = index.model()
        if isinstance(model, GridModel):
            text = model.columns[index.column()].plain(model.cell(index).value)
            need = editor.fontMetrics().horizontalAdvance(text) + 24
            where.setLeft(min(where.left(), where.right() - need))
            where.moveLeft(max(0, where.left()))
        editor.setGeometry(where)

    def _font(self, role: str, *, italic: bool) -> QFont:
        key = (role, italic)
        if key not in self._fonts:
            font = QFont(self._look.theme.font(role))
            font.setItalic(italic)
            self._fonts[key] = font
        return self._fonts[key]

    def _pen(self, role: str, line: str = "hairline") -> QPen:
        key = (role, line)
        if key not in self._pens:
            theme = self._look.theme
            self._pens[key] = QPen(theme.colour(role), theme.line(line))
        return self._pens[key]

    def _ground(self, row: GridRow, cell: GridCell, *, chosen: bool) -> str:
        ground = _ground_of(cell.state)
        if ground == _CONTESTED:
            return ground
        if chosen:
            return "surface.selected"
        return "surface.total" if row.kind is RowKind.TOTAL else ground

    def _paint_figure(  # noqa: PLR0913, PLR0917 what a figure is painted from
        self,
        painter: QPainter,
        where: QRect,
        model: GridModel,
        row: GridRow,
        column: GridColumn,
        cell: GridCell,
    ) -> None:
        theme = self._look.theme
        painter.setPen(theme.colour(_ink_of(cell.state)))
        pad = theme.px("space.cellPaddingX")
        room = where.adjusted(pad, 0, -pad - 1, 0)
        strong = row.kind is not RowKind.LINE or column.strong
        plain = cell.state is CellState.OPEN
        italic = not plain and CellState.FORECAST in cell.state
        if column is model.columns[0]:
            room = self._paint_tree(painter, room, model, row)
        if not plain and not column.is_figure and cell.state & _SIGNED:
            room.adjust(self._look.theme.px("icon.inline") + 4, 0, 0, 0)
        if cell.other is not None:
            font = self._font("captionStrong" if strong else "caption", italic=italic)
            self._paint_stack(painter, room, font, model, column, cell)
            return
        painter.setFont(self._font("bodyStrong" if strong else "body", italic=italic))
        text = column.shown(cell.value, model.unit)
        text = "*" if not plain and CellState.SUPPRESSED in cell.state else text
        if not column.is_figure:
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _side(column), text)

    def _paint_stack(  # noqa: PLR0913, PLR0917 what a pair is painted from
        self,
        painter: QPainter,
        room: QRect,
        font: QFont,
        model: GridModel,
        column: GridColumn,
        cell: GridCell,
    ) -> None:
        painter.setFont(font)
        step = round(_STACK_LINE * self._look.theme.factor)
        top = room.center().y() - step + 1
        for line, value in enumerate((cell.value, cell.other)):
            spot = QRect(room.left(), top + line * step, room.width(), step)
            painter.drawText(spot, _side(column), column.shown(value, model.unit))

    def _paint_tree(self, painter: QPainter, room: QRect, model: GridModel, row: GridRow) -> QRect:
        theme, indent = self._look.theme, self._look.theme.px("space.4")
        left = room.left() + theme.px("space.2") + indent * row.level
        if row.kind is RowKind.GROUP:
            side = theme.px("icon.inline")
            spot = QRectF(left, room.center().y() - side / 2 + 1, side, side)
            folded = model.is_folded(row.key)
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

    def _paint_lines(self, painter: QPainter, where: QRect, *, edge: bool) -> None:
        painter.setPen(self._pen("border.hairline"))
        right, bottom = where.right(), where.bottom()
        painter.drawLine(where.left(), bottom, right, bottom)
        if edge:
            painter.setPen(self._pen("border.pane"))
        painter.drawLine(right, where.top(), right, bottom)

    def _paint_ring(self, painter: QPainter, where: QRect) -> None:
        theme = self._look.theme
        width = theme.line("focusRing")
        painter.setPen(QPen(theme.colour("focus.ring"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(where.adjusted(width // 2, width // 2, -width // 2, -width // 2))


def _side(column: GridColumn) -> int:
    return _RIGHT if column.is_figure else _LEFT


@cache
def _ink_of(state: CellState) -> str:
    return next((role for flag, role in _INKS if flag in state), "text.primary")


@cache
def _ground_of(state: CellState) -> str:
    return next((role for flag, role in _GROUNDS if flag in state), "surface.page")


def _choices(column: GridColumn, editor: QLineEdit) -> QCompleter:
    """Complete what is typed to one of the choices; up and down go through those that fit."""
    completer = QCompleter(list(column.choices), editor)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
    return completer


def _rect(option: QStyleOptionViewItem) -> QRect:
    return QRect(option.rect)  # type: ignore[attr-defined] # absent from PySide6's stubs


def _state(option: QStyleOptionViewItem) -> int:
    state: QStyle.StateFlag = option.state  # type: ignore[attr-defined] # absent from the stubs
    return int(state.value)
