"""Reconciliation: the ledger, the partner's return, and each item of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from collabdesk.domain.budgets.reconciliation import Match
from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.returns.reconciling import (
    ReconBoard,
    ReconLine,
    Wanted,
    recon_board,
)
from collabdesk.services.budgets.returns.returns_commands import SettleQuery, Unmatch
from collabdesk.ui.budgets.importers import ReturnImporter
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.recon_forms import answer_form, match_form, query_form, tolerance_form
from collabdesk.ui.budgets.recon_words import MATCHES, item_words, row_of
from collabdesk.ui.budgets.wording import counted, month_label, months, trust, when
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.import_wizard import ImportWizard
from collabdesk.ui.messages import Action
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import button, chip, column, emptied, holder, panel, row, words
from collabdesk.ui.states import EmptyState, Shape

_ITEMS: Final = (
    GridColumn("reference", "Reference"),
    GridColumn("ledger", "Ledger", kind=Kind.MONEY, pence=True),
    GridColumn("returned", "Return", kind=Kind.MONEY, pence=True),
    GridColumn("difference", "Difference", kind=Kind.MONEY, signed=True, pence=True),
    GridColumn("match", "How it stands"),
    GridColumn("query", "Query"),
)
_LEDGER: Final = (
    GridColumn("journal", "Journal"),
    GridColumn("amount", "Amount", kind=Kind.MONEY, pence=True),
    GridColumn("words", "What"),
)
_RETURN: Final = (
    GridColumn("row", "Row"),
    GridColumn("amount", "Amount", kind=Kind.MONEY, pence=True),
    GridColumn("words", "What"),
)
_LEAD: Final = "The lead provider matches returns with its ledger."
_MISSING: Final = frozenset({Match.MISSING_IN_LEDGER, Match.MISSING_IN_RETURN})
_XLSX: Final = "Excel workbook (*.xlsx)"


class ReconView(PartView):
    """Every reference of a partner's month; below it what both sides say of the current one."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "partner_return",
            "return_item",
            "return_match",
            "return_tolerance",
            "return_query",
            "query_answer",
        }
    )

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(around, desk)
        self.board: ReconBoard | None = None
        self._partner = ""
        self.months, self.partners = _picker("Month"), _picker("Partner")
        self._chips: QHBoxLayout = row(gap=8)
        look = around.look
        self.items = Grid(look, "References of ledger and return", _ITEMS, strip=False)
        self.ledger = Grid(look, "In the ledger", _LEDGER, strip=False)
        self.returned = Grid(look, "In the return", _RETURN, strip=False)
        self._item: QVBoxLayout = column(gap=4)
        self._deciding: QHBoxLayout = row(gap=4)
        self._whole = self.unseen(self._built())
        self._connect()

    def _connect(self) -> None:
        self.months.activated.connect(lambda _at: self._choose_month())
        self.partners.activated.connect(lambda _at: self._choose_partner())
        self.items.current_changed.connect(lambda _key, _column: self._show_item())
        self.items.drilled.connect(lambda _key, _column: self._down())
        self.ledger.drilled.connect(lambda key, _column: self._show_journal(key))
        # T belongs to the grid, which says so; the others are this view's own.
        self.items.toggled.connect(self.tolerate)
        _key(self.items, "M", self.match)
        _key(self.items, "Q", self.query)
        for grid in (self.items, self.ledger, self.returned):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        line = row(self.months, self.partners, holder(self._chips), None, gap=8)
        line.setContentsMargins(16, 4, 16, 4)
        bar.setLayout(line)
        item = QScrollArea()
        item.setWidgetResizable(True)
        item.setAccessibleName("The current item")
        card = panel("card")
        self._item.setContentsMargins(12, 8, 12, 8)
        card.setLayout(self._item)
        item.setWidget(card)
        self._deciding.setContentsMargins(0, 4, 0, 0)
        third = column(item, holder(self._deciding), gap=0)
        third.setStretch(0, 1)
        panes = row(
            _pane("In the ledger", self.ledger),
            _pane("In the return", self.returned),
            holder(third),
            gap=8,
        )
        for place in range(3):
            panes.setStretch(place, 1)
        inside = column(bar, self.items, holder(panes, 0, 8, 8, 8), gap=0)
        inside.setStretch(1, 1)
        inside.setStretch(2, 1)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    # Reading

    def read(self) -> None:
        """Read the month and partner on show."""
        if self.plan is not None:
            wanted = Wanted(self.where.month, self._partner, self.where.record)
            self.where = replace(self.where, record=None)
            year, who = self.plan.version.fiscal_year, self.desk.workspace.me
            said = "Reading the reconciliation"
            self.ask(recon_board, who, year, wanted, done=self._take, words=said)

    def _take(self, board: ReconBoard) -> None:
        at, self.board = board.reference or self.current_key, board
        if board.reference:
            self._partner = board.partner
            self.where = replace(self.where, month=board.month)
        if not board.lines and self.where.month is None:
            self.show_empty(_nothing(Action("Import a return…", self.bring)))
            return
        self._show_pickers(board)
        self._show_chips(board)
        self.items.set_rows([row_of(line) for line in board.lines])
        self.items.set_totals([_total(board)] if board.lines else [])
        if board.lines and not self.items.select(at, "ledger"):
            first = next((line for line in board.lines if not line.settled), board.lines[0])
            self.items.select(first.item.key, "ledger")
        self._show_item()
        self.show_full(self._whole)

    @property
    def current_key(self) -> object:
        """The reference that is current."""
        at = self.items.view.currentIndex()
        return self.items.model.row_at(at.row()).key if at.isValid() else None

    @property
    def current(self) -> ReconLine | None:
        """What is current, as it stands."""
        lines = self.board.lines if self.board is not None else ()
        return next((line for line in lines if line.item.key == self.current_key), None)

    def _show_pickers(self, board: ReconBoard) -> None:
        names = self.room.trusts if self.room is not None else {}
        listed = [(key, said) for key, said in months(board.fiscal_year)]
        _fill(self.months, listed, str(board.month))
        partners = [(code, trust(code, names)) for code in board.partners]
        _fill(self.partners, partners, board.partner)

    def _show_chips(self, board: ReconBoard) -> None:
        emptied(self._chips)
        if board.returned is None:
            self._chips.addWidget(chip("No return yet", "concern"))
        if board.unsettled:
            said = f"{counted(board.unsettled, 'item')} to settle"
            self._chips.addWidget(chip(said, "concern"))
        elif board.lines:
            self._chips.addWidget(chip("All settled", "good"))
        if board.tolerance_p:
            said = f"Tolerance {format_pence(board.tolerance_p)}"
            self._chips.addWidget(words(said, "caption", "secondary"))

    def _show_item(self) -> None:
        line, board = self.current, self.board
        emptied(self._item)
        emptied(self._deciding)
        if line is None or board is None:
            self.ledger.set_rows([])
            self.returned.set_rows([])
            said = "No spending and no return in this month."
            self._item.addWidget(words(said, ink="secondary", wrap=True))
            self._item.addStretch(1)
            return
        key = line.item.key
        same = {key, *(reference for _, reference in line.matched)}
        self.ledger.set_rows(
            [
                GridRow((one.journal, place), _ledger_cells(one.journal, one.amount_p, one.words))
                for place, (one, _name) in enumerate(board.ledger)
                if (one.reference.strip() or "(no reference)") == key
            ]
        )
        self.returned.set_rows(
            [
                GridRow(one.row, _return_cells(one.source_row, one.amount_p, one.words))
                for one in board.items
                if one.reference in same
            ]
        )
        self._show_card(line, board)

    def _show_card(self, line: ReconLine, board: ReconBoard) -> None:
        self._item.addWidget(words(line.item.key, "heading"))
        self._item.addWidget(words(MATCHES[line.item.match], "bodyStrong"))
        self._item.addWidget(words(item_words(line), wrap=True))
        for query in line.queries:
            who = f"{self.desk.who(query.author)}, {when(query.author)}"
            self._item.addWidget(words(who, "captionStrong", "secondary", wrap=True))
            self._item.addWidget(words(f"“{query.question}”", wrap=True))
            for text, author in query.answers:
                who = f"{self.desk.who(author)}, {when(author)}"
                self._item.addWidget(words(who, "captionStrong", "secondary", wrap=True))
                self._item.addWidget(words(f"“{text}”", wrap=True))
        self._item.addStretch(1)
        for made in self._buttons(line, board):
            self._deciding.addWidget(made)
        self._deciding.addStretch(1)

    def _buttons(self, line: ReconLine, board: ReconBoard) -> list[QWidget]:
        made: list[QWidget] = []
        if board.lead:
            if _side(line) in _MISSING:
                made.append(button("Match… (M)", self.match, small=True))
            if line.matched:
                made.append(button("Take apart", self.unmatch, small=True))
            if not line.settled:
                made.append(button("Query… (Q)", self.query, small=True))
            if line.query is not None and (not line.query.settled or line.query.stale):
                made.append(button("Settle", self.settle, small=True))
        if line.query is not None and not line.query.settled and (board.mine or board.lead):
            made.append(button("Answer…", self.answer, small=True))
        return made

    # Offering

    @property
    def words(self) -> str:
        """How much is still to settle."""
        if self.board is None or not self.board.lines:
            return ""
        left = self.board.unsettled
        return f"{counted(left, 'item')} to settle." if left else "All settled."

    def offers(self) -> tuple[tuple[PageAction, ...], PageAction | None]:
        """Offer the template, a return, and what is let pass."""
        board = self.board
        if board is None:
            return (), None
        bring = PageAction("Import a return…", self.bring)
        template = PageAction("Save the template…", self.save_template)
        tolerance = PageAction("Tolerance… (T)", self.tolerate, why_off="" if board.lead else _LEAD)
        return (template, tolerance), bring

    # Doing

    def bring(self) -> None:
        """Ask for a return."""
        if self.plan is not None:
            year = self.plan.version.fiscal_year
            importer = ReturnImporter(self.desk.workspace, year)
            wizard = ImportWizard(self.around, importer, self.window())
            wizard.imported.connect(self.desk.did.emit)
            self.open(wizard)

    def match(self) -> None:
        """Ask which reference of the other side is the same."""
        line, board = self.current, self.board
        if line is None or board is None or not self._may(board):
            return
        others = [one for one in board.lines if _goes_with(line, one)]
        if not others:
            self.said.emit("Nothing on the other side waits to be matched with it")
            return
        self.open(match_form(self.place, board, line, others))

    def unmatch(self) -> None:
        """Take what was matched by hand apart."""
        line = self.current
        if line is not None and line.matched:
            self.do(Unmatch(line.matched[-1][0]))

    def _down(self) -> None:
        """Lead from a reference to its journal, or to its lines where it has several or none."""
        lines = self.ledger.model.all_rows()
        if len(lines) == 1:
            self._show_journal(lines[0].key)
            return
        side = self.ledger if lines else self.returned
        if side.model.all_rows():
            side.select(side.model.row_at(0).key, side.model.columns[0].key)
            side.view.setFocus()

    def query(self) -> None:
        """Ask what the partner is asked about the current item."""
        line, board = self.current, self.board
        if line is None or board is None:
            return
        if not board.lead and board.mine and line.query is not None:
            self.answer()
        elif self._may(board):
            names = self.room.trusts if self.room is not None else {}
            self.open(query_form(self.place, board, line, trust(board.partner, names)))

    def answer(self) -> None:
        """Ask for the answer to the newest query."""
        line = self.current
        if line is not None and line.query is not None:
            self.open(answer_form(self.place, line.query))

    def settle(self) -> None:
        """Settle the newest query."""
        line = self.current
        if line is not None and line.query is not None:
            self.do(SettleQuery(line.query.row))

    def tolerate(self) -> None:
        """Ask which difference is let pass."""
        if self.board is not None and self.board.partner and self._may(self.board):
            self.open(tolerance_form(self.place, self.board))

    def save_template(self) -> None:
        """Write the template of the partner's month where somebody says."""
        board = self.board
        if board is None or not board.partner:
            self.said.emit("Choose a partner first: the template is made out to it")
            return
        name = f"Return {board.partner} {month_label(board.fiscal_year, board.month)}.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(self, "Save the template", name, _XLSX)
        if chosen:
            self.write_template(Path(chosen))

    def write_template(self, path: Path) -> None:
        """Write the template of the partner's month to a file."""
        board = self.board
        if board is None:
            return
        at = (board.partner, board.fiscal_year, board.month)
        alliance = self.desk.workspace.about.name

        def work() -> str:
            from collabdesk.services.budgets.returns.return_reading import save_template

            return save_template(path, *at, alliance)

        self.around.readers.read(self, work, self.desk.did.emit, self.failed.emit)

    def _may(self, board: ReconBoard) -> bool:
        if not board.lead:
            self.said.emit(_LEAD)
        return board.lead

    def _choose_month(self) -> None:
        month = int(str(self.months.currentData()))
        self.go.emit(replace(self.where, month=month))

    def _choose_partner(self) -> None:
        self._partner = str(self.partners.currentData())
        self.read()

    def _show_journal(self, key: object) -> None:
        match key:
            case (int() as number, int()):
                self.go.emit(replace(self.where, journal=number))

    def take_keyboard(self) -> None:
        """Give the list the keyboard."""
        self.items.view.setFocus()


def _goes_with(line: ReconLine, other: ReconLine) -> bool:
    """Tell whether two references may be matched: one misses each side, or has some of it."""
    pair = {_side(line), _side(other)}
    return pair == {Match.MISSING_IN_LEDGER, Match.MISSING_IN_RETURN}


def _side(line: ReconLine) -> Match | None:
    # Several references of a return may be one of the ledger: it takes more of them.
    return Match.MISSING_IN_RETURN if line.matched else line.item.match


def _nothing(first: Action) -> EmptyState:
    said = (
        "A partner says month by month what it charged; here its return stands against the "
        "ledger, reference by reference. Save the template for a partner, or bring a return."
    )
    shape = Shape(
        ("Reference", "Ledger", "Return", "Difference"),
        ("INV 4711", "INV 4712", "CN 88"),
        "Differences add up to the difference of the totals.",
    )
    return EmptyState("Nothing to reconcile yet", said, first, shape=shape)


def _picker(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return made


def _fill(box: QComboBox, choices: list[tuple[str, str]], chosen: str) -> None:
    with QSignalBlocker(box):
        box.clear()
        for key, said in choices:
            box.addItem(said, key)
        box.setCurrentIndex(box.findData(chosen))


def _pane(title: str, grid: Grid) -> QWidget:
    inside = column(holder(row(words(title, "heading"), None), 16, 4, 8, 4), grid, gap=0)
    inside.setStretch(1, 1)
    return holder(inside)


def _ledger_cells(journal: int, amount_p: int, said: str) -> tuple[GridCell, ...]:
    return GridCell(f"#{journal}"), GridCell(amount_p), GridCell(said)


def _return_cells(number: int, amount_p: int, said: str) -> tuple[GridCell, ...]:
    return GridCell(str(number)), GridCell(amount_p), GridCell(said)


def _total(board: ReconBoard) -> GridRow:
    found, blank = board.found, GridCell()
    cells = (
        GridCell("Total"),
        GridCell(found.ledger_p),
        GridCell(found.return_p),
        GridCell(found.difference_p),
        blank,
        blank,
    )
    return GridRow("total", cells, RowKind.TOTAL)


def _key(widget: QWidget, keys: str, do: Callable[[], object]) -> None:
    shortcut = QShortcut(QKeySequence(keys), widget)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(do)
