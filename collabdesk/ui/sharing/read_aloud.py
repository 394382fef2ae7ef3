"""The words people read to one another: of what is held, of this laptop, of the workspace."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from collabdesk.ui.parts import Picture, button, column, emptied, holder, row, rule, words
from collabdesk.ui.theme import Look
from collabdesk.ui.words_shown import WordsShown

if TYPE_CHECKING:
    from collabdesk.services.sharing.standing import Standing


class ReadAloud(QWidget):
    """Three groups of eight words, side by side where there is room."""

    match = Signal()
    """A partner reads the same words of what is held."""
    differ = Signal()

    def __init__(self, look: Look) -> None:
        """Show nothing before sharing was read."""
        super().__init__()
        self._groups = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._groups.setSpacing(24)
        self._shown: object = None
        self._room = 0
        sign = Picture(look, "phone", "mark.accent")
        head = holder(row(sign, words("Words to read aloud", "heading"), None))
        groups = QWidget()
        groups.setLayout(self._groups)
        body = column(rule(), head, groups, gap=8)
        body.setContentsMargins(16, 0, 16, 12)
        self.setLayout(body)

    def show_standing(self, now: Standing) -> None:
        """Show the words as sharing stands; the same words stay as they are."""
        said_now = (now.state_words, now.laptop_words, now.workspace_words)
        if said_now == self._shown:
            return
        self._shown = said_now
        emptied(self._groups)
        for name, said, why in (
            ("What this laptop holds", now.state_words, "The same at every partner up to date."),
            ("This laptop", now.laptop_words, "To whoever admits this laptop."),
            ("This workspace", now.workspace_words, "To a partner who asks to join."),
        ):
            acts = self._comparing() if said is now.state_words else ()
            self._groups.addWidget(holder(_group(name, said, why, *acts)))
        self._turn()

    def _comparing(self) -> tuple[QWidget, ...]:
        return (
            button("They match", self.match.emit, small=True),
            button("They differ…", self.differ.emit, small=True),
        )

    def fit(self, room: int) -> None:
        """Stack the groups where they would not fit side by side in so many pixels."""
        self._room = room
        self._turn()

    def _turn(self) -> None:
        groups = [self._groups.itemAt(at).widget() for at in range(self._groups.count())]
        wanted = sum(group.minimumSizeHint().width() for group in groups)
        room = self._room - 32 - self._groups.spacing() * max(0, len(groups) - 1)
        beside = QBoxLayout.Direction.LeftToRight
        below = QBoxLayout.Direction.TopToBottom
        self._groups.setDirection(beside if wanted <= room else below)


def _group(name: str, said: tuple[str, ...], why: str, *acts: QWidget) -> QVBoxLayout:
    copy = button("Copy words", partial(_copy, said), small=True)
    copy.setAccessibleName(f"Copy the words of: {name}")
    group = column(
        words(name, "captionStrong"),
        words(why, "caption", "secondary", wrap=True),
        WordsShown(said, name),
        gap=4,
    )
    group.addWidget(holder(row(copy, *acts, None, gap=4)))
    group.addStretch(1)
    return group


def _copy(said: tuple[str, ...]) -> None:
    QGuiApplication.clipboard().setText(" ".join(said))
