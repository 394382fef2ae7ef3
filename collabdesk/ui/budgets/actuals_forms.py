"""The forms of actuals: whose spending a code is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.actuals.actuals_board import WaitingCode
from collabdesk.services.budgets.actuals.actuals_commands import MapCode, TakeAllocations
from collabdesk.services.budgets.actuals.published_files import KeptFile, PublishedRow
from collabdesk.services.budgets.actuals.taking_up import LETTERS, OPENINGS
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.ui.budgets.forms import Place, provider_choices
from collabdesk.ui.budgets.wording import RECURRENCES, counted, months
from collabdesk.ui.form import Field, FormDialog, Values, day

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


def take_up_form(
    place: Place, room: Room, plan: Plan, file: KeptFile, rows: Sequence[PublishedRow]
) -> FormDialog:
    """Ask what rows of a table of allocations are in a year."""
    able = [one for one in room.versions if one.state in {"draft", "agreed"}]
    agreed = plan.version.state == "agreed"
    fields = (
        Field(
            "version",
            "Into",
            "choice",
            value=plan.version.row.hex(),
            choices=tuple((one.row.hex(), f"{one.name}, {one.fiscal_year}") for one in able),
        ),
        Field(
            "kind",
            "As",
            "choice",
            value=LETTERS if agreed else OPENINGS,
            choices=((OPENINGS, "What envelopes open with"), (LETTERS, "Allocation letters")),
            half=True,
        ),
        Field(
            "recurrence",
            "Kind of money",
            "choice",
            choices=(("", "Choose"), *RECURRENCES),
            required=True,
            half=True,
        ),
        Field(
            "effective_month", "Letters from", "choice", choices=months(plan.version.fiscal_year)
        ),
        Field("letter_date", "Date of the letter", "day", half=True),
        Field("reference", "Reference", half=True, hint="The body’s name follows it"),
    )

    def make(typed: Values) -> object:
        return TakeAllocations(
            file.row,
            bytes.fromhex(typed["version"]),
            tuple(one.number for one in rows),
            typed["kind"],
            typed["recurrence"],
            typed["reference"],
            int(typed["effective_month"]),
            day(typed, "letter_date"),
        )

    total = format_pence(sum(one.amount_p for one in rows))
    said = (
        f"{counted(len(rows), 'allocation')}, {total} as it was read. The file’s fingerprint and "
        "the row are kept as evidence; a row taken up before is not taken up again."
    )
    return FormDialog(
        place.around,
        place.desk,
        f"What are these of {file.name}?",
        "Take them up",
        fields,
        make,
        said=said,
        parent=place.parent,
    )
