"""How each line is forecast, chosen for many lines in one step."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.forecast import Method, by_month, check_choice
from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.budgets.plan import month_column
from collabdesk.domain.budgets.providers import check_provider
from collabdesk.domain.budgets.settled import check_settled
from collabdesk.domain.changes import Cell
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import line_name, providers_known, service_line_named
from collabdesk.services.budgets.forecast.forecast_commands import (
    ChooseForecasts,
    ForecastChoice,
)
from collabdesk.services.budgets.forecast.outturn import (
    chosen_forecasts,
    standing,
)
from collabdesk.services.budgets.position import LinePosition, YearPosition, position
from collabdesk.services.budgets.put import Putting
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen, counted, plain
from collabdesk.storage.queries import forecasts as stored

_FORECASTS = "forecasts the year"


def choose(command: ChooseForecasts, reads: Connection, me: Actor) -> Outcome:
    """Choose how lines are forecast, all or none."""
    check_lead(me, _FORECASTS)
    asked = FiscalYear.parse(command.fiscal_year)
    year = asked.label
    held, known = position(reads, year), chosen_forecasts(reads, year)
    listed = providers_known(reads)
    if not command.choices:
        raise nothing_chosen("choices")
    step = Putting()
    for wanted in command.choices:
        key = line_key(reads, wanted.service_line, wanted.provider)
        there = known.get(key)
        if there is None and key not in held.lines:
            check_provider(key.provider, listed, asked)
        cells = _cells(wanted, key, held, there)
        new = {
            "fiscal_year": year,
            "service_line": key.service_line,
            "provider": key.provider,
        }
        step.put("forecast", there, cells if there else cells | new)
    words = f"{counted(len(command.choices), 'forecast')} chosen"
    if len(command.choices) == 1:
        line = service_line_named(reads, command.choices[0].service_line, "service_line")
        words = f"Forecast of {line_name(line, command.choices[0].provider)} chosen"
    return Outcome(tuple(step.changes), tuple(step.inverse), words, None)


def _cells(
    wanted: ForecastChoice,
    key: LineKey,
    held: YearPosition,
    known: stored.StoredForecast | None,
) -> dict[str, Cell]:
    if known is not None:
        check_settled("The forecast of this line", known.contested)
    method = chosen(Method, wanted.method, "method")
    reason = plain(wanted.reason, "reason") or (known.reason if known else "")
    check_choice(method, reason)
    cells: dict[str, Cell] = {"method": method.value}
    if reason:
        cells["reason"] = reason
    if method is Method.MANUAL:
        cells |= _manual(wanted, held, held.lines.get(key, LinePosition()), known)
    return cells


def _manual(
    wanted: ForecastChoice,
    held: YearPosition,
    line: LinePosition,
    known: stored.StoredForecast | None,
) -> dict[str, Cell]:
    """Return the open months judged by hand: those given, the others as forecast now."""
    method = Method(known.method) if known else Method.BUDGET_REMAINING
    now = by_month(standing(held, line, known.months if known else ()), method)
    months = dict(enumerate(now or line.budget_p, 1))
    for month, amount_p in wanted.months_p:
        _check_open(month, held)
        months[month] = amount_p
    return {
        month_column(month): amount_p for month, amount_p in months.items() if month > held.closed
    }


def _check_open(month: int, held: YearPosition) -> None:
    label = held.year.month(month).label
    if month <= held.closed:
        raise Refusal(
            code="month_has_its_actual",
            words=f"{label} is closed; it shows what was spent.",
            remedy="Change the forecast of a month that is still open.",
            field=month_column(month),
        )


def line_key(reads: Connection, service_line: bytes, provider: str) -> LineKey:
    """Return a line at a provider, or refuse one that is not known."""
    line = service_line_named(reads, service_line, "service_line")
    return LineKey(line.row, ods_code(provider, "provider"))


def nothing_chosen(field: str) -> Refusal:
    """Return the refusal of a command that asks for nothing."""
    return Refusal(
        code="nothing_chosen",
        words="Nothing was chosen.",
        remedy="Choose at least one line.",
        field=field,
    )
