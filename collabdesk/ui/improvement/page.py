"""The Improvement page: the list of projects, and one project at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from collabdesk.domain.improvement.findings import figure
from collabdesk.services.contested import KeepText
from collabdesk.services.improvement import EditProject, StartCycle
from collabdesk.services.improvement.queries import project_list
from collabdesk.services.improvement.records import measure_points
from collabdesk.services.improvement.showing import project_seen
from collabdesk.services.organisations import short_names
from collabdesk.ui.desk import Desk
from collabdesk.ui.form import FormDialog
from collabdesk.ui.improvement.charting import RUN
from collabdesk.ui.improvement.forms import Forms
from collabdesk.ui.improvement.inspecting import Doings, Inspecting, open_cycle
from collabdesk.ui.improvement.listing import JOINT, ListView, finding
from collabdesk.ui.improvement.points import PointsDialog
from collabdesk.ui.improvement.project_view import ProjectView
from collabdesk.ui.improvement.says import signal_words
from collabdesk.ui.improvement.subjects import project_subject, telling
from collabdesk.ui.inspector import Inspector
from collabdesk.ui.inspector.teller import Teller
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Crumb, Heading, Page, PageAction, Surroundings
from collabdesk.ui.parts import Tone
from collabdesk.ui.states import EmptyState, Shape, Way

if TYPE_CHECKING:
    from collabdesk.services.figures import Overtaken
    from collabdesk.services.improvement.queries import ProjectLine
    from collabdesk.services.improvement.records import (
        Cycle,
        DataPoint,
        Driver,
        Measure,
        Project,
    )
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
        self.teller = Teller(desk, self.panel, self, self.refuse)
        self._inspecting = Inspecting(around.look, self.project, self.teller, self._doings())
        self._within: bytes | None = None
        self._connect()

    def _connect(self) -> None:
        self.desk.noticed.connect(self._hear)
        self.listing.opened.connect(self.open)
        self.listing.looked_at.connect(self._look_at)
        self.project.driver_chosen.connect(lambda row: self.select("driver", row))
        self.project.cycle_chosen.connect(lambda row: self.select("pdsa_cycle", row))
        self.project.pointed.connect(self._inspecting.walk)
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
            self._inspecting.forget()
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
            self.teller.say_nothing()
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
        self.project.show_project(seen)
        self._show_notice(seen)
        self.heading = self._heading_of(seen)
        self.views.setCurrentWidget(self.project)
        self.show_full(self.views)
        self._say_measure()
        self._inspecting.tell()

    def _heading_of(self, seen: ProjectSeen) -> Heading:
        project, shut = seen.page.project, seen.why_shut
        cycle = open_cycle(seen)
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
        elif cycle is None or not seen.measures[0].run.readings:
            primary = points
        else:
            secondary.append(points)
            words = f"Close cycle {cycle.number}…"
            primary = PageAction(words, partial(self.close_cycle, cycle), why_off=shut)
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
        self._inspecting.choose(table, row)

    def _measure_changed(self) -> None:
        if self.project.seen is not None and self.views.currentWidget() is self.project:
            self._say_measure()
            self._inspecting.leave_point()

    def _look_at(self, row: bytes) -> None:
        line = self.listing.lines[row]
        self.teller.tell(row, project_subject(line.project, None), telling("project"))

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

    def _doings(self) -> Doings:
        return Doings(
            begin=self._begin,
            study=lambda cycle: self._open_form(self.forms.study(cycle)),
            close=self.close_cycle,
            also_acts_on=self._also_acts_on,
        )

    def _also_acts_on(self, driver: Driver) -> None:
        if self.project.seen is not None:
            self._open_form(self.forms.also_acts_on(self.project.seen, driver))

    def _begin(self, cycle: Cycle) -> None:
        start = cycle.start or self.desk.workspace.clock.today()
        self.desk.submit(self, StartCycle(cycle.row, start), refused=self.refuse)

    @staticmethod
    def _open_form(form: FormDialog) -> FormDialog:
        form.open()
        return form
