"""Typing and pasting the points of a measure; refused rows are shown before anything is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from collabdesk.domain.improvement.measures import ValueKind
from collabdesk.errors import Refusal
from collabdesk.services.improvement import PointTyped, RecordDataPoints
from collabdesk.services.improvement.points import refused_points
from collabdesk.ui.desk import Desk
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.grid import (
    CellEdit,
    CellState,
    Grid,
    GridCell,
    GridColumn,
    GridRow,
    Kind,
)
from collabdesk.ui.messages import Action, Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import words

if TYPE_CHECKING:
    from collabdesk.services.improvement.records import DataPoint, Measure
    from collabdesk.services.workspace import Done

SPARE: Final = 60
"""Empty rows to type or paste into."""
_AHEAD: Final = 6
_PARTS: Final = frozenset((ValueKind.PROPORTION.value, ValueKind.RATE.value))
_TAKEN: Final = "This period is entered already. Change its value beside it."


def columns_for(measure: Measure) -> tuple[GridColumn, ...]:
    """Return the columns of a measure: a value, and its parts where it may have them."""
    unit = f"Value ({measure.unit})" if measure.unit else "Value"
    parts = (
        (
            GridColumn("numerator", "Numerator", kind=Kind.NUMBER, editable=True),
            GridColumn("denominator", "Denominator", kind=Kind.NUMBER, editable=True),
        )
        if measure.value_kind in _PARTS
        else ()
    )
    return (
        GridColumn("period_start", "Period starts", kind=Kind.DATE, editable=True),
        GridColumn("value", unit, kind=Kind.NUMBER, editable=True),
        *parts,
        GridColumn("note", "Note", editable=True),
    )


class PointsDialog(Dialog):
    """A sheet of periods and values, as in a spreadsheet."""

    sent = Signal(object)

    def __init__(
        self,
        around: Surroundings,
        desk: Desk,
        measure: Measure,
        there: Iterable[DataPoint],
        parent: QWidget | None = None,
    ) -> None:
        """Show what is there and room for more."""
        super().__init__(around.look, f"Points of “{measure.name}”", "large", parent)
        self._around, self._desk, self._measure = around, desk, measure
        self.columns = columns_for(measure)
        self._rows: dict[int, GridRow] = {}
        self._sent_rows: list[int] = []
        self.banner = Banner(around.look)
        self.grid = Grid(
            around.look, "Points", self.columns, commit=self._write, strip=False, frozen=0
        )
        self.grid.view.setMinimumHeight(around.look.theme.px("size.gridRow") * 10)
        self.body.addWidget(
            words(
                "Type, or copy periods and values in a spreadsheet and paste them here with "
                "Ctrl+V. Nothing is kept until you press Save points.",
                ink="secondary",
                wrap=True,
            )
        )
        self.body.addWidget(self.banner)
        self.body.addWidget(self.grid, 1)
        self.save = self.add_button(
            "Save points", QDialogButtonBox.ButtonRole.ApplyRole, primary=True
        )
        self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.save.setAutoDefault(False)
        self.save.setDefault(False)
        self.save.clicked.connect(lambda _on=False: self.send())
        self.grid.failed.connect(lambda fault: self.banner.refuse(around.explainer.explain(fault)))
        self._fill(there)

    def _fill(self, there: Iterable[DataPoint]) -> None:
        known = [self._known(place, point) for place, point in enumerate(there)]
        blank = tuple(GridCell() for _ in self.columns)
        spare = [GridRow(len(known) + n, blank) for n in range(SPARE)]
        self._rows = dict(enumerate([*known, *spare]))
        self.grid.set_rows(list(self._rows.values()))
        self.grid.view.go_to(len(known) + _AHEAD, 0)  # so that the empty rows are in sight
        self.grid.view.go_to(len(known), 0)
        self.grid.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _known(self, place: int, point: DataPoint) -> GridRow:
        cells = []
        for column in self.columns:
            shut = column.key == "period_start"
            state = CellState.CLOSED if shut else CellState.OPEN
            cells.append(GridCell(getattr(point, column.key), None, state, _TAKEN if shut else ""))
        return GridRow(place, tuple(cells))

    def _write(self, edits: list[CellEdit]) -> None:
        keys = [column.key for column in self.columns]
        changed = {}
        for edit in edits:
            key = int(str(edit.row))
            place = keys.index(edit.column)
            cell = self._rows[key].cells[place]._replace(value=edit.new, reason="")
            self._rows[key] = self._rows[key].with_cell(place, cell.unmarked(CellState.REFUSED))
            changed[key] = self._rows[key]
        self.grid.exchange(changed.values())

    # Sending

    def send(self) -> None:
        """Look for refusals first; keep everything only where there are none."""
        self.banner.hide()
        rows = [key for key, line in self._rows.items() if any(_told(line))]
        self._send(rows)

    def _send(self, rows: list[int]) -> None:
        if not rows:
            self.banner.say("There is nothing to save yet.", "Type or paste a value first.")
            return
        self._sent_rows = rows
        command = self._command(rows)
        self.save.setEnabled(False)
        self._around.readers.read(
            self,
            lambda: self._refusals(command),
            lambda refused: self._judged(command, refused),
            self._refused,
        )

    def _command(self, rows: list[int]) -> RecordDataPoints:
        return RecordDataPoints(self._measure.row, tuple(self._typed(key) for key in rows))

    def _typed(self, key: int) -> PointTyped:
        values = {
            column.key: cell.value
            for column, cell in zip(self.columns, self._rows[key].cells, strict=True)
        }
        start = values.pop("period_start")
        texts = {name: "" if value is None else str(value) for name, value in values.items()}
        return PointTyped(start if isinstance(start, dt.date) else None, **texts)

    def _refusals(self, command: RecordDataPoints) -> tuple[Refusal, ...]:
        workspace = self._desk.workspace
        me = workspace.me()
        return workspace.query(lambda reads: refused_points(command, reads, me))

    def _judged(self, command: RecordDataPoints, refused: tuple[Refusal, ...]) -> None:
        if not refused:
            self._desk.submit(self, command, self._done, self._refused)
            return
        self.save.setEnabled(True)
        bad = [self._mark(refusal) for refusal in refused]
        others = [key for key in self._sent_rows if key not in bad]
        count = "1 row" if len(bad) == 1 else f"{len(bad)} rows"
        fine = "the other row" if len(others) == 1 else f"the other {len(others)} rows"
        rest = f"{refused[0].words} {refused[0].remedy} Nothing has been kept yet."
        action = Action(f"Save {fine}", lambda: self._send(others)) if others else None
        self.banner.say(f"{count} cannot be kept.", rest, "danger", action)
        self.grid.select(bad[0], self._column_of(refused[0]))

    def _mark(self, refusal: Refusal) -> int:
        number, _, _name = refusal.field.partition(".")
        place = int(number) - 1 if number.isdigit() else 0
        key = self._sent_rows[place]
        index = self.grid.model.index(key, self._place_of(refusal))
        self.grid.model.mark(index, CellState.REFUSED, f"{refusal.words} {refusal.remedy}")
        self._rows[key] = self.grid.model.row_at(key)
        return key

    def _column_of(self, refusal: Refusal) -> str:
        return self.columns[self._place_of(refusal)].key

    def _place_of(self, refusal: Refusal) -> int:
        name = refusal.field.rpartition(".")[2]
        keys = [column.key for column in self.columns]
        return keys.index(name) if name in keys else 1

    def _refused(self, fault: Exception) -> None:
        self.save.setEnabled(True)
        self.banner.refuse(self._around.explainer.explain(fault))

    def _done(self, done: Done) -> None:
        self.accept()
        self.sent.emit(done)


def _told(line: GridRow) -> Iterable[bool]:
    return (cell.value not in {None, ""} for cell in line.cells)
