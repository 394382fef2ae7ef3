"""The questions of the page: each opens over the window and sends its own command."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from collabdesk.services.budgets.planning.grid import GridRow
from collabdesk.services.budgets.planning.line_notes import line_note
from collabdesk.services.budgets.planning.year_room import YearRoom, year_room
from collabdesk.services.budgets.queries import PostedJournal, VirementLine
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.services.contested import ResolveContested
from collabdesk.services.figures import Signed
from collabdesk.ui.budgets import forms
from collabdesk.ui.budgets.agreeing import AgreeDialog
from collabdesk.ui.budgets.change_set import ChangeSetDialog
from collabdesk.ui.budgets.export_dialog import ExportDialog
from collabdesk.ui.budgets.ledger_forms import (
    correct_form,
    delegate_form,
    letter_form,
    rephase_form,
)
from collabdesk.ui.budgets.resolving import ContestedAmount, dispute
from collabdesk.ui.budgets.rows import RowKey
from collabdesk.ui.budgets.spreading import SpreadDialog
from collabdesk.ui.budgets.uplift_form import uplift_form
from collabdesk.ui.budgets.virement_form import VirementDialog, change_form, withdraw_form
from collabdesk.ui.contested import ResolveDialog
from collabdesk.ui.desk import Desk
from collabdesk.ui.page import Surroundings

Do = Callable[[object], object]


class Asker:
    """Opens one question at a time over the page's window."""

    def __init__(self, around: Surroundings, desk: Desk, page: QWidget, go: Do, do: Do) -> None:
        """Ask over a page; `go` shows a record that was made, `do` sends a command."""
        self._around, self._desk, self._page = around, desk, page
        self._go, self._do = go, do
        self.dialog: QDialog | None = None

    def set_up(self, room: Room) -> None:
        """Ask what the year begins with."""
        self.open(forms.year_form(self._place(), room, forms.year_now(self._desk)))

    def new_version(self, plan: Plan) -> None:
        """Ask for another version, and show it."""
        form = forms.version_form(self._place(), plan.version.fiscal_year)
        form.sent.connect(lambda done: self._go(done.record))
        self.open(form)

    def add_line(self, room: Room, plan: Plan) -> None:
        """Ask for another line."""
        self.open(forms.line_form(self._place(), room, plan))

    def note(self, plan_line: bytes, name: str, month: int) -> None:
        """Ask for the note on a line (month 0), or on one of its months."""
        form = partial(forms.note_form, self._place(), plan_line, name, month)
        self._desk.ask(
            self._page, line_note, plan_line, month, done=lambda text: self.open(form(text))
        )

    def add_letter(self, plan: Plan) -> None:
        """Ask for an allocation letter."""
        self._in_year(plan, lambda year: letter_form(self._place(), plan, year))

    def uplift(self, plan: Plan) -> None:
        """Ask for an uplift that was agreed late."""
        version, states = plan.version.row, plan.states
        self._in_year(plan, lambda year: uplift_form(self._place(), year, version, states))

    def rephase(self, plan: Plan, row: GridRow, name: str) -> None:
        """Ask how a line of an agreed budget is phased from here on."""
        self.open(rephase_form(self._place(), plan, row, name))

    def correct(self, room: Room, plan: Plan, journal: PostedJournal) -> None:
        """Ask how a journal should have been."""
        self.open(correct_form(self._place(), room, plan, journal))

    def delegate(self, room: Room) -> None:
        """Ask who acts for this person."""
        self.open(delegate_form(self._place(), room))

    def _in_year(self, plan: Plan, make: Callable[[YearRoom], QDialog]) -> None:
        desk = self._desk
        desk.ask(
            self._page,
            year_room,
            desk.workspace.me,
            plan.version.row,
            done=lambda year: self.open(make(year)),
        )

    def spread(self, plan: Plan, row: GridRow, name: str) -> None:
        """Ask how the total of a line shall be spread."""
        self.open(SpreadDialog(self._place(), plan, row, name))

    def agree(self, plan: Plan) -> None:
        """Ask whether a version shall be agreed and posted."""
        self.open(AgreeDialog(self._around, self._desk, plan, self._page.window()))

    def virement(self, room: Room, plan: Plan, start: RowKey | None, month: int) -> None:
        """Ask which money moves, and show the proposal."""
        form = VirementDialog(self._place(), room, plan, start, month)
        form.sent.connect(lambda done: self._go(done.record))
        self.open(form)

    def change_virement(self, one: VirementLine) -> None:
        """Ask how a proposal shall be instead."""
        self.open(change_form(self._place(), one))

    def withdraw_virement(self, one: VirementLine) -> None:
        """Ask whether a proposal shall be taken back."""
        self.open(withdraw_form(self._place(), one))

    def export(self, plan: Plan) -> None:
        """Ask as what the year is taken away, and where to."""
        place = self._page.window()
        self.open(ExportDialog(self._around, self._desk, plan.version.fiscal_year, place))

    def change_set(self, one: Signed) -> None:
        """Show the change set of a change."""
        self.open(ChangeSetDialog(self._around.look, self._desk, one, self._page.window()))

    def resolve(self, room: Room, found: ContestedAmount, signed: tuple[Signed, ...]) -> None:
        """Ask which of the contested figures shall stand."""
        question = dispute(found, signed, room.trusts, self._desk)
        dialog = ResolveDialog(self._around.look, question, self._page.window())

        def keep() -> None:
            decided, row = dialog.resolution, found.row.plan_line
            if decided is not None and row is not None and isinstance(decided.value, int):
                value, reason = decided.value, decided.reason
                self._do(ResolveContested("plan_line", row, found.column, value, reason))

        def ask() -> None:
            figures = " or ".join(claim.spoken for claim in question.claims)
            QGuiApplication.clipboard().setText(f"{question.place}: {figures}. Which is right?")
            self._desk.did.emit("Question copied: paste it into a message to the authors")

        dialog.accepted.connect(keep)
        dialog.asked_authors.connect(ask)
        self.open(dialog)

    def open(self, dialog: QDialog) -> None:
        """Open a question without waiting for its answer."""
        self.dialog = dialog
        dialog.finished.connect(lambda _how: dialog.deleteLater())
        dialog.open()

    def _place(self) -> forms.Place:
        return forms.Place(self._around, self._desk, self._page.window())
