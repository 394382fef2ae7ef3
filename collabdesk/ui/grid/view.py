"""The view of every grid: the keys of a spreadsheet, and frozen first columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QTableView,
    QWidget,
)

from collabdesk.ui.focus import OWN_MARK
from collabdesk.ui.grid.cells import RowKind
from collabdesk.ui.grid.delegate import CellDelegate
from collabdesk.ui.grid.headings import Headings
from collabdesk.ui.grid.measuring import Measuring
from collabdesk.ui.grid.model import AnyIndex, GridModel
from collabdesk.ui.grid.painting import CellPainter
from collabdesk.ui.parts import bring_into_sight, children, follow
from collabdesk.ui.theme import Look, Theme
from collabdesk.ui.theme.tokens import LARGE_TEXT

_ARROWS: Final = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_ROOMY: Final = 1.7
_ROWS_IN_SIGHT: Final = 4
_CHOOSE: Final = QItemSelectionModel.SelectionFlag.ClearAndSelect
_NEXT: Final = QAbstractItemDelegate.EndEditHint.EditNextItem
_PREVIOUS: Final = QAbstractItemDelegate.EndEditHint.EditPreviousItem


class _Sheet(QTableView):
    """What the body and its frozen columns have in common."""

    def __init__(self, look: Look, model: GridModel, parent: QWidget | None, frozen: int) -> None:
        super().__init__(parent)
        self.look = look
        self.grid = model
        self.frozen = frozen
        self.typing = CellDelegate(look, self)
        self.painter_of_cells = CellPainter(look, self, model)
        self.headings = Headings(look, model.columns, self)
        self.painter_of_cells.frozen = self.headings.frozen = frozen
        self.setHorizontalHeader(self.headings)
        self.setModel(model)
        self.setItemDelegate(self.typing)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        follow(look, self, self._fit)

    def _fit(self, theme: Theme) -> None:
        # The least first: while it is the old one no row can become lower than that.
        self.verticalHeader().setMinimumSectionSize(theme.px("size.gridRow"))
        self.verticalHeader().setDefaultSectionSize(theme.px("size.gridRow"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells all at once, where Qt would ask for one after another."""
        self.painter_of_cells.paint(QPainter(self.viewport()), event.rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a group's name folds it."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if self.frozen and index.isValid() and index.column() == 0:
            self._fold_at(index)

    def _fold_at(self, index: AnyIndex) -> None:
        row = self.grid.row_at(index.row())
        if row.kind is RowKind.GROUP:
            self.grid.fold(row.key)


class _Frozen(_Sheet):
    """The first columns, kept in place over the body; keys stay with the body."""

    def __init__(self, body: GridView, frozen: int) -> None:
        super().__init__(body.look, body.grid, body, frozen)
        self._body = body
        self.headings.filtered = body.headings.filtered
        self.headings.setHidden(body.headings.isHidden())
        self.setSelectionModel(body.selectionModel())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(body)
        self.setAccessibleName(f"{body.accessibleName()}, first columns")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for column in range(len(body.grid.columns)):
            self.setColumnHidden(column, column >= frozen)
            self.setColumnWidth(column, body.columnWidth(column))
        self.verticalScrollBar().valueChanged.connect(body.verticalScrollBar().setValue)
        body.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.headings.filter_wanted.connect(body.headings.filter_wanted)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Any press gives the body the keys."""
        super().mousePressEvent(event)
        self._body.setFocus(Qt.FocusReason.MouseFocusReason)


class GridView(_Sheet):
    """The body of a grid."""

    drilled = Signal(object, str)
    note_wanted = Signal(object, str)
    filter_wanted = Signal(int)
    leaves_down = Signal()
    entered = Signal()
    """It has the keyboard now."""

    def __init__(self, look: Look, model: GridModel, title: str, frozen: int = 1) -> None:
        """Show a model under a name, its first columns frozen."""
        self._first: _Frozen | None = None
        self._measuring = Measuring(look, model)
        self._least: list[int] = []
        self._room, self._laying = -1, False
        super().__init__(look, model, None, frozen)
        self.setAccessibleName(title)
        self.setProperty(OWN_MARK, True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.headings.filter_wanted.connect(self.filter_wanted)
        self.headings.sectionResized.connect(self._resized)

    @property
    def first(self) -> _Sheet:
        """The sheet that shows the first columns: the body, until they must be frozen over it."""
        return self if self._first is None else self._first

    def mark_filtered(self, columns: set[int]) -> None:
        """Show which columns are filtered."""
        for sheet in {self, self.first}:
            sheet.headings.filtered = columns
            sheet.headings.viewport().update()

    # Widths

    def measure(self) -> None:
        """Make each column as wide as its longest written value, then share spare room."""
        self.set_widths(self.least_widths())

    def least_widths(self) -> list[int]:
        """Return the width that the first rows and the heading of each column ask for."""
        return self._measuring.widths()

    def set_widths(self, least: list[int]) -> None:
        """Give columns at least these widths; spare room widens figures and the last text."""
        room = self.viewport().width()
        if (least, room) == (self._least, self._room):
            self._place_first()
            return
        self._least, self._room = least, room
        grown = min(max(room / max(sum(least), 1), 1.0), _ROOMY)
        widths = [int(one * grown) for one in least]
        if not self.grid.columns[-1].is_figure:
            widths[-1] += max(0, room - sum(widths))
        self._laying = True
        for place, width in enumerate(widths):
            self.setColumnWidth(place, width)
        self._laying = False
        self._place_first()

    def _resized(self, column: int, _before: int, width: int) -> None:
        if self._first is not None and column < self.frozen:
            self._first.setColumnWidth(column, width)
        if not self._laying:
            self._room = -1  # somebody pulled at it: the next measuring lays it out anew
            self._place_first()

    def _place_first(self) -> None:
        """Lay the frozen columns over the body, made when the body can first move under them."""
        moves = self.isVisible() and self.horizontalScrollBar().maximum() > 0
        if moves and self.frozen and self._first is None:
            self._first = _Frozen(self, self.frozen)
        if self._first is None:
            return
        high = self.viewport().height() + self.headings.height() * (not self.headings.isHidden())
        self._first.setGeometry(0, 0, self._frozen_width(), high)
        self._show_first(there=moves)

    def _frozen_width(self) -> int:
        return sum(self.columnWidth(place) for place in range(self.frozen))

    def _show_first(self, *, there: bool) -> None:
        if self._first is not None:
            self._first.setVisible(there)
            self.painter_of_cells.covered = self.frozen if there else 0

    def showEvent(self, event: QShowEvent) -> None:
        """Freeze the first columns if there is too little room for all."""
        super().showEvent(event)
        self._place_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the frozen columns as high as the body, and the current cell in sight."""
        super().resizeEvent(event)
        here = self.currentIndex()
        if QRect(QPoint(), event.oldSize()).intersects(self.visualRect(here)):
            self.scrollTo(here)
        if self._least and event.size().width() != event.oldSize().width():
            self.set_widths(self._least)
        self._place_first()

    def updateGeometries(self) -> None:
        """Keep the frozen columns in place when headings or scroll bars change."""
        super().updateGeometries()
        self._place_first()

    def scrollTo(
        self,
        index: AnyIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a cell out from under the frozen columns."""
        if index.column() >= self.frozen:
            super().scrollTo(index, hint)
            hidden = self._frozen_width() - self.visualRect(index).left()
            if hidden > 0:
                bar = self.horizontalScrollBar()
                bar.setValue(bar.value() - hidden)
        else:
            across = self.horizontalScrollBar().value()
            super().scrollTo(index, hint)
            self.horizontalScrollBar().setValue(across)
        bring_into_sight(self, self.visualRect(index))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard is here, and bring the current cell into sight."""
        super().focusInEvent(event)
        self.viewport().update()
        bring_into_sight(self, self.visualRect(self.currentIndex()))
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring of an empty grid away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show where the keyboard is even when there is no cell to ring."""
        super().paintEvent(event)
        if self.hasFocus() and not self.currentIndex().isValid():
            theme, painter = self.look.theme, QPainter(self.viewport())
            painter.setPen(QPen(theme.colour("focus.ring"), theme.line("focusRing")))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -2, -2))

    def minimumSizeHint(self) -> QSize:
        """Ask with large text for the headings and some whole rows, so that figures are seen."""
        asked, theme = super().minimumSizeHint(), self.look.theme
        if theme.text_size < LARGE_TEXT or self.headings.isHidden():
            return asked
        rows = min(max(self.grid.rowCount(), 1), _ROWS_IN_SIGHT) * theme.px("size.gridRow")
        bar = self.horizontalScrollBar()
        across = bar.sizeHint().height() if bar.maximum() > 0 else 0
        return QSize(asked.width(), self.headings.sizeHint().height() + rows + across + 1)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key does in a spreadsheet."""
        if not self._pressed(event):
            super().keyPressEvent(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        here = self.currentIndex()
        if not here.isValid() or self.state() == QAbstractItemView.State.EditingState:
            return False
        if control and key in _ARROWS:
            self._leap(*_ARROWS[Qt.Key(key)], extend=shift)
        elif control and key == Qt.Key.Key_BracketLeft:
            self.drill(here)
        elif shift and key == Qt.Key.Key_F2:
            self.note_wanted.emit(*self._names(here))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not control:
            self._enter(here, -1 if shift else 1)
        elif key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            return self._tab(-1 if key == Qt.Key.Key_Backtab else 1)
        elif key == Qt.Key.Key_Down and here.row() == self.grid.rowCount() - 1 and not shift:
            self.leaves_down.emit()
        else:
            return False
        return True

    def _enter(self, here: QModelIndex, step: int) -> None:
        row = self.grid.row_at(here.row())
        if row.kind is RowKind.GROUP and here.column() == 0:
            self.grid.fold(row.key)
        elif self.grid.why_shut(here):
            self.drill(here)
        else:
            self.go_to(here.row() + step, here.column())

    def _tab(self, step: int) -> bool:
        here = self.currentIndex()
        target = here.column() + step
        if not 0 <= target < len(self.grid.columns):
            return False
        self.go_to(here.row(), target)
        return True

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 as Qt declares it
        """Let Tab walk the row; at its end it leaves the grid."""
        if self.currentIndex().isValid() and self._tab(1 if forward else -1):
            return True
        return super().focusNextPrevChild(forward)

    def _leap(self, down: int, right: int, *, extend: bool) -> None:
        here = self.currentIndex()
        row, column = self._edge(here.row(), here.column(), down, right)
        self.go_to(row, column, extend=extend)

    def _edge(self, row: int, column: int, down: int, right: int) -> tuple[int, int]:
        filled = self._filled(row + down, column + right)
        while self._inside(row + down, column + right):
            row, column = row + down, column + right
            if self._filled(row, column) != filled or (
                filled and not self._filled(row + down, column + right)
            ):
                break
        return row, column

    def _inside(self, row: int, column: int) -> bool:
        return 0 <= row < self.grid.rowCount() and 0 <= column < len(self.grid.columns)

    def _filled(self, row: int, column: int) -> bool:
        return self._inside(row, column) and self.grid.row_at(row).cells[column].value is not None

    def go_to(self, row: int, column: int, *, extend: bool = False) -> None:
        """Move the current cell, and the selection with it or up to it."""
        target = self.grid.index(
            max(0, min(row, self.grid.rowCount() - 1)),
            max(0, min(column, len(self.grid.columns) - 1)),
        )
        model = self.selectionModel()
        if extend:
            anchor = self._anchor()
            top, left = min(anchor.row(), target.row()), min(anchor.column(), target.column())
            low, right = max(anchor.row(), target.row()), max(anchor.column(), target.column())
            block = QItemSelection(self.grid.index(top, left), self.grid.index(low, right))
            model.select(block, _CHOOSE)
            model.setCurrentIndex(target, QItemSelectionModel.SelectionFlag.NoUpdate)
        else:
            model.setCurrentIndex(target, _CHOOSE)
        self.scrollTo(target)

    def _anchor(self) -> QModelIndex:
        chosen = self.selectionModel().selection()
        here = self.currentIndex()
        for place in range(chosen.count()):
            block = chosen.at(place)
            if block.contains(here):
                row = block.top() if here.row() == block.bottom() else block.bottom()
                column = block.left() if here.column() == block.right() else block.right()
                return self.grid.index(row, column)
        return here

    # Editing

    def about_to_edit(self, index: AnyIndex) -> None:
        """Hold the cell's place; a frozen column makes way for its editor."""
        self.grid.editing = (self.grid.row_at(index.row()).key, index.column())
        if index.column() < self.frozen:
            self.horizontalScrollBar().setValue(0)
            self._show_first(there=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit an open cell; drill from a figure that is only read. Names take a press alone."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or index.column() < self.frozen:
            return
        if self.grid.why_shut(index):
            self.drill(index)
        else:
            self.edit(index)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """After Enter go down, after Tab go along; Escape stays."""
        here = self.currentIndex()
        self.grid.editing = None
        plain = QAbstractItemDelegate.EndEditHint.NoHint
        super().closeEditor(editor, plain)
        self._place_first()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self.go_to(here.row() + 1, here.column())
        elif hint in {_NEXT, _PREVIOUS}:
            self.go_to(here.row(), here.column() + (1 if hint == _NEXT else -1))

    @property
    def editor(self) -> QLineEdit | None:
        """The line being typed in, if any."""
        return next(iter(children(self.viewport(), QLineEdit)), None)

    # What is selected

    def drill(self, index: QModelIndex) -> None:
        """Ask who says so."""
        self.drilled.emit(*self._names(index))

    def _names(self, index: QModelIndex) -> tuple[object, str]:
        return self.grid.row_at(index.row()).key, self.grid.columns[index.column()].key

    def chosen(self) -> Iterator[tuple[int, int]]:
        """Walk the selected cells, row by row."""
        selection = self.selectionModel().selection()
        for place in range(selection.count()):
            block = selection.at(place)
            for row in range(block.top(), block.bottom() + 1):
                for column in range(block.left(), block.right() + 1):
                    yield row, column

    def bounds(self) -> tuple[int, int, int, int] | None:
        """Return top, left, bottom and right of the selection."""
        selection = self.selectionModel().selection()
        blocks = [selection.at(place) for place in range(selection.count())]
        if not blocks:
            return None
        return (
            min(block.top() for block in blocks),
            min(block.left() for block in blocks),
            max(block.bottom() for block in blocks),
            max(block.right() for block in blocks),
        )

    def corner_of(self, index: QModelIndex) -> QPoint:
        """Return the foot of a cell on the screen, for what pops up there."""
        return self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
