"""The states in which a page has nothing to show yet: empty, and loading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from collabdesk.ui.messages import Action
from collabdesk.ui.parts import Picture, button, column, follow, panel, row, rule, words
from collabdesk.ui.theme import Look

PROGRESS_AFTER_MS = 1000


@dataclass(frozen=True)
class Way:
    """Another way to begin, beside the first."""

    icon: str
    title: str
    said: str
    action: Action


@dataclass(frozen=True)
class Shape:
    """A faint shape of the full page: headings and the first column of its rows."""

    headings: tuple[str, ...]
    rows: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class EmptyState:
    """What goes here, the first thing to do, and other ways; sample data comes last."""

    title: str
    said: str
    first: Action | None = None
    ways: tuple[Way, ...] = ()
    shape: Shape | None = None


class EmptyView(QWidget):
    """An empty page that says how to begin."""

    def __init__(self, look: Look, empty: EmptyState) -> None:
        """Lay the words, the ways and the shape out side by side."""
        super().__init__()
        self.setProperty("ground", "page")
        self._look = look
        self._empty = empty
        left, right = QWidget(), QWidget()
        left.setLayout(self._ways())
        right.setLayout(self._shape())
        both = row(left, right, gap=48)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        both.setContentsMargins(64, 64, 64, 16)
        follow(look, left, lambda theme: left.setMaximumWidth(theme.px("size.dialogWidth.small")))
        if empty.shape is None:
            right.hide()
            both.addStretch(1)
        self.setLayout(both)
        self.setAccessibleName(empty.title)

    def _ways(self) -> QVBoxLayout:
        said = [words(self._empty.title, "title", wrap=True), words(self._empty.said, wrap=True)]
        box = column(*said, gap=8)
        first = self._empty.first
        if first is not None:
            box.addSpacing(8)
            box.addWidget(button(first.words, first.do, "primary"), 0, Qt.AlignmentFlag.AlignLeft)
        box.addSpacing(16)
        for way in self._empty.ways:
            box.addWidget(rule())
            box.addWidget(self._way(way))
        if self._empty.ways:
            box.addWidget(rule())
        box.addStretch(1)
        return box

    def _way(self, way: Way) -> QWidget:
        text, line = QWidget(), QWidget()
        text.setLayout(
            column(
                words(way.title, "bodyStrong"), words(way.said, ink="secondary", wrap=True), gap=0
            )
        )
        sign = Picture(self._look, way.icon, "mark.accent", "icon.lead")
        inside = row(sign, text, button(way.action.words, way.action.do), gap=16)
        inside.setStretch(1, 1)
        inside.setContentsMargins(0, 8, 0, 8)
        line.setLayout(inside)
        return line

    def _shape(self) -> QVBoxLayout:
        shape = self._empty.shape
        if shape is None:
            return column()
        table = panel("card")
        cells = QGridLayout()
        cells.setContentsMargins(12, 8, 12, 8)
        cells.setVerticalSpacing(12)
        cells.setHorizontalSpacing(32)
        for place, heading in enumerate(shape.headings):
            cells.addWidget(words(heading, "caption", "secondary"), 0, place, _side(place))
        for line, name in enumerate(shape.rows, 1):
            cells.addWidget(words(name, ink="secondary"), line, 0)
            for place in range(1, len(shape.headings)):
                cells.addWidget(words("–", ink="secondary"), line, place, _side(place))
        cells.setColumnStretch(0, 1)
        table.setLayout(cells)
        above = words("What it will look like", "captionStrong", "secondary")
        return column(above, table, words(shape.note, "caption", "secondary", wrap=True), None)


def _side(place: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft


class _Skeleton(QWidget):
    """Grey bars where rows will stand; nothing moves."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a heading bar and rows down to the foot."""
        theme, painter = self._look.theme, QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface.sunken"))
        high, step = theme.px("space.3"), theme.px("size.tableRow")
        for line in range(self.height() // step):
            share = 0.9 if line % 3 else 0.6
            painter.drawRoundedRect(QRectF(0, line * step, self.width() * share, high), 2, 2)


class LoadingView(QWidget):
    """A skeleton at once; after a second, how far it is and Cancel."""

    def __init__(self, look: Look, said: str, cancel: Callable[[], object] | None) -> None:
        """Say what is being read or done."""
        super().__init__()
        self.setProperty("ground", "page")
        self._said = words(f"{said}…", ink="secondary")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(said)
        self._cancel = button("Cancel", cancel or (lambda: None))
        self._slow = QWidget()
        self._slow.setLayout(row(self._bar, self._cancel))
        self._slow.setVisible(False)
        inside = column(self._said, self._slow, 8, _Skeleton(look), gap=8)
        inside.setContentsMargins(16, 16, 16, 16)
        self.setLayout(inside)
        self.setAccessibleName(f"{said}, please wait")
        self._cancel.setVisible(cancel is not None)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._slow.setVisible(True))
        self._timer.start(PROGRESS_AFTER_MS)

    def say(self, said: str, done: int = 0, total: int = 0) -> None:
        """Tell how far it is."""
        self._said.setText(f"{said}: {done:,} of {total:,}" if total else f"{said}…")
        self._bar.setRange(0, total)
        self._bar.setValue(done)
