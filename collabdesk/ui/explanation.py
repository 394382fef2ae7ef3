"""What F1 shows: a few words about the control in focus, beside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from collabdesk.ui.parts import column, words
from collabdesk.ui.theme import Look


class Explanation(QFrame):
    """Words under a control; they go when the focus moves on."""

    def __init__(self, look: Look, window: QWidget) -> None:
        """Stay hidden until asked."""
        super().__init__(window)
        self._look = look
        self.setProperty("panel", "dialog")
        self._said = words("", wrap=True)
        self._inside = column(self._said)
        self._inside.setContentsMargins(12, 8, 12, 8)
        self.setLayout(self._inside)
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self.hide)

    def explain(self, said: str, control: QWidget) -> None:
        """Show words under a control, within the window."""
        self._said.setText(said)
        self.setAccessibleName(said)
        window = self.window()
        self.setFixedWidth(self._look.theme.px("size.inspectorWidth"))
        self.setFixedHeight(self._inside.totalHeightForWidth(self.width()))
        spot = control.mapTo(window, QPoint(0, control.height() + 4))
        left = max(0, min(spot.x(), window.width() - self.width()))
        top = max(0, min(spot.y(), window.height() - self.height()))
        self.move(left, top)
        self.show()
        self.raise_()
