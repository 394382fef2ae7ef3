"""The forms of actuals: whose spending a code is."""

from __future__ import annotations

from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.actuals_board import WaitingCode
from collabdesk.services.budgets.actuals_commands import MapCode
from collabdesk.services.budgets.room import Room
from collabdesk.ui.budgets.forms import Place, provider_choices
from collabdesk.ui.budgets.wording import counted, months
from collabdesk.ui.form import Field, FormDialog, Values

NOBODY: Final = "nobody"
_ALL: Final = "all"
_ONE: Final = "one"


def _chosen(code: WaitingCode, line: object) -> str:
    if isinstance(line, bytes):
        return line.hex()
    return NOBODY if code.rule is not None else ""


def map_form(place: Place, room: Room, year: str, code: WaitingCode) -> FormDialog:
    """Ask whose spending a code is, from which month on."""
    parents = {line.parent for line in room.lines}
    lines = [(one.row.hex(), one.name) for one in room.lines if one.row not in parents]
    rule = code.rule
    line = rule.line.service_line if rule is not None and rule.line is not None else None
    held = (
        (_ONE, f"{code.subjective or 'No subjective'} alone"),
        (_ALL, f"Every subjective of {code.cost_centre}"),
    )
    fields = (
        Field(
            "service_line",
            "Service line",
            "choice",
            value=_chosen(code, line),
            choices=(("", "Choose"), *lines, (NOBODY, "Nobody’s here: leave it out")),
            required=True,
        ),
        Field(
            "provider",
            "Provider",
            "choice",
            value=rule.line.provider if rule is not None and rule.line is not None else "",
            choices=provider_choices(place.desk, room),
            hint="Of no account for what is left out",
        ),
        Field(
            "scope",
            "Subjective",
            "choice",
            value=_ONE if code.subjective else _ALL,
            choices=held,
            half=True,
        ),
        Field(
            "from_month",
            "From",
            "choice",
            value=str(code.months[0] if code.months else 1),
            choices=months(year),
            half=True,
        ),
    )

    def make(typed: Values) -> object:
        chosen = typed["service_line"]
        return MapCode(
            code.source,
            year,
            int(typed["from_month"]),
            code.cost_centre,
            "" if typed["scope"] == _ALL else code.subjective,
            bytes.fromhex(chosen) if chosen not in {"", NOBODY} else None,
            typed["provider"],
            chosen == NOBODY,
        )

    said = "What is posted moves when a file of the month is imported again."
    if code.rows:
        said = f"{code.words or 'No description'}. {counted(code.rows, 'row')}, "
        said += f"{format_pence(code.amount_p)}."
    question = f"Whose spending is {code.cost_centre} {code.subjective}?".replace(" ?", "?")
    return FormDialog(
        place.around,
        place.desk,
        question,
        "Map the code",
        fields,
        make,
        said=said,
        parent=place.parent,
    )
