"""One project on one page: aim and drivers, the PDSA ramp, and the measure with its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from collabdesk.ui.charts_view import ChartView
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.improvement.charting import RUN, XMR, chart_of
from collabdesk.ui.improvement.diagram import DriverDiagram
from collabdesk.ui.improvement.ramp import RampStrip
from collabdesk.ui.messages import Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import button, column, follow, holder, row, rule, words

if TYPE_CHECKING:
    import datetime as dt

    from collabdesk.services.improvement.showing import MeasureSeen, ProjectSeen


class ProjectView(QWidget):
    """What a project is, what was tested, and what the measure shows."""

    driver_chosen = Signal(object)
    cycle_chosen = Signal(object)
    pointed = Signal(int)
    measure_changed = Signal()
    driver_wanted = Signal()
    cycle_wanted = Signal()
    measure_wanted = Signal()
    points_wanted = Signal()

    def __init__(self, around: Surroundings, today: dt.date, source: str) -> None:
        """Lay the parts out; `source` stands in the footer of saved pictures."""
        super().__init__()
        self.setProperty("ground", "page")
        self._footer = (source, today)
        self.seen: ProjectSeen | None = None
        self.notice = Banner(around.look)
        self.diagram = DriverDiagram(around.look)
        self.ramp = RampStrip(around.look, self.cycle_wanted.emit)
        self.chart = ChartView(around)
        self.kind = Segments("Chart", [RUN, XMR], RUN)
        self.measures = QComboBox()
        self.measures.setAccessibleName("Measure")
        self.add_driver = button("Add driver…", self.driver_wanted.emit, small=True)
        self._nothing = _Invitation(self.measure_wanted.emit, self.points_wanted.emit)
        self._build(around)
        self.kind.chosen.connect(lambda _kind: self._switch())
        self.measures.activated.connect(lambda _place: self._switch())
        self.diagram.chosen.connect(self.driver_chosen)
        self.ramp.chosen.connect(self.cycle_chosen)
        self.chart.pointed.connect(self.pointed)

    def _build(self, around: Surroundings) -> None:
        self.chart.add_switch(self.measures)
        self.chart.add_switch(self.kind)
        follow(
            around.look,
            self.chart,
            lambda theme: self.chart.setMinimumHeight(theme.px("size.inspectorWidth") + 40),
        )
        self.diagram.give_corner(self.add_driver)
        whole: QVBoxLayout = column(
            self.notice,
            holder(row(self.diagram), 16, 6, 16, 8),
            rule(),
            self.ramp,
            rule(),
            self.chart,
            self._nothing,
            gap=0,
        )
        whole.setStretch(5, 1)
        whole.setStretch(6, 1)
        inside = holder(whole)
        inside.setProperty("ground", "page")
        outside = column(_Area(inside), gap=0)
        self.setLayout(outside)

    @property
    def measure(self) -> MeasureSeen | None:
        """The measure on show."""
        if self.seen is None or not self.seen.measures:
            return None
        return self.seen.measures[max(self.measures.currentIndex(), 0)]

    @property
    def chart_kind(self) -> str:
        """Run or XmR."""
        return XMR if self.kind.options[XMR].isChecked() else RUN

    def show_project(self, seen: ProjectSeen) -> None:
        """Show a project as it was read; the measure chosen stays chosen."""
        before = self.measure.row if self.measure is not None else None
        if self.seen is not None and self.seen.page.project.row != seen.page.project.row:
            before = None
        self.seen = seen
        self.diagram.show_levels(seen.page.levels)
        self.ramp.show_ramps(seen.page.ramps, self.ideas)
        self._allow(seen.why_shut)
        self.measures.clear()
        for measure in seen.measures:
            self.measures.addItem(measure.run.measure.name)
        rows = [measure.row for measure in seen.measures]
        self.measures.setCurrentIndex(rows.index(before) if before in rows else 0)
        self.measures.setVisible(len(rows) > 1)
        self._draw()

    def _allow(self, why_shut: str) -> None:
        self.add_driver.setEnabled(not why_shut)
        self.add_driver.setToolTip(why_shut)
        ideas = bool(self.seen and self.seen.page.levels[-1])
        self.ramp.allow(why_shut or ("" if ideas else "Add a change idea to the diagram first."))

    @property
    def ideas(self) -> dict[bytes, str]:
        """The words of every box of the diagram by its row."""
        levels = self.seen.page.levels if self.seen is not None else ()
        return {node.driver.row: node.driver.text for level in levels for node in level}

    def _switch(self) -> None:
        self._draw()
        self.measure_changed.emit()

    def mark(self, table: str, row: bytes) -> None:
        """Show which box or card the inspector is about."""
        self.diagram.mark(row if table == "driver" else None)
        self.ramp.mark(row if table == "pdsa_cycle" else None)

    def _draw(self) -> None:
        measure = self.measure
        drawn = measure is not None and bool(measure.run.readings)
        self.chart.setVisible(drawn)
        self._nothing.setVisible(not drawn)
        if measure is None or self.seen is None:
            self._nothing.invite("", self.seen.why_shut if self.seen else "")
        elif not measure.run.readings:
            self._nothing.invite(measure.run.measure.name, self.seen.why_shut)
        else:
            ideas = self.ideas
            noted = [
                (cycle, ideas.get(cycle.idea, ""))
                for ramp in self.seen.page.ramps
                for cycle in ramp.cycles
            ]
            self.chart.show_chart(chart_of(measure, noted, self.chart_kind, self._footer))


class _Invitation(QFrame):
    """What stands where a chart will be: no measure, or no points."""

    def __init__(self, measure: object, points: object) -> None:
        super().__init__()
        self._head = words("", "heading", wrap=True)
        self._rest = words("", ink="secondary", wrap=True)
        self._measure = button("Add measure…", measure)  # type: ignore[arg-type] # a signal's emit
        self._points = button("Add points…", points)  # type: ignore[arg-type] # a signal's emit
        buttons = holder(row(self._measure, self._points, None))
        inside = column(self._head, self._rest, 8, buttons, None, gap=4)
        inside.setContentsMargins(16, 24, 16, 24)
        self.setLayout(inside)

    def invite(self, measure: str, why_shut: str) -> None:
        """Say what is missing and offer it."""
        self._head.setText(f"No points of “{measure}” yet" if measure else "No measure yet")
        self._rest.setText(
            "Paste periods and values from a spreadsheet; the run chart appears with its finding."
            if measure
            else "Say what is counted or timed, so that the chart can tell whether it improves."
        )
        self._points.setVisible(bool(measure))
        for one in (self._measure, self._points):
            one.setEnabled(not why_shut)
            one.setToolTip(why_shut)


class _Area(QScrollArea):
    """Scrolls down only where the window is too low."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
