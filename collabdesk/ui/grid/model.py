"""The model of every grid: pages in, cells out, edits to one callback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from collabdesk.errors import CollabDeskError
from collabdesk.ui.grid.cells import (
    STATE_WORDS,
    CellEdit,
    CellState,
    GridCell,
    GridRow,
    Plan,
    Proposed,
    RowKind,
    Value,
)
from collabdesk.ui.grid.columns import GridColumn, Unit
from collabdesk.ui.grid.rows import PAGE, Fetch, Rows
from collabdesk.ui.workers import Readers

AnyIndex = QModelIndex | QPersistentModelIndex
Commit = Callable[[list[CellEdit]], object]
Judge = Callable[[CellEdit], str]

SORT_ROLE: Final = Qt.ItemDataRole.UserRole + 1
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 2
CELL_ROLE: Final = Qt.ItemDataRole.UserRole + 3
_ROOT: Final = QModelIndex()
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_READ: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_TYPED: Final = _READ | Qt.ItemFlag.ItemIsEditable
_SHUT: Final = CellState.CLOSED | CellState.LOCKED | CellState.CONTESTED
_FEW: Final = 40
"""So many changed cells are told one by one; of more only the block that holds them."""
_WHY_SHUT: Final = {
    CellState.CONTESTED: "Two figures stand here. Settle which one stands first.",
    CellState.LOCKED: "This cell is locked.",
    CellState.CLOSED: "This month is closed.",
}


class GridModel(QAbstractTableModel):
    """Rows of a source, a page at a time.

    The model never changes its own rows because somebody typed: an edit goes to
    `commit` as one list, and the rows that come back are put in with `exchange`.
    """

    failed = Signal(object)
    changed_elsewhere = Signal(str)
    loaded = Signal()

    def __init__(  # noqa: PLR0913 what a grid is declared with
        self,
        columns: Sequence[GridColumn],
        fetch: Fetch | None = None,
        *,
        commit: Commit | None = None,
        judge: Judge | None = None,
        readers: Readers | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Declare columns and source; nothing is fetched before a view asks."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self.unit = Unit.POUNDS
        self.editing: tuple[object, int] | None = None
        self.revision = 0
        """Another number whenever rows on show are others than before."""
        self._rows = Rows(self.columns)
        self._fetch = fetch
        self._commit = commit
        self._judge = judge
        self._readers = readers
        self._more = fetch is not None
        self._asking = False
        self._round = 0

    # What Qt asks

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return how many rows are on show so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return how many columns were declared."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a role shows, speaks or sorts by."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        cell = row.cells[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.shown_cell(cell, self.unit)
            case Qt.ItemDataRole.EditRole:
                return column.plain(cell.value)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.spoken(index)
            case Qt.ItemDataRole.ToolTipRole:
                said = "\n\n".join(filter(None, (cell.reason, cell.note)))
                return said or (None if column.is_figure else column.shown(cell.value))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column.is_figure else _LEFT
            case _:
                return {
                    int(SORT_ROLE): cell.value,
                    int(ROW_ROLE): row,
                    int(CELL_ROLE): cell,
                }.get(role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's or a row's name."""
        names = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
        across = orientation == Qt.Orientation.Horizontal
        if across and 0 <= section < len(self.columns):
            column = self.columns[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return column.help or None
            return column.name if role in names else None
        if not across and 0 <= section < len(self._rows) and role in names:
            return self._rows[section].name
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Say what may be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _TYPED if self._typed(self._rows[index.row()], index.column()) else _READ

    def _typed(self, row: GridRow, place: int) -> bool:
        return (
            self._commit is not None
            and self.columns[place].editable
            and row.kind is RowKind.LINE
            and not _is_shut(row.cells[place].state)
        )

    def setData(
        self,
        index: AnyIndex,
        value: object,
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        """Send one typed value to the callback; a refusal marks the cell."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        plan = self.plan([(index.row(), index.column(), str(value))])
        for line in plan.refused:
            self.failed.emit(_refused(line))
            self.mark(index, CellState.REFUSED, line.refused)
            return False
        return self.write(plan)

    def canFetchMore(self, parent: AnyIndex = _ROOT) -> bool:
        """Say whether another page may exist and none is on its way."""
        return self._more and not self._asking and not parent.isValid()

    def fetchMore(self, parent: AnyIndex = _ROOT) -> None:
        """Ask for the next page."""
        if self.canFetchMore(parent):
            self._ask(self._rows.last_key, self._round)

    # What a screen asks

    @property
    def complete(self) -> bool:
        """Whether every row has been fetched."""
        return not self._more

    def row_at(self, place: int) -> GridRow:
        """Return the row shown at a place."""
        return self._rows[place]

    def cell(self, index: AnyIndex) -> GridCell:
        """Return the cell at an index."""
        return self._rows[index.row()].cells[index.column()]

    def first_rows(self, most: int) -> Sequence[GridRow]:
        """Return the first rows on show."""
        return [self._rows[place] for place in range(min(most, len(self._rows)))]

    def row_of(self, key: object) -> int | None:
        """Return where a key is on show, if it is."""
        return self._rows.row_of(key)

    def all_rows(self) -> tuple[GridRow, ...]:
        """Return every row fetched so far, those folded away or filtered out too."""
        return self._rows.every

    @property
    def folded(self) -> frozenset[object]:
        """The keys of the groups that are folded."""
        return frozenset(self._rows.folded)

    def is_folded(self, key: object) -> bool:
        """Whether a group is folded."""
        return key in self._rows.folded

    def spoken(self, index: AnyIndex) -> str:
        """Return "row header, column, value", then what is true about the cell."""
        row, column = self._rows[index.row()], self.columns[index.column()]
        cell = row.cells[index.column()]
        value = column.exact_cell(cell) if cell.value is not None else "nothing"
        said = [row.name, column.name, value]
        said += [word for state, word in STATE_WORDS.items() if state in cell.state]
        said += [text.rstrip(".") for text in (cell.reason, cell.note) if text]
        return ", ".join(said)

    def why_shut(self, index: AnyIndex) -> str:
        """Return why a cell cannot be typed in, or nothing when it can."""
        return self._why_shut(self._rows[index.row()], index.column())

    def _why_shut(self, row: GridRow, place: int) -> str:
        if self._typed(row, place):
            return ""
        column, cell = self.columns[place], row.cells[place]
        if self._commit is None:
            return "This table is read only."
        if not column.editable:
            return f"{column.name} is not typed here."
        if row.kind is not RowKind.LINE:
            return f"{row.name} is worked out from its lines."
        shut = next(state for state in _WHY_SHUT if state in cell.state)
        return cell.reason or _WHY_SHUT[shut]

    def plan(self, targets: Iterable[tuple[int, int, str]]) -> Plan:
        """Work out what typed texts would change and which are refused, writing nothing."""
        return Plan(tuple(line for line in self.proposals(targets) if line is not None))

    def proposals(self, targets: Iterable[tuple[int, int, str]]) -> Iterator[Proposed | None]:
        """Work out typed texts one after another; None is no change.

        The rows are those on show now, whatever comes while the answers are taken.
        """
        rows = self._rows.on_show()
        return (self._proposed(rows, row, column, text) for row, column, text in targets)

    def write(self, plan: Plan) -> bool:
        """Send the changes of a plan to the callback as one step."""
        if self._commit is None or not plan.edits:
            return False
        try:
            self._commit(plan.edits)
        except CollabDeskError as refusal:
            self.failed.emit(refusal)
            return False
        self.unmark_refused(plan.edits)
        return True

    def set_rows(self, rows: Sequence[GridRow]) -> None:
        """Show these rows and no others."""
        self.beginResetModel()
        self.revision += 1
        self._rows.clear()
        self._rows.extend(rows)
        self._more = False
        self._round += 1
        self.endResetModel()
        self.loaded.emit()

    def append(self, rows: Sequence[GridRow]) -> None:
        """Show further rows behind those that are there."""
        self._take(rows, self._round)
        self._more = False

    def reload(self) -> None:
        """Fetch anew from the first row."""
        self.beginResetModel()
        self.revision += 1
        self._rows.clear()
        self._round += 1
        self._asking = False
        self._more = self._fetch is not None
        self.endResetModel()
        self.fetchMore()

    def exchange(self, rows: Iterable[GridRow]) -> None:
        """Put newer versions of rows in; only cells that differ are told to the view."""
        self._tell([spot for row in rows for spot in self._put(row)])

    def mark(self, index: AnyIndex, state: CellState, reason: str = "") -> None:
        """Make something true about a cell on show."""
        row = self._rows[index.row()]
        cell = row.cells[index.column()].marked(state, reason)
        self.exchange([row.with_cell(index.column(), cell)])

    def unmark(self, index: AnyIndex, state: CellState) -> None:
        """Make something no longer true about a cell on show."""
        row = self._rows[index.row()]
        if row.cells[index.column()].state & state:
            cell = row.cells[index.column()].unmarked(state)
            self.exchange([row.with_cell(index.column(), cell)])

    def unmark_refused(self, edits: Iterable[CellEdit]) -> None:
        """Clear the mark of refusal where a value was now accepted."""
        keys = {column.key: place for place, column in enumerate(self.columns)}
        for edit in edits:
            row, place = self._rows.known(edit.row), keys[edit.column]
            if row is None or row.cells[place].state is CellState.OPEN:
                continue
            if CellState.REFUSED in row.cells[place].state:
                self.exchange([row.with_cell(place, row.cells[place].unmarked(CellState.REFUSED))])

    def show_in(self, unit: Unit) -> None:
        """Show money in pounds or thousands."""
        self.unit = unit
        if len(self._rows):
            last = self.index(len(self._rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def filters(self) -> dict[int, str]:
        """What each filtered column must contain."""
        return dict(self._rows.filters)

    def filter(self, column: int, text: str) -> None:
        """Keep the rows whose cell contains the text; no text keeps all."""
        self._rearrange(lambda: self._rows.filter(column, text))
        self._fill_page()

    def fold(self, key: object) -> None:
        """Fold a group, or open it again."""
        self._rearrange(lambda: self._rows.fold(key))

    def fold_only(self, keys: Iterable[object]) -> None:
        """Fold these groups and open all others, as one change."""
        wanted = set(keys)
        if wanted != self._rows.folded:
            self._rearrange(lambda: self._rows.fold_only(wanted))

    # Inside

    def _rearrange(self, change: Callable[[], None]) -> None:
        self.beginResetModel()
        self.revision += 1
        change()
        self.endResetModel()

    def _ask(self, after: object | None, asked_in: int) -> None:
        fetch = self._fetch
        if fetch is None:
            return
        self._asking = True
        if self._readers is None:
            self._take(fetch(after, PAGE), asked_in)
            return
        self._readers.read(
            self, lambda: fetch(after, PAGE), lambda got: self._take(got, asked_in), self._fail
        )

    def _take(self, page: Sequence[GridRow], asked_in: int) -> None:
        if asked_in != self._round:
            return
        self._asking = False
        self.revision += 1
        self._more = len(page) >= PAGE
        new, first = len(self._rows.admitted(page)), len(self._rows)
        if self._rows.folded:
            self._rearrange(lambda: self._rows.extend(page))
        elif new:
            self.beginInsertRows(_ROOT, first, first + new - 1)
            self._rows.extend(page)
            self.endInsertRows()
        else:
            self._rows.extend(page)
        self.loaded.emit()
        self._fill_page()

    def _fill_page(self) -> None:
        if self._rows.filters and self.canFetchMore() and len(self._rows) < PAGE:
            self.fetchMore()

    def _fail(self, fault: Exception) -> None:
        self._asking = False
        self._more = False
        self.failed.emit(fault)

    def _proposed(
        self, rows: Sequence[GridRow], row: int, column: int, text: str
    ) -> Proposed | None:
        if row >= len(rows) or column >= len(self.columns):
            where = "the last row" if row >= len(rows) else "the last column"
            return Proposed(
                "", "", "", text, refused=f"There is no cell here: it is beyond {where}."
            )
        line, declared = rows[row], self.columns[column]
        old = line.cells[column].value
        shut, new = self._why_shut(line, column), old
        if not shut:
            try:
                new = declared.parse(text)
            except CollabDeskError as refusal:
                shut = str(refusal)
        elif text.strip() == declared.plain(old):
            return None
        return self._line(line, declared, text, old, new, shut)

    def _line(  # noqa: PLR0913, PLR0917 the parts of one line
        self, row: GridRow, column: GridColumn, text: str, old: Value, new: Value, shut: str
    ) -> Proposed | None:
        if not shut and new == old:
            return None
        edit = CellEdit(row.key, column.key, old, new)
        if not shut and self._judge is not None:
            shut = self._judge(edit)
        after = text if shut else column.exact(new)
        before = column.exact(old)
        return Proposed(row.name, column.name, before, after, None if shut else edit, shut)

    def _with_notice(self, before: GridRow, after: GridRow) -> GridRow:
        if self.editing is None or self.editing[0] != before.key:
            return after
        place = self.editing[1]
        was, now, column = before.cells[place], after.cells[place], self.columns[place]
        if was.value == now.value and was.other == now.other:
            return after
        self.changed_elsewhere.emit(
            f"{after.name}, {column.name} changed elsewhere while you typed: "
            f"it is now {column.exact_cell(now)}."
        )
        return after.with_cell(place, now.marked(CellState.CHANGED))

    def _put(self, row: GridRow) -> Iterator[tuple[int, int]]:
        """Put a row in its place; yield which of its cells on show differ."""
        before = self._rows.known(row.key)
        if before is None:
            return
        row = self._with_notice(before, row)
        self._rows.exchange(row)
        shown = self._rows.row_of(row.key)
        if shown is None or before.cells is row.cells:
            return
        for place, (was, now) in enumerate(zip(before.cells, row.cells, strict=True)):
            if was is not now and was != now:
                yield shown, place

    def _tell(self, changed: Sequence[tuple[int, int]]) -> None:
        """Tell the views: cell by cell, or by the one block that holds them when they are many."""
        self.revision += bool(changed)
        if len(changed) > _FEW:
            rows, places = [row for row, _ in changed], [place for _, place in changed]
            last = self.index(max(rows), max(places))
            self.dataChanged.emit(self.index(min(rows), min(places)), last)
            return
        for row, place in changed:
            index = self.index(row, place)
            self.dataChanged.emit(index, index)


def _is_shut(state: CellState) -> bool:
    # Most cells are open: asking a flag costs as much as all else that is asked of a cell.
    return state is not CellState.OPEN and bool(state & _SHUT)


def _refused(line: Proposed) -> CollabDeskError:
    where = f"{line.row_name}, {line.column_name}"
    return CollabDeskError(code="cell_refused", words=f"{where}: {line.refused}", field=where)
