"""The envelope as one bar: what lines, contingency and investment take, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from collabdesk.ui.theme import Look


@dataclass(frozen=True)
class Part:
    """One part of the bar, in pence; a dashed part is not spoken for yet."""

    name: str
    pence: int
    role: str
    dashed: bool = False


class EnvelopeBar(QWidget):
    """Parts side by side up to the envelope's end; read aloud as one sentence."""

    def __init__(self, look: Look, parts: Sequence[Part], spoken: str) -> None:
        """Show the parts of an envelope."""
        super().__init__()
        self._look, self._parts = look, list(parts)
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for a line's height."""
        theme = self._look.theme
        return QSize(theme.px("size.inspectorWidth"), theme.px("space.5"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the parts, dashed where nothing is settled, and the end of the envelope."""
        theme, painter = self._look.theme, QPainter(self)
        whole = max(sum(part.pence for part in self._parts), 1)
        high, left = theme.px("space.4"), 0.0
        top = (self.height() - high) / 2
        for part in self._parts:
            wide = max(part.pence, 0) / whole * (self.width() - 2)
            where = QRectF(left, top, wide, high)
            if part.dashed:
                pen = QPen(theme.colour(part.role), theme.line("control"), Qt.PenStyle.DashLine)
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(where.adjusted(0.5, 0.5, -0.5, -0.5))
            else:
                painter.fillRect(where, theme.colour(part.role))
            left += wide
        end = theme.line("contestedBar")
        painter.fillRect(
            QRectF(self.width() - end, 0, end, self.height()), theme.colour("chart.target")
        )
