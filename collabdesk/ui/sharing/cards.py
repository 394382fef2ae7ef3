"""The cards of Sharing: a heading, lines of words, and what can be done about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from collabdesk.ui.parts import (
    Ink,
    Kind,
    Picture,
    Tone,
    button,
    column,
    holder,
    panel,
    row,
    words,
)
from collabdesk.ui.theme import Look

Do = Callable[[], object]


def section(look: Look, icon: str, role: str, name: str, count: int = 0) -> QWidget:
    """Return the heading of a section with its icon and, if any, its count."""
    shown = [words(str(count), ink="secondary")] if count else []
    return holder(row(Picture(look, icon, role), words(name, "heading"), *shown, None))


def line(text: str, role: str = "body", ink: Ink = "primary") -> QWidget:
    """Return a paragraph."""
    return words(text, role, ink, wrap=True)


def act(text: str, do: Do, kind: Kind = "plain", *, why_off: str = "") -> QPushButton:
    """Return a small button; where it is off, its tool tip says why."""
    made = button(text, do, kind, small=True)
    made.setEnabled(not why_off)
    made.setToolTip(why_off)
    return made


def buttons(*made: QPushButton) -> QWidget:
    """Return buttons at the left."""
    return holder(row(*made, None))


def card(tone: Tone, *things: QWidget) -> QFrame:
    """Return things one under the other in a frame."""
    frame = panel("card", tone)
    inside = column(*things, gap=4)
    inside.setContentsMargins(12, 8, 12, 8)
    frame.setLayout(inside)
    return frame


def marked(look: Look, icon: str, role: str, text: str, rest: str = "") -> QWidget:
    """Return a paragraph behind an icon, with a second one below it in grey."""
    said = column(line(text), *([line(rest, "caption", "secondary")] if rest else []), gap=0)
    sign = Picture(look, icon, role)
    both = row(sign, holder(said))
    both.setStretch(1, 1)
    both.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
    return holder(both)


def bullets(lines: Sequence[str]) -> QWidget:
    """Return lines as a list, hung on their dots."""
    cells = QGridLayout()
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setHorizontalSpacing(8)
    cells.setVerticalSpacing(2)
    for place, one in enumerate(lines):
        cells.addWidget(words("•", ink="secondary"), place, 0, Qt.AlignmentFlag.AlignTop)
        cells.addWidget(line(one), place, 1)
    cells.setColumnStretch(1, 1)
    made = QWidget()
    made.setLayout(cells)
    return made


class Sheet(QScrollArea):
    """A part of the page that scrolls, filled anew at each reading."""

    def __init__(self, name: str) -> None:
        """Show nothing yet."""
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fill(self, body: QVBoxLayout) -> None:
        """Show a column, with the place scrolled to kept."""
        before = self.verticalScrollBar().value()
        body.setContentsMargins(16, 12, 16, 16)
        body.addStretch(1)
        inside = QWidget()
        inside.setProperty("ground", "page")
        inside.setLayout(body)
        self.setWidget(inside)
        self.verticalScrollBar().setValue(before)


def stacked(things: Iterable[QWidget], gap: int = 8) -> QVBoxLayout:
    """Return things one under the other."""
    return column(*things, gap=gap)
