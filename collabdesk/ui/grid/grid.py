"""The grid as a whole: strip, body, frozen totals, clipboard, fills and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from collabdesk.ui.grid.cells import CellState, GridRow, Plan
from collabdesk.ui.grid.clipboard import from_tsv, to_tsv
from collabdesk.ui.grid.columns import GridColumn, Kind, Unit
from collabdesk.ui.grid.filters import FilterPopup
from collabdesk.ui.grid.model import Commit, GridModel, Judge
from collabdesk.ui.grid.preview import PastePreview, accepted
from collabdesk.ui.grid.rows import Fetch
from collabdesk.ui.grid.strip import CellStrip
from collabdesk.ui.grid.summary import summarise
from collabdesk.ui.grid.view import GridView
from collabdesk.ui.grid.weighing import Weighing
from collabdesk.ui.parts import column as stacked
from collabdesk.ui.parts import follow, row
from collabdesk.ui.theme import Look
from collabdesk.ui.workers import Readers

Confirm = Callable[[Plan], bool]
Target = tuple[int, int, str]
Keys = str | QKeySequence | QKeySequence.StandardKey

_MANY = 1_000
"""From so many changes on a paste is shown before it is written, refused cells or not."""
_SUMMED = 200_000
_TALLEST = 16_000_000


class Grid(QWidget):
    """A table people read, type into, paste into and ask about."""

    drilled = Signal(object, str)
    """Row key and column key of the figure somebody asks about."""
    current_changed = Signal(object, str)
    note_wanted = Signal(object, str)
    status_changed = Signal(list)
    """Pairs of words and figures for the status bar."""
    failed = Signal(object)
    """A refusal or fault to show in the page's banner."""
    said = Signal(str)
    toggled = Signal()
    """T in a table that is the twin of a chart."""

    def __init__(  # noqa: PLR0913 what a grid is declared with
        self,
        look: Look,
        title: str,
        columns: Sequence[GridColumn],
        fetch: Fetch | None = None,
        *,
        commit: Commit | None = None,
        judge: Judge | None = None,
        readers: Readers | None = None,
        frozen: int = 1,
        strip: bool = True,
    ) -> None:
        """Declare the grid; rows come from `fetch`, or later from `set_rows`."""
        super().__init__()
        self.look = look
        self.model = GridModel(
            columns, fetch, commit=commit, judge=judge, readers=readers, parent=self
        )
        self.totals = GridModel(columns, parent=self)
        self.view = GridView(look, self.model, title, frozen)
        self.foot = GridView(look, self.totals, f"{title}, totals", frozen)
        money = any(column.kind is Kind.MONEY for column in columns)
        self.strip = CellStrip(look, money=money)
        if not strip:
            self.strip.hide()
        self.confirm: Confirm = self._ask
        self._weighing = Weighing(self, self._settle)
        self._gutter, self._foot_row = QWidget(), QWidget()
        self._make_foot()
        body = stacked(self.strip, self.view, self._foot_row, None, gap=0)
        body.setStretch(1, 1000)
        body.setStretch(3, 1)
        self.setLayout(body)
        self.setProperty("ground", "page")
        self._measured_rows = 0
        self._connect()
        self._keys()
        if commit is None:
            _shortcut(self.view, "T", self.toggled.emit)
        self.model.fetchMore()

    # Rows

    def set_rows(self, rows: Sequence[GridRow]) -> None:
        """Show these rows and no others."""
        self.model.set_rows(rows)

    def fill(self, rows: Sequence[GridRow], totals: Sequence[GridRow], unit: Unit) -> None:
        """Show rows and totals in a unit, measured once."""
        self.strip.units.options[unit.value].setChecked(True)
        self.model.unit = self.totals.unit = unit
        self.totals.set_rows(totals)
        self.model.set_rows(rows)
        self._fit_foot()
        self.measure()

    def set_totals(self, rows: Sequence[GridRow]) -> None:
        """Show these rows at the foot, always in sight."""
        self.totals.set_rows(rows)
        self._fit_foot()
        self.measure()

    def measure(self) -> None:
        """Make every column wide enough for body and totals alike."""
        widths = self._widths()
        self.view.set_widths(widths)
        self.foot.set_widths(widths)

    def _widths(self) -> list[int]:
        body = self.view.least_widths()
        if not self.totals.rowCount():
            return body
        return [max(pair) for pair in zip(body, self.foot.least_widths(), strict=True)]

    def exchange(self, rows: Iterable[GridRow]) -> None:
        """Put newer versions of rows in, wherever they stand; the cursor stays."""
        listed = list(rows)
        self.model.exchange(listed)
        self.totals.exchange(listed)
        self._say_cell(self.view.currentIndex())

    def select(self, key: object, column_key: str) -> bool:
        """Make a cell current; say whether it is on show."""
        found = self.model.row_of(key)
        place = next((n for n, one in enumerate(self.model.columns) if one.key == column_key), None)
        if found is None or place is None:
            return False
        self.view.go_to(found, place)
        return True

    def show_in(self, unit: Unit) -> None:
        """Show money in pounds or thousands."""
        self.strip.units.options[unit.value].setChecked(True)
        for model in (self.model, self.totals):
            if model.unit is not unit:
                model.show_in(unit)
        self.measure()

    def fits(self, unit: Unit) -> bool:
        """Tell whether every column is in sight with money in a unit."""
        before = self.model.unit
        self.model.unit = self.totals.unit = unit
        wide = sum(self._widths())
        self.model.unit = self.totals.unit = before
        return wide <= self.width() - self.view.verticalScrollBar().sizeHint().width()

    # Clipboard and fills

    def copy(self) -> None:
        """Put the selection on the clipboard, exact, as a spreadsheet reads it."""
        bounds = self.view.bounds()
        if bounds is None:
            return
        top, left, low, right = bounds
        table = [
            [self._plain(line, place) for place in range(left, right + 1)]
            for line in range(top, low + 1)
        ]
        QGuiApplication.clipboard().setText(to_tsv(table))
        self.said.emit(f"Copied {len(table) * len(table[0]):,} cells")

    def paste(self) -> None:
        """Write the clipboard at the selection; one value fills the whole of it."""
        table = from_tsv(QGuiApplication.clipboard().text())
        bounds = self.view.bounds()
        if not table or bounds is None:
            return
        single = len(table) == 1 and len(table[0]) == 1
        self.carry_out(self._filled(table[0][0]) if single else self._block(table, bounds))

    def fill_down(self) -> None:
        """Repeat the top cell of each selected column."""
        bounds = self.view.bounds()
        if bounds is not None:
            top = bounds[0]
            self.carry_out([(r, c, self._plain(top, c)) for r, c in self.view.chosen() if r != top])

    def fill_right(self) -> None:
        """Repeat the left cell of each selected row."""
        bounds = self.view.bounds()
        if bounds is not None:
            left = bounds[1]
            self.carry_out(
                [(r, c, self._plain(r, left)) for r, c in self.view.chosen() if c != left]
            )

    def fill_selection(self, text: str) -> None:
        """Put one text into every selected cell."""
        self.carry_out(self._filled(text))

    def clear(self) -> None:
        """Empty the selected cells where that is allowed."""
        self.carry_out(self._filled(""))

    def carry_out(self, targets: Iterable[Target]) -> None:
        """Write texts into cells as one step; ask first where some are refused or very many.

        Many texts are worked out in turns of the window's loop, so that it answers in between.
        """
        self._weighing.begin(self.model.proposals(targets))

    def _settle(self, plan: Plan) -> None:
        unasked = not plan.refused and len(plan.edits) < _MANY
        if unasked or self.confirm(plan):
            self.model.write(plan)
            self.view.setFocus()

    def _filled(self, text: str) -> list[Target]:
        return [(line, place, text) for line, place in self.view.chosen()]

    def _block(self, table: list[list[str]], bounds: tuple[int, int, int, int]) -> list[Target]:
        top, left, _low, _right = bounds
        return [
            (top + down, left + along, text)
            for down, line in enumerate(table)
            for along, text in enumerate(line)
        ]

    def _plain(self, line: int, place: int) -> str:
        column, cell = self.model.columns[place], self.model.row_at(line).cells[place]
        if cell.other is not None:
            return f"{column.plain(cell.value)} or {column.plain(cell.other)}"
        return column.plain(cell.value)

    def _ask(self, plan: Plan) -> bool:
        return accepted(PastePreview(self.look, plan, self))

    # Wiring

    def _make_foot(self) -> None:
        self.foot.headings.hide()
        self.foot.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.foot.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = row(self.foot, self._gutter, gap=0)
        inside.setStretch(0, 1)
        self._foot_row.setLayout(inside)
        follow(self.look, self._foot_row, lambda _theme: self._fit_foot())

    def _arrived(self) -> None:
        rows = self.model.rowCount()
        if rows and not self._measured_rows:
            self.measure()
        self._measured_rows = rows
        self._fit_body()

    def _fit_body(self) -> None:
        theme, headings = self.look.theme, self.view.headings.sizeHint().height()
        rows = max(self.model.rowCount(), 1) * theme.px("size.gridRow")
        bar = self.view.horizontalScrollBar()
        across = bar.sizeHint().height() if bar.maximum() > 0 else 0
        self.view.setMaximumHeight(min(headings + rows + across + 1, _TALLEST))

    def _fit_foot(self) -> None:
        rows = self.totals.rowCount()
        self.foot.setFixedHeight(rows * self.look.theme.px("size.gridRow"))
        self._foot_row.setVisible(rows > 0)
        bar = self.view.verticalScrollBar()
        self._gutter.setFixedWidth(bar.sizeHint().width() if bar.maximum() > 0 else 0)

    def _connect(self) -> None:
        across, along = self.view.horizontalScrollBar(), self.foot.horizontalScrollBar()
        across.valueChanged.connect(along.setValue)
        along.valueChanged.connect(across.setValue)
        across.rangeChanged.connect(lambda _low, _high: self._fit_body())
        self.view.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._fit_foot())
        self.view.headings.sectionResized.connect(lambda n, _was, now: self._widen(n, now))
        for view in (self.view, self.foot):
            view.drilled.connect(self.drilled)
            view.entered.connect(self._add_up)
            view.note_wanted.connect(self.note_wanted)
            view.typing.editing.connect(view.about_to_edit)
        self.view.typing.fill_wanted.connect(self.fill_selection)
        self.view.filter_wanted.connect(self.ask_filter)
        self.view.leaves_down.connect(self._into_totals)
        self.view.selectionModel().selectionChanged.connect(lambda _new, _old: self._add_up())
        self.view.selectionModel().currentChanged.connect(self._moved)
        self.strip.unit_chosen.connect(self.show_in)
        self.look.changed.connect(self._refit)
        for change in (self.model.modelReset, self.model.rowsInserted):
            change.connect(self._arrived)
        self.model.failed.connect(self.failed)
        self.model.changed_elsewhere.connect(self.said)

    def _keys(self) -> None:
        for keys, do in (
            (QKeySequence.StandardKey.Copy, self.copy),
            (QKeySequence.StandardKey.Paste, self.paste),
            (QKeySequence("Ctrl+D"), self.fill_down),
            (QKeySequence("Ctrl+R"), self.fill_right),
            (QKeySequence(Qt.Key.Key_Delete), self.clear),
            (QKeySequence("Alt+Down"), lambda: self.ask_filter(self.view.currentIndex().column())),
            (QKeySequence("Alt+="), self._add_up),
        ):
            _shortcut(self.view, keys, do)

    def _refit(self) -> None:
        self.measure()
        self._fit_body()
        # Rows take their new height after this: only then can the current cell be found.
        QTimer.singleShot(0, self, self._stay_in_sight)

    def _stay_in_sight(self) -> None:
        here = self.view.currentIndex()
        if here.isValid():
            self.view.scrollTo(here)

    def _widen(self, place: int, width: int) -> None:
        self.foot.setColumnWidth(place, width)

    def _into_totals(self) -> None:
        if self.totals.rowCount():
            self.foot.setFocus(Qt.FocusReason.TabFocusReason)
            self.foot.go_to(0, self.view.currentIndex().column())

    def _moved(self, here: QModelIndex, before: QModelIndex) -> None:
        if before.isValid() and before.row() < self.model.rowCount():
            self.model.unmark(before, CellState.CHANGED)
        self._say_cell(here)
        if here.isValid():
            line, column = self.model.row_at(here.row()), self.model.columns[here.column()]
            self.current_changed.emit(line.key, column.key)

    def _say_cell(self, here: QModelIndex) -> None:
        if not here.isValid():
            self.strip.say_nothing()
            return
        line = self.model.row_at(here.row())
        column, cell = self.model.columns[here.column()], line.cells[here.column()]
        self.strip.say(line.name, column, cell, self.model.why_shut(here))

    def _add_up(self) -> None:
        cells = (
            (self.model.columns[place], self.model.row_at(line).cells[place])
            for line, place in self.view.chosen()
        )
        bounds = self.view.bounds()
        if bounds is None:
            self._say_sums([])
        elif (bounds[2] - bounds[0] + 1) * (bounds[3] - bounds[1] + 1) <= _SUMMED:
            self._say_sums(summarise(cells).pairs())

    def _say_sums(self, pairs: list[tuple[str, str]]) -> None:
        """Say the figures of the selection, unless people work in another grid."""
        at = self.window().focusWidget()
        if not isinstance(at, GridView) or at in {self.view, self.foot} or not at.isVisible():
            self.status_changed.emit(pairs)

    # Filters

    def ask_filter(self, place: int) -> None:
        """Ask what a column must contain."""
        if place < 0:
            return
        asked = FilterPopup(self.look, self, self.model.columns[place].name)
        asked.line.setText(self.model.filters.get(place, ""))
        asked.chosen.connect(lambda text: self.filter(place, text))
        asked.closed.connect(self.view.setFocus)
        below = self.view.headings.height()
        spot = self.view.mapTo(self, QPoint(self.view.columnViewportPosition(place), below))
        asked.open_at(spot)

    def filter(self, place: int, text: str) -> None:
        """Keep the rows whose cell contains a text; no text keeps all."""
        self.model.filter(place, text)
        self.view.mark_filtered(set(self.model.filters))
        kept = self.model.rowCount()
        self.said.emit(f"{kept:,} rows kept" if self.model.filters else "All rows shown")


def _shortcut(view: GridView, keys: Keys, do: Callable[[], object]) -> None:
    shortcut = QShortcut(QKeySequence(keys), view)
    shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
    shortcut.activated.connect(do)
