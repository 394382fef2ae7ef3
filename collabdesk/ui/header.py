"""The bars of the window: sample strip, top bar, page header and status bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QWidget

from collabdesk.ui.crumbs import Crumbs
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Crumb, Heading, PageAction
from collabdesk.ui.parts import (
    Elided,
    Picture,
    Tone,
    button,
    chip,
    emptied,
    follow,
    give_icon,
    holder,
    panel,
    row,
    words,
)
from collabdesk.ui.search import SearchBox
from collabdesk.ui.theme import Look, Theme
from collabdesk.ui.theme.tokens import LARGE_TEXT


def _bar(look: Look, kind: str, size: str, inside: QHBoxLayout, margin: int = 16) -> QFrame:
    bar = panel(kind)
    inside.setContentsMargins(margin, 0, 16, 0)
    bar.setLayout(inside)
    follow(look, bar, lambda theme: bar.setMinimumHeight(theme.px(size)))
    return bar


class SampleStrip(QFrame):
    """Says that the figures are invented, on every page of a sample."""

    def __init__(self, look: Look) -> None:
        """Stay hidden outside a sample."""
        super().__init__()
        self.setProperty("panel", "sampleStrip")
        self._said = words("Sample: figures invented.", "captionStrong")
        self._rest = words("", "caption")
        self._own = QPushButton()
        self._own.setProperty("kind", "link")
        self._do: Callable[[], object] = lambda: None
        self._own.clicked.connect(lambda _on=False: self._do())
        sign = Picture(look, "note", "text.primary", "icon.control")
        inside = row(sign, self._said, self._rest, None, self._own)
        inside.setContentsMargins(12, 0, 8, 0)
        self.setLayout(inside)
        follow(look, self, lambda theme: self.setMinimumHeight(theme.px("size.sampleStrip")))
        self.hide()

    def say(self, rest: str, action: Action | None = None) -> None:
        """Show the strip with what follows from being a sample."""
        self._rest.setText(rest)
        self._own.setVisible(action is not None)
        if action is not None:
            self._own.setText(action.words)
            self._do = action.do
        self.show()


class TopBar(QWidget):
    """Back, forward, where we are, the search box, and the panel at the right."""

    back = Signal()
    forward = Signal()
    crumb = Signal(object)
    details = Signal()

    def __init__(self, look: Look) -> None:
        """Show no breadcrumb yet."""
        super().__init__()
        self.search = SearchBox(look)
        self._back = button("Back", self.back.emit, "quiet", small=True)
        self._forward = button("Forward", self.forward.emit, "quiet", small=True)
        self.panel_button = button("Details", self.details.emit, "quiet", small=True)
        self.panel_button.hide()
        for one, name, keys in (
            (self._back, "back", "Alt+Left"),
            (self._forward, "forward", "Alt+Right"),
            (self.panel_button, "panel", "F4"),
        ):
            one.setText("")
            one.setToolTip(f"{one.accessibleName()} ({keys})")
            give_icon(look, one, name)
        self._crumbs = Crumbs()
        self._crumbs.chosen.connect(self.crumb)
        inside = row(
            self._back, self._forward, 4, self._crumbs, 8, self.search, self.panel_button, gap=4
        )
        inside.setStretch(3, 1)
        self.setLayout(row(_bar(look, "topBar", "size.topBar", inside, 12)))
        follow(look, self, self._name_details)

    def _name_details(self, theme: Theme) -> None:
        """With large text there is no room for the panel beside the page: its button has a word."""
        self.panel_button.setText("Details" if theme.text_size >= LARGE_TEXT else "")

    def show_details(self, *, there: bool) -> None:
        """Offer the panel at the right where it has something to say."""
        self.panel_button.setVisible(there)

    def show_trail(self, *, can_go_back: bool, can_go_forward: bool) -> None:
        """Switch the two arrows."""
        self._back.setEnabled(can_go_back)
        self._forward.setEnabled(can_go_forward)

    def show_crumbs(self, crumbs: tuple[Crumb, ...]) -> None:
        """Show where we are; each step but the last leads back to it."""
        self._crumbs.show_crumbs(crumbs)


class PageHeader(QWidget):
    """Title, one line of state, then the buttons with the primary one last."""

    def __init__(self, look: Look) -> None:
        """Show no page yet."""
        super().__init__()
        self._look = look
        self._deeds: list[Callable[[], object]] = []
        self._shown: object = None
        self._title = Elided("", "title", whole_first=True)
        self._state = Elided("", ink="secondary")
        self._buttons = row()
        self._said: QBoxLayout = row(self._title, self._state, gap=12)
        self._said.setStretch(1, 1)
        self._inside = row(holder(self._said), gap=12)
        self._inside.setStretch(0, 1)
        self._inside.addLayout(self._buttons)
        follow(look, self, self._fit)
        self.setLayout(row(_bar(look, "pageHeader", "size.pageHeader", self._inside)))

    def _fit(self, theme: Theme) -> None:
        large = theme.text_size >= LARGE_TEXT
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._said.setDirection(down if large else across)
        self._said.setSpacing(0 if large else 12)
        edge = theme.px("space.1") if large else 0
        self._said.setContentsMargins(0, edge, 0, edge)
        self._fold()

    def _fold(self) -> None:
        """With large text the buttons go under a title they would leave no room for."""
        large = self._look.theme.text_size >= LARGE_TEXT
        edges = self._inside.contentsMargins()
        free = self.width() - self._buttons.sizeHint().width() - edges.left() - edges.right()
        tight = large and self._title.sizeHint().width() + self._inside.spacing() > free
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._inside.setDirection(down if tight else across)
        self._inside.setSpacing(0 if tight else 12)
        below = self._look.theme.px("space.1") if tight else 0
        self._inside.setContentsMargins(edges.left(), 0, edges.right(), below)
        push = Qt.AlignmentFlag.AlignLeft if tight else Qt.AlignmentFlag.AlignRight
        self._inside.setAlignment(self._buttons, push | Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See again whether title and buttons fit side by side."""
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        """See again when words or buttons have become wider."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fold()
        return done

    def show_heading(self, heading: Heading) -> None:
        """Show the heading of a page."""
        self._title.say(heading.title)
        why_off = heading.primary.why_off if heading.primary is not None else ""
        self._state.say(" ".join(part for part in (heading.state, why_off) if part))
        actions = [*heading.secondary, *([heading.primary] if heading.primary else [])]
        self._deeds = [action.do for action in actions]
        said = [(one.words, one.icon, one.why_off, one is heading.primary) for one in actions]
        shown = heading.chips, said
        # A button that says what it said stays, and keeps the keyboard.
        if shown != self._shown:
            self._shown = shown
            self._rebuild(heading.chips, actions, heading.primary)
        self._fold()

    def _rebuild(
        self, chips: Iterable[tuple[str, Tone]], actions: Iterable[PageAction], primary: object
    ) -> None:
        box = emptied(self._buttons)
        for text, tone in chips:
            box.addWidget(chip(text, tone))
        for at, action in enumerate(actions):
            box.addWidget(self._button(action, at, primary=action is primary))

    def _button(self, action: PageAction, at: int, *, primary: bool) -> QPushButton:
        made = button(action.words, partial(self._do, at), "primary" if primary else "plain")
        made.setEnabled(action.on)
        made.setToolTip(action.why_off)
        if action.icon:
            give_icon(self._look, made, action.icon, "accent.on" if primary else "text.primary")
        return made

    def _do(self, at: int) -> None:
        self._deeds[at]()


class StatusBar(QWidget):
    """Figures of the selection at the left, what they stand on at the right."""

    def __init__(self, look: Look) -> None:
        """Show nothing yet."""
        super().__init__()
        self._pairs = row(gap=16)
        self._moment = words("", "captionStrong")
        self._right = Elided("", "caption", "secondary")
        self._right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        inside = row(gap=16)
        inside.addLayout(self._pairs)
        inside.addWidget(self._moment)
        inside.addWidget(self._right, 1)
        self._bar = _bar(look, "statusBar", "size.statusBar", inside)
        self.setLayout(row(self._bar))
        self.setAccessibleName("Status")

    def show_status(self, pairs: tuple[tuple[str, str], ...], right: str) -> None:
        """Show words with their figures, and what they stand on."""
        box = emptied(self._pairs)
        for said, figure in pairs:
            pair = QWidget()
            parts = [words(said, "caption", "secondary")] if said else []
            parts += [words(figure, "captionStrong")] if figure else []
            pair.setLayout(row(*parts, gap=4))
            box.addWidget(pair)
        self._right.say(right)

    def say(self, said: str) -> None:
        """Show a passing word, such as what was undone."""
        self._moment.setText(said)
        self._moment.setAccessibleName(said)

    @property
    def said(self) -> str:
        """The passing word on show."""
        return self._moment.text()
