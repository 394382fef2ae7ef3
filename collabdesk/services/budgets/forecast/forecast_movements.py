"""Why the forecast moved, line by line to the penny."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.budgets.movement import Movement, Reason, explain
from collabdesk.domain.changes import OWN, Cell, Change, Delete, Insert, NewRow, SetCells
from collabdesk.errors import Refusal
from collabdesk.services.budgets.forecast.forecast_choosing import line_key, nothing_chosen
from collabdesk.services.budgets.forecast.forecast_commands import (
    ExplainMovement,
    GiveReasons,
    MovementGiven,
)
from collabdesk.services.budgets.forecast.outturn import (
    ForecastLine,
    Outturn,
    outturn,
    own_movements,
)
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen, counted, plain
from collabdesk.storage.queries import forecasts as stored

_FORECASTS = "forecasts the year"


def explain_movement(command: ExplainMovement, reads: Connection, me: Actor) -> Outcome:
    """Say why one line's forecast moved; refused while the reasons do not add up."""
    check_lead(me, _FORECASTS)
    found = outturn(reads, command.fiscal_year)
    key = line_key(reads, command.service_line, command.provider)
    line = _moved(found, key)
    given = [_movement(one) for one in command.movements]
    _check_each_once(given)
    explain(line.last_p or 0, line.outturn_p or 0, given)
    changes = _explained(reads, found, {key: given})
    words = f"Movement of {line.name} explained"
    return Outcome(changes, _taken_back(changes, reads, found), words, None)


def give_reasons(command: GiveReasons, reads: Connection, me: Actor) -> Outcome:
    """Give lines one reason each for all of their movement, all or none."""
    check_lead(me, _FORECASTS)
    found = outturn(reads, command.fiscal_year)
    given: dict[LineKey, Sequence[Movement]] = {}
    for one in command.reasons:
        key = line_key(reads, one.service_line, one.provider)
        line = _moved(found, key)
        given[key] = [Movement(chosen(Reason, one.reason, "reason"), line.moved_p or 0)]
    if not given:
        raise nothing_chosen("reasons")
    changes = _explained(reads, found, given)
    words = f"{counted(len(given), 'movement')} explained"
    return Outcome(changes, _taken_back(changes, reads, found), words, None)


def _moved(found: Outturn, key: LineKey) -> ForecastLine:
    if found.last is None:
        raise Refusal(
            code="nothing_to_compare",
            words="No forecast of an earlier month was kept, so nothing moved yet.",
            remedy="Keep this month's forecast; the next one is compared with it.",
            field="movements",
        )
    line = next((one for one in found.lines if one.key == key), None)
    if line is None or not line.moved_p:
        raise Refusal(
            code="nothing_moved",
            words="The forecast of this line did not move.",
            remedy="Give reasons only where last month's forecast and this one differ.",
            field="movements",
        )
    return line


def _movement(given: MovementGiven) -> Movement:
    reason = chosen(Reason, given.reason, "reason")
    return Movement(reason, given.amount_p, plain(given.words, "words"))


def _check_each_once(given: Sequence[Movement]) -> None:
    reasons = [one.reason for one in given]
    twice = next((reason for reason in reasons if reasons.count(reason) > 1), None)
    if twice is not None:
        raise Refusal(
            code="reason_given_twice",
            words=f"The reason “{twice.value.replace('_', ' ')}” is given twice.",
            remedy="Add its amounts up in one row.",
            field="movements",
        )


def _explained(
    reads: Connection, found: Outturn, given: Mapping[LineKey, Sequence[Movement]]
) -> tuple[Change, ...]:
    """Return what sets the reasons of lines to exactly those given."""
    year, month = found.position.year.label, found.month
    known = _rows(reads, year, month)
    changes: list[Change] = []
    for key, movements in given.items():
        wanted = {one.reason: one for one in movements}
        for reason in Reason:
            row, one = known.get((key, reason)), wanted.get(reason)
            if row is not None and (row.amount_p or 0, row.words) != _said(one):
                cells: dict[str, Cell] = {"amount_p": one.amount_p if one else 0}
                changes.append(
                    SetCells("forecast_movement", row.row, cells | {"words": _said(one)[1]})
                )
            elif row is None and one is not None:
                changes.append(_insert(year, month, key, one, f"moved-{len(changes)}"))
    return tuple(changes)


def _said(one: Movement | None) -> tuple[int, str]:
    return (one.amount_p, one.words) if one else (0, "")


def _insert(year: str, month: int, key: LineKey, one: Movement, name: str) -> Insert:
    cells: dict[str, Cell] = {
        "fiscal_year": year,
        "month": month,
        "service_line": key.service_line,
        "provider": key.provider,
        "reason": one.reason.value,
        "amount_p": one.amount_p,
        "words": one.words or None,
    }
    return Insert("forecast_movement", OWN, cells, name)


def _rows(
    reads: Connection, year: str, month: int
) -> Mapping[tuple[LineKey, Reason], stored.StoredMovement]:
    found: dict[tuple[LineKey, Reason], stored.StoredMovement] = {}
    for one in own_movements(reads, year, month):
        key = LineKey(one.service_line, one.provider)
        found.setdefault((key, Reason(one.reason)), one)
    return found


def _taken_back(changes: Iterable[Change], reads: Connection, found: Outturn) -> tuple[Change, ...]:
    before = {row.row: row for row in _rows(reads, found.position.year.label, found.month).values()}
    back: list[Change] = []
    for change in changes:
        if isinstance(change, Insert):
            back.append(Delete(change.table, NewRow(change.key)))
        elif isinstance(change, SetCells) and isinstance(change.row, bytes):
            was = before[change.row]
            cells: dict[str, Cell] = {"amount_p": was.amount_p, "words": was.words}
            back.append(SetCells(change.table, change.row, cells))
    return tuple(back)
