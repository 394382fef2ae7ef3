"""The audit: from any figure of the board down to the row of a file, Enter by Enter, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStackedWidget, QWidget

from collabdesk.services.budgets.papers.audit_stops import AuditRow, Level, Listing, Stop
from collabdesk.services.budgets.papers.audit_trail import audit_level
from collabdesk.ui.budgets.ledger_views import check_chips
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.wording import ACCOUNTS, JOURNAL_KINDS, counted, month_label
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import column, emptied, holder, panel, row, words
from collabdesk.ui.states import EmptyState

_AMOUNT: Final = GridColumn("amount", "Amount", kind=Kind.MONEY, pence=True)
_FIGURES: Final = (GridColumn("what", "Figure"), _AMOUNT)
_ENTRIES: Final = (
    GridColumn("what", "Journal"),
    GridColumn("line", "Line"),
    GridColumn("month", "Month"),
    _AMOUNT,
    GridColumn("kind", "Kind"),
    GridColumn("people", "Signed by"),
    GridColumn("detail", "Reference"),
)
_SOURCE: Final = (GridColumn("what", "Column"), GridColumn("detail", "As it stands there"))
_EVERYBODY: Final = "Everybody"
_EVERY_LINE: Final = "Every line"
_HELP: Final = (
    "Enter leads from a figure to what it is made of: line, month, journal, and the row of the "
    "file it was taken from. Backspace goes back."
)


class AuditView(PartView):
    """One level of the way down, with the light of the hash check over it."""

    tables: ClassVar[frozenset[str]] = frozenset({"month_state", "source_file"})

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(around, desk)
        self.listing: Listing | None = None
        self.path: tuple[Stop, ...] = ()
        self._rows: list[AuditRow] = []
        self._kept: dict[tuple[object, ...], int] = {}
        self._drilled: AuditRow | None = None
        self._focus = False
        self._title = words("", "heading")
        self._note = words("", ink="secondary", wrap=True)
        self._chips = row(gap=8)
        self.people, self.lines = QComboBox(), QComboBox()
        self.figures = Grid(around.look, "Figures", _FIGURES, strip=False)
        self.entries = Grid(around.look, "Ledger lines", _ENTRIES, strip=False)
        self.source = Grid(around.look, "Row of the file", _SOURCE, strip=False)
        self._grids = QStackedWidget()
        self._whole = self.unseen(self._built())

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        said = row(self._title, None, self.people, self.lines, gap=8)
        said.setContentsMargins(16, 8, 16, 0)
        self._told = holder(row(self._note), 16, 0, 16, 0)
        lights = row(holder(self._chips), None)
        lights.setContentsMargins(16, 0, 16, 8)
        bar.setLayout(column(holder(said), self._told, holder(lights), gap=4))
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for box, name in ((self.people, "Signed by"), (self.lines, "Line")):
            box.setAccessibleName(f"Show only: {name}")
            box.activated.connect(lambda _at: self._list())
        for grid in (self.figures, self.entries, self.source):
            self._grids.addWidget(grid)
            grid.view.setWhatsThis(_HELP)
            grid.drilled.connect(lambda key, _column: self._down(key))
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)
        inside = column(bar, self._grids, gap=0)
        inside.setStretch(1, 1)
        made = holder(inside)
        made.setProperty("ground", "page")
        back = QShortcut(QKeySequence("Backspace"), made)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.back)
        return made

    @property
    def words(self) -> str:
        """How to move here."""
        return "Enter goes down, Backspace goes back." if self.where.path else "Enter goes down."

    @property
    def grid(self) -> Grid:
        """The grid on show."""
        shown = self._grids.currentWidget()
        return next(one for one in (self.figures, self.entries, self.source) if one is shown)

    def take_keyboard(self) -> None:
        """Give the grid the keyboard, now or when it has been read."""
        self._focus = True
        self.grid.view.setFocus()

    def back(self) -> None:
        """Go to the place this level was reached from."""
        above = self.where.above
        if above is not None:
            # A second press may come before the first has been read.
            self.where = above
            self.go.emit(above)

    def read(self) -> None:
        """Read the level that is asked for."""
        if self.plan is None or self.room is None:
            return
        if not self.room.journals:
            self.show_empty(replace(_EMPTY, first=self.to_plan))
            return
        path = self.where.path
        stop, year = path[-1] if path else None, self.plan.version.fiscal_year
        take, opener = partial(self._take, path), self.desk.workspace.opener()
        self.ask(audit_level, year, stop, opener, done=take, words="Following the figure")

    def _take(self, path: tuple[Stop, ...], found: Listing) -> None:
        self.listing, self.path = found, path
        stop = path[-1] if path else None
        self._title.setText(_called(path))
        self._note.setText(found.note)
        self._told.setVisible(bool(found.note))
        self._offer(found.rows)
        signed = any(one.people for one in found.rows)
        self._grids.setCurrentWidget(self._grid_of(stop.level if stop else None, signed=signed))
        emptied(self._chips)
        if self.room is not None:
            for light in check_chips(self.room.check):
                self._chips.addWidget(light)
        self._list()
        self.show_full(self._whole)
        if self._focus:
            self.grid.view.setFocus()

    def _grid_of(self, level: Level | None, *, signed: bool) -> Grid:
        if level in {Level.ENTRIES, Level.JOURNAL, Level.READING} or (
            level is Level.PARTS and signed
        ):
            return self.entries
        return self.source if level is Level.SOURCE else self.figures

    def _offer(self, rows: Sequence[AuditRow]) -> None:
        """Offer the people and lines of these rows to look at alone."""
        people = {self.desk.who(one) for shown in rows for one in shown.people}
        lines = {shown.line for shown in rows if shown.line}
        for box, first, found in (
            (self.people, _EVERYBODY, people),
            (self.lines, _EVERY_LINE, lines),
        ):
            kept = box.currentText()
            box.clear()
            box.addItems([first, *sorted(found)])
            box.setCurrentIndex(max(box.findText(kept), 0))
            box.setVisible(len(found) > 1)

    def _wanted(self, one: AuditRow) -> bool:
        person, line = self.people.currentText(), self.lines.currentText()
        signed = person == _EVERYBODY or person in {self.desk.who(who) for who in one.people}
        return signed and line in {_EVERY_LINE, one.line}

    def _list(self) -> None:
        found = self.listing
        if found is None:
            return
        self._rows = [one for one in found.rows if self._wanted(one)]
        grid = self.grid
        grid.set_rows([self._row(place, one) for place, one in enumerate(self._rows)])
        totals = []
        if found.total_p is not None:
            sum_p = sum(one.amount_p or 0 for one in self._rows)
            left = len(found.rows) - len(self._rows)
            said = f"Total, without {counted(left, 'row')} left out" if left else "Total"
            totals = [self._total(said, sum_p)]
        grid.set_totals(totals)
        place = self._kept.get(self.path, self._same_line())
        if self._rows:
            column_key = "amount" if grid is not self.source else "detail"
            grid.select(min(place, len(self._rows) - 1), column_key)

    def _same_line(self) -> int:
        """Return where the ledger line that was followed stands in its journal."""
        drilled = self._drilled
        if drilled is None or self.path[-1:] == () or self.path[-1].level is not Level.JOURNAL:
            return 0
        wanted = _marks(drilled)
        return next((n for n, one in enumerate(self._rows) if _marks(one) == wanted), 0)

    def _row(self, place: int, one: AuditRow) -> GridRow:
        if self.grid is self.figures:
            what = self._month(one) if one.month is not None else one.what
            return GridRow(place, (GridCell(what), GridCell(one.amount_p)))
        if self.grid is self.source:
            return GridRow(place, (GridCell(one.what), GridCell(one.detail)))
        cells = (
            GridCell(ACCOUNTS.get(one.what, one.what)),
            GridCell(one.line),
            GridCell(self._month(one)),
            GridCell(one.amount_p),
            GridCell(JOURNAL_KINDS.get(one.kind, one.kind.replace("_", " ").capitalize())),
            GridCell(", ".join(self.desk.who(who) for who in one.people)),
            GridCell(one.detail),
        )
        return GridRow(place, cells)

    def _month(self, one: AuditRow) -> str:
        if self.plan is None or not one.month:
            return ""
        return month_label(self.plan.version.fiscal_year, one.month)

    def _total(self, said: str, sum_p: int) -> GridRow:
        if self.grid is self.figures:
            return GridRow("total", (GridCell(said), GridCell(sum_p)), RowKind.TOTAL)
        blank = GridCell()
        cells = (GridCell(said), blank, blank, GridCell(sum_p), blank, blank, blank)
        return GridRow("total", cells, RowKind.TOTAL)

    def _down(self, key: object) -> None:
        if not isinstance(key, int):
            return
        self._kept[self.path] = key
        self._drilled = self._rows[key]
        below = self._drilled.below
        if below is None:
            self.said.emit("This is where the way ends")
        else:
            self._focus = True
            self.go.emit(replace(self.where, path=(*self.path, below)))


def _marks(one: AuditRow) -> tuple[object, ...]:
    """Return what a ledger line is known again by; its sign may be that of a figure."""
    return one.line, one.month, one.kind, one.detail, abs(one.amount_p or 0)


def _called(path: Sequence[Stop]) -> str:
    """Name a level; a month alone would not say of what."""
    if not path:
        return "Figures of the board"
    of = f"{path[-2].words}, " if path[-1].level is Level.ENTRIES and len(path) > 1 else ""
    return f"{of}{path[-1].words}"


_EMPTY: Final = EmptyState(
    "Nothing is posted yet",
    "Once a budget is agreed, every figure can be followed here to the journals behind it, and "
    "from there to the row of the file it was taken from.",
)
