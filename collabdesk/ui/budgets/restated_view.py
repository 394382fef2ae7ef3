"""The ledger month by month twice: as each month was reported, and as it is known now."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR
from collabdesk.services.budgets.closing.restated import (
    Reading,
    Restated,
    RestatedRow,
    Side,
    restated,
)
from collabdesk.services.budgets.papers.audit_trail import reading
from collabdesk.ui.budgets.folding import Folding
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.wording import counted, trust
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind, Unit
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import column, holder, panel, row
from collabdesk.ui.states import EmptyState

_COLUMNS: Final = (
    GridColumn("name", "Line"),
    GridColumn("provider", "Provider"),
    *(
        GridColumn(f"m{n}", f"M{n}", MONTH_NAMES[(n + 2) % MONTHS_IN_YEAR][:3], Kind.MONEY)
        for n in range(1, MONTHS_IN_YEAR + 1)
    ),
    GridColumn("total", "Year", kind=Kind.MONEY),
)
_SIDES: Final[dict[str, Side]] = {"Actual": "actual", "Budget": "budget"}


class RestatedView(PartView):
    """One side of the ledger in one of three readings."""

    tables: ClassVar[frozenset[str]] = frozenset({"month_state"})

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(around, desk)
        self.found: Restated | None = None
        self._side, self._truth = "Actual", Reading.REPORTED
        self.sides = Segments("Side", list(_SIDES), self._side)
        self.truths = Segments("Reading", [str(one) for one in Reading], self._truth)
        self._unit: Unit | None = None
        self.grid = Grid(around.look, "As reported and restated", _COLUMNS)
        self._whole = self.unseen(self._built())
        self.sides.chosen.connect(self._choose_side)
        self.truths.chosen.connect(self._choose_truth)
        self.grid.status_changed.connect(self.status_changed)
        self.grid.said.connect(self.said)
        self.grid.drilled.connect(self._drill)

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        line = row(Folding(self.sides, self.truths))
        line.setContentsMargins(16, 4, 16, 4)
        bar.setLayout(line)
        inside = column(bar, self.grid, gap=0)
        inside.setStretch(1, 1)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    @property
    def words(self) -> str:
        """How many months are known otherwise than they were reported."""
        if self.found is None:
            return "A closed month stays as reported; what came later restates it."
        changed = sum(month.reported_p != month.restated_p for month in self.found.total)
        return f"{counted(changed, 'month')} restated." if changed else "No month is restated."

    def take_keyboard(self) -> None:
        """Give the grid the keyboard."""
        self.grid.view.setFocus()

    def read(self) -> None:
        """Read the side on show."""
        if self.plan is None:
            return
        year = self.plan.version.fiscal_year
        self.ask(
            restated, year, _SIDES[self._side], done=self._take, words="Adding the ledger up twice"
        )

    def _take(self, found: Restated) -> None:
        self.found = found
        if self.room is not None and not self.room.journals:
            self.show_empty(replace(_EMPTY, first=self.to_plan))
            return
        self._list(found)
        self.show_full(self._whole)

    def _list(self, found: Restated) -> None:
        at = self.grid.view.currentIndex()
        key = self.grid.model.row_at(at.row()).key if at.isValid() else None
        rows = [self._row(one) for one in found.rows]
        self.grid.set_rows(rows)
        total = tuple(self._truth.of(month) for month in found.total)
        cells = (
            GridCell("Total"),
            GridCell(),
            *(GridCell(one or None) for one in total),
            GridCell(sum(total)),
        )
        self.grid.set_totals([GridRow("total", cells, RowKind.TOTAL)])
        if self._unit is None:
            self._unit = Unit.POUNDS if self.grid.fits(Unit.POUNDS) else Unit.THOUSANDS
            self.grid.show_in(self._unit)
        if rows and not self.grid.select(key, "m1"):
            self.grid.select(rows[0].key, "m1")

    def _row(self, one: RestatedRow) -> GridRow:
        trusts = self.room.trusts if self.room is not None else {}
        name = GridCell(one.name.removesuffix(f" at {one.provider}"))
        provider = GridCell(trust(one.provider, trusts))
        figure = self._truth.of
        cells = [
            GridCell(
                figure(month) or None,
                state=CellState.CHANGED if differs else CellState.OPEN,
                reason="Restated since it was reported." if differs else "",
            )
            for month in one.months
            for differs in [month.reported_p != month.restated_p]
        ]
        total = GridCell(sum(figure(month) for month in one.months))
        return GridRow((one.service_line, one.provider), (name, provider, *cells, total))

    def _drill(self, key: object, name: str) -> None:
        """Go to the journals behind a figure; the other columns lead to those of the year."""
        match key:
            case (bytes() as line, str() as provider):
                wanted: bytes | None = line
            case _:
                wanted, provider = None, ""
        found = self.found.rows if self.found is not None else ()
        mine = next((r for r in found if (r.service_line, r.provider) == (wanted, provider)), None)
        number = name.removeprefix("m")
        month = int(number) if number.isdecimal() else None
        said = mine.name if mine is not None else "All lines"
        at = f"M{month}" if month else "the year"
        words = f"{said}, {self._side.lower()} of {at}, {self._truth.lower()}"
        stop = reading(words, _SIDES[self._side], self._truth, wanted, provider, month)
        self.go.emit(replace(self.where, path=(stop,)))

    def _choose_side(self, side: str) -> None:
        self._side = side
        self.read()

    def _choose_truth(self, truth: str) -> None:
        self._truth = Reading(truth)
        if self.found is not None:
            self._list(self.found)


_EMPTY: Final = EmptyState(
    "Nothing is posted yet",
    "Once a budget is agreed, each month stands here as it was reported and as it is known now.",
)
