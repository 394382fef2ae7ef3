"""Budgets: the plan month by month, its envelope, virements and the ledger."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from collabdesk.services.budgets.closing.posting_commands import PostLetters, WithdrawLetter
from collabdesk.services.budgets.commands import (
    AmountEdit,
    ApproveVirement,
    PostReadyVirements,
    SetPlannedAmounts,
    WithdrawApproval,
)
from collabdesk.services.budgets.papers.audit_trail import source_stop
from collabdesk.services.budgets.planning.line_notes import WriteLineNote, notes_of
from collabdesk.services.budgets.queries import (
    LedgerCheck,
    VirementLine,
    check_further,
    drill,
    ledger_standing,
)
from collabdesk.services.budgets.room import TABLES, Plan, Room, read_room
from collabdesk.services.figures import history
from collabdesk.services.notices import Notice
from collabdesk.ui.budgets import forms
from collabdesk.ui.budgets.asking import Asker
from collabdesk.ui.budgets.board import Board
from collabdesk.ui.budgets.empty import empty_state
from collabdesk.ui.budgets.heading import TITLE, Doing, heading_of
from collabdesk.ui.budgets.more import MORE_WORDS, POSTED
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.places import VIEWS, Where, place_of
from collabdesk.ui.budgets.resolving import contested_at, provider_row
from collabdesk.ui.budgets.rows import RowKey, month_of
from collabdesk.ui.budgets.subjects import figure_at, row_words
from collabdesk.ui.budgets.telling import Teller
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import Grid, Unit
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Page, Surroundings
from collabdesk.ui.parts import children

_IN_THOUSANDS = "Shown in £k, sums from exact pence: they may not add up as shown."


class BudgetsPage(Page):
    """Everything a finance lead does with the devolved budget."""

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Read nothing before somebody arrives."""
        super().__init__(around, TITLE)
        self.desk = desk
        self.room: Room | None = None
        self.where = Where()
        self.board = Board(around, desk, Action("Propose a virement…", self.propose))
        self.asker = Asker(around, desk, self, self.go_to, self._do)
        self._teller = Teller(around.look, desk, self.board)
        self._elsewhere = self._arrived = self._checking = False
        self._doing = Doing(
            self.set_up,
            lambda: self.asker.new_version(self.plan),
            self.add_line,
            lambda: self.asker.add_letter(self.plan),
            self.spread,
            lambda: self.asker.agree(self.plan),
            self.show_contested,
            self.propose,
            lambda: self._do(PostReadyVirements()),
            lambda: self.asker.uplift(self.plan),
            lambda: self._do(PostLetters(self.plan.version.fiscal_year)),
            self.take_letter_back,
            self.rephase,
            self.correct,
            self.export,
        )
        self._connect()
        self._connect_ledger()
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            turn = QShortcut(QKeySequence(keys), self)
            turn.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            turn.activated.connect(partial(self.turn, step))

    def _connect(self) -> None:
        board, teller = self.board, self._teller
        self.desk.noticed.connect(self._hear)
        board.headline.view_chosen.connect(lambda view: self.go_to(self.where.seen_as(view)))
        board.headline.version_chosen.connect(lambda row: self.go_to(Where(self.where.view, row)))
        board.plan.edited.connect(self.set_amounts)
        board.plan.drilled.connect(self._drill)
        board.plan.note_wanted.connect(self.note)
        board.plan.failed.connect(self.refuse)
        board.plan.unit_changed.connect(lambda: self._say_figures(list(self.heading.status)))
        board.status_changed.connect(self._say_figures)
        board.said.connect(self.desk.did.emit)
        board.envelope.failed.connect(self.refuse)
        board.built.connect(self._built)
        teller.resolve_wanted.connect(self.resolve)
        teller.approved.connect(self._approve)
        teller.withdrawn.connect(lambda one: self._do(WithdrawApproval(one.virement.row)))
        teller.change_wanted.connect(self.asker.change_virement)
        teller.withdrawal_wanted.connect(self.asker.withdraw_virement)
        teller.noted.connect(lambda row, month, text: self._do(WriteLineNote(row, text, month)))
        teller.failed.connect(self.refuse)
        teller.panel.link_wanted.connect(self._follow)
        teller.panel.change_set_wanted.connect(self._show_change_set)

    def _connect_ledger(self) -> None:
        board = self.board
        board.virements.drilled.connect(self._drill_virement)
        board.virements.delegate_wanted.connect(self.name_delegate)
        board.journals.drilled.connect(self._drill_journal)
        board.figure.drilled.connect(self._drill_journal)
        board.journal.drilled.connect(self._drill_source)
        for view in (board.journals, board.figure, board.journal):
            view.back.connect(self._go_back)

    # Arriving and reading

    def arrive(self, within: object = None) -> None:
        """Show a place within Budgets, or where we were."""
        self.where = place_of(within, self.where)
        self._arrived = False
        self._read()

    def inspector(self) -> QWidget | None:
        """Return the panel about the current figure."""
        return self._teller.panel

    @property
    def inspected(self) -> bool:
        """Whether the view on show tells about its current figure in the panel."""
        part = self.board.parts.get(self.where.shown)
        asked = self.where.figure is not None or self.where.journal is not None
        return part is None or part.inspected or (asked and not self.where.path)

    def go_to(self, where: object) -> None:
        """Ask the window to go to a place within Budgets, so that Back comes back."""
        self.go.emit("budgets", where)

    def turn(self, step: int) -> None:
        """Go to the next view or the one before, as from sheet to sheet of a workbook."""
        views = (*VIEWS, *MORE_WORDS)
        if self.state == "full":
            self.go_to(
                self.where.seen_as(views[(views.index(self.where.view) + step) % len(views)])
            )

    @property
    def plan(self) -> Plan:
        """The version on show."""
        if self.room is None or self.room.plan is None:
            raise LookupError("no version is on show")
        return self.room.plan

    def _read(self) -> None:
        work = self.desk.reading(read_room, self.desk.workspace.me, self._wanted())
        self.fill(work, self._take, "Reading the budget")

    def _wanted(self) -> bytes | None:
        """Return the version to read: some views are about the agreed one of its year."""
        chosen, known = self.where.version, self.room.versions if self.room else ()
        if self.where.view not in POSTED:
            return chosen
        year = next((one.fiscal_year for one in known if one.row == chosen), None)
        agreed = (one for one in known if one.state == "agreed" and year in {None, one.fiscal_year})
        return next((one.row for one in agreed), chosen)

    def _hear(self, notice: Notice) -> None:
        part = self.board.parts.get(self.where.shown)
        tables = TABLES | part.tables if part is not None else TABLES
        if self.isVisible() and (not notice.changed or tables & notice.changed.keys()):
            self._elsewhere |= notice.origin == "sync"
            self._read()

    def _take(self, room: Room) -> None:
        self.room = room
        if room.plan is None:
            self._teller.panel.say_nothing()
            year = forms.year_now(self.desk)
            self.heading = replace(self.heading, title=TITLE, state="", primary=None, secondary=())
            self.show_empty(empty_state(year, self.set_up, room.rights.start))
            return
        if self._wanted() not in {None, room.plan.version.row}:
            self._read()
            return
        if self.where.view not in POSTED or self.where.version is None:
            self.where = replace(self.where, version=room.plan.version.row)
        self.show_full(self.board)
        self._head(room, room.plan)
        self._show_place(room, room.plan)
        if room.check.checked_to < room.check.stamp.number:
            self._check_further()

    def _check_further(self) -> None:
        """Have the rest of a long chain worked out piece by piece, then show the whole verdict."""
        if self._checking:
            return
        self._checking = True
        self.desk.ask(self, check_further, done=self._checked, failed=self._not_checked)

    def _checked(self, left: bool) -> None:  # noqa: FBT001 the answer as it comes
        self._checking = False
        if left:
            self._check_further()
        else:
            self.desk.ask(self, ledger_standing, done=self._stands, failed=self.refuse)

    def _stands(self, check: LedgerCheck) -> None:
        """Know the whole verdict, and show it where it is on show; nothing else changed."""
        if self.room is None or self.room.plan is None:
            return
        self.room = replace(self.room, check=check)
        self._teller.be_in(self.room, self.where)
        if self.where.shown == "journals" and self.where.journal is None:
            self.board.journals.show_room(self.room)

    def _not_checked(self, fault: Exception) -> None:
        self._checking = False
        self.refuse(fault)

    def _head(self, room: Room, plan: Plan) -> None:
        part = self.board.parts.get(self.where.shown)
        made = heading_of(room, plan, self.where, self._doing, part)
        status = self.heading.status
        self.heading = replace(made, status=status, status_right=self._standing(room))

    def _built(self, part: PartView) -> None:
        part.failed.connect(self._refused)
        part.go.connect(self.go_to)
        part.heading_changed.connect(self._head_again)

    def _head_again(self) -> None:
        if self.room is not None and self.room.plan is not None:
            self._head(self.room, self.room.plan)

    def _show_place(self, room: Room, plan: Plan) -> None:
        today = self.desk.workspace.clock.today()
        elsewhere, self._elsewhere = self._elsewhere, False
        self._teller.be_in(room, self.where)
        self.board.show_place(room, plan, self.where, today, elsewhere=elsewhere)
        self.where = replace(self.where, record=None)
        self._teller.tell()
        if not self._arrived and self.isVisible():
            # On arrival the view has the keyboard; later it stays where people put it.
            self._arrived = True
            self.board.take_keyboard()
        if self.where.figure is not None and self.where.journal is None:
            self._read_figure(room, plan)
        elif self.where.view == "plan":
            marked = self.board.plan.show_notes
            self.desk.ask(self, notes_of, plan.version.row, done=marked, failed=self.refuse)

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
                done=partial(self.board.show_figure, room, where),
                failed=self.refuse,
            )

    def _standing(self, room: Room) -> str:
        shown = [grid for grid in children(self.board, Grid) if grid.isVisible()]
        thousands = any(grid.model.unit is Unit.THOUSANDS for grid in shown)
        return f"{_IN_THOUSANDS} {room.check.stamp.words}" if thousands else room.check.stamp.words

    def _say_figures(self, pairs: list[tuple[str, str]]) -> None:
        right = self._standing(self.room) if self.room is not None else ""
        self.say_status(*pairs, right=right)

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
            self._teller.panel.choose_tab("History" if key.provider else "Linked")

    def _drill_journal(self, key: object) -> None:
        number = key[0] if isinstance(key, tuple) else key
        if isinstance(number, int):
            self.go_to(replace(self.where, journal=number))

    def _drill_virement(self, row: object) -> None:
        one = self._teller.virement(row)
        if one is not None and one.journal is not None:
            self.go_to(Where("journals", self.where.version, journal=one.journal))

    def _drill_source(self, row: object) -> None:
        """Lead from a line of the journal on show to the row of the file it was taken from."""
        found = self.room.journals if self.room is not None else ()
        journal = next((one for one in found if one.number == self.where.journal), None)
        line = next((one for one in journal.lines if one.row == row), None) if journal else None
        if journal is None or line is None:
            return
        if journal.source_file is None or line.source_row is None:
            self.banner.say("This line was not taken from a file.", journal.words)
            return
        self.go_to(replace(self.where, path=(source_stop(journal.source_file, line.source_row),)))

    def export(self) -> None:
        """Ask as what the year is taken away, and where to."""
        self.asker.export(self.plan)

    def _go_back(self) -> None:
        if self.where.above is not None:
            self.go_to(self.where.above)

    def _follow(self, target: object) -> None:
        match target:
            case Where():
                self.go_to(target)
            case (RowKey() as key, str() as column):
                self.board.plan.go_to((key, column))
                self.board.plan.take_keyboard()

    def _show_change_set(self, segment: object) -> None:
        one = self._teller.signed_in(segment)
        if one is not None:
            self.asker.change_set(one)

    # Doing

    def set_amounts(self, edits: tuple[AmountEdit, ...]) -> None:
        """Set planned amounts as one step."""
        self._do(SetPlannedAmounts(edits))

    def _approve(self, one: VirementLine, text: str) -> None:
        self._do(ApproveVirement(one.virement.row, text, one.stamp))

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
            ask = partial(self.asker.resolve, room, found)
            self.desk.ask(self, history, at[0].plan_line, done=ask, failed=self.refuse)

    def set_up(self) -> None:
        """Ask what the year begins with."""
        if self.room is not None:
            self.asker.set_up(self.room)

    def add_line(self) -> None:
        """Ask for another line."""
        if self.room is not None:
            self.asker.add_line(self.room, self.plan)

    def note(self, key: object, column: str = "name") -> None:
        """Ask for the note on a provider's line, or on the month of a column."""
        room = self.room
        if room is None or not isinstance(key, RowKey) or not key.plan_line:
            self.banner.say("Choose a provider’s line first.", "A note is written on a line.")
            return
        month = month_of(column) or 0
        name = row_words(room, key) + (f", M{month}" if month else "")
        self.asker.note(key.plan_line, name, month)

    def spread(self) -> None:
        """Ask how the total of the current line shall be spread."""
        at, room = self.board.plan.current, self.room
        row = provider_row(self.plan, at[0]) if at is not None else None
        if row is None or at is None or room is None:
            self.banner.say("Choose a provider’s line first.", "Its total is what is spread.")
            return
        self.asker.spread(self.plan, row, row_words(room, at[0]))

    def rephase(self) -> None:
        """Ask how the current line of an agreed budget is phased from here on."""
        at, room = self.board.plan.current, self.room
        row = provider_row(self.plan, at[0]) if at is not None else None
        if row is None or at is None or room is None:
            self.banner.say("Choose a provider’s line first.", "Its open months are phased again.")
            return
        self.asker.rephase(self.plan, row, row_words(room, at[0]))

    def take_letter_back(self) -> None:
        """Take back the current allocation; one that is posted is refused in words."""
        row = self.board.envelope.current
        if row is not None:
            self._do(WithdrawLetter(row))

    def correct(self) -> None:
        """Ask how the journal on show should have been."""
        room = self.room
        journals = room.journals if room is not None else ()
        shown = next((one for one in journals if one.number == self.where.journal), None)
        if room is not None and shown is not None:
            self.asker.correct(room, self.plan, shown)

    def name_delegate(self) -> None:
        """Ask who acts for this person."""
        if self.room is not None:
            self.asker.delegate(self.room)

    def propose(self) -> None:
        """Ask which money moves."""
        at, room = self.board.plan.current, self.room
        if room is not None:
            start = at[0] if at is not None and at[0].level == "provider" else None
            month = month_of(at[1]) if at is not None else None
            self.asker.virement(room, self.plan, start, month or 1)
