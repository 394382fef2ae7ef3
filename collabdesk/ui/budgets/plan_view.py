"""The budget grid: typed, pasted and filled like a spreadsheet, one command for each step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from collabdesk.domain.budgets.cell_notes import WHOLE
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.services.budgets.commands import AmountEdit
from collabdesk.services.budgets.planning.line_notes import PlaceOfNote
from collabdesk.services.budgets.queries import ServiceLine
from collabdesk.services.budgets.room import Plan
from collabdesk.ui.budgets.rows import MONTHS, RowKey, columns, contested, foot, month_of, rows
from collabdesk.ui.grid import CellEdit, CellState, Grid, GridRow, Unit
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.parts import column
from collabdesk.ui.theme import Look

LINES: Final = "Lines"
PROVIDERS: Final = "Providers"
_TALL: Final = 800
_HELP: Final = (
    "Type an amount or a sum such as =1200000/12. Ctrl+C and Ctrl+V copy and paste as in a "
    "spreadsheet, Ctrl+D fills down, Ctrl+R fills right, Delete plans nothing. Shift+F2 writes a "
    "note on the line. Ctrl+[ asks who says so; Enter does where a figure is only read. Ctrl+Z "
    "takes your last step back."
)
Place = tuple[RowKey, str]


class PlanView(QWidget):
    """One version, month by month."""

    edited = Signal(object)
    """Planned amounts to be set as one step: a tuple of AmountEdit."""
    moved = Signal(object, str)
    """The current cell: row key and column key."""
    drilled = Signal(object, str)
    note_wanted = Signal(object, str)
    status_changed = Signal(list)
    unit_changed = Signal()
    failed = Signal(object)
    said = Signal(str)

    def __init__(self, look: Look) -> None:
        """Show no version yet."""
        super().__init__()
        self._look = look
        self._kind: tuple[bool, str] | None = None
        self._version = b""
        self._grid: Grid | None = None
        self._waiting: tuple[GridRow, ...] | None = None
        self._contested: list[Place] = []
        self._elsewhere: set[Place] = set()
        self._noted: Mapping[PlaceOfNote, str] = {}
        self._at: Place | None = None
        self._unit: Unit | None = None
        self._box = column(gap=0)
        self.setLayout(self._box)

    @property
    def grid(self) -> Grid:
        """The grid on show."""
        if self._grid is None:
            raise LookupError("no version is on show")
        return self._grid

    @property
    def unit(self) -> Unit | None:
        """How money is shown, once that is known."""
        return self._unit

    @property
    def current(self) -> Place | None:
        """The current cell: row key and column key."""
        return self._at

    def show_plan(
        self,
        plan: Plan,
        lines: Sequence[ServiceLine],
        trusts: Mapping[str, str],
        *,
        elsewhere: bool = False,
    ) -> None:
        """Show a version; what changed `elsewhere` is marked until it was looked at."""
        made, below = rows(plan, lines, trusts), foot(plan)
        self._contested = list(contested(plan))
        kind = (plan.grid.posted, plan.version.fiscal_year)
        if kind != self._kind or plan.version.row != self._version:
            self._begin(plan, made, below)
            self._kind, self._version = kind, plan.version.row
            return
        if elsewhere:
            self._elsewhere |= set(self._differing(made))
        made = tuple(self._with_notes(row) for row in self._marked(made))
        self.grid.exchange([*made, *below])
        if self._keys() != [row.key for row in made]:
            self._waiting = made
            self._rearrange()

    def show_notes(self, noted: Mapping[PlaceOfNote, str]) -> None:
        """Mark the lines and months that carry a note."""
        self._noted = noted
        if self._grid is not None:
            known = list(self._grid.model.all_rows())
            marked = [self._with_notes(row) for row in known]
            self._grid.exchange(
                [now for was, now in zip(known, marked, strict=True) if now is not was]
            )

    def _with_notes(self, row: GridRow) -> GridRow:
        line = _key(row).plan_line
        if not line:
            return row
        for place, cell in enumerate(row.cells):
            # The note on the line stands on its name and on its year.
            note = self._noted.get((line, place if place <= MONTHS_IN_YEAR else WHOLE), "")
            if note != cell.note:
                row = row.with_cell(place, cell.noted(note))
        return row

    def next_contested(self) -> Place | None:
        """Return the next contested amount after the current cell, round the end."""
        found = self._contested
        here = found.index(self._at) + 1 if self._at in found else 0
        return next(iter([*found[here:], *found]), None)

    def go_to(self, place: Place) -> None:
        """Make a cell current, unfolding what hides it."""
        key, name = place
        if self.grid.model.row_of(key) is None:
            self._unfold()
        self.grid.select(key, name)

    def go_to_line(self, plan_line: bytes) -> None:
        """Make a line of the plan current, in the month that is current."""
        column = self._at[1] if self._at is not None else "m1"
        for row in self.grid.model.all_rows():
            if _key(row).plan_line == plan_line and plan_line:
                self.go_to((_key(row), column))

    def take_keyboard(self) -> None:
        """Give the grid the keyboard."""
        self.grid.view.setFocus()

    def _begin(self, plan: Plan, made: tuple[GridRow, ...], below: tuple[GridRow, ...]) -> None:
        at, before = self._at, self._grid
        name = f"{plan.version.name}, {'agreed' if plan.grid.posted else plan.version.state}"
        self._grid = Grid(self._look, name, columns(plan), commit=self._commit)
        self._elsewhere.clear()
        self._grid.view.setWhatsThis(_HELP)
        self._connect(self._grid)
        self._switches(self._grid, posted=plan.grid.posted)
        self._grid.fill(made, below, self._unit or Unit.THOUSANDS)
        if before is not None:
            before.hide()
            before.deleteLater()
        self._box.addWidget(self._grid)
        self._fold(folded=plan.grid.posted)
        known = at is not None and at[0] in {row.key for row in made}
        self.go_to(at if at is not None and known else self._first(made))
        QTimer.singleShot(0, self._grid, self._settle)

    def _first(self, made: Sequence[GridRow]) -> Place:
        typed = next((row.key for row in made if _key(row).level == "provider"), None)
        shown = typed if isinstance(typed, RowKey) else RowKey("planned")
        if isinstance(typed, RowKey) and self.grid.model.row_of(typed) is None:
            shown = _key(self.grid.model.row_at(0))
        return next(iter(self._contested), (shown, "m1"))

    def _connect(self, grid: Grid) -> None:
        grid.current_changed.connect(self._move)
        grid.drilled.connect(self.drilled)
        grid.note_wanted.connect(self.note_wanted)
        grid.status_changed.connect(self.status_changed)
        grid.failed.connect(self.failed)
        grid.said.connect(self.said)
        grid.strip.unit_chosen.connect(self._keep_unit)
        grid.view.typing.closeEditor.connect(
            lambda *_ended: QTimer.singleShot(0, self, self._rearrange)
        )

    def _switches(self, grid: Grid, *, posted: bool) -> None:
        first = LINES if posted else PROVIDERS
        self._levels = Segments("Show", [LINES, PROVIDERS], first)
        self._levels.chosen.connect(lambda said: self._fold(folded=said == LINES))
        grid.strip.add_switch(self._levels)

    def _keep_unit(self, unit: Unit) -> None:
        self._unit = unit
        self.unit_changed.emit()

    def _settle(self) -> None:
        # How much room there is, is known once the page is laid out.
        if self._unit is None:
            unit = Unit.POUNDS if self.grid.fits(Unit.POUNDS) else Unit.THOUSANDS
            self._keep_unit(unit)
            self.grid.show_in(unit)
        if self.height() >= _TALL * self._look.theme.factor:
            self._levels.choose(PROVIDERS)

    def _fold(self, *, folded: bool) -> None:
        model = self.grid.model
        lines = {key for key in map(_key, model.all_rows()) if key.level == "line"}
        model.fold_only(model.folded | lines if folded else model.folded - lines)
        if self._at is not None and model.row_of(self._at[0]) is not None:
            self.grid.select(*self._at)

    def _unfold(self) -> None:
        self.grid.model.fold_only(())

    def _commit(self, edits: list[CellEdit]) -> None:
        month = {column.key: month_of(column.key) for column in self.grid.model.columns}
        made = tuple(
            AmountEdit(edit.row.plan_line, number, new_p, old_p)
            for edit in edits
            if isinstance(edit.row, RowKey)
            and (number := month[edit.column]) is not None
            and (new_p := _pence(edit.new)) != (old_p := _pence(edit.old))
        )
        if made:
            self.edited.emit(made)

    def _move(self, key: object, name: str) -> None:
        if isinstance(key, RowKey):
            if self._at is not None and self._at != (key, name):
                self._elsewhere.discard(self._at)
            self._at = (key, name)
            self.moved.emit(key, name)

    # Changes from elsewhere

    def _differing(self, made: Sequence[GridRow]) -> Iterator[Place]:
        known = {row.key: row for row in self.grid.model.all_rows()}
        for row in made:
            before = known.get(row.key)
            if before is None or _key(row).level != "provider":
                continue
            for month in MONTHS:
                was, now = before.cells[month], row.cells[month]
                if (was.value, was.other) != (now.value, now.other):
                    yield _key(row), f"m{month}"

    def _marked(self, made: tuple[GridRow, ...]) -> tuple[GridRow, ...]:
        if not self._elsewhere:
            return made
        named: dict[object, list[int]] = defaultdict(list)
        for key, name in self._elsewhere:
            named[key].append(month_of(name) or 0)
        return tuple(_with_marks(row, named.get(row.key, ())) for row in made)

    def _keys(self) -> list[object]:
        return [row.key for row in self.grid.model.all_rows()]

    def _rearrange(self) -> None:
        """Take rows in or out, leaving the current cell where it stands on the screen."""
        if self._waiting is None or self.grid.model.editing is not None:
            return
        made, self._waiting = self._waiting, None
        view, at = self.grid.view, self._at
        top = view.visualRect(view.currentIndex()).top()
        self.grid.set_rows(made)
        self.grid.measure()
        if at is not None and self.grid.select(*at):
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() + view.visualRect(view.currentIndex()).top() - top)


def _key(row: GridRow) -> RowKey:
    if not isinstance(row.key, RowKey):
        raise TypeError(row.key)
    return row.key


def _with_marks(row: GridRow, months: Iterable[int]) -> GridRow:
    for month in filter(None, months):
        row = row.with_cell(month, row.cells[month].marked(CellState.CHANGED))
    return row


def _pence(value: object) -> int:
    return value if isinstance(value, int) else 0
