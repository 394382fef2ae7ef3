"""Types into the cells of every grid."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from collabdesk.ui.grid.columns import GridColumn
from collabdesk.ui.grid.model import AnyIndex, GridModel
from collabdesk.ui.theme import Look

_LOADED: Final = "loaded"


class CellDelegate(QStyledItemDelegate):
    """One editor for all cells, and one height for all rows; `CellPainter` paints them."""

    editing = Signal(object)
    fill_wanted = Signal(str)
    """Ctrl+Enter in an editor: put the typed text into the whole selection."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        """Take sizes from the look."""
        super().__init__(parent)
        self._look = look

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


def _choices(column: GridColumn, editor: QLineEdit) -> QCompleter:
    """Complete what is typed to one of the choices; up and down go through those that fit."""
    completer = QCompleter(list(column.choices), editor)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
    return completer


def _rect(option: QStyleOptionViewItem) -> QRect:
    return QRect(option.rect)  # type: ignore[attr-defined] # absent from PySide6's stubs
