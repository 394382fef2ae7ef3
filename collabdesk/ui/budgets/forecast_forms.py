"""What the forecast asks: a method with its reason, why it moved, a risk or opportunity."""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.domain.budgets.forecast import Method
from collabdesk.domain.budgets.movement import Reason
from collabdesk.domain.money import format_pence, format_pounds, parse_money_or_sum
from collabdesk.services.budgets.forecast.forecast_commands import (
    AddRisk,
    ChangeRisk,
    ChooseForecasts,
    ExplainMovement,
    ForecastChoice,
    MovementGiven,
)
from collabdesk.services.budgets.forecast.methods_in_words import MEANINGS, METHODS
from collabdesk.services.budgets.forecast.outturn import ForecastLine, Outturn, RiskLine, by_method
from collabdesk.services.budgets.room import Room
from collabdesk.ui.budgets.forecast_words import REASONS
from collabdesk.ui.budgets.forms import Place, plain_pounds
from collabdesk.ui.form import Field, FormDialog, Make, Values


def method_form(place: Place, found: Outturn, line: ForecastLine, name: str) -> FormDialog:
    """Ask how a line is forecast."""
    year_p = by_method(found, line)
    fields = (
        Field(
            "method",
            "Method",
            "radio",
            choices=tuple((method.value, said) for method, said in METHODS.items()),
            value=line.method.value,
            told=tuple(_meaning(method, year_p[method]) for method in METHODS),
        ),
        Field("reason", "Reason", "text", "Needed for a forecast by hand", line.reason),
    )

    def make(typed: Values) -> object:
        choice = _choice(line, Method(typed["method"]), typed["reason"])
        return ChooseForecasts(found.position.year.label, (choice,))

    said = "By hand starts from the forecast that stands now; type the open months in the grid."
    return _form(place, f"How is {name} forecast?", "Choose", fields, make, said)


def _meaning(method: Method, year_p: int | None) -> str:
    year = "Nothing to go by yet." if year_p is None else f"The year: {format_pounds(year_p)}."
    return f"{MEANINGS[method]} {year}"


def reason_form(place: Place, year: str, choices: Sequence[ForecastChoice]) -> FormDialog:
    """Ask for the reason of forecasts by hand, typed without one."""
    fields = (Field("reason", "Reason", "text", required=True),)

    def make(typed: Values) -> object:
        made = (
            ForecastChoice(
                one.service_line,
                one.provider,
                one.method,
                one.reason or (typed["reason"] if one.method == Method.MANUAL else ""),
                one.months_p,
            )
            for one in choices
        )
        return ChooseForecasts(year, tuple(made))

    said = "A forecast by hand says what is known that the figures do not show."
    return _form(place, "Why is it forecast by hand?", "Keep the forecast", fields, make, said)


def _choice(line: ForecastLine, method: Method, reason: str) -> ForecastChoice:
    service_line = line.key.service_line
    row = service_line if isinstance(service_line, bytes) else b""
    return ForecastChoice(row, line.key.provider, method.value, reason)


def movement_form(place: Place, found: Outturn, line: ForecastLine, name: str) -> FormDialog:
    """Ask for the reasons of a line's movement, by amount."""
    known = {one.reason: one for one in line.movements}
    fields = [
        Field(
            reason.value,
            said,
            value=plain_pounds(known[reason].amount_p) if reason in known else "",
            half=True,
        )
        for reason, said in REASONS.items()
    ]
    words = "; ".join(one.words for one in line.movements if one.words)
    fields.append(Field("words", "In words", "text", value=words))

    def make(typed: Values) -> object:
        amounts = {
            reason: parse_money_or_sum(typed[reason.value], reason.value)
            for reason in Reason
            if typed[reason.value].strip()
        }
        given = tuple(
            MovementGiven(reason.value, amount_p, typed["words"] if first == 0 else "")
            for first, (reason, amount_p) in enumerate(amounts.items())
        )
        service_line = line.key.service_line
        row = service_line if isinstance(service_line, bytes) else b""
        return ExplainMovement(found.position.year.label, row, line.key.provider, given)

    said = (
        f"Forecast M{found.last} {format_pence(line.last_p or 0)}, now "
        f"{format_pence(line.outturn_p or 0)}: explain {format_pence(line.moved_p or 0)}."
    )
    return _form(place, f"Why did {name} move?", "Explain", tuple(fields), make, said)


def risk_form(place: Place, room: Room, year: str, known: RiskLine | None) -> FormDialog:
    """Ask for a risk or opportunity, or for other sizes of one."""
    lines = (("", "No line in particular"), *((one.row.hex(), one.name) for one in room.lines))
    kinds = (("risk", "Risk: it would cost money"), ("opportunity", "Opportunity: it would save"))
    sizes = known.risk if known else None
    fields = [
        Field("title", "What may come", value=known.title if known else "", required=True),
        *(
            ()
            if known
            else (
                Field("kind", "Kind", "choice", choices=kinds, half=True),
                Field("service_line", "Service line", "choice", choices=lines, half=True),
            )
        ),
        _size("best_p", "Best case", sizes.best_p if sizes else None),
        _size("likely_p", "Likely case", sizes.likely_p if sizes else None),
        _size("worst_p", "Worst case", sizes.worst_p if sizes else None),
        Field(
            "probability_pct",
            "Chance, %",
            value=sizes.probability_pct if sizes else "50",
            required=True,
            half=True,
        ),
        Field("owner", "Owner", value=known.owner if known else "", half=True),
        Field("action", "What is done about it", "text", value=known.action if known else ""),
    ]

    def make(typed: Values) -> object:
        best, likely, worst = (
            parse_money_or_sum(typed[key], key) if typed[key].strip() else 0
            for key in ("best_p", "likely_p", "worst_p")
        )
        pct, words = typed["probability_pct"], (typed["action"], typed["owner"])
        if known is not None:
            return ChangeRisk(known.row, typed["title"], best, likely, worst, pct, *words)
        row = bytes.fromhex(typed["service_line"]) or None
        kind = typed["kind"]
        return AddRisk(year, kind, typed["title"], best, likely, worst, pct, *words, row)

    said = "Sizes are amounts of nought or more; in the best case a risk costs least."
    verb = "Change" if known else "Add"
    question = f"Change “{known.title}”" if known else "What may still come?"
    return _form(place, question, verb, tuple(fields), make, said)


def _size(key: str, label: str, amount_p: int | None) -> Field:
    value = "" if amount_p is None else plain_pounds(amount_p)
    return Field(key, label, hint="Pounds and pence", value=value, half=True)


def _form(  # noqa: PLR0913, PLR0917 what a form is made of
    place: Place, question: str, verb: str, fields: tuple[Field, ...], make: Make, said: str = ""
) -> FormDialog:
    return FormDialog(
        place.around, place.desk, question, verb, fields, make, said=said, parent=place.parent
    )
