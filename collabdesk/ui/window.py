"""The window: one shell round every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from collabdesk.ui.explanation import Explanation
from collabdesk.ui.header import PageHeader, SampleStrip, StatusBar, TopBar
from collabdesk.ui.navigation import Navigation, PageEntry
from collabdesk.ui.page import Crumb, Page
from collabdesk.ui.parts import children, column, follow, holder, panel, row
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import LARGE_TEXT
from collabdesk.ui.trail import Place, Trail

ELSEWHERE = "another"
SAVED = "Saved: everything is saved as you type"


class Undo(Protocol):
    """Your own changes, taken back and made again in words."""

    def undo(self) -> str:
        """Take the last change back; return its words, empty when there is none."""

    def redo(self) -> str:
        """Make it again; return its words, empty when there is none."""


class Window(QMainWindow):
    """Navigation, bars, pages built on first visit, and the inspector."""

    place_changed = Signal(str)
    undo_wanted = Signal()
    redo_wanted = Signal()
    closing = Signal()
    find_wanted = Signal()
    helped = Signal(str)
    """The words F1 showed."""

    def __init__(self, look: Look, entries: Sequence[PageEntry], undo: Undo | None = None) -> None:
        """Show the frame; the first page is built when `go` is called."""
        super().__init__()
        self.look = look
        self.trail = Trail()
        self._entries = {entry.key: entry for entry in entries}
        self._pages: dict[str, Page] = {}
        self._undo = undo
        self._inspected = True
        self.sample = SampleStrip(look)
        self.navigation = Navigation(look, entries)
        self.top_bar = TopBar(look)
        self.header = PageHeader(look)
        self.status = StatusBar(look)
        self.stack = QStackedWidget()
        self._dock_box = column()
        self.dock = _dock(look, self._dock_box)
        self.splitter = QSplitter()
        self.explanation = Explanation(look, self)
        self.setWindowTitle("CollabDesk")
        self.setCentralWidget(self._frame())
        self._connect()
        self._shortcuts()

    def _frame(self) -> QWidget:
        self.splitter.addWidget(self.stack)
        self.splitter.addWidget(self.dock)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        inside = column(self.top_bar, self.header, self.splitter, self.status, gap=0)
        inside.setStretch(2, 1)
        middle = holder(row(self.navigation, holder(inside), gap=0))
        return holder(column(self.sample, middle, gap=0))

    def _connect(self) -> None:
        self.navigation.chosen.connect(self.go)
        self.navigation.connection.clicked.connect(lambda _on=False: self.go("sharing"))
        self.top_bar.back.connect(lambda: self._arrive(self.trail.back()))
        self.top_bar.forward.connect(lambda: self._arrive(self.trail.forward()))
        self.top_bar.crumb.connect(self._go_within)
        self.top_bar.details.connect(self.fold_inspector)
        follow(self.look, self, lambda _theme: self._fit_dock())

    def _shortcuts(self) -> None:
        own: dict[str, Callable[[], object]] = {
            "Ctrl+K": self.seek,
            "Ctrl+Z": self.undo,
            "Ctrl+Y": self.redo,
            "Ctrl+S": lambda: self.status.say(SAVED),
            "Ctrl+F": self.find_wanted.emit,
            "F1": self.help,
            "F4": self.fold_inspector,
            "F6": lambda: self.next_pane(1),
            "Shift+F6": lambda: self.next_pane(-1),
            "Alt+Left": lambda: self._arrive(self.trail.back()),
            "Alt+Right": lambda: self._arrive(self.trail.forward()),
        }
        for place, key in enumerate(self._entries, 1):
            own[f"Alt+{place}"] = partial(self.go, key)
        for keys, do in own.items():
            QShortcut(QKeySequence(keys), self, do)

    @property
    def page(self) -> Page | None:
        """The page on show."""
        current = self.stack.currentWidget()
        return current if isinstance(current, Page) else None

    def go(self, key: str, within: object = None) -> None:
        """Show a page, and what within it."""
        place = Place(key, within)
        self.trail.visit(place)
        self._arrive(place)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell whoever keeps the workspace before going."""
        self.closing.emit()
        super().closeEvent(event)

    def forget_pages(self) -> None:
        """Drop every page, so that each is built anew: another workspace was opened."""
        while self._dock_box.count():
            self._dock_box.takeAt(0).widget().hide()
        for page in self._pages.values():
            beside = page.inspector()
            if beside is not None:
                beside.deleteLater()
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self.trail = Trail()

    def seek(self) -> None:
        """Go to the search box."""
        self.top_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top_bar.search.selectAll()

    def undo(self) -> None:
        """Take back your own last change and say what it was."""
        self._step_back("Undone", "Nothing of yours to undo", Undo.undo)

    def redo(self) -> None:
        """Make it again and say what it was."""
        self._step_back("Done again", "Nothing to do again", Undo.redo)

    def _step_back(self, done: str, nothing: str, step: Callable[[Undo], str]) -> None:
        if self._undo is None:
            (self.undo_wanted if step is Undo.undo else self.redo_wanted).emit()
            return
        said = getattr(self._undo, step.__name__)()
        self.status.say(f"{done}: {said}" if said else nothing)

    def help(self) -> None:
        """Explain the control in focus."""
        at = QApplication.focusWidget()
        shown = at
        while at is not None and not at.whatsThis():
            at = at.parentWidget()
        said = at.whatsThis() if at is not None else "Press F6 to go from pane to pane."
        self.explanation.explain(said, shown or self.navigation)
        self.helped.emit(said)

    def fold_inspector(self) -> None:
        """Fold the inspector away or bring it back."""
        self.dock.setVisible(not self.dock.isVisible() and self._has_inspector())

    def next_pane(self, step: int) -> None:
        """Move the focus to the next pane that can take it."""
        panes: list[QWidget] = [self.navigation, self.top_bar, self.header, self.stack, self.dock]
        focus = QApplication.focusWidget()
        here = next((n for n, pane in enumerate(panes) if _holds(pane, focus)), -1)
        for away in range(1, len(panes) + 1):
            target = first_focus(panes[(here + step * away) % len(panes)])
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the navigation in a narrow window."""
        super().resizeEvent(event)
        self.navigation.fit(event.size().width())

    def _go_within(self, within: object) -> None:
        here = self.trail.here
        if here is not None:
            self.go(here.page, within)

    def _arrive(self, place: Place | None) -> None:
        if place is None:
            return
        page = self._pages.get(place.page) or self._build(place.page)
        self.stack.setCurrentWidget(page)
        self.navigation.show_place(place.page)
        self._show_inspector(page)
        page.arrive(place.within)
        self._show_heading(page)
        self.place_changed.emit(place.page)

    def _build(self, key: str) -> Page:
        page = self._entries[key].build()
        self._pages[key] = page
        self.stack.addWidget(page)
        page.heading_changed.connect(lambda: self._show_heading(page))
        page.go.connect(self.go)
        page.elsewhere.connect(lambda: self.navigation.workspaces.chosen.emit(ELSEWHERE))
        return page

    def _show_heading(self, page: Page) -> None:
        if page is not self.page:
            return
        heading = page.heading
        if page.inspected is not self._inspected:
            self._show_dock(page)
        self.header.show_heading(heading)
        self.status.show_status(heading.status, heading.status_right)
        place = self.trail.here
        title = self._entries[place.page].title if place is not None else ""
        self.top_bar.show_crumbs(heading.crumbs or (Crumb(title),))
        self.top_bar.show_trail(
            can_go_back=self.trail.can_go_back, can_go_forward=self.trail.can_go_forward
        )
        self.setWindowTitle(f"{heading.title} – CollabDesk")

    def _has_inspector(self) -> bool:
        page = self.page
        return page is not None and page.inspector() is not None and page.inspected

    def _fit_dock(self) -> None:
        """Give the inspector of this page the room it says it needs."""
        wanted = self.page.inspector() if self.page is not None else None
        least = self.look.theme.px("size.inspectorMin")
        self.dock.setMinimumWidth(max(least, wanted.minimumWidth() if wanted else 0))

    def _show_inspector(self, page: Page) -> None:
        wanted = page.inspector()
        while self._dock_box.count():
            shown = self._dock_box.takeAt(0).widget()
            if shown is not wanted:
                shown.setParent(self)
                shown.hide()
        if wanted is not None:
            self._dock_box.addWidget(wanted)
            wanted.show()
            self._fit_dock()
        self._show_dock(page)

    def _show_dock(self, page: Page) -> None:
        """Show the inspector where it has something to say and there is room for it."""
        self._inspected = page.inspected
        room, there = self.look.theme.text_size < LARGE_TEXT, self._has_inspector()
        self.dock.setVisible(there and room)
        self.top_bar.show_details(there=there)


def _dock(look: Look, inside: QVBoxLayout) -> QFrame:
    dock = panel("inspector")
    dock.setAccessibleName("Inspector")
    dock.setLayout(inside)

    def fit(width: int, least: int, most: int) -> None:
        dock.setMinimumWidth(least)
        dock.setMaximumWidth(most)
        dock.resize(width, dock.height())

    follow(
        look,
        dock,
        lambda theme: fit(
            theme.px("size.inspectorWidth"),
            theme.px("size.inspectorMin"),
            theme.px("size.inspectorMax"),
        ),
    )
    return dock


def _holds(pane: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (pane is focus or pane.isAncestorOf(focus))


def first_focus(pane: QWidget) -> QWidget | None:
    """Return the first visible control in a pane that the Tab key reaches."""
    for control in [pane, *children(pane, QWidget)]:
        reached = control.focusPolicy() & Qt.FocusPolicy.TabFocus
        if reached and control.isVisible() and control.isEnabled():
            return control
    return None
