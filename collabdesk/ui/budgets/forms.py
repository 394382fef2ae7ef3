"""The forms of Budgets: a year, a version, a line, a letter, a total to spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.money import format_pence, parse_money_or_sum
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import (
    AddPlanLine,
    CreateBudgetVersion,
    PlannedLine,
    SpreadTotal,
)
from collabdesk.services.budgets.planning.begin import AddNewLine, NewLine, SetUpYear
from collabdesk.services.budgets.planning.grid import GridRow
from collabdesk.services.budgets.planning.line_notes import WriteLineNote
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.ui.budgets.wording import PROFILES, trust
from collabdesk.ui.desk import Desk
from collabdesk.ui.form import Field, FormDialog, Make, Values
from collabdesk.ui.page import Surroundings

NEW: Final = "new"
_EXAMPLE: Final = "Pounds and pence, or a sum such as =1200000/12"


@dataclass(frozen=True)
class Place:
    """Where forms are asked: the page's surroundings, the desk and the window behind."""

    around: Surroundings
    desk: Desk
    parent: QWidget


def year_form(place: Place, room: Room, year: str) -> FormDialog:
    """Ask for what a year begins with."""
    providers = provider_choices(place.desk, room)
    fields = (
        Field("fiscal_year", "Fiscal year", value=year, required=True, half=True),
        Field(
            "name", "Name of the version", value=f"Opening plan {year}", required=True, half=True
        ),
        Field("opening_p", "Opening allocation", hint=_EXAMPLE, half=True),
        Field("contingency_pct", "Contingency, % of the envelope", value="0.5", half=True),
        Field("code", "First service line: code", hint="Short, such as ASL", half=True),
        Field("line", "Name of the service line", hint="Such as Adult low secure", half=True),
        Field("provider", "Provider", "choice", choices=providers, half=True),
        Field("total_p", "Planned for the year", hint="Spread in equal months", half=True),
    )
    said = "Everything can be changed until the version is agreed."
    return _form(place, "What does the year begin with?", "Set up the year", fields, _year, said)


def _year(typed: Values) -> object:
    line = NewLine(typed["code"], typed["line"], typed["provider"], _money(typed, "total_p"))
    return SetUpYear(
        typed["fiscal_year"],
        typed["name"],
        line,
        typed["contingency_pct"].strip() or "0",
        _money(typed, "opening_p"),
    )


def version_form(place: Place, year: str) -> FormDialog:
    """Ask for another version of the budget."""
    fields = (
        Field("fiscal_year", "Fiscal year", value=year, required=True, half=True),
        Field("contingency_pct", "Contingency, % of the envelope", value="0.5", half=True),
        Field("name", "Name", hint="For example Half-year revision", required=True),
    )

    def make(typed: Values) -> object:
        pct = typed["contingency_pct"].strip() or "0"
        return CreateBudgetVersion(typed["fiscal_year"], typed["name"], pct)

    said = "A version starts empty and as a draft. Everybody in the alliance sees it."
    return _form(place, "Which version do you start?", "Start the version", fields, make, said)


def note_form(place: Place, plan_line: bytes, name: str, month: int, text: str) -> FormDialog:
    """Ask for the note on a line of the plan, or on one of its months, as it stands now."""
    fields = (Field("text", "Note", "text", value=text, required=not text),)

    def make(typed: Values) -> object:
        return WriteLineNote(plan_line, typed["text"], month)

    said = "Everybody in the workspace can read it; earlier notes stay under Notes."
    if text:
        said += " Empty it to take the note away."
    return _form(place, f"Note on {name}", "Write the note", fields, make, said)


def line_form(place: Place, room: Room, plan: Plan) -> FormDialog:
    """Ask for another line of a draft."""
    parents = {line.parent for line in room.lines}
    known = [(one.row.hex(), one.name) for one in room.lines if one.row not in parents]
    fields = (
        Field("service_line", "Service line", "choice", choices=(*known, (NEW, "A new one"))),
        Field("code", "Code of a new service line", hint="Only for a new one", half=True),
        Field("name", "Name of a new service line", half=True),
        Field("provider", "Provider", "choice", choices=provider_choices(place.desk, room)),
        Field("total_p", "Planned for the year", hint=_EXAMPLE, half=True),
        Field("profile", "Spread over the months", "choice", choices=PROFILES[:3], half=True),
    )

    def make(typed: Values) -> object:
        total_p, profile = _money(typed, "total_p"), typed["profile"]
        if typed["service_line"] == NEW:
            line = NewLine(typed["code"], typed["name"], typed["provider"], total_p, profile)
            return AddNewLine(plan.version.row, line)
        row = bytes.fromhex(typed["service_line"])
        return AddPlanLine(plan.version.row, PlannedLine(row, typed["provider"], total_p, profile))

    return _form(place, "Which line do you add?", "Add the line", fields, make)


def spread_fields(row: GridRow) -> tuple[Field, ...]:
    """Return what is asked to spread the total of a line."""
    total_p = row.total.shown_p
    profile = PROFILES[0][0] if row.profile == PROFILES[-1][0] else row.profile
    return (
        Field("total_p", "Total for the year", hint=_EXAMPLE, value=plain_pounds(total_p)),
        Field("profile", "Spread over the months", "choice", choices=PROFILES, value=profile),
        Field("weights", "Weights of your own", hint="Twelve whole numbers, April first"),
    )


def spread_command(row: GridRow, typed: Values) -> SpreadTotal:
    """Return the command of a spread as typed."""
    weights = weights_typed(typed["weights"]) if typed["profile"] == "custom" else ()
    plan_line = row.plan_line or b""
    return SpreadTotal(plan_line, _money(typed, "total_p"), typed["profile"], weights)


def weights_typed(text: str) -> tuple[int, ...]:
    """Read twelve whole numbers as typed."""
    parts = text.replace(",", " ").split()
    if not all(part.isdigit() for part in parts):
        raise Refusal(
            code="weights_not_whole",
            words="The weights are whole numbers of nought or more.",
            remedy="Type twelve of them, April first, for example 2 2 2 1 1 1 1 1 1 1 1 1.",
            field="weights",
        )
    return tuple(map(int, parts))


def provider_choices(desk: Desk, room: Room) -> tuple[tuple[str, str], ...]:
    """Return the providers to choose from: partners first, then those planned, then all."""
    plan = room.plan
    partners = [member.ods for member in desk.people.values()]
    planned = [row.provider for row in plan.grid.rows if row.provider] if plan else []
    others = sorted(room.trusts, key=lambda code: room.trusts[code].casefold())
    codes = dict.fromkeys([*partners, *sorted(set(planned)), *others])
    return tuple((code, f"{room.trusts.get(code, code)} ({code})") for code in codes)


def line_choices(room: Room, plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the lines of a plan to choose from, as service line and provider in one key."""
    return tuple(
        (
            f"{(row.service_line or b'').hex()}/{row.provider}",
            f"{row.name}, {trust(row.provider, room.trusts)}",
        )
        for row in plan.grid.rows
        if row.level == "provider"
    )


def year_now(desk: Desk) -> str:
    """Return the fiscal year of today."""
    return FiscalYear.of(desk.workspace.clock.today()).label


def plain_pounds(pence: int) -> str:
    """Write an amount as a field takes it."""
    return format_pence(pence).replace("£", "")


def _money(typed: Values, key: str) -> int:
    return parse_money_or_sum(typed[key], key) if typed[key].strip() else 0


def _form(  # noqa: PLR0913, PLR0917 what a form is made of
    place: Place,
    question: str,
    verb: str,
    fields: tuple[Field, ...],
    make: Make,
    said: str = "",
) -> FormDialog:
    return FormDialog(
        place.around,
        place.desk,
        question,
        verb,
        fields,
        make,
        said=said,
        parent=place.parent,
    )
