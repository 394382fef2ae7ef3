"""The left side of the window: workspace, places with their counts, and the connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from collabdesk.ui.page import Page
from collabdesk.ui.painted import ConnectionChip, NavigationItem, WorkspaceSwitcher
from collabdesk.ui.parts import column, follow, holder
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import LARGE_TEXT

NARROW_WINDOW: Final = 1200


@dataclass(frozen=True)
class PageEntry:
    """One line of the navigation: a later page is one more of these."""

    key: str
    title: str
    icon: str
    build: Callable[[], Page]


class Navigation(QFrame):
    """Workspace, places and connection from top to bottom."""

    chosen = Signal(str)

    def __init__(self, look: Look, entries: Sequence[PageEntry]) -> None:
        """Show one item for each page."""
        super().__init__()
        self.setProperty("panel", "navigation")
        self.setAccessibleName("Navigation")
        self.look = look
        self.workspaces = WorkspaceSwitcher(look)
        self.connection = ConnectionChip(look)
        self.items = {entry.key: NavigationItem(look, entry.title, entry.icon) for entry in entries}
        for key, item in self.items.items():
            item.clicked.connect(lambda _on=False, key=key: self.chosen.emit(key))
        self.setLayout(self._stacked())
        self._narrow: bool | None = None
        follow(look, self, lambda _theme: self.fit(self.window().width()))

    def _stacked(self) -> QVBoxLayout:
        places = holder(column(*self.items.values(), gap=0), 0, 4, 8, 4)
        foot = holder(column(self.connection), 8, 8, 8, 8)
        return column(self.workspaces, places, None, foot, gap=0)

    def fit(self, window_width: int) -> None:
        """Fold to icons in a narrow window or with large text."""
        theme = self.look.theme
        narrow = window_width < NARROW_WINDOW or theme.text_size >= LARGE_TEXT
        for item in (self.workspaces, self.connection, *self.items.values()):
            item.set_narrow(narrow)
        self.setFixedWidth(theme.px("size.navWidthCollapsed" if narrow else "size.navWidth"))

    def show_place(self, key: str) -> None:
        """Mark the page on show."""
        if key in self.items:
            self.items[key].setChecked(True)

    def mark(self, key: str, count: int, alarm: str = "") -> None:
        """Show how many things wait on a page."""
        self.items[key].mark(count, alarm)
