"""Budgets: the plan month by month, its envelope, virements and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from collabdesk.services.budgets.commands import (
    AmountEdit,
    ApproveVirement,
    PostReadyVirements,
    SetPlannedAmounts,
    WithdrawApproval,
)
from collabdesk.services.budgets.figure import Known, known_of
from collabdesk.services.budgets.queries import VirementLine, drill
from collabdesk.services.budgets.room import TABLES, Plan, Room, read_room
from collabdesk.services.contested import ResolveContested
from collabdesk.services.figures import Signed, history
from collabdesk.services.notices import Notice
from collabdesk.ui.budgets import forms
from collabdesk.ui.budgets.agreeing import AgreeDialog
from collabdesk.ui.budgets.board import Board
from collabdesk.ui.budgets.change_set import ChangeSetDialog
from collabdesk.ui.budgets.empty import empty_state
from collabdesk.ui.budgets.heading import TITLE, Doing, heading_of
from collabdesk.ui.budgets.ledger_views import journal_subject
from collabdesk.ui.budgets.places import Where, place_of
from collabdesk.ui.budgets.resolving import (
    ContestedAmount,
    contested_at,
    dispute,
    provider_row,
)
from collabdesk.ui.budgets.rows import RowKey, month_of
from collabdesk.ui.budgets.spreading import SpreadDialog
from collabdesk.ui.budgets.subjects import cell_subject, figure_at, move_subject, row_words
from collabdesk.ui.budgets.virement_form import VirementDialog
from collabdesk.ui.budgets.virements_view import ApprovalCard, virement_subject
from collabdesk.ui.contested import ResolveDialog
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import Unit
from collabdesk.ui.inspector import Inspector
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Page, Surroundings
from collabdesk.ui.workers import Ticket

_IN_THOUSANDS = "Shown in £k; sums use exact pence."


class BudgetsPage(Page):
    """Everything a finance lead does with the devolved budget."""

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Read nothing before somebody arrives."""
        super().__init__(around, TITLE)
        self.desk = desk
        self.room: Room | None = None
        self.where = Where()
        self.asking: QDialog | None = None
        self.board = Board(around, desk, Action("Propose a virement…", self.propose))
        self._inspector = Inspector(around.look)
        self._elsewhere = self._arrived = False
        self._signed: tuple[Signed, ...] = ()
        self._asked: Ticket | None = None
        self._doing = Doing(
            self.set_up,
            self.new_version,
            self.add_line,
            self.add_letter,
            self.spread,
            self.agree,
            self.show_contested,
            self.propose,
            self.post,
        )
        self._connect()

    def _connect(self) -> None:
        board, panel = self.board, self._inspector
        self.desk.noticed.connect(self._hear)
        board.headline.view_chosen.connect(lambda view: self.go_to(self.where.seen_as(view)))
        board.headline.version_chosen.connect(
            lambda row: self.go_to(replace(Where(self.where.view), version=row))
        )
        board.plan.edited.connect(self.set_amounts)
        board.plan.moved.connect(self._inspect_cell)
        board.plan.drilled.connect(self._drill)
        board.plan.failed.connect(self.refuse)
        board.plan.unit_changed.connect(lambda: self._say_figures(list(self.heading.status)))
        board.envelope.failed.connect(self.refuse)
        board.envelope.moved.connect(self._inspect_move)
        board.virements.moved.connect(self._inspect_virement)
        board.virements.drilled.connect(self._drill_virement)
        board.journals.drilled.connect(self._drill_journal)
        board.journals.moved.connect(self._inspect_journal)
        board.figure.drilled.connect(self._drill_journal)
        board.status_changed.connect(self._say_figures)
        board.said.connect(self.desk.did.emit)
        for view in (board.journals, board.figure, board.journal):
            view.back.connect(self._go_back)
        panel.link_wanted.connect(self.go_to)
        panel.change_set_wanted.connect(self._show_change_set)

    # Arriving and reading

    def arrive(self, within: object = None) -> None:
        """Show a place within Budgets, or where we were."""
        self.where = place_of(within, self.where)
        self._arrived = False
        self._read()

    def inspector(self) -> QWidget | None:
        """Return the panel about the current figure."""
        return self._inspector

    def go_to(self, where: object) -> None:
        """Ask the window to go to a place within Budgets, so that Back comes back."""
        self.go.emit("budgets", where)

    def _read(self) -> None:
        work = self.desk.reading(read_room, self.desk.workspace.me, self.where.version)
        self.fill(work, self._take, "Reading the budget")

    def _hear(self, notice: Notice) -> None:
        if self.isVisible() and (not notice.changed or TABLES & notice.changed.keys()):
            self._elsewhere |= notice.origin == "sync"
            self._read()

    def _take(self, room: Room) -> None:
        self.room = room
        if room.plan is None:
            self._inspector.say_nothing()
            year = forms.year_now(self.desk)
            self.heading = replace(self.heading, title=TITLE, state="", primary=None, secondary=())
            self.show_empty(empty_state(year, self.set_up, room.rights.start))
            return
        self.where = replace(self.where, version=room.plan.version.row)
        self.show_full(self.board)
        made = heading_of(room, room.plan, self.where, self._doing)
        kept = self.heading
        self.heading = replace(made, status=kept.status, status_right=self._standing(room))
        today = self.desk.workspace.clock.today()
        elsewhere, self._elsewhere = self._elsewhere, False
        self.board.show_place(room, room.plan, self.where, today, elsewhere=elsewhere)
        self._inspect()
        self._give_keyboard()
        if self.where.figure is not None and self.where.journal is None:
            self._read_figure(room, room.plan)

    def _give_keyboard(self) -> None:
        # On arrival the grid has the keyboard; later it stays where people put it.
        if not self._arrived and self.isVisible():
            self._arrived = True
            self.board.take_keyboard()

    def _read_figure(self, room: Room, plan: Plan) -> None:
        figure, where = self.where.figure, self.where
        if figure is not None:
            self.desk.ask(
                self,
                drill,
                plan.version.fiscal_year,
                figure.service_line,
                figure.provider,
                figure.month,
                done=lambda entries: self.board.show_figure(room, where, entries),
                failed=self.refuse,
            )

    def _standing(self, room: Room) -> str:
        thousands = self.where.view == "plan" and self.board.plan.unit is Unit.THOUSANDS
        return f"{_IN_THOUSANDS} {room.check.stamp.words}" if thousands else room.check.stamp.words

    def _say_figures(self, pairs: list[tuple[str, str]]) -> None:
        right = self._standing(self.room) if self.room is not None else ""
        self.say_status(*pairs, right=right)

    @property
    def plan(self) -> Plan:
        """The version on show."""
        if self.room is None or self.room.plan is None:
            raise LookupError("no version is on show")
        return self.room.plan

    # The inspector

    def _inspect(self) -> None:
        match self.where.view:
            case "plan" if self.board.plan.current is not None:
                self._inspect_cell(*self.board.plan.current)
            case "virements" if self.board.virements.current is not None:
                self._inspect_virement(self.board.virements.current)
            case "journals":
                self._inspect_journal(self.where.journal or self.board.journals.current)

    def _inspect_cell(self, key: RowKey, column: str) -> None:
        room = self.room
        if room is None or room.plan is None or self.where.view != "plan":
            return
        plan, posted = room.plan, room.plan.version.fiscal_year if room.plan.grid.posted else ""
        month = month_of(column)
        line = key.service_line or None
        self._ask(
            known_of,
            (key.plan_line, posted, line, key.provider, month),
            lambda known: self._tell_cell(room, plan, (key, column), known),
        )

    def _tell_cell(self, room: Room, plan: Plan, place: tuple[RowKey, str], known: Known) -> None:
        self._signed = tuple(known.signed)
        subject = cell_subject(self.look, self.desk, room, plan, place, known, self.resolve)
        self._inspector.show_subject(subject)

    def _inspect_move(self, row: object) -> None:
        if self.where.view == "envelope" and isinstance(row, bytes):
            self._ask(history, (row,), lambda signed: self._tell_move(row, signed))

    def _tell_move(self, row: bytes, signed: tuple[Signed, ...]) -> None:
        self._signed = signed
        self._inspector.show_subject(move_subject(self.desk, self.plan, row, signed))

    def _inspect_virement(self, row: object) -> None:
        one = self._virement(row)
        if one is not None and self.where.view == "virements":
            self._ask(history, (one.virement.row,), lambda signed: self._tell_virement(one, signed))

    def _tell_virement(self, one: VirementLine, signed: tuple[Signed, ...]) -> None:
        room = self.room
        if room is None:
            return
        self._signed = signed
        card = ApprovalCard(room, room.plan, one)
        card.approved.connect(
            lambda text: self._do(ApproveVirement(one.virement.row, text, one.stamp))
        )
        card.withdrawn.connect(lambda _text: self._do(WithdrawApproval(one.virement.row)))
        self._inspector.show_subject(virement_subject(self.desk, room, one, signed, card))

    def _inspect_journal(self, number: object) -> None:
        found = self.room.journals if self.room is not None else ()
        journal = next((one for one in found if one.number == number), None)
        if journal is None:
            self._inspector.say_nothing()
        elif self.where.view == "journals":
            self._inspector.show_subject(journal_subject(self.desk, journal))

    def _virement(self, row: object) -> VirementLine | None:
        found = self.room.virements if self.room is not None else ()
        return next((one for one in found if one.virement.row == row), None)

    def _ask(
        self, query: Callable[..., object], args: tuple[object, ...], done: Callable[..., object]
    ) -> None:
        if self._asked is not None:
            self._asked.drop()
        self._asked = self.desk.ask(self, query, *args, done=done, failed=self.refuse)

    def _show_change_set(self, segment: object) -> None:
        one = next((one for one in self._signed if one.author.segment == segment), None)
        if one is not None:
            self._open(ChangeSetDialog(self.look, self.desk, one, self.window()))

    # Drilling

    def _drill(self, key: RowKey, column: str) -> None:
        room, plan = self.room, self.plan
        if room is None:
            return
        if contested_at(plan, key, month_of(column)) is not None:
            self.resolve()
        elif key.level in {"kept", "envelope", "left"}:
            self.go_to(self.where.seen_as("envelope"))
        elif plan.grid.posted and key.level != "group":
            figure = figure_at(room, plan, key, column)
            self.go_to(Where("plan", plan.version.row, figure))
        else:
            self._inspector.choose_tab("History")

    def _drill_journal(self, key: object) -> None:
        number = key[0] if isinstance(key, tuple) else key
        if isinstance(number, int):
            self.go_to(replace(self.where, journal=number))

    def _drill_virement(self, row: object) -> None:
        one = self._virement(row)
        if one is not None and one.journal is not None:
            self.go_to(Where("journals", self.where.version, journal=one.journal))

    def _go_back(self) -> None:
        if self.where.above is not None:
            self.go_to(self.where.above)

    # Doing

    def set_amounts(self, edits: tuple[AmountEdit, ...]) -> None:
        """Set planned amounts as one step."""
        self._do(SetPlannedAmounts(edits))

    def post(self) -> None:
        """Post what is ready."""
        self._do(PostReadyVirements())

    def _do(self, command: object) -> None:
        self.banner.hide()
        self.desk.submit(self, command, None, self._refused)

    def _refused(self, fault: Exception) -> None:
        self.refuse(fault)
        self._read()

    def show_contested(self) -> None:
        """Go to the next contested amount."""
        place = self.board.plan.next_contested()
        if place is not None:
            self.board.plan.go_to(place)
            self.board.plan.take_keyboard()

    def resolve(self) -> None:
        """Ask which of the contested figures shall stand."""
        at, room = self.board.plan.current, self.room
        found = contested_at(self.plan, at[0], month_of(at[1])) if at is not None else None
        if found is not None and room is not None and at is not None:
            self.desk.ask(
                self,
                history,
                at[0].plan_line,
                done=lambda signed: self._resolve(room, found, signed),
                failed=self.refuse,
            )

    def _resolve(self, room: Room, found: ContestedAmount, signed: tuple[Signed, ...]) -> None:
        question = dispute(found, signed, room.trusts, self.desk)
        dialog = ResolveDialog(self.look, question, self.window())

        def keep() -> None:
            decided, row = dialog.resolution, found.row.plan_line
            if decided is not None and row is not None and isinstance(decided.value, int):
                self._do(
                    ResolveContested("plan_line", row, found.column, decided.value, decided.reason)
                )

        def ask() -> None:
            figures = " or ".join(claim.spoken for claim in question.claims)
            QGuiApplication.clipboard().setText(f"{question.place}: {figures}. Which is right?")
            self.desk.did.emit("Question copied: paste it into a message to the authors")

        dialog.accepted.connect(keep)
        dialog.asked_authors.connect(ask)
        self._open(dialog)

    def set_up(self) -> None:
        """Ask what the year begins with."""
        if self.room is not None:
            year = forms.year_now(self.desk)
            self._open(forms.year_form(self._place(), self.room, year))

    def new_version(self) -> None:
        """Ask for another version."""
        form = forms.version_form(self._place(), self.plan.version.fiscal_year)
        form.sent.connect(lambda done: self.go_to(done.record))
        self._open(form)

    def add_line(self) -> None:
        """Ask for another line."""
        if self.room is not None:
            self._open(forms.line_form(self._place(), self.room, self.plan))

    def add_letter(self) -> None:
        """Ask for an allocation letter."""
        self._open(forms.letter_form(self._place(), self.plan))

    def spread(self) -> None:
        """Ask how the total of the current line shall be spread."""
        at, room = self.board.plan.current, self.room
        row = provider_row(self.plan, at[0]) if at is not None else None
        if row is None or at is None or room is None:
            self.banner.say("Choose a provider’s line first.", "Its total is what is spread.")
            return
        self._open(SpreadDialog(self._place(), self.plan, row, row_words(room, at[0])))

    def agree(self) -> None:
        """Ask whether the version shall be agreed and posted."""
        self._open(AgreeDialog(self.around, self.desk, self.plan, self.window()))

    def propose(self) -> None:
        """Ask which money moves."""
        at, room = self.board.plan.current, self.room
        if room is None:
            return
        start = at[0] if at is not None and at[0].level == "provider" else None
        month = month_of(at[1]) if at is not None else None
        form = VirementDialog(self._place(), room, self.plan, start, month or 1)
        form.sent.connect(lambda done: self.go_to(done.record))
        self._open(form)

    def _place(self) -> forms.Place:
        return forms.Place(self.around, self.desk, self.window())

    def _open(self, dialog: QDialog) -> None:
        self.asking = dialog
        dialog.finished.connect(lambda _how: dialog.deleteLater())
        dialog.open()
