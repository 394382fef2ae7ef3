"""What people write down about a project: each form, and the command it becomes."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.changes import Cell
from collabdesk.domain.improvement.drivers import LEVELS, DriverKind
from collabdesk.services.improvement import (
    AddDriver,
    AddMeasure,
    CloseCycle,
    EditProject,
    LinkDrivers,
    PlanCycle,
    RecordStudy,
    RegisterProject,
)
from collabdesk.services.improvement.showing import ProjectSeen
from collabdesk.ui.form import Field, FormDialog, Make, Values, day, day_text
from collabdesk.ui.page import Surroundings

if TYPE_CHECKING:
    from collabdesk.services.improvement.records import Cycle, Driver, Project
    from collabdesk.ui.desk import Desk

KINDS: Final = (
    ("outcome", "Outcome: what people notice"),
    ("process", "Process: whether the change happens"),
    ("balancing", "Balancing: whether it harms elsewhere"),
)
VALUE_KINDS: Final = (
    ("continuous", "A figure such as days or a score"),
    ("proportion", "A share, such as % seen in time"),
    ("count", "A count of whole ones"),
    ("rate", "A rate, such as per 1,000 bed days"),
    ("days_between", "Days between events"),
    ("cases_between", "Cases between events"),
)
DIRECTIONS: Final = (
    ("decrease", "Lower is better"),
    ("increase", "Higher is better"),
    ("neutral", "Neither way is better"),
)
SCALES: Final = (
    ("", "Not said yet"),
    ("one_person", "One person"),
    ("one_day", "One day"),
    ("ward", "One ward"),
    ("service", "One service"),
    ("trust", "The whole trust"),
)
DECISIONS: Final = (
    ("", "Choose one"),
    ("adopt", "Adopt: make it the usual way"),
    ("adapt", "Adapt: change it and test again"),
    ("abandon", "Abandon: it does not work here"),
)
_AIM_HINT: Final = "What will improve, by how much, for whom and by when"


@dataclass
class Forms:
    """Opens the forms of the room; what was typed and not sent is kept until next time."""

    around: Surroundings
    desk: Desk
    parent: QWidget
    drafts: dict[str, MutableMapping[str, str]] = field(default_factory=dict)

    def form(  # noqa: PLR0913, PLR0917 what a form is declared with
        self,
        question: str,
        verb: str,
        fields: list[Field],
        make: Make,
        said: str = "",
        about: bytes = b"",
    ) -> FormDialog:
        """Return a form with its own draft."""
        draft = self.drafts.setdefault(f"{question}{about.hex()}", {})
        return FormDialog(
            self.around,
            self.desk,
            question,
            verb,
            fields,
            make,
            draft=draft,
            said=said,
            parent=self.parent,
        )

    def register(self) -> FormDialog:
        """Ask for a new project."""
        fields = [
            *_project_fields({}),
            Field("joint", "Joint project: every partner may edit it", "tick"),
        ]

        def make(values: Values) -> RegisterProject:
            return RegisterProject(
                title=values["title"],
                aim=values["aim"],
                joint=bool(values["joint"]),
                population=values["population"],
                rationale=values["rationale"],
                setting=values["setting"],
                start=day(values, "start"),
                target_date=day(values, "target_date"),
            )

        return self.form("Register an improvement project", "Register project", fields, make)

    def edit(self, project: Project) -> FormDialog:
        """Ask for new words; an edit over somebody else's newer words is refused."""
        seen = {name: getattr(project, name) for name in _EDITED}
        shown = {name: _text(value) for name, value in seen.items()}

        def make(values: Values) -> EditProject:
            cells: dict[str, Cell] = {
                name: day(values, name) if name in _DAYS else values[name].strip()
                for name in _EDITED
                if values[name].strip() != shown[name]
            }
            return EditProject(project.row, cells, seen)

        return self.form(
            "Edit the project", "Save", _project_fields(shown), make, about=project.row
        )

    def driver(self, seen: ProjectSeen) -> FormDialog:
        """Ask for a driver or change idea; what it acts on decides its level."""
        above = [n.driver for level in seen.page.levels[:-1] for n in level]
        kinds = {node.row.hex(): _below(node.kind) for node in above}
        fields = [
            Field("serves", "What does it act on?", "choice", choices=_named(above)),
            Field(
                "text",
                "Driver or change idea",
                hint="In a short sentence; below a secondary driver it is a change idea",
                required=True,
            ),
        ]

        def make(values: Values) -> AddDriver:
            key = values["serves"]
            serves = (bytes.fromhex(key),) if key else ()
            kind = kinds.get(key, DriverKind.AIM.value)
            return AddDriver(seen.page.project.row, kind, values["text"], serves)

        return self.form(
            "Add to the driver diagram", "Add", fields, make, about=seen.page.project.row
        )

    def also_acts_on(self, seen: ProjectSeen, driver: Driver) -> FormDialog:
        """Ask for one more box that a driver acts on."""
        depth = LEVELS.index(DriverKind(driver.kind))
        above = [node.driver for node in seen.page.levels[depth - 1]]

        def make(values: Values) -> LinkDrivers:
            return LinkDrivers(bytes.fromhex(values["to_driver"]), driver.row)

        fields = [Field("to_driver", "It also acts on", "choice", choices=_named(above))]
        return self.form(f"What else does “{driver.text}” act on?", "Link", fields, make)

    def measure(self, project: Project) -> FormDialog:
        """Ask for a measure."""
        fields = [
            Field("name", "What is measured", required=True),
            Field("definition", "How exactly it is counted", "text"),
            Field("kind", "What it is for", "choice", choices=KINDS, half=True),
            Field("direction", "Which way is better", "choice", choices=DIRECTIONS, half=True),
            Field("value_kind", "What sort of number", "choice", choices=VALUE_KINDS, half=True),
            Field("unit", "Unit", hint="For example days, %, or per 1,000", half=True),
            Field("target", "Aim", hint="A figure in this unit; may stay empty", half=True),
        ]

        def make(values: Values) -> AddMeasure:
            return AddMeasure(project=project.row, **values)

        return self.form("Add a measure", "Add measure", fields, make, about=project.row)

    def plan(self, seen: ProjectSeen) -> FormDialog:
        """Ask for the plan of a cycle."""
        ideas = [node.driver for node in seen.page.levels[-1]]
        fields = [
            Field("idea", "Which change idea is tested?", "choice", choices=_named(ideas)),
            Field("objective", "What do you want to find out?", "text", required=True),
            Field("prediction", "What do you expect?", "text"),
            Field("plan", "Who does what, where, and what is counted?", "text"),
            Field("start", "From", "day", half=True),
            Field("end", "To", "day", half=True),
            Field("scale", "On what scale?", "choice", choices=SCALES),
        ]

        def make(values: Values) -> PlanCycle:
            return PlanCycle(
                project=seen.page.project.row,
                idea=bytes.fromhex(values["idea"]),
                objective=values["objective"],
                prediction=values["prediction"],
                plan=values["plan"],
                start=day(values, "start"),
                end=day(values, "end"),
                scale=values["scale"],
            )

        return self.form(
            "Plan a PDSA cycle", "Plan cycle", fields, make, about=seen.page.project.row
        )

    def study(self, cycle: Cycle) -> FormDialog:
        """Ask what was observed and learnt."""
        fields = [
            Field("observations", "What was observed?", "text", value=cycle.observations),
            Field("study", "How does it compare with the prediction?", "text", value=cycle.study),
        ]

        def make(values: Values) -> RecordStudy:
            return RecordStudy(cycle.row, values["observations"], values["study"])

        return self.form(
            f"Study cycle {cycle.number}", "Save study", fields, make, _predicted(cycle), cycle.row
        )

    def close(self, cycle: Cycle) -> FormDialog:
        """Ask for the study and the decision that close a cycle."""
        fields = [
            Field(
                "study",
                "What was learnt, compared with the prediction?",
                "text",
                value=cycle.study,
                required=True,
            ),
            Field("decision", "What is done with the change?", "choice", choices=DECISIONS),
            Field("end", "Ended on", "day", value=day_text(cycle.end), half=True),
        ]

        def make(values: Values) -> CloseCycle:
            return CloseCycle(cycle.row, values["decision"], values["study"], day(values, "end"))

        return self.form(
            f"Close cycle {cycle.number}?",
            "Close cycle",
            fields,
            make,
            _predicted(cycle),
            cycle.row,
        )


_DAYS: Final = frozenset(("start", "target_date"))
_EDITED: Final = (
    "title",
    "aim",
    "population",
    "setting",
    "rationale",
    "start",
    "target_date",
)


def _project_fields(shown: Mapping[str, str]) -> list[Field]:
    return [
        Field("title", "Title", value=shown.get("title", ""), required=True),
        Field("aim", "Aim", "text", _AIM_HINT, shown.get("aim", ""), required=True),
        Field("population", "For whom", value=shown.get("population", ""), half=True),
        Field("setting", "Where", value=shown.get("setting", ""), half=True),
        Field("rationale", "Why it matters", "text", value=shown.get("rationale", "")),
        Field("start", "Start", "day", value=shown.get("start", ""), half=True),
        Field(
            "target_date", "Aim reached by", "day", value=shown.get("target_date", ""), half=True
        ),
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else day_text(value)  # type: ignore[arg-type] # a date


def _below(kind: str) -> str:
    return LEVELS[LEVELS.index(DriverKind(kind)) + 1].value


def _named(drivers: list[Driver]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.row.hex(), f"{DriverKind(one.kind).words.capitalize()}: {one.text}") for one in drivers
    )


def _predicted(cycle: Cycle) -> str:
    return f"Predicted: {cycle.prediction}" if cycle.prediction else cycle.objective
