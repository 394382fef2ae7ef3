"""Before there is a budget: what goes here, and how to begin."""

from __future__ import annotations

from collections.abc import Callable

from collabdesk.errors import Refusal
from collabdesk.ui.messages import Action
from collabdesk.ui.states import EmptyState, Shape

_ROWS = (
    "Medium secure",
    "Low secure",
    "Out of area",
    "CAMHS Tier 4",
    "Adult eating disorder",
    "Mother and baby unit",
    "Commissioning hub",
)


def empty_state(year: str, begin: Callable[[], object], why_not: Refusal | None) -> EmptyState:
    """Return the empty state; only the lead provider is offered the first action."""
    if why_not is not None:
        said = (
            f"{why_not.words} {why_not.remedy} What they enter appears here at the next share, "
            "and you can plan in it with them."
        )
        return EmptyState(f"No budget for {year} yet", said, shape=_shape())
    said = (
        "Service lines, months M1 to M12 and the envelope go here. Begin with the year, one "
        "service line and the opening allocation; then paste the rest straight from Excel. "
        "You can change everything until it is agreed."
    )
    return EmptyState(
        f"No budget for {year} yet", said, Action("Set up the year…", begin), shape=_shape()
    )


def _shape() -> Shape:
    months = ("Service line", "M1 Apr", "M2 May", "M3 Jun", "M4 Jul")
    note = (
        "Copy amounts in a spreadsheet and paste them into the months: what cannot be written "
        "is listed first. Last year’s workbook is read whole from Year set-up."
    )
    return Shape(months, _ROWS, note)
