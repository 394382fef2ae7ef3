"""The list of projects, and the leading chart of the one the cursor is on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from collabdesk.services.improvement.queries import ProjectLine
from collabdesk.services.improvement.showing import MeasureSeen
from collabdesk.ui.charts_view import ChartView
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind
from collabdesk.ui.improvement.charting import RUN, chart_of
from collabdesk.ui.improvement.says import signal_words
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import column, follow, holder, words

if TYPE_CHECKING:
    import datetime as dt

COLUMNS: Final = (
    GridColumn("title", "Project", strong=True, help="Enter or a double click opens it"),
    GridColumn("trust", "Trust"),
    GridColumn("stage", "Stage"),
    GridColumn("signal", "Latest signal", help="What the run chart of the first measure shows"),
    GridColumn("cycles", "Open cycles", kind=Kind.NUMBER),
    GridColumn("target", "Aim reached by", kind=Kind.DATE),
)
_STATES: Final = {"good": CellState.GOOD, "concern": CellState.CONCERN}
JOINT: Final = "Joint, all partners"


class ListView(QWidget):
    """Every project on one line, and a look at the one under the cursor."""

    opened = Signal(object)
    """Enter or double click: the row of the project."""
    looked_at = Signal(object)
    """The cursor moved to a project: its row."""

    def __init__(self, around: Surroundings, today: dt.date, source: str) -> None:
        """Show no projects yet."""
        super().__init__()
        self.setProperty("ground", "page")
        self._footer = (source, today)
        self.lines: dict[bytes, ProjectLine] = {}
        self.grid = Grid(around.look, "Projects", COLUMNS, strip=False)
        self.chart = ChartView(around)
        self._nothing = words("", ink="secondary", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._no_chart = holder(column(self._nothing, None), 16, 16, 16, 16)
        whole = column(self.grid, self.chart, self._no_chart, gap=0)
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        follow(
            around.look,
            self.chart,
            lambda theme: self.chart.setMinimumHeight(theme.px("size.inspectorWidth")),
        )
        follow(
            around.look,
            self.grid,
            lambda theme: self.grid.setMaximumHeight(theme.px("size.gridRow") * 9),
        )
        self.grid.drilled.connect(lambda key, _column: self.opened.emit(key))
        self.grid.current_changed.connect(lambda key, _column: self._look_at(key))

    def show_lines(self, lines: Sequence[ProjectLine], trusts: Mapping[bytes, str]) -> None:
        """Show the projects; the cursor stays on its row."""
        rows = [_row(line, trusts) for line in lines]
        same = [line.project.row for line in lines] == list(self.lines)
        here = self.grid.view.currentIndex()
        at = self.grid.model.row_at(here.row()).key if here.isValid() else None
        self.lines = {line.project.row: line for line in lines}
        if same:
            self.grid.exchange(rows)
            if isinstance(at, bytes):
                self._look_at(at)
            return
        self.grid.set_rows(rows)
        if not (isinstance(at, bytes) and self.grid.select(at, "title")):
            self.grid.view.go_to(0, 0)

    def _look_at(self, key: object) -> None:
        line = self.lines.get(key) if isinstance(key, bytes) else None
        if line is None:
            return
        leading = line.leading
        drawn = leading is not None and bool(leading.readings)
        self.chart.setVisible(drawn)
        self._no_chart.setVisible(not drawn)
        if leading is not None and drawn:
            self.chart.show_chart(chart_of(MeasureSeen(leading), (), RUN, self._footer))
        else:
            what = "no points" if leading is not None else "no measure"
            self._nothing.setText(f"“{line.project.title}” has {what} yet. Open it to add them.")
        self.looked_at.emit(key)


def finding(lines: Sequence[ProjectLine]) -> str:
    """Say over all projects how many show a signal."""
    shown = [line.leading for line in lines if line.leading is not None and line.leading.signal]
    better = sum(one.verdict == "good" for one in shown)
    worse = sum(one.verdict == "concern" for one in shown)
    count = f"1 of {len(lines)}" if len(shown) == 1 else f"{len(shown)} of {len(lines)}"
    if not shown:
        return f"None of {len(lines)} shows a signal yet" if len(lines) > 1 else "No signal yet"
    parts = [f"{better} improving" if better else "", f"{worse} getting worse" if worse else ""]
    verb = "shows" if len(shown) == 1 else "show"
    return f"{count} {verb} a signal: {', '.join(filter(None, parts)) or 'neither way is better'}"


def _row(line: ProjectLine, trusts: Mapping[bytes, str]) -> GridRow:
    project, leading = line.project, line.leading
    signal = signal_words(leading) if leading is not None else "No measure yet"
    verdict = leading.verdict if leading is not None and leading.signal else ""
    cells = (
        GridCell(project.title),
        GridCell(JOINT if line.joint else trusts.get(project.scope, "")),
        GridCell(project.status.capitalize()),
        GridCell(signal, None, _STATES.get(verdict, CellState.OPEN)),
        GridCell(line.open_cycles),
        GridCell(project.target_date),
    )
    return GridRow(project.row, cells)
