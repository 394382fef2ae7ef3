"""What every page is: a heading, four states, and a reading that fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from collabdesk.ui.messages import Action, Banner, ErrorState, Explainer
from collabdesk.ui.parts import Tone, column
from collabdesk.ui.states import EmptyState, EmptyView, LoadingView
from collabdesk.ui.theme import Look
from collabdesk.ui.workers import LongJob, Readers, Ticket

T = TypeVar("T")


@dataclass(frozen=True)
class Surroundings:
    """What every page is given by the composition root."""

    look: Look
    readers: Readers
    explainer: Explainer


@dataclass(frozen=True)
class PageAction:
    """A button of the page header; when it is off, `why_off` says why in the state line."""

    words: str
    do: Callable[[], object]
    icon: str = ""
    why_off: str = ""

    @property
    def on(self) -> bool:
        """Whether it can be pressed."""
        return not self.why_off


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb; the last one has nowhere to go."""

    words: str
    within: object = None


@dataclass(frozen=True)
class Heading:
    """What the window shows around a page."""

    title: str
    state: str = ""
    chips: tuple[tuple[str, Tone], ...] = ()
    secondary: tuple[PageAction, ...] = ()
    primary: PageAction | None = None
    crumbs: tuple[Crumb, ...] = ()
    status: tuple[tuple[str, str], ...] = ()
    status_right: str = ""


@dataclass
class _Views:
    current: QWidget | None = None
    full: QWidget | None = None
    ticket: Ticket | None = field(default=None)


class Page(QWidget):
    """A place of the navigation. A subclass builds its content and fills it."""

    heading_changed = Signal()
    go = Signal(str, object)
    """Asks the window to show another page, and what within it."""
    asked = Signal(object)
    """Asks the inspector about a record; the window hands it on."""
    elsewhere = Signal()
    """Asks for another workspace, such as the sample."""

    def __init__(self, around: Surroundings, title: str) -> None:
        """Start with a title and nothing to show."""
        super().__init__()
        self.setProperty("ground", "page")
        self.around = around
        self.look = around.look
        self.banner = Banner(around.look)
        self._heading = Heading(title)
        self._views = _Views()
        self._stack = QStackedLayout()
        body = QWidget()
        body.setLayout(self._stack)
        outside = column(self.banner, body, gap=0)
        outside.setStretch(1, 1)
        self.setLayout(outside)

    @property
    def heading(self) -> Heading:
        """What the window shows around this page."""
        return self._heading

    @heading.setter
    def heading(self, heading: Heading) -> None:
        self._heading = heading
        self.heading_changed.emit()

    def say_status(self, *pairs: tuple[str, str], right: str | None = None) -> None:
        """Put words and figures in the status bar."""
        kept = self._heading.status_right if right is None else right
        self.heading = replace(self._heading, status=pairs, status_right=kept)

    def arrive(self, within: object = None) -> None:
        """Be shown, with what to show within; a subclass reads and fills here."""

    def inspector(self) -> QWidget | None:
        """Return the panel for the dock at the right, if this page has one."""
        return None

    @property
    def inspected(self) -> bool:
        """Whether what is on show has something to say in that panel."""
        return True

    @property
    def state(self) -> str:
        """Which of the four states is on show: empty, loading, error or full."""
        current = self._views.current
        if isinstance(current, LoadingView):
            return "loading"
        if isinstance(current, ErrorState):
            return "error"
        return "empty" if current is None or isinstance(current, EmptyView) else "full"

    def show_full(self, content: QWidget | None = None) -> None:
        """Show the content; it is kept for the next time."""
        if content is not None and content is not self._views.full:
            self._views.full = content
            self._stack.addWidget(content)
        if self._views.full is not None:
            self._show(self._views.full)

    def show_empty(self, empty: EmptyState) -> None:
        """Say what goes here and offer the first thing to do."""
        self._show(EmptyView(self.look, empty))

    def show_loading(self, said: str, cancel: Callable[[], object] | None = None) -> LoadingView:
        """Show a skeleton at once; progress and Cancel follow after a second."""
        view = LoadingView(self.look, said, cancel)
        self._show(view)
        return view

    def show_error(self, fault: Exception, again: Callable[[], object] | None = None) -> None:
        """Say what happened and where, how to mend it, and let it be copied."""
        self._show(ErrorState(self.look, self.around.explainer.explain(fault), again))

    def fill(
        self, work: Callable[[], T], done: Callable[[T], object], said: str = "Reading"
    ) -> None:
        """Read off the window's thread: skeleton meanwhile, error state if it fails."""
        if self._views.ticket is not None:
            self._views.ticket.drop()
        if self.state != "full":
            self.show_loading(said)

        def again() -> None:
            self.show_loading(said)
            self.fill(work, done, said)

        def failed(fault: Exception) -> None:
            self.show_error(fault, again)

        self._views.ticket = self.around.readers.read(self, work, done, failed)

    def run(self, job: LongJob) -> None:
        """Run a long job in this page, with its progress and Cancel."""
        view = self.show_loading(job.title, job.cancel)
        job.progressed.connect(view.say)
        job.failed.connect(self.show_error)
        job.stopped.connect(self.show_full)
        self.around.readers.start(job)

    def refuse(self, fault: Exception, action: Action | None = None) -> None:
        """Say in the banner why something was not done."""
        self.banner.refuse(self.around.explainer.explain(fault), action)

    def _show(self, view: QWidget) -> None:
        before = self._views.current
        self._views.current = view
        if self._stack.indexOf(view) < 0:
            self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        if before is not None and before not in {view, self._views.full}:
            self._stack.removeWidget(before)
            before.deleteLater()
