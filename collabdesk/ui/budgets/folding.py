"""Things side by side that stand one under the other where room is short."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

_GAP = 8


class Folding(QWidget):
    """A row that folds into a column; it asks for the width of its widest part alone."""

    def __init__(self, *parts: QWidget, gap: int = _GAP) -> None:
        """Hold the parts, so far from each other."""
        super().__init__()
        self._gap = gap
        self._parts = parts
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(gap)
        for part in parts:
            self._box.addWidget(part)
        self._box.addStretch(1)
        self.setLayout(self._box)

    @property
    def folded(self) -> bool:
        """Whether the parts stand one under the other."""
        return self._box.direction() is QBoxLayout.Direction.TopToBottom

    def _across(self) -> int:
        shown = [part for part in self._parts if not part.isHidden()]
        return sum(part.sizeHint().width() + self._gap for part in shown)

    def sizeHint(self) -> QSize:
        """Ask for room side by side."""
        return QSize(self._across(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Ask for what the widest part needs."""
        shown = [part for part in self._parts if not part.isHidden()]
        widest = max((part.minimumSizeHint().width() for part in shown), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold, or unfold."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Look again whether the parts fit side by side."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._box.setDirection(across if self._across() <= self.width() else down)
