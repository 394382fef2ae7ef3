"""Typing in what a measure is held to, with where and when that is written."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.metrics.catalogue import PublishedMeasure, Unit
from collabdesk.services.metrics import SetStandard
from collabdesk.ui.desk import Desk
from collabdesk.ui.form import Field, FormDialog, Values, day
from collabdesk.ui.page import Surroundings

KINDS: Final = (
    ("standard", "National standard"),
    ("target", "Target of the alliance"),
    ("trajectory", "Trajectory towards one"),
    ("benchmark", "Benchmark to compare with"),
)


def standard_form(
    around: Surroundings, desk: Desk, measure: PublishedMeasure, parent: QWidget
) -> FormDialog:
    """Return the form of a standard for a measure."""
    unit = {Unit.PERCENT: "%", Unit.DAYS: "days"}.get(measure.unit, "")
    fields = (
        Field("kind", "What is it?", "choice", choices=KINDS, half=True),
        Field("value", f"Value in {unit}" if unit else "Value", required=True, half=True),
        Field(
            "source",
            "Where is it written?",
            hint="The guidance or board paper, so that others can look it up",
            required=True,
        ),
        Field("source_date", "Dated", "day", required=True, half=True),
        Field("effective_from", "Applies from", "day", required=True, half=True),
    )

    def make(values: Values) -> SetStandard:
        return SetStandard(
            metric=measure.code,
            kind=values["kind"],
            value=values["value"],
            source=values["source"],
            source_date=day(values, "source_date"),
            effective_from=day(values, "effective_from"),
            unit=measure.unit.value,
        )

    said = f"{measure.name} ({measure.code})"
    return FormDialog(
        around,
        desk,
        "What should it be held to?",
        "Set standard",
        fields,
        make,
        said=said,
        parent=parent,
    )
