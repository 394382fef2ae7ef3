"""Actuals: the codes of the general ledger that wait to be mapped, and the files that are here."""

from __future__ import annotations

from typing import ClassVar, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.actuals.actuals_board import (
    ActualsBoard,
    LedgerFile,
    MappedCode,
    WaitingCode,
    actuals_board,
)
from collabdesk.services.budgets.actuals.actuals_commands import PostWaiting
from collabdesk.services.budgets.room import Room
from collabdesk.ui.budgets.actuals_forms import map_form
from collabdesk.ui.budgets.heading import why_not
from collabdesk.ui.budgets.importers import LedgerImporter
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.wording import counted, month_label, trust
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.import_wizard import ImportWizard
from collabdesk.ui.messages import Action
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import chip, column, emptied, holder, panel, row, words
from collabdesk.ui.states import EmptyState, Shape

_CODES: Final = (
    GridColumn("centre", "Cost centre"),
    GridColumn("subjective", "Subjective"),
    GridColumn("words", "What it is"),
    GridColumn("amount", "Amount", kind=Kind.MONEY, pence=True),
    GridColumn("rows", "Rows", kind=Kind.NUMBER),
    GridColumn("months", "Months"),
    GridColumn("maps", "Mapped to"),
    GridColumn("source", "Source"),
)
_FILES: Final = (
    GridColumn("name", "File"),
    GridColumn("month", "Month"),
    GridColumn("kind", "Kind"),
    GridColumn("rows", "Rows", kind=Kind.NUMBER),
    GridColumn("control", "Control total", kind=Kind.MONEY, pence=True),
    GridColumn("left", "Left out", kind=Kind.MONEY, pence=True),
    GridColumn("waiting", "Waiting", kind=Kind.NUMBER),
    GridColumn("do", "To be done"),
    GridColumn("source", "Source"),
)
_MAPPING: Final = (
    GridColumn("centre", "Cost centre"),
    GridColumn("subjective", "Subjective"),
    GridColumn("from", "From"),
    GridColumn("maps", "Mapped to"),
    GridColumn("source", "Source"),
)
_KINDS: Final = {"trial_balance": "Trial balance", "transactions": "Transactions"}
_KEEPER: Final = "The laptop that keeps the ledger imports and posts; Sharing shows which it is."
_MAPS: Final = "The lead provider maps the codes of its general ledger."


class ActualsView(PartView):
    """What waits above, what is here below."""

    tables: ClassVar[frozenset[str]] = frozenset({"source_file", "code_mapping", "waiting_row"})

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(around, desk)
        self.board: ActualsBoard | None = None
        self._chips: QHBoxLayout = row(gap=8)
        self.codes = Grid(
            around.look, "Codes that wait to be mapped", _CODES, frozen=2, strip=False
        )
        self.files = Grid(around.look, "Files of the general ledger", _FILES, strip=False)
        self.mapping = Grid(around.look, "Mapping of codes", _MAPPING, frozen=2, strip=False)
        self._none = words(
            "Every row of the files below is posted or known to be nobody’s here.",
            ink="secondary",
            wrap=True,
        )
        self._whole = self.unseen(self._built())
        self.codes.drilled.connect(lambda _key, _column: self.map())
        self.files.drilled.connect(lambda _key, _column: self._show_journals())
        self.mapping.drilled.connect(lambda key, _column: self._map_again(key))
        for grid in (self.codes, self.files, self.mapping):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        line = row(holder(self._chips), None, gap=8)
        line.setContentsMargins(16, 4, 16, 4)
        bar.setLayout(line)
        below = column(
            _titled("Files of the general ledger", self.files),
            _titled("Mapping of codes", self.mapping),
            gap=0,
        )
        below.setStretch(0, 1)
        below.setStretch(1, 1)
        inside = column(
            bar,
            holder(row(words("Codes that wait to be mapped", "heading"), None), 16, 12, 16, 4),
            holder(column(self._none), 16, 0, 16, 4),
            self.codes,
            holder(below),
            gap=0,
        )
        inside.setStretch(3, 1)
        inside.setStretch(4, 2)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    # Reading

    def read(self) -> None:
        """Read what waits and what is here."""
        if self.plan is not None:
            year = self.plan.version.fiscal_year
            who = self.desk.workspace.me
            self.ask(actuals_board, who, year, done=self._take, words="Reading the actuals")

    def _take(self, board: ActualsBoard) -> None:
        self.board = board
        if not board.files:
            self.show_empty(self._empty(board))
            return
        at = self.current
        self._show_chips(board)
        self._none.setVisible(not board.codes)
        self.codes.setVisible(bool(board.codes))
        room, year = self.room, self.year
        self.codes.set_rows([_code(one, room, year) for one in board.codes])
        self.codes.set_totals([_total(board)] if board.codes else [])
        if board.codes and not self.codes.select(at, "centre"):
            self.codes.select(_key(board.codes[0]), "centre")
        self.files.set_rows([_file(one, year) for one in board.files])
        self.mapping.set_rows([_known(one, room, year) for one in board.mapping])
        self.show_full(self._whole)

    @property
    def year(self) -> str:
        """The fiscal year on show."""
        return self.plan.version.fiscal_year if self.plan is not None else ""

    @property
    def current(self) -> object:
        """The code that is current."""
        at = self.codes.view.currentIndex()
        return self.codes.model.row_at(at.row()).key if at.isValid() else None

    def _show_chips(self, board: ActualsBoard) -> None:
        emptied(self._chips)
        again = sum(bool(one.unread or one.remapped) for one in board.files)
        if again:
            self._chips.addWidget(chip(f"{counted(again, 'file')} to import again", "concern"))
        if not board.waiting:
            self._chips.addWidget(chip("Nothing waits", "good"))
            return
        waits = f"{counted(board.waiting - board.ready, 'row')} without a mapping"
        self._chips.addWidget(chip(waits, "concern" if board.waiting > board.ready else "good"))
        if board.ready:
            self._chips.addWidget(chip(f"{counted(board.ready, 'row')} ready to post", "selected"))
        said = "They block the close of their month."
        self._chips.addWidget(words(said, "caption", "secondary"))

    def _empty(self, board: ActualsBoard) -> EmptyState:
        first = Action("Import the ledger…", self.bring) if board.keeps else None
        said = (
            "Bring a month of the Trust’s general ledger: cost centre, subjective, period and "
            "amount, or its transactions. It is shown first; a control total must agree to the "
            "penny before anything is posted."
        )
        shape = Shape(
            ("Cost centre, subjective", "Amount", "Mapped to"),
            ("C4001 52105", "C4001 71200", "C4010 52105"),
            "A code is mapped once; a row without a mapping waits here and is never lost.",
        )
        return EmptyState(
            "No actuals yet", said if board.keeps else f"{said} {_KEEPER}", first, shape=shape
        )

    # Offering

    @property
    def words(self) -> str:
        """How much waits."""
        if self.board is None or not self.board.waiting:
            return ""
        return f"{counted(self.board.waiting, 'row')} waiting."

    def offers(self) -> tuple[tuple[PageAction, ...], PageAction | None]:
        """Offer to bring a file, to map the current code and to post what is mapped."""
        board = self.board
        if board is None or not board.files:
            return (), None
        bring = PageAction("Import the ledger…", self.bring, why_off="" if board.keeps else _KEEPER)
        if not board.codes:
            return (), bring
        map_ = PageAction("Map the code…", self.map, why_off="" if board.lead else _MAPS)
        if board.ready:
            said = f"Post {counted(board.ready, 'row')}"
            return (bring, map_), PageAction(said, self.post, why_off=why_not(board.post))
        return (bring,), map_

    # Doing

    def bring(self) -> None:
        """Ask for a file of the general ledger."""
        importer = LedgerImporter(self.desk.workspace, self.year)
        wizard = ImportWizard(
            self.around, importer, self.window(), lambda go_on: self.desk.sure(self, go_on)
        )
        wizard.imported.connect(self.desk.did.emit)
        self.open(wizard)

    def map(self) -> None:
        """Ask whose spending the current code is."""
        codes = self.board.codes if self.board is not None else ()
        code = next((one for one in codes if _key(one) == self.current), None)
        if code is not None and self.room is not None:
            self.open(map_form(self.place, self.room, self.year, code))

    def _map_again(self, key: object) -> None:
        mapping = self.board.mapping if self.board is not None else ()
        known = next((one for one in mapping if one.row == key), None)
        if known is not None and self.room is not None:
            self.open(map_form(self.place, self.room, self.year, known.code))

    def post(self) -> None:
        """Post the rows that are mapped by now."""
        self.do(PostWaiting(self.year))

    def _show_journals(self) -> None:
        self.go.emit(self.where.seen_as("journals"))

    def take_keyboard(self) -> None:
        """Give the list the keyboard."""
        waits = self.board is not None and self.board.codes
        (self.codes if waits else self.files).view.setFocus()


def _titled(title: str, grid: Grid) -> QWidget:
    inside = column(holder(row(words(title, "heading"), None), 16, 12, 16, 4), grid, gap=0)
    inside.setStretch(1, 1)
    return holder(inside)


def _key(code: WaitingCode) -> tuple[str, str, str]:
    return code.source, code.cost_centre, code.subjective


def _code(code: WaitingCode, room: Room | None, year: str) -> GridRow:
    mapped = code.rule is not None
    cells = (
        GridCell(code.cost_centre),
        GridCell(code.subjective),
        GridCell(code.words),
        GridCell(code.amount_p),
        GridCell(code.rows),
        GridCell(", ".join(month_label(year, month).split()[0] for month in code.months)),
        GridCell(_mapped(code, room), state=CellState.GOOD if mapped else CellState.CONCERN),
        GridCell(code.source),
    )
    return GridRow(_key(code), cells)


def _known(one: MappedCode, room: Room | None, year: str) -> GridRow:
    said = "Two mappings disagree" if one.contested else _whose(one.line, room)
    state = CellState.CONTESTED if one.contested else CellState.OPEN
    cells = (
        GridCell(one.cost_centre),
        GridCell(one.subjective or "Every one"),
        GridCell(month_label(year, one.from_month).split()[0]),
        GridCell(said, state=state),
        GridCell(one.source),
    )
    return GridRow(one.row, cells)


def _mapped(code: WaitingCode, room: Room | None) -> str:
    return "Not mapped" if code.rule is None else _whose(code.rule.line, room)


def _whose(line: LineKey | None, room: Room | None) -> str:
    if line is None or room is None:
        return "Left out: nobody’s here"
    name = next((one.name for one in room.lines if one.row == line.service_line), "Unknown line")
    return f"{name}, {trust(line.provider, room.trusts)}"


def _total(board: ActualsBoard) -> GridRow:
    blank = GridCell()
    total_p = sum(code.amount_p for code in board.codes)
    cells = (GridCell("Total"), blank, blank, GridCell(total_p), GridCell(board.waiting))
    return GridRow("total", (*cells, blank, blank, blank), RowKind.TOTAL)


def _file(one: LedgerFile, year: str) -> GridRow:
    cells = (
        GridCell(one.name),
        GridCell(month_label(year, one.month)),
        GridCell(_KINDS.get(one.kind, one.kind)),
        GridCell(one.rows),
        GridCell(one.control_p, reason=format_pence(one.control_p)),
        GridCell(one.left_out_p),
        GridCell(one.waiting, state=CellState.CONCERN if one.waiting else CellState.OPEN),
        _to_do(one),
        GridCell(one.source),
    )
    return GridRow(one.row, cells)


def _to_do(one: LedgerFile) -> GridCell:
    said = f"{counted(one.unread, 'row')} unread" if one.unread else ""
    said = "mapping changed" if one.remapped else said
    if not said:
        return GridCell("")
    reason = "It blocks the close of its month until it is imported again."
    return GridCell(f"Import again: {said}", state=CellState.CONCERN, reason=reason)
