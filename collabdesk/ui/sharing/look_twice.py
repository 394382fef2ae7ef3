"""A card that says which new names can be taken for others; nothing is refused by it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from collabdesk.ui.parts import Picture, column, emptied, holder, panel, row, words
from collabdesk.ui.theme import Look


class LookTwice(QFrame):
    """What to look at twice before somebody is let in; hidden while there is nothing."""

    def __init__(self, look: Look) -> None:
        """Say nothing yet."""
        super().__init__()
        self._lines = column(gap=2)
        self._card = panel("banner", "concern")
        inside = row(Picture(look, "concern", "mark.concern"), holder(self._lines), gap=8)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setStretch(1, 1)
        self._card.setLayout(inside)
        self.setLayout(column(self._card))
        self.hide()

    def say(self, said: Sequence[str]) -> None:
        """Show sentences, or nothing."""
        emptied(self._lines)
        for one in said:
            self._lines.addWidget(words(one, wrap=True))
        self.setAccessibleName(" ".join(("Look twice.", *said)) if said else "")
        self.setVisible(bool(said))
