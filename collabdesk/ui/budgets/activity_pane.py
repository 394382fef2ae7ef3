"""A month's activity: typed or pasted, priced as it is typed, shared as flex and then frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from collabdesk.domain.budgets.terms import Counted
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.contracts.contract_board import (
    ContractLine,
    ContractsBoard,
    CountedMonth,
    preview_p,
)
from collabdesk.services.budgets.contracts.contract_commands import Entry
from collabdesk.ui.budgets.contract_words import MEASURES, pounds_text, price_column
from collabdesk.ui.grid import (
    CellEdit,
    CellState,
    Grid,
    GridCell,
    GridColumn,
    GridRow,
    Kind,
    RowKind,
)
from collabdesk.ui.parts import column
from collabdesk.ui.theme import Look

Place = tuple[bytes, Counted]
_NUMBER, _MONEY = Kind.NUMBER, Kind.MONEY
_COLUMNS: Final = (
    GridColumn("contract", "Contract"),
    GridColumn("measure", "Counted"),
    GridColumn("planned", "Planned", kind=_NUMBER),
    GridColumn("flex", "Flex", "shared", kind=_NUMBER),
    GridColumn("freeze", "Freeze", "shared", kind=_NUMBER),
    GridColumn("quantity", "Count", "to share", kind=_NUMBER, editable=True),
    GridColumn("people", "People", "stays here", kind=_NUMBER, editable=True),
    price_column("price", "Price", "of one, £", editable=False),
    GridColumn("cost", "Count", "× price", kind=_MONEY),
    GridColumn("month", "Contract", "comes to", kind=_MONEY, strong=True),
    GridColumn("plan", "Against", "plan", kind=_MONEY, signed=True),
)
_HELP: Final = (
    "Type or paste the count and the people behind it. The month is priced as you type; nothing "
    "is shared before you say so. People are never shared: a count that rests on "
    "fewer than the partners agreed is hidden from others."
)


class ActivityPane(QWidget):
    """One month of every contract that counts something."""

    status_changed = Signal(list)
    said = Signal(str)
    failed = Signal(object)
    changed = Signal()

    def __init__(self, look: Look) -> None:
        """Show no month yet."""
        super().__init__()
        self.setProperty("ground", "page")
        self.grid = Grid(look, "Activity of the month", _COLUMNS, commit=self._commit, frozen=2)
        self.grid.view.setWhatsThis(_HELP)
        box = column(self.grid, gap=0)
        self.setLayout(box)
        self.board: ContractsBoard | None = None
        self.month = 1
        self._typed: dict[Place, dict[str, int]] = {}
        self.grid.status_changed.connect(self.status_changed)
        self.grid.said.connect(self.said)
        self.grid.failed.connect(self.failed)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was typed and not shared yet."""
        return tuple(
            Entry(row, self.month, measure, typed["quantity"], typed.get("people", 0))
            for (row, measure), typed in self._typed.items()
            if "quantity" in typed
        )

    def forget(self) -> None:
        """Forget what was typed: it was shared, or another month is on show."""
        self._typed.clear()

    def show_month(self, board: ContractsBoard, month: int) -> None:
        """Show a month; what was typed into it stays."""
        if month != self.month:
            self.forget()
        self.board, self.month = board, month
        comes = self._months()
        rows = [
            _row(line, measure, month, self._typed, board.below, comes[line.contract.row])
            for line, measure in self._places()
        ]
        known = [row.key for row in self.grid.model.all_rows()] == [row.key for row in rows]
        if known and rows:
            self.grid.exchange(rows)
        else:
            self.grid.set_rows(rows)
        self.grid.set_totals([self._total(comes)])
        if not known and rows:
            self.grid.select(rows[0].key, "quantity")
        self.changed.emit()

    def take_keyboard(self) -> None:
        """Give the grid the keyboard."""
        self.grid.view.setFocus()

    def _places(self) -> Iterable[tuple[ContractLine, Counted]]:
        for line in self.board.lines if self.board is not None else ():
            me = self.board.me if self.board is not None else None
            if me is not None and (me.is_lead or line.contract.provider == me.ods):
                yield from ((line, measure) for measure in line.measures)

    def _commit(self, edits: list[CellEdit]) -> None:
        for edit in edits:
            if not isinstance(edit.row, tuple):
                continue
            typed = self._typed.setdefault(edit.row, {})
            if isinstance(edit.new, int):
                typed[edit.column] = edit.new
            else:
                typed.pop(edit.column, None)
        if self.board is not None:
            self.show_month(self.board, self.month)

    def _months(self) -> dict[bytes, int | None]:
        """Return what the month of each contract comes to, worked out once for all its rows."""
        counted: dict[bytes, dict[Counted, int]] = {}
        for (row, measure), found in self._typed.items():
            if "quantity" in found:
                counted.setdefault(row, {})[measure] = found["quantity"]
        lines = {line.contract.row: line for line, _ in self._places()}
        return {
            row: _month_p(line, self.month, counted.get(row, {})) for row, line in lines.items()
        }

    def _total(self, months: Mapping[bytes, int | None]) -> GridRow:
        lines = {line.contract.row: line for line, _ in self._places()}
        comes = sum(month_p or 0 for month_p in months.values())
        plan = sum(line.one.plan_p[self.month - 1] for line in lines.values())
        cells = [GridCell("All on show"), *(GridCell(None) for _ in range(8))]
        return GridRow("total", (*cells, GridCell(comes), GridCell(comes - plan)), RowKind.TOTAL)


def _row(  # noqa: PLR0913, PLR0917 what a row is made from
    line: ContractLine,
    measure: Counted,
    month: int,
    typed: dict[Place, dict[str, int]],
    below: int,
    comes: int | None,
) -> GridRow:
    key = (line.contract.row, measure)
    mine = typed.get(key, {})
    shared = line.activity.get(measure, (CountedMonth(),) * 12)[month - 1]
    price = line.price_on(measure, line.one.year.month(month).first)
    quantity = mine.get("quantity", shared.quantity)
    against = None if comes is None else comes - line.one.plan_p[month - 1]
    # A contract's month is said once, beside the first of what is counted for it.
    first = measure == line.measures[0]
    planned = line.planned[month - 1] if measure in {Counted.BED_DAYS, Counted.CASES} else None
    cells = (
        GridCell(line.contract.reference),
        GridCell(MEASURES[measure]),
        GridCell(planned or None),
        GridCell(shared.flex),
        GridCell(shared.freeze, state=CellState.LOCKED if shared.freeze is not None else _OPEN),
        _quantity(mine, shared),
        GridCell(mine.get("people"), state=_people(mine, below)),
        GridCell(pounds_text(price)),
        GridCell(quantity * price if quantity is not None and price is not None else None),
        GridCell(comes if first else None, state=CellState.FORECAST if mine else _OPEN),
        GridCell(against if first else None),
    )
    return GridRow(key, cells)


_OPEN: Final = CellState.OPEN


def _quantity(mine: dict[str, int], shared: CountedMonth) -> GridCell:
    if shared.hidden and "quantity" not in mine:
        said = "What was shared rests on too few people to be shown"
        return GridCell(None, state=CellState.NOTE, reason=said)
    return GridCell(mine.get("quantity"))


def _people(mine: dict[str, int], below: int) -> CellState:
    few = "quantity" in mine and mine.get("people", 0) < below
    return CellState.CONCERN if few else _OPEN


def _month_p(line: ContractLine, month: int, counted: dict[Counted, int]) -> int | None:
    if not counted:
        return None if line.one.why is not None else line.one.due_p[month - 1]
    return preview_p(line, month, counted)


def month_choices(year: FiscalYear) -> list[str]:
    """Return the months of a year as they are chosen from."""
    return [month.label for month in year.months]
