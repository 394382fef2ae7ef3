"""The envelope: opening allocation, each letter, what is planned and what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from collabdesk.services.budgets.amounts import Amount
from collabdesk.services.budgets.queries import MoveLine
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.ui.budgets.headline import left_words
from collabdesk.ui.budgets.rows import RANGE
from collabdesk.ui.budgets.rows import rows as plan_rows
from collabdesk.ui.budgets.wording import month_label
from collabdesk.ui.charts_drawn import chart
from collabdesk.ui.charts_view import ChartView
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import column, holder

if TYPE_CHECKING:
    from collabdesk.charts.drawn import Footer, Frame, Picture
    from collabdesk.charts.style import Style

_COLUMNS: Final = (
    GridColumn("reference", "Allocation"),
    GridColumn("amount", "Amount", kind=Kind.MONEY),
    GridColumn("month", "From"),
    GridColumn("kind", "Kind"),
    GridColumn("letter", "Letter", kind=Kind.DATE),
    GridColumn("ledger", "Ledger"),
    GridColumn("commissioner", "Commissioner"),
    GridColumn("evidence", "Evidence"),
)
_BAR: Final = 18
"""Pixels a bar needs so that its words do not touch the next one's."""
_AROUND: Final = 130
_SHOWN: Final = 8
"""Signs of a fingerprint that are shown; the rest is in the history."""


class EnvelopeView(QWidget):
    """Waterfall and allocations of one version."""

    moved = Signal(object)
    """The allocation that is current: its row."""
    status_changed = Signal(list)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, around: Surroundings) -> None:
        """Draw nothing yet."""
        super().__init__()
        self.setProperty("ground", "page")
        self.chart = ChartView(around)
        self.moves = Grid(around.look, "Allocations of the envelope", _COLUMNS, strip=False)
        self._look = around.look
        self._drawn: tuple[object, ...] = ()
        inside = column(self.chart, self.moves, gap=0)
        inside.setStretch(0, 1)
        self.setLayout(column(_scrolled(holder(inside)), gap=0))
        self.moves.current_changed.connect(lambda key, _column: self.moved.emit(key))
        self.moves.status_changed.connect(self.status_changed)
        for part in (self.chart, self.moves):
            part.said.connect(self.said)
            part.failed.connect(self.failed)

    def show_plan(self, room: Room, plan: Plan, today: dt.date) -> None:
        """Show the envelope of a version; it is drawn again only when it differs."""
        opening = [plan.summary.opening] if plan.summary.opening else []
        steps = [*opening, *plan.summary.letters]
        self._list(plan, steps)
        bars = len(steps) + len(_lines(room, plan)) + 3
        self.chart.setMinimumHeight(round((bars * _BAR + _AROUND) * self._look.theme.factor))
        shown = (plan.summary, plan.grid.total)
        if shown != self._drawn:
            self._drawn = shown
            self._draw(room, plan, today)

    @property
    def current(self) -> bytes | None:
        """The allocation that is current."""
        at = self.moves.view.currentIndex()
        key = self.moves.model.row_at(at.row()).key if at.isValid() else None
        return key if isinstance(key, bytes) else None

    def take_keyboard(self) -> None:
        """Give the list of allocations the keyboard."""
        self.moves.view.setFocus()

    def _list(self, plan: Plan, steps: Sequence[MoveLine]) -> None:
        year, posted = plan.version.fiscal_year, plan.summary.posted is not None
        made = [_row(step, year, posted=posted) for step in steps]
        at = self.moves.view.currentIndex()
        key = self.moves.model.row_at(at.row()).key if at.isValid() else None
        self.moves.set_rows(made)
        envelope = _cell(plan.summary.current.envelope)
        blank = (GridCell(),) * (len(_COLUMNS) - 2)
        total = GridRow("total", (GridCell("Envelope"), envelope, *blank), RowKind.TOTAL)
        self.moves.set_totals([total])
        if made and not self.moves.select(key, "amount"):
            self.moves.select(made[0].key, "amount")

    def _draw(self, room: Room, plan: Plan, today: dt.date) -> None:
        def build(style: Style, frame: Frame) -> Picture:
            from collabdesk.charts.envelope_chart import Amount as Bar
            from collabdesk.charts.envelope_chart import EnvelopeContent, envelope_chart

            now, (opening_p, letters) = plan.summary.current, _steps(plan)
            content = EnvelopeContent(
                opening_p,
                tuple(Bar(step.reference, step.amount.shown_p) for step in letters),
                tuple(Bar(name, amount_p) for name, amount_p in _lines(room, plan)),
                now.contingency.shown_p,
                plan.version.fiscal_year,
                _title(now.unallocated),
            )
            return envelope_chart(content, style, frame)

        def footer() -> Footer:
            from collabdesk.charts.drawn import Footer as Foot

            stamp = plan.summary.stamp.words if plan.grid.posted else "Draft, not posted"
            return Foot(plan.version.name, plan.version.fiscal_year, today, stamp)

        self.chart.show_chart(chart(build, footer))


def _scrolled(inside: QWidget) -> QScrollArea:
    inside.setProperty("ground", "page")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def _steps(plan: Plan) -> tuple[int, tuple[MoveLine, ...]]:
    """Return what the year opened with, of every commissioner, and each letter since."""
    waiting = {step.row for step in plan.summary.waiting}
    first = (plan.summary.opening,) if plan.summary.opening else ()
    opened = [*first, *(step for step in plan.summary.letters if step.kind == "opening")]
    letters = (step for step in plan.summary.letters if step.kind != "opening")
    return (
        sum(step.amount.shown_p for step in opened),
        tuple(step for step in letters if step.row not in waiting),
    )


def _title(left: Amount) -> str:
    figure, said = left_words(left)
    return f"{figure} {said}" if left.contested else ""


def _lines(room: Room, plan: Plan) -> list[tuple[str, int]]:
    groups = [row for row in plan_rows(plan, room.lines, room.trusts) if row.level == 0]
    return [(row.name, _shown(row)) for row in groups if row.kind is RowKind.GROUP]


def _shown(row: GridRow) -> int:
    cell = row.cells[-1]
    return cell.value if isinstance(cell.value, int) else 0


def _row(step: MoveLine, year: str, *, posted: bool) -> GridRow:
    cells = (
        GridCell(step.reference),
        _cell(step.amount),
        GridCell(month_label(year, step.effective_month)),
        GridCell(step.recurrence.replace("_", "-").capitalize()),
        GridCell(step.letter_date),
        _in_ledger(step) if posted else GridCell(),
        GridCell(step.commissioner),
        GridCell(_evidence(step)),
    )
    return GridRow(step.row, cells)


def _in_ledger(step: MoveLine) -> GridCell:
    if step.journal is not None:
        return GridCell(f"#{step.journal}")
    return GridCell("Waits to be posted", state=CellState.CONCERN)


def _evidence(step: MoveLine) -> str:
    if step.evidence_sha256 is None:
        return ""
    return f"{step.evidence_name or 'A file'}, {step.evidence_sha256.hex()[:_SHOWN]}…"


def _cell(amount: Amount) -> GridCell:
    if amount.contested:
        return GridCell(amount.low_p, amount.high_p, CellState.CONTESTED, RANGE)
    return GridCell(amount.shown_p)
