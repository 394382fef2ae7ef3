"""The page's content: the headline over the view on show."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from collabdesk.services.budgets.queries import Entry
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.ui.budgets.envelope_view import EnvelopeView
from collabdesk.ui.budgets.headline import Headline
from collabdesk.ui.budgets.ledger_views import FigureView, JournalsView, JournalView
from collabdesk.ui.budgets.more import MORE
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.plan_view import PlanView
from collabdesk.ui.budgets.scrolled import Scrolled
from collabdesk.ui.budgets.virements_view import VirementsView
from collabdesk.ui.desk import Desk
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import column, holder


class _Views(QStackedWidget):
    """Asks for the room of the view on show alone."""

    def minimumSizeHint(self) -> QSize:
        """Ask for what the current view needs at least."""
        return self.currentWidget().minimumSizeHint() if self.count() else QSize()


_View: TypeAlias = PlanView | EnvelopeView | VirementsView | JournalsView | FigureView | JournalView


class Board(QWidget):
    """Headline, and one of: plan, envelope, virements, journals, a figure, a journal, a part."""

    status_changed = Signal(list)
    said = Signal(str)
    built = Signal(object)
    """A further view was built: the part."""

    def __init__(self, around: Surroundings, desk: Desk, propose: Action) -> None:
        """Build every view; each is filled when it is shown."""
        super().__init__()
        self.setProperty("ground", "page")
        self.headline = Headline(around.look)
        self.plan = PlanView(around.look)
        self.envelope = EnvelopeView(around)
        self.virements = VirementsView(around.look, propose)
        self.journals = JournalsView(around.look)
        self.figure = FigureView(around.look)
        self.journal = JournalView(around.look, desk)
        self._around, self._desk = around, desk
        self.parts: dict[str, PartView] = {}
        self._views = _Views()
        for view in self.views:
            self._views.addWidget(view)
            view.status_changed.connect(self.status_changed)
            view.said.connect(self.said)
        box = column(self.headline, self._views, gap=0)
        box.setStretch(1, 1)
        self.setLayout(column(Scrolled(holder(box))))

    @property
    def views(self) -> tuple[_View, ...]:
        """Every view."""
        return (
            self.plan,
            self.envelope,
            self.virements,
            self.journals,
            self.figure,
            self.journal,
        )

    def take_keyboard(self) -> None:
        """Give the view on show the keyboard."""
        shown: tuple[_View | PartView, ...] = (*self.views, *self.parts.values())
        for view in shown:
            if view is self._views.currentWidget():
                view.take_keyboard()

    def part(self, key: str) -> PartView:
        """Return a further view, built when it is first asked for."""
        if key not in self.parts:
            made = next(one for one in MORE if one.key == key).build(self._around, self._desk)
            self.parts[key] = made
            self._views.addWidget(made)
            made.status_changed.connect(self.status_changed)
            made.said.connect(self.said)
            self.built.emit(made)
        return self.parts[key]

    def show_place(
        self, room: Room, plan: Plan, where: Where, today: dt.date, *, elsewhere: bool
    ) -> None:
        """Show what is asked for of what was read."""
        self.headline.show_room(room, plan, where.view)
        journal = next((one for one in room.journals if one.number == where.journal), None)
        if where.path:
            self._show_view(room, plan, where, today, elsewhere=elsewhere)
        elif journal is not None:
            self.journal.show_journal(room, journal)
            self._views.setCurrentWidget(self.journal)
        elif where.figure is not None:
            self._views.setCurrentWidget(self.figure)
        else:
            self._show_view(room, plan, where, today, elsewhere=elsewhere)

    def show_figure(self, room: Room, where: Where, entries: tuple[Entry, ...]) -> None:
        """Show the ledger lines of the figure that is asked about."""
        if where.figure is not None:
            self.figure.show_entries(where.figure.words, entries, room.trusts)

    def _show_view(
        self, room: Room, plan: Plan, where: Where, today: dt.date, *, elsewhere: bool
    ) -> None:
        match where.shown:
            case "plan":
                self._views.setCurrentWidget(self.plan)
                self.plan.show_plan(plan, room.lines, room.trusts, elsewhere=elsewhere)
                if where.record is not None:
                    self.plan.go_to_line(where.record)
            case "envelope":
                self._views.setCurrentWidget(self.envelope)
                self.envelope.show_plan(room, plan, today)
            case "virements":
                self._views.setCurrentWidget(self.virements)
                self.virements.show_room(room, where.record)
            case "journals":
                self._views.setCurrentWidget(self.journals)
                self.journals.show_room(room)
            case key:
                part = self.part(key)
                self._views.setCurrentWidget(part)
                part.show_place(room, plan, where)
