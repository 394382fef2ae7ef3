"""The driver diagram: aim, drivers and change ideas, painted, each a control of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from collabdesk.services.improvement.queries import DriverNode
from collabdesk.ui.improvement.boxes import Box, Chip, chip_of
from collabdesk.ui.parts import follow
from collabdesk.ui.theme import Look

LEVELS: Final = ("Aim", "Primary drivers", "Secondary drivers", "Change ideas")
_SPOKEN: Final = ("Aim", "Primary driver", "Secondary driver", "Change idea")
TONES: Final = {
    "adopted": "good",
    "implemented": "good",
    "testing": "accent",
    "abandoned": "concern",
}


@dataclass(frozen=True)
class _Arrow:
    above: bytes
    below: bytes
    weak: bool


class AimBox(Box):
    """The aim, which everything else serves."""

    def __init__(self, look: Look, text: str, name: str) -> None:
        """Say the aim in bold."""
        super().__init__(look, text, name)
        self.role = "bodyStrong"

    def frame(self, painter: QPainter, _surface: str, _line: str) -> None:
        """Stand on the selected surface."""
        super().frame(painter, "surface.selected", "mark.accent")


class DriverDiagram(QWidget):
    """Four columns from the aim to the ideas, with lines for what acts on what."""

    chosen = Signal(object)
    """A box was pressed: the row of its driver."""

    def __init__(self, look: Look) -> None:
        """Show nothing yet."""
        super().__init__()
        self.look = look
        self.setAccessibleName("Driver diagram")
        self._columns: list[list[tuple[bytes, Box]]] = []
        self._arrows: list[_Arrow] = []
        self._corner: QWidget | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow(look, self, lambda _theme: self._place())

    @property
    def boxes(self) -> dict[bytes, Box]:
        """Every box by the row of its driver."""
        return {row: box for column in self._columns for row, box in column}

    def show_levels(self, levels: Sequence[Sequence[DriverNode]]) -> None:
        """Show the nodes; those already on show keep their box and the focus."""
        kept = self.boxes
        names = {n.driver.row: n.driver.text for level in levels for n in level}
        self._columns = [
            [(node.driver.row, self._box(depth, node, names, kept)) for node in level]
            for depth, level in enumerate(levels)
        ]
        for box in kept.values():
            box.hide()
            box.deleteLater()
        self._arrows = [
            _Arrow(above, node.driver.row, strength == "weak")
            for level in levels
            for node in level
            for above, strength in node.serves
        ]
        self._order()
        self._place()
        self.updateGeometry()
        self.update()

    def give_corner(self, control: QWidget) -> None:
        """Put a control at the right end of the line that names the levels."""
        control.setParent(self)
        self._corner = control
        self._place()

    def mark(self, row: bytes | None) -> None:
        """Show which box the inspector is about."""
        for key, box in self.boxes.items():
            box.show_chosen(chosen=key == row)

    def _box(
        self, depth: int, node: DriverNode, names: dict[bytes, str], kept: dict[bytes, Box]
    ) -> Box:
        driver = node.driver
        chip = _status(driver.idea_status) if depth == len(LEVELS) - 1 else None
        name = ", ".join(
            part
            for part in (
                f"{_SPOKEN[depth]}: {driver.text}",
                chip.text.lower() if chip else "",
                " and ".join(f"acts on {names[row]}" for row, _ in node.serves if row in names),
                "acts on nothing yet" if node.orphan else "",
            )
            if part
        )
        found = kept.pop(driver.row, None)
        if found is not None:
            found.words, found.chip = driver.text, chip
            found.setAccessibleName(name)
            return found
        made = (
            AimBox(self.look, driver.text, name)
            if depth == 0
            else Box(self.look, driver.text, name, chip)
        )
        made.setParent(self)
        made.clicked.connect(lambda _on=False, row=driver.row: self.chosen.emit(row))
        made.walked.connect(lambda right, down, box=made: self._walk(box, right, down))
        made.show()
        return made

    def _order(self) -> None:
        boxes = list(self.boxes.values())
        for before, after in pairwise(boxes):
            QWidget.setTabOrder(before, after)

    def _walk(self, here: Box, right: int, down: int) -> None:
        middle = here.geometry().center()
        ahead = [
            (self._away(box.geometry().center() - middle, right, down), box)
            for box in self.boxes.values()
            if box is not here
        ]
        near = [(away, box) for away, box in ahead if away is not None]
        if near:
            min(near, key=lambda one: one[0])[1].setFocus(Qt.FocusReason.TabFocusReason)

    @staticmethod
    def _away(step: QPoint, right: int, down: int) -> int | None:
        along = step.x() * right + step.y() * down
        across = abs(step.x() * down) + abs(step.y() * right)
        return along + 3 * across if along > 0 else None

    # Where everything lies

    def sizeHint(self) -> QSize:
        """Ask for the height at the present width."""
        return QSize(self._least_width(), self.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:
        """Ask for no less than four narrow columns."""
        return QSize(self._least_width(), self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """Narrow boxes are higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the highest column."""
        _spots, high = self._spots(max(width, self._least_width()))
        return high

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the boxes out again."""
        super().resizeEvent(event)
        self._place()

    def _least_width(self) -> int:
        return self.look.theme.px("size.dialogWidth.small") + self.look.theme.px("space.7")

    def _place(self) -> None:
        spots, _high = self._spots(max(self.width(), self._least_width()))
        for row, box in self.boxes.items():
            box.setGeometry(spots[row])
        if self._corner is not None:
            size = self._corner.sizeHint()
            self._corner.setGeometry(self.width() - size.width(), 0, size.width(), size.height())
        self.updateGeometry()
        self.update()

    def _column_spans(self, width: int) -> list[tuple[int, int]]:
        theme = self.look.theme
        gap = theme.px("space.5") + 4
        aim = min(round(width * 0.21), theme.px("size.inspectorWidth"))
        rest = (width - aim - gap * (len(LEVELS) - 1)) // (len(LEVELS) - 1)
        lefts = [0, *(aim + gap + n * (rest + gap) for n in range(len(LEVELS) - 1))]
        return list(zip(lefts, [aim, rest, rest, rest], strict=True))

    def _top(self) -> int:
        line = self.look.theme.px("space.5")
        if self._corner is None:
            return line
        high = self._corner.sizeHint().height() + 4
        return high + line if self._corner_above() else max(line, high)

    def _corner_above(self) -> bool:
        """Whether the name of the last level needs the room beside the control."""
        if self._corner is None:
            return False
        metrics = QFontMetrics(self.look.theme.font("caption"))
        wide = self._column_spans(max(self.width(), self._least_width()))[-1][1]
        need = metrics.horizontalAdvance(LEVELS[-1]) + self.look.theme.px("space.3")
        return wide - self._corner.sizeHint().width() < need

    def _spots(self, width: int) -> tuple[dict[bytes, QRect], int]:
        theme, spots = self.look.theme, dict[bytes, QRect]()
        gap, top, low = theme.px("space.2"), self._top(), self._top() + theme.px("size.control")
        for (left, wide), column in zip(self._column_spans(width), self._columns, strict=False):
            y = top
            for row, box in column:
                high = box.height_for(wide)
                spots[row] = QRect(left, y, wide, high)
                y += high + gap
            low = max(low, y - gap)
        for row, _box in self._columns[0] if self._columns else []:
            spots[row].setHeight(low - spots[row].top())
        return spots, low + 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the names of the levels and the lines between boxes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.look.theme
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text.secondary"))
        metrics = QFontMetrics(painter.font())
        for name, (left, wide), column in zip(
            LEVELS,
            self._column_spans(max(self.width(), self._least_width())),
            self._columns or [[]] * len(LEVELS),
            strict=False,
        ):
            said = metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(left, self._top() - theme.px("space.2"), said)
            if not column:
                empty = QRect(left, self._top(), wide, theme.px("size.control"))
                painter.drawText(empty, Qt.AlignmentFlag.AlignVCenter, "None yet")
        self._paint_arrows(painter)

    def _paint_arrows(self, painter: QPainter) -> None:
        boxes = self.boxes
        for arrow in self._arrows:
            above, below = boxes.get(arrow.above), boxes.get(arrow.below)
            if above is None or below is None:
                continue
            pen = QPen(self.look.theme.colour("mark.control"), self.look.theme.line("control"))
            if arrow.weak:
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_elbow(above.geometry(), below.geometry()))


def _elbow(above: QRect, below: QRect) -> QPainterPath:
    end = QPointF(below.left(), below.center().y() + 0.5)
    inside = above.top() <= end.y() <= above.bottom()
    start = QPointF(above.right() + 1, end.y() if inside else above.center().y() + 0.5)
    middle = (start.x() + end.x()) / 2
    path = QPainterPath(start)
    path.lineTo(middle, start.y())
    path.lineTo(middle, end.y())
    path.lineTo(end)
    return path


def _status(status: str) -> Chip:
    said = (status or "proposed").capitalize()
    return chip_of(said, TONES.get(status, "neutral"))
