"""Where we are, step by step; where room is short the first steps stand behind dots."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from collabdesk.ui.page import Crumb
from collabdesk.ui.parts import Elided, button, emptied, row, words

_GAP = 4


class Crumbs(QWidget):
    """The breadcrumb; each step but the last leads back to it."""

    chosen = Signal(object)

    def __init__(self) -> None:
        """Show no step yet."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._crumbs: tuple[Crumb, ...] = ()
        self._box = row(gap=_GAP)
        self._dots = words("…", ink="secondary")
        self._steps: list[tuple[QPushButton, QWidget]] = []
        self._last = Elided("", "bodyStrong")
        self.setLayout(self._box)

    def show_crumbs(self, crumbs: tuple[Crumb, ...]) -> None:
        """Show where we are; steps that stand already stay, and keep the keyboard."""
        if crumbs == self._crumbs:
            return
        self._crumbs = crumbs
        box = emptied(self._box)
        self._steps = [(self._step(one), words("/", ink="secondary")) for one in crumbs[:-1]]
        self._dots = words("…", ink="secondary")
        self._last = Elided(crumbs[-1].words if crumbs else "", "bodyStrong", whole_first=True)
        box.addWidget(self._dots)
        for step, after in self._steps:
            box.addWidget(step)
            box.addWidget(after)
        box.addWidget(self._last)
        box.addStretch(1)
        self._fit()

    def _step(self, crumb: Crumb) -> QPushButton:
        step = button(crumb.words, lambda: self.chosen.emit(crumb.within), "quiet", small=True)
        step.setAccessibleName(f"Back to {crumb.words}")
        return step

    def minimumSizeHint(self) -> QSize:
        """Do with the dots."""
        return QSize(self._dots.sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See again how many steps fit."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """See again when the words have become wider."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        """Leave the first steps out until the others stand whole; the last one always stays."""
        wide = [
            step.sizeHint().width() + after.sizeHint().width() + 2 * _GAP
            for step, after in self._steps
        ]
        free = self.width() - self._last.sizeHint().width()
        left_out = 0
        while left_out < len(wide) and sum(wide[left_out:]) > free - self._room_of_dots(left_out):
            left_out += 1
        self._dots.setVisible(left_out > 0)
        said = " / ".join(step.text() for step, _ in self._steps[:left_out])
        self._dots.setToolTip(said)
        self._dots.setAccessibleName(f"Before: {said}" if said else "")
        for place, (step, after) in enumerate(self._steps):
            step.setVisible(place >= left_out)
            after.setVisible(place >= left_out)

    def _room_of_dots(self, left_out: int) -> int:
        return self._dots.sizeHint().width() + _GAP if left_out else 0
