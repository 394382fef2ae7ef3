"""The parts of Sharing behind one row of tabs, each with how many things wait there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QStackedWidget, QWidget

from collabdesk.ui.parts import button, column, follow, panel
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import LARGE_TEXT, Theme

_LARGE_ACROSS: Final = 3


class Part(NamedTuple):
    """One part of the page: its key, its title, what it shows, and what F1 says of it."""

    key: str
    title: str
    view: QWidget
    help: str


class Tabs(QWidget):
    """A row of tabs over the part that is on show."""

    changed = Signal(str)

    def __init__(self, look: Look, parts: Sequence[Part]) -> None:
        """Show the first part."""
        super().__init__()
        self._parts = {part.key: part for part in parts}
        self.stack = QStackedWidget()
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        self._cells = QGridLayout()
        self._cells.setContentsMargins(8, 0, 16, 0)
        self._cells.setSpacing(4)
        for part in parts:
            tab = button(part.title, partial(self.go, part.key), "tab")
            tab.setCheckable(True)
            tab.setWhatsThis(part.help)
            part.view.setWhatsThis(part.help)
            self._group.addButton(tab)
            self.buttons[part.key] = tab
            self.stack.addWidget(part.view)
        strip = panel("toolStrip")
        strip.setLayout(self._cells)
        follow(look, strip, self._place)
        body = column(strip, self.stack, gap=0)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.go(parts[0].key)

    def _place(self, theme: Theme) -> None:
        # Large words stand in two rows, so that the window need not be wider than the screen.
        across = _LARGE_ACROSS if theme.text_size >= LARGE_TEXT else len(self.buttons)
        for at, tab in enumerate(self.buttons.values()):
            self._cells.addWidget(tab, at // across, at % across)
        for column_at in range(len(self.buttons) + 1):
            self._cells.setColumnStretch(column_at, int(column_at == across))

    @property
    def current(self) -> str:
        """The key of the part on show."""
        return next(key for key, tab in self.buttons.items() if tab.isChecked())

    def go(self, key: str) -> None:
        """Show a part."""
        self.buttons[key].setChecked(True)
        self.stack.setCurrentWidget(self._parts[key].view)
        self.changed.emit(key)

    def count(self, key: str, waiting: int) -> None:
        """Say how many things wait in a part."""
        title = self._parts[key].title
        tab = self.buttons[key]
        tab.setText(f"{title}  {waiting}" if waiting else title)
        tab.setAccessibleName(f"{title}, {waiting} waiting" if waiting else title)
