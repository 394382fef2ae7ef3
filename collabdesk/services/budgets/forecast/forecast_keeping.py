"""A month's forecast kept for good, so that the next month's is compared with it."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.changes import OWN, Cell, Insert, NewRow
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.forecast.forecast_commands import (
    KeepForecast,
)
from collabdesk.services.budgets.forecast.outturn import (
    ForecastLine,
    Outturn,
    outturn,
)
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import counted
from collabdesk.storage.queries import forecasts as stored


def keep(command: KeepForecast, reads: Connection, me: Actor) -> Outcome:
    """Keep the forecast of the month closed last; refused while a movement is unexplained."""
    check_lead(me, "keeps the month's forecast")
    found = outturn(reads, command.fiscal_year)
    _check_closed(found)
    _check_complete(found)
    _check_explained(found)
    year = found.position.year
    kept = stored.kept_versions(reads, year.label)
    version = 1 + max((one.version for one in kept if one.month == found.month), default=0)
    header: dict[str, Cell] = {
        "fiscal_year": year.label,
        "month": found.month,
        "version": version,
        "journal_number": found.position.stamp.number,
    }
    head = Insert("forecast_version", OWN, header, "kept")
    lines = (_kept_line(line) for line in found.lines)
    words = f"Forecast of {year.month(found.month).label} kept"
    return Outcome((head, *lines), (), words, ("forecast_version", NewRow("kept")))


def _kept_line(line: ForecastLine) -> Insert:
    cells: dict[str, Cell] = {
        "forecast_version": NewRow("kept"),
        "service_line": line.key.service_line,
        "provider": line.key.provider,
        "method": line.method.value,
        "outturn_p": line.outturn_p,
        "ytd_p": line.ytd_p,
        "budget_p": line.budget_p,
        "reason": line.reason or None,
    }
    return Insert("forecast_line", OWN, cells)


def _check_closed(found: Outturn) -> None:
    if not found.month:
        raise Refusal(
            code="no_month_closed",
            words=f"No month of {found.position.year.label} is closed yet.",
            remedy="Close M1 softly; then its forecast can be kept.",
            field="month",
        )


def _check_complete(found: Outturn) -> None:
    contested = next((line for line in found.lines if line.contested), None)
    if contested is not None:
        raise Refusal(
            code="contested",
            words=f"The forecast of {contested.name} is contested.",
            remedy="Settle it first, with a reason.",
            field="method",
        )
    if found.without:
        raise Refusal(
            code="without_forecast",
            words=f"{found.without[0].name} has no forecast.",
            remedy="Choose a method that needs no closed month, such as budget remaining.",
            field="method",
        )


def _check_explained(found: Outturn) -> None:
    left = found.unexplained
    if left:
        more = f", and {counted(len(left) - 1, 'more line')}" if len(left) > 1 else ""
        raise Refusal(
            code="movement_does_not_add_up",
            words=f"{left[0].name} moved by {format_pence(left[0].moved_p or 0)}; "
            f"{format_pence(left[0].unexplained_p)} of it has no reason{more}.",
            remedy="Give each movement its reasons; they must add up to the penny.",
            field="movements",
        )
