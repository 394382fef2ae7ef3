"""The inspector: heading, state card, and tabs for History, Notes and Linked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from collabdesk.ui.inspector.history import History, HistoryEntry
from collabdesk.ui.parts import button, column, emptied, follow, holder, row, rule, words
from collabdesk.ui.theme import Look, Theme

TABS = ("History", "Notes", "Linked")


@dataclass(frozen=True)
class Note:
    """What somebody wrote about a figure."""

    text: str
    person: str
    when: str


@dataclass(frozen=True)
class Linked:
    """A record this one hangs together with."""

    title: str
    said: str
    target: object


@dataclass(frozen=True)
class Subject:
    """What the inspector is about."""

    place: str
    heading: str
    card: Callable[[], QWidget] | None = None
    history: Sequence[HistoryEntry] = ()
    notes: Sequence[Note] = ()
    linked: Sequence[Linked] = ()
    may_note: bool = field(default=True)


class Inspector(QFrame):
    """What is true about one figure or record."""

    change_set_wanted = Signal(object)
    link_wanted = Signal(object)
    note_written = Signal(str)

    def __init__(self, look: Look) -> None:
        """Say what to do before anything is chosen."""
        super().__init__()
        self.look = look
        self.setAccessibleName("Inspector")
        self._place = words("", "caption", "secondary", wrap=True)
        self._heading = words("", "heading", wrap=True)
        self._card = column()
        self._tabs = {name: self._tab(place, name) for place, name in enumerate(TABS)}
        self._pages = QStackedWidget()
        self.history = History(look)
        self.history.opened.connect(self.change_set_wanted)
        self._notes = column(gap=8)
        self._links = column(gap=4)
        self.note = QPlainTextEdit()
        self._add = button("Add note", self._write, small=True)
        self._build()
        follow(look, self, self._fit)
        self.say_nothing()

    def _fit(self, theme: Theme) -> None:
        """Be wide enough for two figures beside who gave them, and for the bar."""
        self.setMinimumWidth(theme.px("size.inspectorMin") + theme.px("space.2"))

    def _tab(self, place: int, name: str) -> QPushButton:
        tab = button(name, lambda: self._pages.setCurrentIndex(place), "tab")
        tab.setCheckable(True)
        return tab

    def _build(self) -> None:
        group = QButtonGroup(self)
        for tab in self._tabs.values():
            group.addButton(tab)
        self._tabs["History"].setChecked(True)
        self.note.setAccessibleName("New note")
        self.note.setPlaceholderText("Write a note; everybody in the workspace can read it")
        self.note.setTabChangesFocus(True)
        self.note.setMaximumHeight(self.look.theme.px("space.7") * 2)
        notes = column(holder(self._notes), self.note, holder(row(self._add, None)), None, gap=8)
        links = column(holder(self._links), None)
        for inside in (column(self.history), notes, links):
            inside.setContentsMargins(16, 12, 8, 12)
            self._pages.addWidget(holder(inside))
        head = column(self._place, self._heading, gap=0)
        tabs = holder(row(*self._tabs.values(), None, gap=0), 8, 8, 8, 0)
        whole = column(
            holder(head, 16, 16, 16, 8),
            holder(self._card, 16, 0, 8, 0),
            tabs,
            rule(),
            self._pages,
            gap=0,
        )
        whole.setStretch(4, 1)
        self.setLayout(column(_scrolled(holder(whole))))

    def say_nothing(self) -> None:
        """Nothing is chosen."""
        self.show_subject(Subject("", "Choose a figure to see who says so", may_note=False))

    def show_subject(self, subject: Subject) -> None:
        """Show a figure or record."""
        self._place.setText(subject.place)
        self._place.setVisible(bool(subject.place))
        self._heading.setText(subject.heading)
        emptied(self._card)
        if subject.card is not None:
            self._card.addWidget(subject.card())
        counts = (len(subject.history), len(subject.notes), len(subject.linked))
        for (name, tab), count in zip(self._tabs.items(), counts, strict=True):
            tab.setText(f"{name} {count}" if count else name)
            tab.setAccessibleName(f"{name}, {count}")
        self.history.show_entries(subject.history)
        self._show_notes(subject)
        self._show_links(subject.linked)

    @property
    def tab(self) -> str:
        """The tab on show."""
        return next(name for name, tab in self._tabs.items() if tab.isChecked())

    def choose_tab(self, name: str) -> None:
        """Show History, Notes or Linked."""
        self._tabs[name].click()

    def _show_notes(self, subject: Subject) -> None:
        emptied(self._notes)
        for note in subject.notes:
            said = words(note.text, wrap=True)
            by = words(f"{note.person}, {note.when}", "caption", "secondary", wrap=True)
            self._notes.addWidget(holder(column(said, by, gap=0)))
        if not subject.notes:
            self._notes.addWidget(words("No notes yet.", ink="secondary"))
        self.note.setVisible(subject.may_note)
        self._add.setVisible(subject.may_note)

    def _show_links(self, linked: Sequence[Linked]) -> None:
        emptied(self._links)
        for one in linked:
            link = button(one.title, partial(self.link_wanted.emit, one.target), "link")
            said = words(one.said, "caption", "secondary", wrap=True)
            self._links.addWidget(holder(column(holder(row(link, None)), said, gap=0)))
        if not linked:
            self._links.addWidget(words("Nothing linked yet.", ink="secondary"))

    def _write(self) -> None:
        text = self.note.toPlainText().strip()
        if text:
            self.note_written.emit(text)
            self.note.clear()


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inside.setProperty("ground", "page")
    area.setWidget(inside)
    return area
