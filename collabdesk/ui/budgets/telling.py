"""Tells the inspector about whatever is current: a cell, an allocation, a virement, a journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from collabdesk.services.budgets.figure import Known, known_of
from collabdesk.services.budgets.queries import VirementLine
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.services.figures import Signed, history
from collabdesk.ui.budgets.board import Board
from collabdesk.ui.budgets.ledger_views import journal_subject
from collabdesk.ui.budgets.more import MORE_WORDS
from collabdesk.ui.budgets.part_view import About, PartView
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.rows import RowKey, month_of
from collabdesk.ui.budgets.subjects import cell_subject, move_subject
from collabdesk.ui.budgets.virements_view import ApprovalCard, virement_subject
from collabdesk.ui.desk import Desk
from collabdesk.ui.inspector import Inspector, Subject
from collabdesk.ui.inspector.signed import entries
from collabdesk.ui.theme import Look
from collabdesk.ui.workers import Ticket


class Teller(QObject):
    """Reads what was signed about the current thing and shows it at the right."""

    resolve_wanted = Signal()
    approved = Signal(object, str)
    withdrawn = Signal(object)
    change_wanted = Signal(object)
    withdrawal_wanted = Signal(object)
    """Somebody wants to change, or to take back, a virement of their own: its `VirementLine`."""
    noted = Signal(object, int, str)
    """A note was written on a plan line: its row, the month (0 is the line itself), the text."""
    failed = Signal(object)

    def __init__(self, look: Look, desk: Desk, board: Board) -> None:
        """Tell nothing before something was read."""
        super().__init__(board)
        self._look, self._desk, self._board = look, desk, board
        self.panel = Inspector(look)
        self._room: Room | None = None
        self._where = Where()
        self._signed: tuple[Signed, ...] = ()
        self._asked: Ticket | None = None
        board.plan.moved.connect(self._tell_cell)
        board.envelope.moved.connect(self._tell_move)
        board.virements.moved.connect(self._tell_virement)
        board.journals.moved.connect(self._tell_journal)
        board.built.connect(self._listen)
        self.panel.note_written.connect(self._write)

    def _listen(self, part: PartView) -> None:
        part.heading_changed.connect(self.tell)

    def _write(self, text: str) -> None:
        at = self._board.plan.current
        if at is not None and at[0].plan_line and self._where.view == "plan":
            self.noted.emit(at[0].plan_line, month_of(at[1]) or 0, text)

    def be_in(self, room: Room, where: Where) -> None:
        """Know what is on show before its views are filled."""
        self._room, self._where = room, where

    def tell(self) -> None:
        """Tell about what is current in the view on show."""
        board = self._board
        match self._where.view:
            case "plan" if board.plan.current is not None:
                self._tell_cell(*board.plan.current)
            case "virements" if board.virements.current is not None:
                self._tell_virement(board.virements.current)
            case "journals":
                self._tell_journal(self._where.journal or board.journals.current)
            case view if view in MORE_WORDS:
                self._tell_part(board.parts.get(view))

    def signed_in(self, segment: object) -> Signed | None:
        """Return the change of the shown history that a change set holds."""
        return next((one for one in self._signed if one.author.segment == segment), None)

    def virement(self, row: object) -> VirementLine | None:
        """Return a virement by its row."""
        found = self._room.virements if self._room is not None else ()
        return next((one for one in found if one.virement.row == row), None)

    def _tell_part(self, part: PartView | None) -> None:
        about = part.about() if part is not None else None
        if about is None:
            self.panel.say_nothing()
        elif about.row is None:
            self._show_about(about, ())
        else:
            self._ask(history, (about.row,), partial(self._show_about, about))

    def _show_about(self, about: About, signed: tuple[Signed, ...]) -> None:
        if self._where.view not in MORE_WORDS:
            return
        self._signed = signed
        told = entries(signed, self._desk, about.telling)
        subject = Subject(
            about.place, about.heading, history=told, linked=about.linked, may_note=False
        )
        self._show(subject)

    def _plan(self) -> Plan | None:
        return self._room.plan if self._room is not None else None

    def _tell_cell(self, key: RowKey, column: str) -> None:
        plan = self._plan()
        if plan is None or self._where.view != "plan":
            return
        posted = plan.version.fiscal_year if plan.grid.posted else ""
        self._ask(
            known_of,
            (key.plan_line, posted, key.service_line or None, key.provider, month_of(column)),
            partial(self._show_cell, (key, column)),
        )

    def _show_cell(self, place: tuple[RowKey, str], known: Known) -> None:
        room, plan = self._room, self._plan()
        if room is None or plan is None:
            return
        self._signed = tuple(known.signed)
        resolve = self.resolve_wanted.emit
        self._show(cell_subject(self._look, self._desk, room, plan, place, known, resolve))

    def _tell_move(self, row: object) -> None:
        if self._where.view == "envelope" and isinstance(row, bytes):
            self._ask(history, (row,), partial(self._show_move, row))

    def _show_move(self, row: bytes, signed: tuple[Signed, ...]) -> None:
        plan = self._plan()
        if plan is not None:
            self._signed = signed
            self._show(move_subject(self._desk, plan, row, signed))

    def _tell_virement(self, row: object) -> None:
        one = self.virement(row)
        if one is not None and self._where.view == "virements":
            self._ask(history, (one.virement.row,), partial(self._show_virement, one))

    def _show_virement(self, one: VirementLine, signed: tuple[Signed, ...]) -> None:
        room = self._room
        if room is None:
            return
        self._signed = signed
        card = ApprovalCard(room, room.plan, one)
        card.approved.connect(partial(self.approved.emit, one))
        card.withdrawn.connect(partial(self.withdrawn.emit, one))
        card.change_wanted.connect(partial(self.change_wanted.emit, one))
        card.withdrawal_wanted.connect(partial(self.withdrawal_wanted.emit, one))
        self._show(virement_subject(self._desk, room, one, signed, card))

    def _tell_journal(self, number: object) -> None:
        found = self._room.journals if self._room is not None else ()
        journal = next((one for one in found if one.number == number), None)
        if journal is None:
            self.panel.say_nothing()
        elif self._where.view == "journals":
            self.panel.show_subject(journal_subject(self._desk, journal))

    def _show(self, subject: Subject) -> None:
        self.panel.show_subject(subject)
        if self.panel.tab == "Notes" and subject.may_note:
            return
        if subject.linked and not subject.history:
            self.panel.choose_tab("Linked")
        elif subject.history and not subject.linked:
            self.panel.choose_tab("History")

    def _ask(
        self, query: Callable[..., object], args: tuple[object, ...], done: Callable[..., object]
    ) -> None:
        if self._asked is not None:
            self._asked.drop()
        panel = self.panel
        self._asked = self._desk.ask(panel, query, *args, done=done, failed=self.failed.emit)
