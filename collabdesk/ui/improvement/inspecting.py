"""What the inspector is told about the project on show, or about a part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from collabdesk.ui.improvement.project_view import ProjectView
from collabdesk.ui.improvement.says import SaysCard, next_step, point_words, says
from collabdesk.ui.improvement.subjects import (
    Press,
    cycle_subject,
    driver_subject,
    project_subject,
    telling,
)
from collabdesk.ui.inspector import Subject
from collabdesk.ui.inspector.teller import Teller
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.improvement.records import Cycle, Driver
    from collabdesk.services.improvement.showing import ProjectSeen


@dataclass(frozen=True)
class Doings:
    """What can be done from the inspector."""

    begin: Callable[[Cycle], object]
    study: Callable[[Cycle], object]
    close: Callable[[Cycle], object]
    also_acts_on: Callable[[Driver], object]


def open_cycle(seen: ProjectSeen) -> Cycle | None:
    """Return the first cycle that is not closed."""
    cycles = (cycle for ramp in seen.page.ramps for cycle in ramp.cycles)
    return next((cycle for cycle in cycles if cycle.status != "closed"), None)


class Inspecting:
    """Follows what is chosen on the page of a project."""

    def __init__(self, look: Look, view: ProjectView, teller: Teller, doings: Doings) -> None:
        """Start with the project itself."""
        self._look, self._view, self._teller, self._doings = look, view, teller, doings
        self._chosen: tuple[str, bytes] | None = None
        self._point: int | None = None

    def forget(self) -> None:
        """Choose the project itself, untold."""
        self._chosen = self._point = None

    def choose(self, table: str, row: bytes) -> None:
        """Tell of a driver or cycle."""
        self._chosen, self._point = (table, row), None
        self.tell()

    def walk(self, place: int) -> None:
        """Tell of the point that chart or table walked to."""
        measure = self._view.measure
        if measure is None:
            return
        readings = measure.run.readings
        known = [n for n, one in enumerate(readings) if one.value is not None]
        at = known[place] if self._view.chart.on_chart else place
        self._chosen, self._point = ("data_point", readings[at].row), at
        self.tell()

    def leave_point(self) -> None:
        """Another chart is on show: tell of the project instead of a point."""
        if self._chosen is not None and self._chosen[0] == "data_point":
            self.forget()
        self.tell()

    def tell(self) -> None:
        """Tell of what is chosen, or of the project where that is gone."""
        seen = self._view.seen
        if seen is None:
            return
        project = ("project", seen.page.project.row)
        table, row = self._chosen or project
        subject = self._subject(seen, table, row)
        if subject is None:
            self.forget()
            table, row = project
            subject = project_subject(seen.page.project, self._says())
        self._view.mark(table, row)
        measure = self._view.measure
        unit = measure.run.measure.unit if measure is not None else ""
        self._teller.tell(row, subject, telling(table, unit))

    def _subject(self, seen: ProjectSeen, table: str, row: bytes) -> Subject | None:
        match table:
            case "driver":
                return self._driver(seen, row)
            case "pdsa_cycle":
                return self._cycle(seen, row)
            case "data_point":
                return self._reading()
            case _:
                return project_subject(seen.page.project, self._says())

    def _says(self, point: str = "") -> Callable[[], QWidget] | None:
        measure, seen = self._view.measure, self._view.seen
        if measure is None or seen is None:
            return None
        cycle = open_cycle(seen)
        step = next_step(measure, cycle.number if cycle else None)
        said = says(measure, self._view.chart_kind)
        return lambda: SaysCard(self._look, said, step, point)

    def _reading(self) -> Subject | None:
        measure = self._view.measure
        if measure is None or self._point is None or self._point >= len(measure.run.readings):
            return None
        when, value, rest = point_words(measure, self._point)
        return Subject(when, value, self._says(rest), may_note=False)

    def _driver(self, seen: ProjectSeen, row: bytes) -> Subject | None:
        nodes = (node.driver for level in seen.page.levels for node in level)
        driver = next((one for one in nodes if one.row == row), None)
        if driver is None:
            return None
        presses: list[Press] = []
        if driver.kind not in {"aim", "primary_driver"} and not seen.why_shut:
            presses.append(("Also acts on…", partial(self._doings.also_acts_on, driver)))
        return driver_subject(driver, presses)

    def _cycle(self, seen: ProjectSeen, row: bytes) -> Subject | None:
        cycles = (cycle for ramp in seen.page.ramps for cycle in ramp.cycles)
        cycle = next((one for one in cycles if one.row == row), None)
        if cycle is None:
            return None
        presses: list[Press] = []
        if not seen.why_shut and cycle.status == "planned":
            presses.append(("Begin", partial(self._doings.begin, cycle)))
        if not seen.why_shut and cycle.status != "closed":
            presses.append(("Write study…", partial(self._doings.study, cycle)))
            presses.append(("Close…", partial(self._doings.close, cycle)))
        return cycle_subject(cycle, self._view.ideas.get(cycle.idea, ""), presses)
