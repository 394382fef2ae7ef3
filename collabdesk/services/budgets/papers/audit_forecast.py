"""Variance, forecast and its movement, followed to the ledger lines they are worked out of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.forecast import Method
from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.budgets.plan import month_column
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.services.budgets.contracts.contracted import contracted
from collabdesk.services.budgets.forecast.methods_in_words import MEANINGS, METHODS
from collabdesk.services.budgets.forecast.outturn import ForecastLine, Outturn
from collabdesk.services.budgets.papers.audit_stops import (
    AuditRow,
    Level,
    Listing,
    Stop,
    Worked,
    adding,
    part,
)
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.common import siblings
from collabdesk.storage.queries.positions import LedgerFilter

_LINE: Final = Account.LINE.value
_SPEND: Final = Account.SPEND.value


def _inside(found: Outturn, stop: Stop) -> tuple[ForecastLine, ...]:
    line, provider = stop.source.service_line, stop.source.provider
    return tuple(
        one
        for one in found.lines
        if line in {None, one.key.service_line} and provider in {"", one.key.provider}
    )


def _posted(account: str, stop: Stop, last: int) -> LedgerFilter:
    return replace(stop.source, account=account, first=1, last=last)


def _to_date(_: Connection, found: Outturn, stop: Stop) -> Listing:
    inside, month = _inside(found, stop), found.month
    return adding(
        (
            part(
                f"Budget to M{month}",
                sum(one.ytd_budget_p for one in inside),
                stop,
                Stop(Level.LINES, f"Budget to M{month}", _posted(_LINE, stop, month)),
            ),
            part(
                f"Less actual to M{month}",
                -sum(one.ytd_p for one in inside),
                stop,
                Stop(Level.LINES, f"Actual to M{month}", _posted(_SPEND, stop, month), -1),
            ),
        )
    )


def _at_year_end(_: Connection, found: Outturn, stop: Stop) -> Listing:
    return adding(tuple(budget_less_outturn(found, stop)))


def budget_less_outturn(found: Outturn, stop: Stop) -> Iterator[AuditRow]:
    """Yield the budget of the year and, less it, the forecast outturn."""
    inside = _inside(found, stop)
    budget = Stop(Level.LINES, "Budget of the year", _posted(_LINE, stop, MONTHS_IN_YEAR))
    yield part("Budget of the year", sum(one.budget_p for one in inside), stop, budget)
    ahead = Stop(Level.PARTS, "Forecast outturn", stop.source, -1, worked=Worked.OUTTURN)
    yield part("Less forecast outturn", -sum(map(_outturn_p, inside)), stop, ahead)


def _outturn_p(line: ForecastLine) -> int:
    return line.budget_p if line.outturn_p is None else line.outturn_p


def _outturn(_: Connection, found: Outturn, stop: Stop) -> Listing:
    rows = []
    for one in _inside(found, stop):
        words = f"{one.name}, {METHODS[one.method].lower()}"
        below = Stop(Level.PARTS, one.name, _source(one), worked=Worked.LINE_OUTTURN)
        rows.append(replace(part(words, _outturn_p(one), stop, below), line=one.name))
    return adding(tuple(rows))


def _source(line: ForecastLine) -> LedgerFilter:
    row = line.key.service_line
    return LedgerFilter("", row if isinstance(row, bytes) else b"", line.key.provider)


def _line_outturn(_: Connection, found: Outturn, stop: Stop) -> Listing:
    (line,) = _inside(found, stop)
    closed = found.month
    rows = []
    if closed:
        words = f"Actual to M{closed}"
        below = Stop(Level.MONTHS, words, _posted(_SPEND, stop, closed))
        rows.append(part(words, line.ytd_p, stop, below))
    ahead_p = line.months_p or line.held.budget_p
    for month in range(closed + 1, MONTHS_IN_YEAR + 1):
        words = f"Forecast of M{month}"
        below = Stop(Level.PARTS, words, stop.source, month=month, worked=Worked.FORECAST_MONTH)
        rows.append(part(words, ahead_p[month - 1], stop, below))
    return adding(tuple(rows), _method_said(line))


def _method_said(line: ForecastLine) -> str:
    if line.months_p is None:
        return f"{METHODS[line.method]} has no closed month to go by: the budget counts."
    reason = f" {line.reason.rstrip('.')}." if line.reason else ""
    return f"{METHODS[line.method]}. {MEANINGS[line.method]}{reason}"


def _all_in_month(_: Connection, found: Outturn, stop: Stop) -> Listing:
    """Return the lines a month's forecast is added up of."""
    rows = []
    for line in _inside(found, stop):
        amount_p = (line.months_p or line.held.budget_p)[(stop.month or 1) - 1]
        words = f"{line.name}, {METHODS[line.method].lower()}"
        below = Stop(
            Level.PARTS, words, _source(line), month=stop.month, worked=Worked.FORECAST_MONTH
        )
        if amount_p:
            rows.append(replace(part(words, amount_p, stop, below), line=line.name))
    return adding(tuple(rows))


def _forecast_month(reads: Connection, found: Outturn, stop: Stop) -> Listing:
    (line,) = _inside(found, stop)
    if line.months_p is None:
        return _as_budgeted(reads, found, line, stop)
    return _BY_METHOD.get(line.method, _as_it_went)(reads, found, line, stop)


def _as_budgeted(_: Connection, __: Outturn, line: ForecastLine, stop: Stop) -> Listing:
    month = stop.month or 1
    words = f"Budget of M{month}"
    below = Stop(Level.ENTRIES, words, _in_month(_LINE, stop, month))
    row = part(words, line.held.budget_p[month - 1], stop, below)
    return adding((row,), _method_said(line))


def _in_month(account: str, stop: Stop, month: int) -> LedgerFilter:
    return replace(stop.source, account=account, first=month, last=month)


def _by_hand(reads: Connection, _: Outturn, line: ForecastLine, stop: Stop) -> Listing:
    month = stop.month or 1
    row = part(f"M{month}, typed by hand", (line.months_p or ())[month - 1], stop, None)
    people = _who_typed(reads, line, month)
    return adding((replace(row, line=line.name, month=month, people=people),), _method_said(line))


def _who_typed(reads: Connection, line: ForecastLine, month: int) -> tuple[Author, ...]:
    stands = siblings(reads, line.row, month_column(month)) if line.row else ()
    return tuple(one.author for one in stands)


def _committed(reads: Connection, found: Outturn, line: ForecastLine, stop: Stop) -> Listing:
    month = stop.month or 1
    rows = [
        part(f"Contract {one.contract.reference or 'without a reference'}", due_p, stop, None)
        for one in contracted(reads, found.position.year.label)
        if (one.contract.service_line, one.contract.provider)
        == (line.key.service_line, line.key.provider)
        and (due_p := one.due_p[month - 1])
    ]
    return adding(tuple(rows), _method_said(line))


def _as_it_went(_: Connection, found: Outturn, line: ForecastLine, stop: Stop) -> Listing:
    """Return the closed months a run rate goes by; the figure is not their sum."""
    last = found.month
    first = max(1, last - 2) if line.method is Method.LAST_THREE else 1
    rows = tuple(
        part(
            f"Actual of M{month}",
            line.held.actual_p[month - 1],
            stop,
            Stop(Level.ENTRIES, f"Actual of M{month}", _in_month(_SPEND, stop, month)),
        )
        for month in range(first, last + 1)
    )
    figure_p = stop.sign * (line.months_p or ())[(stop.month or 1) - 1]
    return Listing(rows, note=f"{_method_said(line)} It makes {format_pence(figure_p)} of them.")


def _movement(_: Connection, found: Outturn, stop: Stop) -> Listing:
    rows = []
    for line in _inside(found, stop):
        words = f"{line.name}: forecast now"
        below = Stop(Level.PARTS, line.name, _source(line), worked=Worked.LINE_OUTTURN)
        rows.append(part(words, _outturn_p(line), stop, below))
        if line.last_p:
            rows.append(part(f"{line.name}: less as kept before", -line.last_p, stop, None))
    given = ", ".join(
        f"{one.reason.replace('_', ' ')} {format_pence(one.amount_p)}"
        for line in _inside(found, stop)
        for one in line.movements
    )
    return adding(tuple(rows), f"Reasons given: {given}." if given else "")


_BY_METHOD: Final[Mapping[Method, Callable[[Connection, Outturn, ForecastLine, Stop], Listing]]] = {
    Method.BUDGET_REMAINING: _as_budgeted,
    Method.MANUAL: _by_hand,
    Method.COMMITTED: _committed,
}


OF_FORECAST: Final[Mapping[Worked, Callable[[Connection, Outturn, Stop], Listing]]] = {
    Worked.TO_DATE: _to_date,
    Worked.OUTTURN: _outturn,
    Worked.LINE_OUTTURN: _line_outturn,
    Worked.FORECAST_MONTH: _forecast_month,
    Worked.ALL_IN_MONTH: _all_in_month,
    Worked.AT_YEAR_END: _at_year_end,
    Worked.MOVEMENT: _movement,
}
