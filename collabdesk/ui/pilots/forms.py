"""Recording a programme or a pilot as it was announced; what is not stated stays empty."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.pilots.lifecycle import PilotState
from collabdesk.errors import Refusal
from collabdesk.services.pilots import FigureStated, RecordPilot, RecordProgramme
from collabdesk.ui.desk import Desk
from collabdesk.ui.form import Field, FormDialog, Values, day
from collabdesk.ui.page import Surroundings

if TYPE_CHECKING:
    from collabdesk.services.pilots.records import Programme

KINDS: Final = (
    ("fund", "Fund"),
    ("pilot_scheme", "Pilot scheme"),
    ("support_scheme", "Support scheme"),
    ("improvement_programme", "Improvement programme"),
    ("advocacy_position", "Position paper"),
)
QUALIFIERS: Final = (
    ("exactly", "Exactly"),
    ("at_least", "At least"),
    ("over", "Over"),
    ("at_most", "Up to"),
    ("under", "Under"),
    ("about", "About"),
    ("not_stated", "Not stated"),
)
BASES: Final = (
    ("stated", "Stated in the source"),
    ("inferred", "Inferred from the source"),
    ("derived", "Worked out by us"),
    ("indicative", "Indicative only"),
    ("not_stated", "Not stated"),
)
STATES: Final = tuple((state.value, state.words.capitalize()) for state in PilotState)
_SAID: Final = "Write down what the announcement says. What it does not say stays empty."


@dataclass
class Forms:
    """Opens the forms of the room; what was typed and not sent is kept until next time."""

    around: Surroundings
    desk: Desk
    parent: QWidget
    drafts: dict[str, MutableMapping[str, str]] = field(default_factory=dict)

    def programme(self) -> FormDialog:
        """Ask for a programme with one of its figures."""
        fields = [
            Field("title", "Title", required=True),
            Field("kind", "What sort of programme", "choice", choices=KINDS, half=True),
            Field("host", "Host", half=True),
            Field("aims", "Aims", "text"),
            Field("source", "Where it is announced", hint="Title, publisher and date"),
            *_figure_fields(),
        ]

        def make(values: Values) -> RecordProgramme:
            return RecordProgramme(
                title=values["title"],
                kind=values["kind"],
                host=values["host"],
                aims=values["aims"],
                source=values["source"],
                figures=_figures(values),
            )

        return self._form("Record a programme", "Record programme", fields, make)

    def pilot(self, programmes: Sequence[Programme]) -> FormDialog:
        """Ask for a pilot of a programme."""
        named = tuple((one.row.hex(), one.title) for one in programmes)
        fields = [
            Field("programme", "Programme", "choice", choices=named),
            Field("reference", "Reference", hint="Short, such as P1-01", required=True, half=True),
            Field("state", "State", "choice", choices=STATES, half=True),
            Field("name", "Name"),
            Field("lead", "Lead", half=True),
            Field("theme", "Theme", half=True),
            Field("partners", "Partners"),
            Field("population", "For whom"),
            Field("idea", "Idea", "text"),
            Field("aims", "Aims", "text"),
            Field("start", "From", "day", half=True),
            Field("end", "To", "day", half=True),
            *_figure_fields(),
        ]

        def make(values: Values) -> RecordPilot:
            texts = ("name", "lead", "partners", "theme", "population", "idea", "aims", "state")
            return RecordPilot(
                programme=bytes.fromhex(values["programme"]),
                reference=values["reference"],
                start=day(values, "start"),
                end=day(values, "end"),
                figures=_figures(values),
                **{name: values[name] for name in texts},
            )

        return self._form("Record a pilot", "Record pilot", fields, make)

    def _form(self, question: str, verb: str, fields: list[Field], make: object) -> FormDialog:
        draft = self.drafts.setdefault(question, {})
        return FormDialog(
            self.around,
            self.desk,
            question,
            verb,
            fields,
            make,  # type: ignore[arg-type] # each returns its own command
            draft=draft,
            said=_SAID,
            parent=self.parent,
        )


def _figure_fields() -> list[Field]:
    return [
        Field("figure_name", "A figure it states", hint="Such as Applications received", half=True),
        Field("qualifier", "How it is said", "choice", choices=QUALIFIERS, half=True),
        Field("value", "Figure", half=True),
        Field("unit", "Unit", hint="Such as pounds, days or projects", half=True),
        Field("basis", "What it rests on", "choice", choices=BASES, half=True),
        Field("figure_source", "Where in the source", half=True),
    ]


def _figures(values: Values) -> tuple[FigureStated, ...]:
    name, value = values["figure_name"].strip(), values["value"].strip()
    if not name and value:
        raise Refusal(
            code="figure_name_missing",
            words="The figure has no name.",
            remedy="Say what it counts, such as applications.",
            field="figure_name",
        )
    if not name:
        return ()
    return (
        FigureStated(
            name=name,
            value=value or None,
            unit=values["unit"],
            qualifier=values["qualifier"],
            basis=values["basis"],
            source=values["figure_source"],
        ),
    )
