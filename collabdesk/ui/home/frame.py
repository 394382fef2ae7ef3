"""Home's three questions as three columns; they stand before anything is read."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from collabdesk.ui.parts import Elided, column, follow, holder, panel, row, words
from collabdesk.ui.theme import Look, Theme

QUESTIONS = ("What needs me?", "Where do we stand?", "What changed?")
_SHARES = (38, 48, 28)
_STACKED = 150


def title(today: dt.date) -> str:
    """Return the title of Home: the day, as people say it."""
    return f"{today:%A} {today.day} {today:%B %Y}"


class Question(QFrame):
    """One column: its question, a word beside it, and what answers it."""

    def __init__(self, question: str) -> None:
        """Show the question and nothing under it."""
        super().__init__()
        self.setAccessibleName(question)
        self._beside = Elided("", "caption", "secondary")
        self._beside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = row(words(question, "heading"), self._beside, gap=8)
        head.setStretch(1, 1)
        self.body: QVBoxLayout = column(gap=0)
        inside = column(holder(head), gap=12)
        inside.addLayout(self.body)
        inside.addStretch(1)
        inside.setContentsMargins(16, 12, 16, 12)
        self.setLayout(inside)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, beside: str) -> None:
        """Say something small beside the question."""
        self._beside.say(beside)

    def empty(self) -> None:
        """Take everything out."""
        while self.body.count():
            item = self.body.takeAt(0)
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def show_things(self, things: list[QWidget]) -> None:
        """Show these, one under the other."""
        self.empty()
        for thing in things:
            self.body.addWidget(thing)


class HomeFrame(QScrollArea):
    """The three columns side by side; stacked with large text."""

    def __init__(self, look: Look) -> None:
        """Show the three questions."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.needs, self.stand, self.changed = (Question(one) for one in QUESTIONS)
        inside = QWidget()
        inside.setProperty("ground", "page")
        self._columns = QHBoxLayout()
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(0)
        for place, one in enumerate((self.needs, self.stand, self.changed)):
            if place:
                self._columns.addWidget(_pane_line())
            self._columns.addWidget(one, _SHARES[place])
        inside.setLayout(self._columns)
        self.setWidget(inside)
        follow(look, self, self._fit)

    def _fit(self, theme: Theme) -> None:
        tall = theme.text_size >= _STACKED
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.TopToBottom if tall else directions.LeftToRight)


def _pane_line() -> QFrame:
    line = panel("pane")
    line.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
    line.setFixedWidth(1)
    return line
