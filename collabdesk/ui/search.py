"""One box for records and commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout

from collabdesk.ui.parts import Picture, follow, row, words
from collabdesk.ui.theme import Look

_PAUSE_MS: Final = 120
_SHOWN: Final = 12


@dataclass(frozen=True)
class Hit:
    """Something found: its words, where it is, and what opening it does."""

    words: str
    where: str
    open: Callable[[], object]


class SearchBox(QLineEdit):
    """Type what you look for or want to do; Enter opens the first."""

    asked = Signal(str)
    """The words to look for; whoever looks answers with `show_hits`."""

    def __init__(self, look: Look) -> None:
        """Show an empty box with its shortcut."""
        super().__init__()
        self.setProperty("small", True)
        self.setPlaceholderText("Search or do")
        self.setAccessibleName("Search records and commands")
        self.setToolTip("Search records and commands (Ctrl+K)")
        self._hits: list[Hit] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(lambda: self.asked.emit(self.text().strip()))
        self.textEdited.connect(lambda _text: self._pause.start(_PAUSE_MS))
        self.returnPressed.connect(lambda: self._open(max(self._list.currentIndex().row(), 0)))
        self._hint: QLabel = words("Ctrl+K", "caption", "secondary")
        inside = row(Picture(look, "search"), None, self._hint)
        inside.setContentsMargins(10, 0, 10, 0)
        self.setLayout(inside)
        self._build_list()
        follow(look, self, lambda theme: self._fit(theme.px("icon.control"), theme.factor))

    def _fit(self, icon: int, factor: float) -> None:
        self.setTextMargins(icon + 6, 0, round(48 * factor), 0)
        self.setFixedWidth(round(300 * min(factor, 1.3)))

    def _build_list(self) -> None:
        self._frame = QFrame(self)
        self._frame.hide()
        self._list = QListView()
        self._list.setProperty("popup", True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName("What was found")
        self._model = QStringListModel(self)
        self._list.setModel(self._model)
        self._list.clicked.connect(self._open_clicked)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._list)

    @property
    def found(self) -> list[str]:
        """The lines on show."""
        return self._model.stringList()

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """List what was found under the box."""
        self._hits = list(hits)[:_SHOWN]
        lines = [f"{hit.words}   {hit.where}".rstrip() for hit in self._hits]
        nothing = f"Nothing found for “{self.text().strip()}”"
        self._model.setStringList(lines or [nothing])
        self._list.setCurrentIndex(self._model.index(0, 0))
        self._frame.resize(self.width(), min(len(lines) or 1, _SHOWN) * 34 + 12)
        window = self.window()
        self._frame.setParent(window)
        self._frame.move(self.mapTo(window, QPoint(0, self.height())))
        self._frame.setVisible(bool(self.text().strip()))
        self._frame.raise_()

    def close_list(self) -> None:
        """Hide the list and empty the box."""
        self._frame.hide()
        self.clear()

    def _open_clicked(self, index: QModelIndex) -> None:
        self._open(index.row())

    def _open(self, place: int) -> None:
        if place < len(self._hits):
            hit = self._hits[place]
            self._hits = []
            self.close_list()
            hit.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the list with the arrows; Escape closes it."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
        elif event.key() in steps and self._hits:
            place = self._list.currentIndex().row() + steps[Qt.Key(event.key())]
            self._list.setCurrentIndex(
                self._model.index(max(0, min(place, len(self._hits) - 1)), 0)
            )
        else:
            super().keyPressEvent(event)
