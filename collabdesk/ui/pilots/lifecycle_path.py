"""The life of a pilot as a line of steps: those behind it, the one it is at, those to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from collabdesk.domain.pilots.lifecycle import PilotState
from collabdesk.ui.parts import follow
from collabdesk.ui.theme import Look

_S = PilotState
PATH: Final = (
    _S.IDEA, _S.EOI, _S.INVITED, _S.APPLICATION, _S.ELIGIBLE, _S.SCORED, _S.SHORTLISTED,
    _S.PANEL, _S.RECOMMENDED, _S.APPROVED, _S.AGREEMENT, _S.LIVE, _S.COMPLETED, _S.EVALUATED,
    _S.CLOSED,
)  # fmt: skip
SHORT: Final = {_S.EOI: "interest"}
ASIDE: Final = {
    _S.PAUSED: _S.LIVE,
    _S.RESERVE_LIST: _S.APPROVED,
    _S.ADOPT: _S.EVALUATED,
    _S.ADAPT: _S.EVALUATED,
    _S.STOP: _S.EVALUATED,
}
"""Where on the line a state stands that is not itself a step of it."""


@dataclass(frozen=True)
class _Step:
    where: QRect
    words: str
    role: str


class LifecyclePath(QWidget):
    """A picture; the words beside it say the same."""

    def __init__(self, look: Look) -> None:
        """Show no pilot yet."""
        super().__init__()
        self._look = look
        self._state = _S.IDEA
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow(look, self, lambda _theme: self.updateGeometry())

    def show_state(self, state: PilotState) -> None:
        """Show where a pilot stands."""
        self._state = state
        self.setAccessibleName(f"Life of the pilot, now: {state.words}")
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """The line breaks where room ends."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the steps at a width."""
        return self._steps(width)[-1].where.bottom() + 2

    def sizeHint(self) -> QSize:
        """Ask for the height at the present width."""
        return QSize(300, self.heightForWidth(max(self.width(), 300)))

    def minimumSizeHint(self) -> QSize:
        """Ask for no less."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where the line breaks elsewhere."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _steps(self, width: int) -> list[_Step]:
        theme = self._look.theme
        metrics = QFontMetrics(theme.font("captionStrong"))
        pad, gap, high = theme.px("space.2"), theme.px("space.4"), theme.px("size.chip")
        here = PATH.index(at) if (at := ASIDE.get(self._state, self._state)) in PATH else -1
        x = y = 1
        steps: list[_Step] = []
        for place, state in enumerate(PATH):
            words = SHORT.get(state, state.words).capitalize()
            if place == here:
                words = self._state.words.capitalize()
            wide = metrics.horizontalAdvance(words) + 2 * pad
            if x > 1 and x + wide > width:
                x, y = 1, y + high + pad
            role = "here" if place == here else "behind" if place < here else "ahead"
            steps.append(_Step(QRect(x, y, wide, high), words, role))
            x += wide + gap
        if here < 0:
            words = self._state.words.capitalize()
            wide = metrics.horizontalAdvance(words) + 2 * pad
            if x + wide > width:
                x, y = 1, y + high + pad
            steps.append(_Step(QRect(x, y, wide, high), words, "ended"))
        return steps

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each step and the dash to the next."""
        theme, painter = self._look.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        steps = self._steps(self.width())
        for place, step in enumerate(steps):
            surface, line, ink, font = _LOOKS[step.role]
            painter.setPen(QPen(theme.colour(line), theme.line("control")))
            painter.setBrush(theme.colour(surface))
            radius = theme.px("radius.chip")
            painter.drawRoundedRect(step.where, radius, radius)
            painter.setFont(theme.font(font))
            painter.setPen(theme.colour(ink))
            painter.drawText(step.where, Qt.AlignmentFlag.AlignCenter, step.words)
            after = steps[place + 1].where if place + 1 < len(steps) else None
            if after is not None and after.top() == step.where.top():
                middle = step.where.center().y()
                painter.setPen(QPen(theme.colour("mark.control"), theme.line("control")))
                painter.drawLine(step.where.right() + 3, middle, after.left() - 3, middle)


_LOOKS: Final = {
    "here": ("surface.selected", "mark.accent", "text.primary", "captionStrong"),
    "behind": ("surface.sunken", "surface.sunken", "text.secondary", "caption"),
    "ahead": ("surface.page", "border.pane", "text.secondary", "caption"),
    "ended": ("surface.concern", "mark.concern", "text.concern", "captionStrong"),
}
