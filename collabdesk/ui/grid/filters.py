"""What a column must contain, asked under its heading."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from collabdesk.ui.parts import button, column, holder, row, words
from collabdesk.ui.theme import Look


class FilterPopup(QFrame):
    """One line to type, Apply and Show all; Escape closes it."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, look: Look, over: QWidget, name: str) -> None:
        """Lie over a grid."""
        super().__init__(over)
        self.setProperty("panel", "dialog")
        self.setAccessibleName(f"Filter {name}")
        self.line = QLineEdit()
        self.line.setAccessibleName(f"{name} contains")
        self.line.returnPressed.connect(self._apply)
        self.line.setMinimumWidth(look.theme.px("size.navWidth"))
        buttons = row(
            button("Apply", self._apply, "primary", small=True),
            button("Show all rows", self._show_all, small=True),
        )
        said = words(f"{name} contains", "captionStrong")
        inside = column(said, self.line, holder(buttons), gap=8)
        inside.setContentsMargins(12, 12, 12, 12)
        self.setLayout(inside)

    def open_at(self, spot: QPoint) -> None:
        """Show under a heading, within the grid."""
        self.adjustSize()
        over = self.parentWidget()
        most = over.width() - self.width() if over is not None else spot.x()
        self.move(max(0, min(spot.x(), most)), spot.y())
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves everything as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _apply(self) -> None:
        self.chosen.emit(self.line.text())
        self._close()

    def _show_all(self) -> None:
        self.chosen.emit("")
        self._close()

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
        self.deleteLater()
