"""Boxes and cards drawn from the tokens: real buttons with wrapped words and a chip."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen

from collabdesk.ui.painted import Painted
from collabdesk.ui.theme import Look

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_WRAP = Qt.TextFlag.TextWordWrap
_ROOMY = 2


@dataclass(frozen=True)
class Chip:
    """A word in a tinted box: its surface, its line and its ink."""

    text: str
    surface: str
    mark: str
    ink: str


class Box(Painted):
    """Wrapped words in a frame, with a chip at the right where there is one."""

    walked = Signal(int, int)
    """An arrow key: how far to the right and down the next box is wanted."""

    def __init__(self, look: Look, text: str, name: str, chip: Chip | None = None) -> None:
        """Say the words; `name` is what a screen reader says."""
        super().__init__(look, name)
        self.words = text
        self.chip = chip
        self.shown = False
        self.role = "body"

    def show_chosen(self, *, chosen: bool) -> None:
        """Mark the box the inspector is about."""
        self.shown = chosen
        self.update()

    def font_of(self, role: str) -> QFont:
        """Return the font of a role."""
        return self.theme.font(role)

    def chip_width(self) -> int:
        """Return how much room the chip takes, its gap included."""
        if self.chip is None:
            return 0
        words = QFontMetrics(self.font_of("caption")).horizontalAdvance(self.chip.text)
        return words + 2 * self.theme.px("space.2") + self.theme.px("space.2")

    def chip_below(self, width: int) -> bool:
        """Whether the chip stands under the words, because the box is narrow."""
        return bool(self.chip) and width - self.chip_width() < _ROOMY * self.theme.px("space.7")

    def height_for(self, width: int) -> int:
        """Return the height the words need at a width."""
        pad = self.theme.px("space.2")
        below = self.chip_below(width)
        room = max(width - 2 * pad - (0 if below else self.chip_width()), 40)
        metrics = QFontMetrics(self.font_of(self.role))
        need = metrics.boundingRect(0, 0, room, 10_000, int(_WRAP.value), self.words).height()
        need += self.theme.px("size.chip") + 4 if below else 0
        return max(need + 2 * (pad - 2), self.theme.px("size.control") - 4)

    def sizeHint(self) -> QSize:
        """Ask for the words in a usual width."""
        width = self.theme.px("size.navWidth")
        return QSize(width, self.height_for(width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk to the next box; Enter opens as Space does."""
        step = ARROWS.get(Qt.Key(event.key()))
        if step is not None:
            self.walked.emit(*step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame, words and chip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.frame(painter, "surface.page", "mark.control")
        pad, high = self.theme.px("space.2"), self.theme.px("size.chip")
        below = self.chip_below(self.width())
        wide = self.chip_width() - pad
        room = self.rect().adjusted(
            pad, 0, -pad - (0 if below else self.chip_width()), -(high + 4 if below else 0)
        )
        painter.setFont(self.font_of(self.role))
        painter.setPen(self.theme.colour("text.primary"))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int((side | _WRAP).value), self.words)
        if below:
            self.draw_chip(painter, QRect(pad, self.height() - high - pad + 2, wide, high))
        elif self.chip is not None:
            left = self.width() - pad - wide + 2
            self.draw_chip(painter, QRect(left, (self.height() - high) // 2, wide, high))

    def frame(self, painter: QPainter, surface: str, line: str) -> None:
        """Draw ground and line; the chosen one has a wider, darker line."""
        theme = self.theme
        width = theme.line("selectedOutline" if self.shown else "control")
        ground = "surface.hover" if self.underMouse() else surface
        painter.setPen(QPen(theme.colour("mark.accent" if self.shown else line), width))
        painter.setBrush(theme.colour(ground))
        inset = width / 2
        radius = theme.px("radius.card")
        where = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(where, radius, radius)

    def draw_chip(self, painter: QPainter, where: QRect) -> None:
        """Draw the chip."""
        chip, theme = self.chip, self.theme
        if chip is None:
            return
        painter.setPen(QPen(theme.colour(chip.mark), theme.line("control")))
        painter.setBrush(theme.colour(chip.surface))
        radius = theme.px("radius.chip")
        painter.drawRoundedRect(QRectF(where).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setFont(self.font_of("caption"))
        painter.setPen(theme.colour(chip.ink))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, chip.text)


def chip_of(text: str, tone: str) -> Chip:
    """Return a chip in a tone: good, concern, accent or neutral."""
    if tone in {"good", "concern"}:
        return Chip(text, f"surface.{tone}", f"mark.{tone}", f"text.{tone}")
    if tone == "accent":
        return Chip(text, "surface.selected", "mark.accent", "text.primary")
    return Chip(text, "surface.sunken", "surface.sunken", "text.secondary")
