"""Published files: what NHS bodies paid, and tables of allocations, each kept whole."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Final

from collabdesk.services.budgets.actuals.actuals_board import WaitingCode
from collabdesk.services.budgets.actuals.actuals_commands import TakeFileAway
from collabdesk.services.budgets.actuals.published_files import (
    KeptFile,
    PublishedRow,
    kept_files,
    rows_of,
)
from collabdesk.services.budgets.actuals.taking_up import TakenUp, taken_up
from collabdesk.ui.budgets.actuals_forms import map_form, take_up_form
from collabdesk.ui.budgets.heading import why_not
from collabdesk.ui.budgets.importers import PublishedImporter
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.wording import counted, month_label, trust
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.import_wizard import ImportWizard
from collabdesk.ui.messages import Action
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import column, holder, row, words
from collabdesk.ui.states import EmptyState, Shape

_FILES: Final = (
    GridColumn("name", "File"),
    GridColumn("kind", "Kind"),
    GridColumn("source", "From"),
    GridColumn("rows", "Rows", kind=Kind.NUMBER),
    GridColumn("total", "Total", kind=Kind.MONEY, pence=True),
)
_ROWS: Final = (
    GridColumn("what", "Expense area, or body"),
    GridColumn("amount", "Amount", kind=Kind.MONEY, pence=True),
    GridColumn("maps", "Mapped to, or taken up"),
    GridColumn("month", "Month"),
    GridColumn("rows", "Rows", kind=Kind.NUMBER),
    GridColumn("kind", "Expense type"),
)
_KINDS: Final = {"spend_file": "Spending over £25,000", "allocation_table": "Allocations"}


class PublishedView(PartView):
    """The files above, what the current one says below."""

    tables: ClassVar[frozenset[str]] = frozenset({"source_file", "code_mapping", "allocation_move"})

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(around, desk)
        self.board: tuple[KeptFile, ...] | None = None
        self._told: tuple[PublishedRow, ...] = ()
        self._shown = b""
        self._taken = TakenUp(b"", frozenset())
        look = around.look
        self.files = Grid(look, "Published files", _FILES, strip=False)
        self.rows = Grid(look, "What the current file says", _ROWS, strip=False)
        self._heading = words("", "heading")
        inside = column(
            self.files,
            holder(row(self._heading, None), 16, 12, 16, 4),
            self.rows,
            gap=0,
        )
        inside.setStretch(0, 1)
        inside.setStretch(2, 2)
        self._whole = self.unseen(holder(inside))
        self._whole.setProperty("ground", "page")
        self.files.current_changed.connect(lambda _key, _column: self._read_rows())
        self.rows.drilled.connect(lambda _key, _column: self.map())
        self.rows.current_changed.connect(lambda _key, _column: self.heading_changed.emit())
        for grid in (self.files, self.rows):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    # Reading

    def read(self) -> None:
        """Read which files are kept."""
        self.ask(kept_files, done=self._take, words="Reading the published files")

    def _take(self, kept: tuple[KeptFile, ...]) -> None:
        at, self.board = self.current_key, kept
        if not kept:
            self.show_empty(self._nothing())
            return
        self.files.set_rows([_file(one) for one in kept])
        if not self.files.select(at, "name"):
            self.files.select(kept[0].row, "name")
        self._read_rows()
        self.show_full(self._whole)

    @property
    def current_key(self) -> object:
        """The file that is current."""
        at = self.files.view.currentIndex()
        return self.files.model.row_at(at.row()).key if at.isValid() else None

    @property
    def current(self) -> KeptFile | None:
        """The file that is current, as it stands."""
        kept = self.board or ()
        return next((one for one in kept if one.row == self.current_key), None)

    def _read_rows(self) -> None:
        file = self.current
        if file is not None:
            if file.row != self._shown:
                self._heading.setText(f"Reading {file.name}…")
            done = partial(self._take_rows, file.row)
            self.desk.ask(self, rows_of, file.row, done=done, failed=self._failed_rows)

    def _take_rows(self, of: bytes, told: tuple[PublishedRow, ...]) -> None:
        if of != self.current_key:
            # The cursor has gone on to another file, whose rows are on their way.
            return
        same = (of, told) == (self._shown, self._told)
        self._told, self._shown = told, of
        file = self.current
        if file is not None and file.kind == "allocation_table" and self.plan is not None:
            version = self.plan.version.row
            self.desk.ask(self, taken_up, of, version, done=self._mark, failed=self.failed.emit)
        self._heading.setText(f"What {file.name} says" if file is not None else "")
        if same:
            # Read again because something else changed: what is chosen stays chosen.
            self.rows.exchange([self._row(place, one) for place, one in enumerate(told)])
        else:
            self._show_rows(told)
        self.heading_changed.emit()

    def _show_rows(self, told: tuple[PublishedRow, ...]) -> None:
        """Show other rows; those that were chosen are chosen no more."""
        at = self.rows.view.currentIndex().row()
        self.rows.set_rows([self._row(place, one) for place, one in enumerate(told)])
        self.rows.set_totals([_total(told)])
        if told:
            self.rows.select(at if 0 <= at < len(told) else 0, "what")

    def _mark(self, taken: TakenUp) -> None:
        """Say beside the rows which of them stand in the year already."""
        if taken.file == self._shown:
            self._taken = taken
            self.rows.exchange([self._row(place, one) for place, one in enumerate(self._told)])
            self.heading_changed.emit()

    def _failed_rows(self, fault: Exception) -> None:
        self._told, self._shown = (), b""
        self._heading.setText("It cannot be shown")
        self.rows.set_rows([])
        self.rows.set_totals([])
        self.failed.emit(fault)

    def _row(self, place: int, one: PublishedRow) -> GridRow:
        known = one.line or one.left_out or self._is_taken(one)
        state = CellState.GOOD if known else CellState.OPEN
        cells = (
            GridCell(one.what),
            GridCell(one.amount_p),
            GridCell(self._mapped(one), state=state),
            GridCell(month_label(one.fiscal_year, one.month) if one.month else ""),
            GridCell(one.rows),
            GridCell(one.kind),
        )
        return GridRow(place, cells)

    def _is_taken(self, one: PublishedRow) -> bool:
        return self._taken.file == self._shown and one.number in self._taken.rows

    def _mapped(self, one: PublishedRow) -> str:
        if self._is_taken(one):
            return "In the envelope"
        if one.left_out:
            return "Left out"
        if one.line is None or self.room is None:
            return ""
        line = one.line
        names = {each.row: each.name for each in self.room.lines}
        name = next((said for key, said in names.items() if key == line.service_line), "Unknown")
        return f"{name}, {trust(line.provider, self.room.trusts)}"

    def _nothing(self) -> EmptyState:
        said = (
            "Bring a file of spending over £25,000 as a body published it, CSV or workbook, or a "
            "table of allocations. It is shown first; what it does not say is asked, never "
            "guessed. Every partner then reads the same figures from the same file."
        )
        shape = Shape(
            ("Expense area", "Month", "Amount"),
            ("Mental health contracts", "Continuing care", "Prescribing"),
            "Codes are mapped per body; a month can be posted under Actuals.",
        )
        first = Action("Import a published file…", self.bring)
        return EmptyState("No published files yet", said, first, shape=shape)

    # Offering

    @property
    def words(self) -> str:
        """How many files are kept."""
        return f"{counted(len(self.board), 'file')}." if self.board else ""

    def offers(self) -> tuple[tuple[PageAction, ...], PageAction | None]:
        """Offer to bring a file, to map a code, to take the current file away."""
        if not self.board:
            return (), None
        file = self.current
        map_ = PageAction("Map the code…", self.map, why_off="" if self._mappable else _NOT_MAPPED)
        away = PageAction("Take away", self.take_away)
        if file is not None and file.kind == "allocation_table":
            return (self._take_up(), away), PageAction("Import a file…", self.bring)
        made = (map_, away) if file is not None else ()
        return made, PageAction("Import a file…", self.bring)

    def _take_up(self) -> PageAction:
        why = why_not(self.room.rights.start) if self.room is not None else ""
        return PageAction("Take up…", self.take_up, why_off=why)

    @property
    def _mappable(self) -> bool:
        file = self.current
        return file is not None and file.kind == "spend_file" and bool(self._told)

    # Doing

    def bring(self) -> None:
        """Ask for a published file."""
        wizard = ImportWizard(self.around, PublishedImporter(self.desk.workspace), self.window())
        wizard.imported.connect(self.desk.did.emit)
        self.open(wizard)

    def take_away(self) -> None:
        """Take the current file away; Undo brings it back."""
        file = self.current
        if file is not None:
            self.do(TakeFileAway(file.row))

    def take_up(self) -> None:
        """Ask what the chosen allocations are in the year: openings of envelopes, or letters."""
        file = self.current
        if file is None or self.room is None or self.plan is None or self._shown != file.row:
            return
        keys = [self.rows.model.row_at(place).key for place, _ in self.rows.view.chosen()]
        places = sorted({key for key in keys if isinstance(key, int)})
        chosen = [self._told[place] for place in places]
        if chosen:
            self.open(take_up_form(self.place, self.room, self.plan, file, chosen))

    def map(self) -> None:
        """Ask whose spending the current code is."""
        if self.current is not None and self.current.kind == "allocation_table":
            self.take_up()
            return
        file, at = self.current, self.rows.view.currentIndex()
        key = self.rows.model.row_at(at.row()).key if at.isValid() else None
        if file is None or self.room is None or not self._mappable or not isinstance(key, int):
            return
        one = self._told[key]
        code = WaitingCode(
            file.source, one.what, one.kind, one.what, (one.month,), one.rows, one.amount_p, None
        )
        self.open(map_form(self.place, self.room, one.fiscal_year, code))

    def take_keyboard(self) -> None:
        """Give the list of files the keyboard."""
        self.files.view.setFocus()


_NOT_MAPPED: Final = "Allocations are no spending; only codes of spending are mapped."


def _file(one: KeptFile) -> GridRow:
    cells = (
        GridCell(one.name),
        GridCell(_KINDS.get(one.kind, one.kind)),
        GridCell(one.source),
        GridCell(one.rows),
        GridCell(one.total_p),
    )
    return GridRow(one.row, cells)


def _total(told: tuple[PublishedRow, ...]) -> GridRow:
    blank = GridCell()
    rows, total_p = sum(one.rows for one in told), sum(one.amount_p for one in told)
    cells = (GridCell("Total"), GridCell(total_p), blank, blank, GridCell(rows), blank)
    return GridRow("total", cells, RowKind.TOTAL)
