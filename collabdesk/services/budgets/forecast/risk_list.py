"""Risks and opportunities: what is not in the forecast and may still come."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.risks import Risk, RiskKind
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, SetCells
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import service_line_named
from collabdesk.services.budgets.forecast.forecast_commands import (
    AddRisk,
    ChangeRisk,
    CloseRisk,
)
from collabdesk.services.budgets.put import Putting
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen, filled, plain
from collabdesk.storage.queries import forecasts as stored


def add_risk(command: AddRisk, reads: Connection, me: Actor) -> Outcome:
    """Add a risk or opportunity."""
    check_lead(me, "keeps the list of risks")
    kind = chosen(RiskKind, command.kind, "kind")
    if command.service_line is not None:
        service_line_named(reads, command.service_line, "service_line")
    cells: dict[str, Cell] = {
        "fiscal_year": FiscalYear.parse(command.fiscal_year).label,
        "kind": kind.value,
        "service_line": command.service_line,
        "state": "open",
        **_sized(kind, command),
    }
    given = {name: value for name, value in cells.items() if value is not None}
    row = NewRow("risk")
    words = f"{kind.value.capitalize()} “{command.title.strip()}” added"
    insert = Insert("risk", OWN, given, row.key)
    return Outcome((insert,), (Delete("risk", row),), words, ("risk", row))


def change_risk(command: ChangeRisk, reads: Connection, me: Actor) -> Outcome:
    """Change a risk or opportunity."""
    check_lead(me, "keeps the list of risks")
    known = _risk_named(reads, command.risk)
    step, name = Putting(), f"“{command.title.strip()}”"
    step.put("risk", known, _sized(RiskKind(known.kind), command), name)
    return step.outcome(f"{name} changed", ("risk", known.row))


def close_risk(command: CloseRisk, reads: Connection, me: Actor) -> Outcome:
    """Take a risk or opportunity out of the outlook."""
    check_lead(me, "keeps the list of risks")
    known = _risk_named(reads, command.risk)
    change = SetCells("risk", known.row, {"state": "closed"})
    back = SetCells("risk", known.row, {"state": known.state or "open"})
    return Outcome((change,), (back,), f"“{known.title}” closed", ("risk", known.row))


def _sized(kind: RiskKind, command: AddRisk | ChangeRisk) -> dict[str, Cell]:
    title = filled(command.title, "title", "The risk has no name.", "Name it in a few words.")
    pct = decimal_text(parse_decimal(command.probability_pct, "probability_pct"))
    Risk(kind, command.best_p, command.likely_p, command.worst_p, pct)
    return {
        "title": title,
        "best_p": command.best_p,
        "likely_p": command.likely_p,
        "worst_p": command.worst_p,
        "probability_pct": pct,
        "action": plain(command.action, "action") or None,
        "owner": plain(command.owner, "owner") or None,
    }


def _risk_named(reads: Connection, row: bytes) -> stored.StoredRisk:
    found = stored.risk(reads, row)
    if found is None:
        raise Refusal(
            code="unknown_risk",
            words="This risk is not there any more.",
            remedy="Choose one of the list.",
            field="risk",
        )
    return found
