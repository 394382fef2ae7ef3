"""Every dialog: the title is the question, the verb is on the button."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QWidget

from collabdesk.ui.parts import column, holder, panel, row, words
from collabdesk.ui.theme import Look

Size = Literal["small", "medium", "large"]
_FRAME = 40
"""Pixels of a screen that the frame round a dialog takes."""


class Scrim(QWidget):
    """A flat veil over the window behind a dialog."""

    def __init__(self, look: Look, window: QWidget) -> None:
        """Lie over a window."""
        super().__init__(window)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(window.rect())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the veil."""
        colour = self._look.theme.colour("scrim.colour")
        colour.setAlphaF(self._look.theme.scrim_alpha)
        QPainter(self).fillRect(self.rect(), colour)


class Dialog(QDialog):
    """A question with its words, its body and its buttons."""

    def __init__(
        self, look: Look, question: str, size: Size = "medium", parent: QWidget | None = None
    ) -> None:
        """Ask the question; a subclass fills `body`."""
        super().__init__(parent)
        self.look = look
        self._scrim: Scrim | None = None
        self.setWindowTitle(question.rstrip("?"))
        self.setAccessibleName(question)
        self.body = column(words(question, "title", wrap=True), gap=8)
        self.buttons = QDialogButtonBox()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        foot = panel("dialogFoot")
        inside = row(self.buttons)
        inside.setContentsMargins(24, 12, 24, 12)
        foot.setLayout(inside)
        whole = column(holder(self.body, 24, 16, 24, 16), foot, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        # With large text no wider than what it stands on; words and fields wrap or scroll.
        room = max(self.screen().availableSize().width(), parent.window().width() if parent else 0)
        self.setMinimumWidth(min(look.theme.dialog_width(size), room))

    def add_button(
        self, text: str, role: QDialogButtonBox.ButtonRole, *, primary: bool = False
    ) -> QPushButton:
        """Add a button in the order of this computer."""
        made = QPushButton(text)
        made.setProperty("kind", "primary" if primary else "plain")
        made.setAccessibleName(text)
        made.setDefault(primary)
        made.setAutoDefault(primary)
        self.buttons.addButton(made, role)
        return made

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as wrapped words need, as far as the screen goes."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            need = layout.totalHeightForWidth(self.width())
            most = self.screen().availableSize().height() - _FRAME
            self.resize(self.width(), min(max(need, self.height()), most))

    def open(self) -> None:
        """Ask without waiting, with a veil over the window behind; `finished` tells the end."""
        self._veil()
        self.finished.connect(lambda _how: self._unveil())
        super().open()

    def exec(self) -> int:
        """Ask and wait, with a veil over the window behind."""
        self._veil()
        try:
            return super().exec()
        finally:
            self._unveil()

    def _veil(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self._scrim = Scrim(self.look, parent.window())
            self._scrim.show()

    def _unveil(self) -> None:
        if self._scrim is not None:
            self._scrim.hide()
            self._scrim.deleteLater()
            self._scrim = None
