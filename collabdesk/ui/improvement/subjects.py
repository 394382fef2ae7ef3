"""What the inspector says about a project, driver, cycle, measure or point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QGridLayout, QWidget

from collabdesk.domain.changes import Cell
from collabdesk.domain.periods import date_words
from collabdesk.ui.form import holder_of
from collabdesk.ui.improvement.ramp import run_words
from collabdesk.ui.inspector import Subject
from collabdesk.ui.inspector.signed import Telling
from collabdesk.ui.parts import button, column, holder, row, words

if TYPE_CHECKING:
    from collabdesk.services.improvement.records import Cycle, Driver, Project

Press = tuple[str, Callable[[], object]]
HANGS: Final = frozenset(
    ("project", "idea", "measure", "kind", "value_kind", "ramp", "number", "position")
)


def _member(cell: Cell) -> str:
    return str(cell).replace("_", " ").capitalize()


_MEMBERS: Final = dict.fromkeys(("status", "decision", "scale", "idea_status"), _member)
TELLING: Final = {
    "project": Telling({"target_date": "Aim reached by"}, _MEMBERS, HANGS, "title"),
    "driver": Telling({"idea_status": "Status", "text": "Words"}, _MEMBERS, HANGS, "text"),
    "pdsa_cycle": Telling({}, _MEMBERS, HANGS, "objective"),
    "measure": Telling({"target": "Aim"}, hidden=HANGS, first="name"),
    "data_point": Telling({"period_start": "Period"}, hidden=HANGS, first="value"),
}
LEVEL_WORDS: Final = {
    "aim": "Aim",
    "primary_driver": "Primary driver",
    "secondary_driver": "Secondary driver",
    "change_idea": "Change idea",
}


def telling(table: str, unit: str = "") -> Telling:
    """Return how a record's history is told; a point's values carry the unit of its measure."""
    if table != "data_point":
        return TELLING[table]

    def figure(cell: Cell) -> str:
        return f"{cell!s}%" if unit == "%" else f"{cell!s} {unit}".strip()

    return replace(TELLING[table], values={"value": figure})


def project_subject(project: Project, card: Callable[[], QWidget] | None) -> Subject:
    """Return what is true about a project."""
    until = f"Aim for {date_words(project.target_date)}" if project.target_date else ""
    place = ", ".join(part for part in (project.code, until) if part)
    return Subject(place or "Project", project.title, card, may_note=False)


def driver_subject(driver: Driver, presses: Sequence[Press]) -> Subject:
    """Return what is true about a box of the diagram."""
    status = (driver.idea_status or "proposed").capitalize()
    facts = [("Status", status)] if driver.kind == "change_idea" else []
    return Subject(
        LEVEL_WORDS[driver.kind],
        driver.text,
        lambda: fact_card(facts, presses),
        may_note=False,
    )


def cycle_subject(cycle: Cycle, idea: str, presses: Sequence[Press]) -> Subject:
    """Return what is true about a cycle: plan, do, study, act."""
    facts = [
        ("When", run_words(cycle.start, cycle.end)),
        ("Tests", idea),
        ("Predicted", cycle.prediction),
        ("Plan", cycle.plan),
        ("Observed", cycle.observations),
        ("Learnt", cycle.study),
        ("Decision", cycle.decision.capitalize()),
    ]
    shown = [(name, said) for name, said in facts if said]
    return Subject(
        f"Cycle {cycle.number}, {cycle.status}",
        cycle.objective,
        lambda: fact_card(shown, presses),
        may_note=False,
    )


def fact_card(facts: Sequence[tuple[str, str]], presses: Sequence[Press]) -> QWidget:
    """Return facts under their names, and what can be done."""
    cells = QGridLayout()
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setHorizontalSpacing(8)
    cells.setVerticalSpacing(4)
    for line, (name, said) in enumerate(facts):
        cells.addWidget(words(f"{name}: {said}", "caption", wrap=True), line, 0)
    buttons = row(*(button(said, do, small=True) for said, do in presses), None)
    inside = column(holder_of(cells), holder(buttons, 4, 4, 4, 4), gap=8)
    inside.setContentsMargins(0, 0, 0, 8)
    return holder(inside)
