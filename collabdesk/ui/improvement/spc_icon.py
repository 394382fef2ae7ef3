"""Variation and assurance as icons of our own: circle, letter, dots; words stand beside them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from collabdesk.ui.parts import follow
from collabdesk.ui.theme import Look

_DOTS: Final = {
    "H": ((0.24, 0.72), (0.4, 0.64), (0.55, 0.7), (0.76, 0.46)),
    "L": ((0.2, 0.44), (0.36, 0.56), (0.52, 0.54), (0.72, 0.74)),
    "": ((0.22, 0.5), (0.4, 0.38), (0.6, 0.6), (0.78, 0.46)),
}
_LETTERS: Final = {
    "improvement_high": ("H", "good"),
    "improvement_low": ("L", "good"),
    "concern_high": ("H", "concern"),
    "concern_low": ("L", "concern"),
    "neutral_high": ("H", "neutral"),
    "neutral_low": ("L", "neutral"),
    "common_cause": ("", "neutral"),
    "pass": ("P", "good"),
    "fail": ("F", "concern"),
    "inconsistent": ("?", "neutral"),
}


class SpcIcon(QWidget):
    """One icon; it is decoration beside words that say the same."""

    def __init__(self, look: Look, kind: str) -> None:
        """Draw a kind such as improvement_low, or pass, fail and inconsistent."""
        super().__init__()
        self._look = look
        self._letter, self._tone = _LETTERS[kind]
        self._assures = kind in {"pass", "fail", "inconsistent"}
        follow(look, self, lambda theme: self.setFixedSize(*[theme.px("icon.spcPanel")] * 2))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ring, dots or target, and letter."""
        theme, painter = self._look.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, side = theme.colour(f"mark.{self._tone}"), float(self.width())
        painter.setPen(QPen(colour, side / 14))
        painter.setBrush(theme.colour("surface.page"))
        edge = side / 28 + 0.5
        painter.drawEllipse(QRectF(0, 0, side, side).adjusted(edge, edge, -edge, -edge))
        if self._assures:
            self._paint_target(painter, side)
        else:
            self._paint_dots(painter, side)

    def _paint_dots(self, painter: QPainter, side: float) -> None:
        theme = self._look.theme
        colour = theme.colour(f"mark.{self._tone}")
        spots = [QPointF(x * side, y * side) for x, y in _DOTS[self._letter]]
        painter.setPen(QPen(colour, max(side / 28, 1)))
        painter.drawPolyline(spots)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for spot in spots:
            painter.drawEllipse(spot, side / 16, side / 16)
        where = {
            "H": QRectF(0.22 * side, 0.16 * side, side * 0.34, side * 0.4),
            "L": QRectF(0.48 * side, 0.12 * side, side * 0.34, side * 0.4),
        }.get(self._letter, QRectF())
        self._write(painter, where)

    def _paint_target(self, painter: QPainter, side: float) -> None:
        pen = QPen(self._look.theme.colour(f"mark.{self._tone}"), max(side / 28, 1))
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        high = 0.3 * side
        painter.drawLine(QPointF(0.22 * side, high), QPointF(0.78 * side, high))
        self._write(painter, QRectF(0, 0.3 * side, side, 0.56 * side))

    def _write(self, painter: QPainter, where: QRectF) -> None:
        font = self._look.theme.font("bodyStrong")
        painter.setFont(font)
        tone = "secondary" if self._tone == "neutral" else self._tone
        painter.setPen(self._look.theme.colour(f"text.{tone}"))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, self._letter)
