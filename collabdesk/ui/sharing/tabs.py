"""The parts of Sharing behind one row of tabs, each with how many things wait there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QWidget

from collabdesk.ui.parts import button, column, follow, panel, row
from collabdesk.ui.theme import Look


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
        line = row(gap=4)
        for part in parts:
            tab = button(part.title, partial(self.go, part.key), "tab")
            tab.setCheckable(True)
            tab.setWhatsThis(part.help)
            part.view.setWhatsThis(part.help)
            self._group.addButton(tab)
            self.buttons[part.key] = tab
            line.addWidget(tab)
            self.stack.addWidget(part.view)
        line.addStretch(1)
        line.setContentsMargins(8, 0, 16, 0)
        strip = panel("toolStrip")
        strip.setLayout(line)
        follow(look, strip, lambda theme: strip.setMinimumHeight(theme.px("size.tab")))
        body = column(strip, self.stack, gap=0)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.go(parts[0].key)

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
