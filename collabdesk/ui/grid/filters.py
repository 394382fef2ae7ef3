"""What a column must contain, asked under its heading."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from collabdesk.ui.parts import button, column, holder, row, words
from collabdesk.ui.theme import Look


class FilterPopup(QFrame):
    """One line to type, Apply and Show all."""

    chosen = Signal(str)

    def __init__(self, look: Look, name: str, present: str) -> None:
        """Show the present filter."""
        super().__init__()
        self.setProperty("panel", "dialog")
        self.line = QLineEdit(present)
        self.line.setAccessibleName(f"{name} contains")
        self.line.returnPressed.connect(self._apply)
        self.line.setMinimumWidth(look.theme.px("size.navWidth"))
        buttons = row(
            button("Apply", self._apply, "primary", small=True),
            button("Show all rows", self._show_all, small=True),
        )
        inside = column(
            words(f"{name} contains", "captionStrong"), self.line, holder(buttons), gap=8
        )
        inside.setContentsMargins(12, 12, 12, 12)
        self.setLayout(inside)

    def _apply(self) -> None:
        self.chosen.emit(self.line.text())
        self.close()

    def _show_all(self) -> None:
        self.chosen.emit("")
        self.close()
