"""What a further view of Budgets is: it reads for itself and offers its own actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QStackedLayout, QWidget

from collabdesk.services.budgets.room import Plan, Room
from collabdesk.services.workspace import Done
from collabdesk.ui.budgets.forms import Place
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.desk import Desk
from collabdesk.ui.inspector import Linked
from collabdesk.ui.inspector.signed import Telling
from collabdesk.ui.messages import Action, ErrorState
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.states import EmptyState, EmptyView, LoadingView
from collabdesk.ui.workers import Ticket

T = TypeVar("T")


@dataclass(frozen=True)
class About:
    """What the panel at the right says of the current thing; `row` is whose history it tells."""

    place: str
    heading: str
    row: bytes | None = None
    telling: Telling = field(default_factory=Telling)
    linked: tuple[Linked, ...] = ()


class PartView(QWidget):
    """A view that reads what it shows, in its four states; a subclass builds `full`."""

    status_changed = Signal(list)
    said = Signal(str)
    failed = Signal(object)
    heading_changed = Signal()
    """The actions or the words of the state are others now."""
    go = Signal(object)
    """Asks the page to show another place of Budgets."""
    inspected: ClassVar[bool] = False
    """Whether `about` ever says something, so that the panel at the right is shown."""
    tables: ClassVar[frozenset[str]] = frozenset()
    """A change in one of these, beside those of the room, has the view read again."""

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Show nothing before something is asked for."""
        super().__init__()
        self.setProperty("ground", "page")
        self.around, self.desk = around, desk
        self.room: Room | None = None
        self.plan: Plan | None = None
        self.where = Where()
        self.dialog: QDialog | None = None
        self._ticket: Ticket | None = None
        self._full: QWidget | None = None
        self._owed = False
        self._stack = QStackedLayout(self)

    # What a subclass says of itself

    @property
    def words(self) -> str:
        """The state in words, beside the page's title."""
        return ""

    def offers(self) -> tuple[tuple[PageAction, ...], PageAction | None]:
        """Return the further buttons of the heading, and the primary one."""
        return (), None

    def about(self) -> About | None:
        """Return what is current, for the panel at the right; None says nothing."""
        return None

    def read(self) -> None:
        """Read what is asked for; a subclass calls `ask` or `show_empty`."""

    def take_keyboard(self) -> None:
        """Give the view's grid the keyboard."""

    # What every part does

    def show_place(self, room: Room, plan: Plan, where: Where) -> None:
        """Show a place; the year and version are those of the plan."""
        self.room, self.plan, self.where = room, plan, where
        self.read()

    def ask(
        self, query: Callable[..., T], *args: object, done: Callable[[T], object], words: str
    ) -> None:
        """Run a query on a reader: skeleton at first, error state if it fails."""
        if self._ticket is not None:
            self._ticket.drop()
        if self._stack.currentWidget() is not self._full or self._full is None:
            self._show(LoadingView(self.around.look, words, None))

        def failed(fault: Exception) -> None:
            self._show(
                ErrorState(self.around.look, self.around.explainer.explain(fault), self.read)
            )

        self._ticket = self.desk.ask(self, query, *args, done=done, failed=failed)

    def unseen(self, whole: QWidget) -> QWidget:
        """Take the content in, unseen until `show_full`: it goes when this view goes."""
        whole.setParent(self)
        whole.hide()
        return whole

    def show_full(self, full: QWidget) -> None:
        """Show the content; it is kept for the next time."""
        self._full = full
        self._show(full)
        self.heading_changed.emit()

    def show_empty(self, empty: EmptyState) -> None:
        """Say what goes here and offer the first thing to do."""
        self._show(EmptyView(self.around.look, empty))
        self.heading_changed.emit()

    @property
    def to_plan(self) -> Action:
        """The way to where a year begins."""
        return Action("Go to the plan", lambda: self.go.emit(self.where.seen_as("plan")))

    def do(self, command: object, done: Callable[[Done], object] | None = None) -> None:
        """Carry a command out; the page reads again when it has."""
        self.desk.submit(self, command, done, self.failed.emit)

    def open(self, dialog: QDialog) -> None:
        """Ask a question without waiting for its answer."""
        self.dialog = dialog
        dialog.finished.connect(lambda _how: dialog.deleteLater())
        dialog.open()

    @property
    def place(self) -> Place:
        """Where this view's forms are asked."""
        return Place(self.around, self.desk, self.window())

    def _show(self, view: QWidget) -> None:
        before: QWidget | None = self._stack.currentWidget()
        focused: QWidget | None = self.window().focusWidget()
        if before is not None and before is not view and focused is not None:
            self._owed |= before.isAncestorOf(focused)
        if self._stack.indexOf(view) < 0:
            self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        if view is not self._full:
            self.status_changed.emit([])
        if self._owed and view is self._full:
            # What had the keyboard is gone: the list that came in its place takes it on.
            self._owed = False
            self.take_keyboard()
        if before not in {None, view, self._full}:
            self._stack.removeWidget(before)
            before.deleteLater()
