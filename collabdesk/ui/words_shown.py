"""Eight words to read aloud, numbered, in two rows of four."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from collabdesk.ui.parts import column, panel, words

_ACROSS = 4


class WordsShown(QWidget):
    """Words in numbered boxes; read as one line by a screen reader."""

    def __init__(self, said: Sequence[str], name: str, *, large: bool = False) -> None:
        """Show the words under a name such as “This laptop”."""
        super().__init__()
        self.words = tuple(said)
        self.setAccessibleName(f"{name}: {' '.join(said)}")
        cells = QGridLayout()
        cells.setContentsMargins(0, 0, 0, 0)
        cells.setSpacing(8 if large else 4)
        for place, word in enumerate(said):
            box = panel("card")
            inside = column(
                words(str(place + 1), "caption", "secondary"),
                words(word, "words" if large else "bodyStrong"),
                gap=0,
            )
            inside.setContentsMargins(12 if large else 6, 4, 6, 6)
            box.setLayout(inside)
            cells.addWidget(box, place // _ACROSS, place % _ACROSS)
        self.setLayout(cells)
