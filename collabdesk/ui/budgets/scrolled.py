"""Room that scrolls down where the window is too low for what it holds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

_LEAST = 120


class Scrolled(QScrollArea):
    """As wide as its content asks; lower than it where room is short, with a bar."""

    def __init__(self, inside: QWidget) -> None:
        """Hold the content; the keyboard goes past the bar into it."""
        super().__init__()
        inside.setProperty("ground", "page")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the content, and for little height."""
        inside = self.widget().minimumSizeHint()
        low = inside.height() <= self.height()
        bar = 0 if low else self.verticalScrollBar().sizeHint().width()
        return QSize(inside.width() + bar, min(inside.height(), _LEAST))

    def event(self, event: QEvent) -> bool:
        """Ask for other room when the content does."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return done
