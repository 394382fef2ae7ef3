"""The Improvement page: the list of projects, and one project at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from collabdesk.domain.improvement.findings import figure
from collabdesk.services.contested import KeepText
from collabdesk.services.figures import history
from collabdesk.services.improvement import EditProject, StartCycle
from collabdesk.services.improvement.queries import project_list
from collabdesk.services.improvement.records import measure_points
from collabdesk.services.improvement.showing import project_seen
from collabdesk.services.organisations import short_names
from collabdesk.ui.desk import Desk
from collabdesk.ui.form import FormDialog
from collabdesk.ui.improvement.charting import RUN
from collabdesk.ui.improvement.forms import Forms
from collabdesk.ui.improvement.listing import JOINT, ListView, finding
from collabdesk.ui.improvement.points import PointsDialog
from collabdesk.ui.improvement.project_view import ProjectView
from collabdesk.ui.improvement.says import SaysCard, next_step, point_words, says, signal_words
from collabdesk.ui.improvement.subjects import (
    Press,
    cycle_subject,
    driver_subject,
    project_subject,
    told,
)
from collabdesk.ui.inspector import Inspector, Subject
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Crumb, Heading, Page, PageAction, Surroundings
from collabdesk.ui.parts import Tone
from collabdesk.ui.states import EmptyState, Shape, Way
from collabdesk.ui.workers import Ticket

if TYPE_CHECKING:
    from collabdesk.services.figures import Overtaken, Signed
    from collabdesk.services.improvement.queries import ProjectLine
    from collabdesk.services.improvement.records import Cycle, DataPoint, Measure, Project
    from collabdesk.services.improvement.showing import ProjectSeen
    from collabdesk.services.notices import Notice
    from collabdesk.services.workspace import Done

TABLES: Final = frozenset(
    ("project", "driver", "driver_link", "pdsa_cycle", "measure", "data_point")
)
TITLE: Final = "Improvement"
_ON: Final = {
    "registered": ("approved", "Approve"),
    "approved": ("active", "Begin"),
    "paused": ("active", "Take up again"),
    "completed": ("archived", "Archive"),
    "stopped": ("archived", "Archive"),
}
_STAGES: Final[dict[str, Tone]] = {"active": "good", "stopped": "concern"}
Selected = tuple[str, bytes]


class ImprovementPage(Page):
    """Projects of the alliance and what their charts show."""

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Build the views; reading starts on arrival."""
        super().__init__(around, TITLE)
        self.desk = desk
        self.forms = Forms(around, desk, self)
        today, source = desk.workspace.clock.today(), desk.workspace.about.name
        self.listing = ListView(around, today, source)
        self.project = ProjectView(around, today, source)
        self.views = QStackedWidget()
        self.views.addWidget(self.listing)
        self.views.addWidget(self.project)
        self.panel = Inspector(around.look)
        self._history: Ticket | None = None
        self._within: bytes | None = None
        self._selected: Selected | None = None
        self._point: int | None = None
        self._connect()

    def _connect(self) -> None:
        self.desk.noticed.connect(self._hear)
        self.listing.opened.connect(self.open)
        self.listing.looked_at.connect(self._look_at)
        self.project.driver_chosen.connect(lambda row: self.select("driver", row))
        self.project.cycle_chosen.connect(lambda row: self.select("pdsa_cycle", row))
        self.project.pointed.connect(self._walk)
        self.project.measure_changed.connect(self._measure_changed)
        self.project.driver_wanted.connect(lambda: self._for_project(self.forms.driver))
        self.project.cycle_wanted.connect(lambda: self._for_project(self.forms.plan))
        self.project.measure_wanted.connect(self._add_measure)
        self.project.points_wanted.connect(self.add_points)
        for view in (self.listing.chart, self.project.chart):
            view.said.connect(self.desk.did)
            view.failed.connect(self.refuse)

    def inspector(self) -> QWidget:
        """Return the inspector."""
        return self.panel

    # --- reading -----------------------------------------------------------------------------

    def arrive(self, within: object = None) -> None:
        """Show the list, or the project named by ("project", row)."""
        table, row = within if isinstance(within, tuple) else ("", None)
        changed = self._within != row
        self._within = row if table in TABLES else None
        if changed:
            self._selected = None
        self._read(table)

    def open(self, row: object) -> None:
        """Go to a project."""
        self.go.emit("improvement", ("project", row))

    def _read(self, table: str = "project") -> None:
        workspace = self.desk.workspace
        if self._within is None:
            self.fill(lambda: workspace.query(project_list), self._show_list)
            return
        row = self._within
        if table not in {"project", ""}:
            self._follow(table, row)
            return

        def read() -> ProjectSeen | None:
            return workspace.query(project_seen, row, workspace.me().organisation)

        self.fill(read, self._show_project)

    def _follow(self, table: str, row: bytes) -> None:
        """Find the project a driver, cycle, measure or point belongs to, and go on to it."""
        from collabdesk.services.improvement.records import project_of

        def found(project: bytes | None) -> None:
            self._within = project
            self._read()

        self.desk.ask(self, project_of, table, row, done=found)

    def _hear(self, notice: Notice) -> None:
        if self.isVisible() and TABLES & notice.changed.keys():
            self._read()

    def _show_list(self, lines: tuple[ProjectLine, ...]) -> None:
        register = PageAction("Register a project…", self.register, "add")
        if not lines:
            self.heading = Heading(TITLE)
            self.panel.say_nothing()
            self.show_empty(self._empty())
            return
        self.heading = Heading(
            TITLE,
            finding(lines),
            primary=register,
            crumbs=(Crumb(TITLE),),
            status=(("Projects", f"{len(lines)}"),),
            status_right="Enter opens a project",
        )
        self.listing.show_lines(lines, self._trusts())
        self.views.setCurrentWidget(self.listing)
        self.show_full(self.views)

    def _empty(self) -> EmptyState:
        return EmptyState(
            "No improvement project yet",
            "A project says what will improve, by how much, for whom and by when; then come the "
            "drivers, the tests of change, and a measure whose chart tells whether it worked.",
            Action("Register a project…", self.register),
            (
                Way(
                    "improvement",
                    "See a project that is under way",
                    "Sample data in its own workspace",
                    Action("Open sample…", self.elsewhere.emit),
                ),
            ),
            Shape(
                ("Project", "Stage", "Latest signal"),
                ("Shorter waits", "Fewer missed visits", "Safer wards"),
                "The run chart of each project's measure is drawn as soon as points are pasted.",
            ),
        )

    def _trusts(self) -> dict[bytes, str]:
        names = short_names()
        return {
            member.organisation: names.get(member.ods, member.organisation_name)
            for member in self.desk.people.values()
        }

    # --- one project ---------------------------------------------------------------------------

    def _show_project(self, seen: ProjectSeen | None) -> None:
        if seen is None:
            self._within = None
            self.go.emit("improvement", None)
            return
        self._point = None if self._selected is None else self._point
        self.project.show_project(seen)
        self._show_notice(seen)
        self.heading = self._heading_of(seen)
        self.views.setCurrentWidget(self.project)
        self.show_full(self.views)
        self._say_measure()
        self._inspect()

    def _heading_of(self, seen: ProjectSeen) -> Heading:
        project, shut = seen.page.project, seen.why_shut
        open_cycle = self._open_cycle(seen)
        secondary = [PageAction("Edit…", self.edit, why_off=shut)]
        step = _ON.get(project.status)
        if step is not None:
            act = partial(self._set_status, project, step[0])
            secondary.append(PageAction(step[1], act, why_off=shut))
        points = PageAction("Add points…", self.add_points, why_off=shut)
        measure = PageAction("Add measure…", self._add_measure, why_off=shut)
        if seen.measures:
            secondary.append(measure)
        if not seen.measures:
            primary = measure
        elif open_cycle is None or not seen.measures[0].run.readings:
            primary = points
        else:
            secondary.append(points)
            words = f"Close cycle {open_cycle.number}…"
            primary = PageAction(words, partial(self.close_cycle, open_cycle), why_off=shut)
        stage = project.status.capitalize()
        trust = JOINT if seen.page.joint else self._trusts().get(project.scope, "")
        return Heading(
            project.title,
            trust,
            chips=((stage, _STAGES.get(project.status, "neutral")),),
            secondary=tuple(secondary),
            primary=primary,
            crumbs=(Crumb(TITLE, None), Crumb(project.code or project.title)),
        )

    @staticmethod
    def _open_cycle(seen: ProjectSeen) -> Cycle | None:
        cycles = [cycle for ramp in seen.page.ramps for cycle in ramp.cycles]
        return next((cycle for cycle in cycles if cycle.status != "closed"), None)

    def _show_notice(self, seen: ProjectSeen) -> None:
        if not seen.lost:
            self.project.notice.hide()
            return
        lost = seen.lost[0]
        name = lost.column.replace("_", " ")
        restore = Action(f"Restore our {name}", partial(self.restore, lost))
        self.project.notice.say(
            f"Our {name} was overtaken: “{lost.mine.value!s}”.",
            f"{self.desk.who(lost.now.author)} wrote another one at the same time, and theirs "
            "stands. Both are in the history.",
            "info",
            restore,
        )

    def restore(self, lost: Overtaken) -> None:
        """Write one's own overtaken text once more."""
        command = KeepText(lost.table, lost.row, lost.column, lost.mine.value)
        self.desk.submit(self, command, refused=self.refuse)

    def _say_measure(self) -> None:
        measure = self.project.measure
        if measure is None or not measure.run.readings:
            self.say_status(("Measures", f"{len(self.project.seen.measures)}"))  # type: ignore[union-attr] # a project is on show
            return
        run, xmr, unit = measure.run, measure.xmr, measure.run.measure.unit
        pairs = [("Points", f"{len(run.readings)}")]
        if self.project.chart_kind == RUN or xmr is None:
            pairs += [("Median", figure(run.median, unit))] if run.median is not None else []
            pairs += [("Rules", "Anhøj run rules")]
        else:
            pairs += [("Average", figure(round(xmr.mean, 1), unit))] if xmr.mean else []
            if xmr.lower is not None and xmr.upper is not None:
                low, high = figure(round(xmr.lower, 1)), figure(round(xmr.upper, 1))
                pairs += [("Limits", f"{low} to {high}")]
            pairs += [("Rules", "NHS plot the dots, 7 points")]
        self.say_status(*pairs, right=signal_words(run))

    # --- the inspector ---------------------------------------------------------------------------

    def select(self, table: str, row: bytes) -> None:
        """Ask the inspector about a record of this project."""
        self._selected, self._point = (table, row), None
        self._inspect()

    def _walk(self, place: int) -> None:
        measure = self.project.measure
        if measure is None:
            return
        known = [n for n, one in enumerate(measure.run.readings) if one.value is not None]
        at = known[place] if self.project.chart.on_chart else place
        self._selected = ("data_point", measure.run.readings[at].row)
        self._point = at
        self._inspect()

    def _measure_changed(self) -> None:
        if self.project.seen is None:
            return
        if self._selected is not None and self._selected[0] == "data_point":
            self._selected, self._point = None, None
        self._say_measure()
        self._inspect()

    def _look_at(self, row: bytes) -> None:
        line = self.listing.lines[row]
        subject = project_subject(line.project, None)
        self._ask_history("project", row, subject)

    def _inspect(self) -> None:
        seen = self.project.seen
        if seen is None or self.views.currentWidget() is not self.project:
            return
        table, row = self._selected or ("project", seen.page.project.row)
        self.project.diagram.mark(row if table == "driver" else None)
        self.project.ramp.mark(row if table == "pdsa_cycle" else None)
        subject = self._subject(seen, table, row)
        if subject is None:
            self._selected = None
            subject = self._subject(seen, "project", seen.page.project.row)
        if subject is not None:
            self._ask_history(table, row, subject)

    def _subject(self, seen: ProjectSeen, table: str, row: bytes) -> Subject | None:
        match table:
            case "driver":
                return self._driver_subject(seen, row)
            case "pdsa_cycle":
                return self._cycle_subject(seen, row)
            case "data_point":
                return self._point_subject()
            case _:
                return project_subject(seen.page.project, self._says_card())

    def _says_card(self, point: str = "") -> Callable[[], QWidget] | None:
        measure, seen = self.project.measure, self.project.seen
        if measure is None or seen is None:
            return None
        cycle = self._open_cycle(seen)
        step = next_step(measure, cycle.number if cycle else None)
        said = says(measure, self.project.chart_kind)
        return lambda: SaysCard(self.look, said, step, point)

    def _point_subject(self) -> Subject | None:
        measure = self.project.measure
        if measure is None or self._point is None or self._point >= len(measure.run.readings):
            return None
        when, value, rest = point_words(measure, self._point)
        return Subject(when, value, self._says_card(rest), may_note=False)

    def _driver_subject(self, seen: ProjectSeen, row: bytes) -> Subject | None:
        nodes = [node.driver for level in seen.page.levels for node in level]
        driver = next((one for one in nodes if one.row == row), None)
        if driver is None:
            return None
        presses: list[Press] = []
        if driver.kind not in {"aim", "primary_driver"} and not seen.why_shut:
            ask = partial(self.forms.also_acts_on, seen, driver)
            presses.append(("Also acts on…", lambda: self._open_form(ask())))
        return driver_subject(driver, presses)

    def _cycle_subject(self, seen: ProjectSeen, row: bytes) -> Subject | None:
        cycles = [cycle for ramp in seen.page.ramps for cycle in ramp.cycles]
        cycle = next((one for one in cycles if one.row == row), None)
        if cycle is None:
            return None
        ideas = {n.driver.row: n.driver.text for level in seen.page.levels for n in level}
        presses: list[Press] = []
        if not seen.why_shut and cycle.status != "closed":
            presses.append(("Write study…", lambda: self._open_form(self.forms.study(cycle))))
            presses.append(("Close…", lambda: self.close_cycle(cycle)))
        if not seen.why_shut and cycle.status == "planned":
            presses.insert(0, ("Begin", partial(self._begin, cycle)))
        return cycle_subject(cycle, ideas.get(cycle.idea, ""), presses)

    def _ask_history(self, table: str, row: bytes, subject: Subject) -> None:
        measure = self.project.measure
        unit = measure.run.measure.unit if measure is not None else ""

        def show(signed: tuple[Signed, ...]) -> None:
            self.panel.show_subject(
                Subject(
                    subject.place,
                    subject.heading,
                    subject.card,
                    told(table, signed, self.desk, unit),
                    may_note=False,
                )
            )

        if self._history is not None:
            self._history.drop()  # an older answer must not come after a newer one
        self._history = self.desk.ask(self, history, row, done=show, failed=self.refuse)

    # --- what is done ----------------------------------------------------------------------------

    def register(self) -> FormDialog:
        """Ask for a new project and open it once it is registered."""
        form = self.forms.register()
        form.sent.connect(self._registered)
        return self._open_form(form)

    def _registered(self, done: Done) -> None:
        if done.record is not None:
            self.open(done.record[1])

    def edit(self) -> FormDialog | None:
        """Ask for new words of the project."""
        seen = self.project.seen
        return self._open_form(self.forms.edit(seen.page.project)) if seen is not None else None

    def close_cycle(self, cycle: Cycle) -> FormDialog:
        """Ask for study and decision."""
        return self._open_form(self.forms.close(cycle))

    def add_points(self) -> None:
        """Open the sheet of points of the measure on show."""
        measure = self.project.measure
        if measure is None:
            return
        of = measure.run.measure
        self.desk.ask(
            self,
            measure_points,
            of.row,
            done=lambda points: self._show_points(of, points),
            failed=self.refuse,
        )

    def _show_points(self, measure: Measure, points: tuple[DataPoint, ...]) -> None:
        dialog = PointsDialog(self.around, self.desk, measure, points, self)
        dialog.open()

    def _add_measure(self) -> None:
        seen = self.project.seen
        if seen is not None:
            self._open_form(self.forms.measure(seen.page.project))

    def _for_project(self, form: Callable[[ProjectSeen], FormDialog]) -> None:
        if self.project.seen is not None:
            self._open_form(form(self.project.seen))

    def _set_status(self, project: Project, status: str) -> None:
        command = EditProject(project.row, {"status": status}, {"status": project.status})
        self.desk.submit(self, command, refused=self.refuse)

    def _begin(self, cycle: Cycle) -> None:
        start = cycle.start or self.desk.workspace.clock.today()
        self.desk.submit(self, StartCycle(cycle.row, start), refused=self.refuse)

    @staticmethod
    def _open_form(form: FormDialog) -> FormDialog:
        form.open()
        return form
