"""What the investment of savings asks: a saving with its evidence, a proposal, its start."""

from __future__ import annotations

import datetime as dt

from collabdesk.domain.money import format_pence, parse_money_or_sum
from collabdesk.errors import Refusal
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.services.budgets.shares.investment_plan import InvestmentLine, InvestmentPlan
from collabdesk.services.budgets.shares.share_commands import (
    AddSaving,
    ChangeStart,
    ProposeInvestment,
)
from collabdesk.ui.budgets.forms import Place, line_choices
from collabdesk.ui.form import Field, FormDialog, Make, Values, day, day_text


def saving_form(place: Place, plan: InvestmentPlan) -> FormDialog:
    """Ask for a confirmed saving."""
    fields = (
        Field("title", "What saves the money", required=True),
        Field("recurrent_p", "Net saving of a full year", hint="It comes again", half=True),
        Field("non_recurrent_p", "Net saving once", hint="It does not come again", half=True),
        Field(
            "evidence",
            "Evidence",
            "text",
            "Which baseline, which period, and where it can be looked up",
            required=True,
        ),
    )

    def make(typed: Values) -> object:
        once = _money(typed, "non_recurrent_p")
        year = plan.year.label
        return AddSaving(
            year, typed["title"], _money(typed, "recurrent_p"), once, typed["evidence"]
        )

    said = "Net of what it costs locally. A saving is evidenced against a stated baseline."
    return _form(place, "Which saving is confirmed?", "Add the saving", fields, make, said)


def proposal_form(place: Place, room: Room, plan: Plan, known: InvestmentPlan) -> FormDialog:
    """Ask for a proposal to invest."""
    fields = (
        Field("title", "What it pays for", required=True),
        Field("service_line", "Line", "choice", choices=line_choices(room, plan)),
        Field("recurrent_p", "Cost of a full year", hint="Recurrent", half=True),
        Field("non_recurrent_p", "Cost once", hint="Non-recurrent", half=True),
        Field("planned_start", "Planned start", "day", required=True, half=True),
        Field("start", "Start in fact", "day", hint="Empty: as planned", half=True),
        Field("measures", "What it is measured by", "text"),
    )

    def make(typed: Values) -> object:
        line, _, provider = typed["service_line"].partition("/")
        return ProposeInvestment(
            known.year.label,
            typed["title"],
            bytes.fromhex(line),
            provider,
            _money(typed, "recurrent_p"),
            _money(typed, "non_recurrent_p"),
            _day(typed, "planned_start"),
            day(typed, "start"),
            typed["measures"],
        )

    said = (
        f"There is {format_pence(known.left.recurrent_p)} of recurrent saving and "
        f"{format_pence(known.left.non_recurrent_p)} of money once."
    )
    return _form(place, "What is to be invested?", "Propose", fields, make, said)


def start_form(place: Place, line: InvestmentLine) -> FormDialog:
    """Ask when an investment starts in fact."""
    fields = (
        Field("start", "Start in fact", "day", value=day_text(line.wanted.start), required=True),
    )

    def make(typed: Values) -> object:
        return ChangeStart(line.row.row, _day(typed, "start"))

    said = (
        f"Planned for {day_text(line.wanted.planned_start)}. What a later start leaves unspent is "
        "slippage: money once. Approvals of another start are void."
    )
    return _form(place, f"When does “{line.row.title}” start?", "Keep", fields, make, said)


def _day(typed: Values, key: str) -> dt.date:
    found = day(typed, key)
    if found is None:
        raise Refusal(
            code="day_missing",
            words="There is no day.",
            remedy="Type it as 07/04/2026.",
            field=key,
        )
    return found


def _money(typed: Values, key: str) -> int:
    return parse_money_or_sum(typed[key], key) if typed[key].strip() else 0


def _form(  # noqa: PLR0913, PLR0917 what a form is made of
    place: Place, question: str, verb: str, fields: tuple[Field, ...], make: Make, said: str
) -> FormDialog:
    return FormDialog(
        place.around, place.desk, question, verb, fields, make, said=said, parent=place.parent
    )
