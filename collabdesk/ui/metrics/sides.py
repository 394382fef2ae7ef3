"""Two panes side by side, or one under the other where the window is narrow or the text large."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from collabdesk.ui.parts import column, follow, holder, panel, row, rule
from collabdesk.ui.theme import Look


class Sides(QScrollArea):
    """Scrolls down as one where the panes are higher than the window."""

    def __init__(self, look: Look, left: QWidget, right: QWidget, below: QWidget) -> None:
        """Lay two panes side by side, and one below them."""
        super().__init__()
        self._look = look
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._line = panel("pane")
        self._line.setLayout(column(right, gap=0))
        self._box = row(left, self._line, gap=0)
        self._box.setStretch(0, 11)
        self._box.setStretch(1, 10)
        both = holder(self._box)
        inside = holder(column(both, rule(), below, gap=0))
        inside.setProperty("ground", "page")
        self.setWidget(inside)
        follow(look, self, lambda _theme: self._turn(self.width()))

    @property
    def stacked(self) -> bool:
        """Whether the panes stand one under the other."""
        return self._box.direction() == QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn where the width asks for it."""
        super().resizeEvent(event)
        self._turn(event.size().width())

    def _turn(self, width: int) -> None:
        narrow = width < 2 * self._look.theme.px("size.dialogWidth.small")
        turned = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if turned != self._box.direction():
            self._box.setDirection(turned)
