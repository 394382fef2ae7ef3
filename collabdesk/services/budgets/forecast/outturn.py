"""The forecast outturn of a year: every line's method, months, variance and movement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.forecast import Method, Position, by_month, forecast
from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.budgets.movement import Movement, Reason
from collabdesk.domain.budgets.risks import Outlook, Risk, RiskKind, outlook
from collabdesk.domain.budgets.variance import Flow, Rating, Thresholds, Variance, variance
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import line_name
from collabdesk.services.budgets.policy import lead_of
from collabdesk.services.budgets.position import LinePosition, YearPosition, position
from collabdesk.services.policy import policy_value
from collabdesk.storage.queries import budgets as plans
from collabdesk.storage.queries import forecasts as stored

USUAL: Final = Method.BUDGET_REMAINING
"""How a line is forecast that nobody chose a method for."""


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """One line at one provider as forecast; amounts in pence, over a year.

    `months_p` are actuals in closed months and the forecast in the others; None where the
    method has nothing to go by yet. `last_p` is the forecast kept for an earlier month.
    """

    key: LineKey
    code: str
    name: str
    row: bytes | None
    method: Method
    reason: str
    contested: frozenset[str]
    closed: int
    held: LinePosition
    months_p: tuple[int, ...] | None
    last_p: int | None
    movements: tuple[Movement, ...]

    @property
    def budget_p(self) -> int:
        """The budget of the year."""
        return sum(self.held.budget_p)

    @property
    def ytd_budget_p(self) -> int:
        """The budget of the closed months."""
        return sum(self.held.budget_p[: self.closed])

    @property
    def ytd_p(self) -> int:
        """The actual of the closed months."""
        return sum(self.held.actual_p[: self.closed])

    @property
    def committed_p(self) -> int:
        """What is committed and still to come."""
        return sum(self.held.outstanding_p)

    @property
    def outturn_p(self) -> int | None:
        """The forecast outturn, or None."""
        return None if self.months_p is None else sum(self.months_p)

    @property
    def variance(self) -> Variance | None:
        """Budget less outturn, favourable above nought."""
        if self.outturn_p is None:
            return None
        return variance(Flow.EXPENDITURE, self.budget_p, self.outturn_p)

    @property
    def ytd_variance(self) -> Variance:
        """Budget less actual of the closed months."""
        return variance(Flow.EXPENDITURE, self.ytd_budget_p, self.ytd_p)

    @property
    def unbudgeted(self) -> bool:
        """Tell whether money is or will be spent without a budget."""
        return not any(self.held.budget_p) and bool(self.ytd_p or self.outturn_p)

    @property
    def moved_p(self) -> int | None:
        """By how much the forecast moved since the one kept last."""
        if self.outturn_p is None or self.last_p is None:
            return None
        return self.outturn_p - self.last_p

    @property
    def unexplained_p(self) -> int:
        """What of the movement no reason was given for."""
        return (self.moved_p or 0) - sum(one.amount_p for one in self.movements)


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk or opportunity with what it is called and done about."""

    row: bytes
    risk: Risk
    title: str
    action: str
    owner: str
    open: bool
    contested: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outturn:
    """The forecast of a year; `hidden` lines have nothing in any month.

    `last` is the month whose forecast this one is compared with, `kept_p` the outturn that
    was kept for this month already, None if none was.
    """

    position: YearPosition
    lines: tuple[ForecastLine, ...]
    hidden: int
    last: int | None
    kept_p: int | None
    thresholds: Thresholds
    risks: tuple[RiskLine, ...]

    @property
    def kept(self) -> bool:
        """Tell whether this month's forecast is kept as it stands now."""
        return self.kept_p is not None and self.kept_p == self.outturn_p

    @property
    def month(self) -> int:
        """The month closed last, 0 for none."""
        return self.position.closed

    @property
    def outturn_p(self) -> int:
        """The outturn of all lines; one without a forecast counts as its budget."""
        return sum(_or_budget(line) for line in self.lines)

    @property
    def budget_p(self) -> int:
        """The budget of all lines."""
        return sum(line.budget_p for line in self.lines)

    @property
    def last_p(self) -> int | None:
        """The outturn kept last, or None."""
        return sum(line.last_p or 0 for line in self.lines) if self.last is not None else None

    @property
    def unexplained(self) -> tuple[ForecastLine, ...]:
        """The lines whose movement is not explained to the penny."""
        return tuple(line for line in self.lines if line.unexplained_p)

    @property
    def without(self) -> tuple[ForecastLine, ...]:
        """The lines whose method has nothing to go by."""
        return tuple(line for line in self.lines if line.outturn_p is None)

    @property
    def outlook(self) -> Outlook:
        """Where the year may end."""
        return outlook(self.outturn_p, [one.risk for one in self.risks if one.open])

    @property
    def months_p(self) -> tuple[int, ...]:
        """All lines month by month; a line without a forecast counts as its budget."""
        columns = [
            line.months_p
            or (*line.held.actual_p[: line.closed], *line.held.budget_p[line.closed :])
            for line in self.lines
        ]
        return tuple(sum(months) for months in zip(*columns, strict=True)) or _NOTHING

    def rating(self, found: Variance | None) -> Rating | None:
        """Rate a variance by the partners' thresholds."""
        return None if found is None else found.rating(self.thresholds)


_NOTHING: Final = (0,) * MONTHS_IN_YEAR


def _or_budget(line: ForecastLine) -> int:
    return line.budget_p if line.outturn_p is None else line.outturn_p


def outturn(reads: Connection, fiscal_year: str) -> Outturn:
    """Return the forecast of a year as it stands now."""
    held = position(reads, fiscal_year)
    year = held.year.label
    last, kept = kept_for(reads, year, held.closed)
    before = kept_lines_of(reads, last)
    chosen = chosen_forecasts(reads, year)
    moved = given_movements(reads, year, held.closed)
    names = {line.row: line for line in plans.service_lines(reads)}
    keys = _in_order(held.lines.keys() | before.keys(), names)
    lines = tuple(
        _line(key, held, names, chosen.get(key), (before if last else None), moved.get(key, ()))
        for key in keys
    )
    return Outturn(
        held,
        lines,
        len(_planned(reads, year) - set(keys)),
        last.month if last else None,
        sum(one.outturn_p for one in kept_lines_of(reads, kept).values()) if kept else None,
        thresholds(reads),
        risk_lines(reads, year),
    )


def _in_order(keys: Iterable[LineKey], names: Iterable[bytes]) -> list[LineKey]:
    """Return lines in the order people gave the service lines, then by provider."""
    places = {row: place for place, row in enumerate(names)}

    def place(key: LineKey) -> tuple[int, bytes, str]:
        row = key.service_line if isinstance(key.service_line, bytes) else b""
        return places.get(row, len(places)), row, key.provider

    return sorted(keys, key=place)


def _planned(reads: Connection, year: str) -> set[LineKey]:
    return {
        LineKey(line.service_line, line.provider)
        for version in plans.budget_versions(reads)
        if version.fiscal_year == year and version.state == "agreed"
        for line in plans.plan_lines(reads, version.row)
    }


def chosen_forecasts(reads: Connection, year: str) -> Mapping[LineKey, stored.StoredForecast]:
    """Return the lead provider’s choices by line; of two for one line the same one everywhere."""
    lead = lead_of(reads)
    found: dict[LineKey, stored.StoredForecast] = {}
    for one in stored.forecasts(reads, year):
        if one.scope == lead:
            found.setdefault(LineKey(one.service_line, one.provider), one)
    return found


def kept_for(
    reads: Connection, year: str, month: int
) -> tuple[stored.KeptVersion | None, stored.KeptVersion | None]:
    """Return the versions kept last for an earlier month and for this one."""
    lead = lead_of(reads)
    known = [one for one in stored.kept_versions(reads, year) if one.scope == lead]
    earlier = [one for one in known if one.month < month]
    now = [one for one in known if one.month == month]
    return (earlier[-1] if earlier else None), (now[-1] if now else None)


def kept_lines_of(
    reads: Connection, version: stored.KeptVersion | None
) -> Mapping[LineKey, stored.KeptLine]:
    """Return the lines of a kept forecast; none where nothing was kept."""
    if version is None:
        return {}
    found = stored.kept_lines(reads, version.row)
    return {
        LineKey(line.service_line, line.provider): line
        for line in found
        if line.scope == version.scope
    }


def given_movements(
    reads: Connection, year: str, month: int
) -> Mapping[LineKey, tuple[Movement, ...]]:
    """Return the reasons given for the movement to a month's forecast, line by line."""
    found: dict[LineKey, dict[Reason, Movement]] = defaultdict(dict)
    for one in own_movements(reads, year, month):
        if one.amount_p:
            key, reason = LineKey(one.service_line, one.provider), Reason(one.reason)
            found[key].setdefault(reason, Movement(reason, one.amount_p, one.words))
    return {key: tuple(kept.values()) for key, kept in found.items()}


def own_movements(reads: Connection, year: str, month: int) -> tuple[stored.StoredMovement, ...]:
    """Return the lead provider's reasons for movements to a month's forecast."""
    lead = lead_of(reads)
    return tuple(one for one in stored.movements(reads, year, month) if one.scope == lead)


def _line(  # noqa: PLR0913, PLR0917 - all that is known of a line
    key: LineKey,
    held: YearPosition,
    names: Mapping[bytes, plans.ServiceLine],
    chosen: stored.StoredForecast | None,
    before: Mapping[LineKey, stored.KeptLine] | None,
    moved: tuple[Movement, ...],
) -> ForecastLine:
    mine = held.lines.get(key, LinePosition())
    method = Method(chosen.method) if chosen else USUAL
    service_line = names.get(key.service_line) if isinstance(key.service_line, bytes) else None
    last = before.get(key) if before is not None else None
    return ForecastLine(
        key,
        service_line.code if service_line else "",
        line_name(service_line, key.provider),
        chosen.row if chosen else None,
        method,
        chosen.reason if chosen else "",
        chosen.contested if chosen else frozenset(),
        held.closed,
        mine,
        by_month(standing(held, mine, chosen.months if chosen else ()), method),
        None if before is None else (last.outturn_p if last else 0),
        moved,
    )


def by_method(found: Outturn, line: ForecastLine) -> Mapping[Method, int | None]:
    """Return what the year of a line would cost by each method, in pence; None where none can say.

    By hand it is what stands now, for that is where the typing begins.
    """
    position = standing(found.position, line.held, ())
    return {
        method: line.outturn_p if method is Method.MANUAL else forecast(position, method)
        for method in Method
    }


def standing(held: YearPosition, line: LinePosition, manual: Sequence[int | None]) -> Position:
    """Return a line as the rules of forecasting see it."""
    closed = held.closed
    typed = [month or 0 for month in manual] or list(_NOTHING)
    return Position(
        held.year,
        line.actual_p[:closed],
        line.budget_p,
        sum(line.one_off_p[:closed]),
        tuple(typed[closed:]),
        line.committed_p[closed:],
    )


def thresholds(reads: Connection) -> Thresholds:
    """Return from where a variance is amber and red, as the partners set it."""
    amber = str(policy_value(reads, "variance_amber_pct"))
    red = str(policy_value(reads, "variance_red_pct"))
    try:
        return Thresholds(amber, red)
    except Refusal:
        # Set one after the other they may cross for a while; then nothing is amber.
        return Thresholds(red, red)


def risk_lines(reads: Connection, fiscal_year: str) -> tuple[RiskLine, ...]:
    """Return the lead provider's risks and opportunities, the largest likely cost first."""
    lead = lead_of(reads)
    found = (_risk(one) for one in stored.risks(reads, fiscal_year) if one.scope == lead)
    return tuple(sorted(found, key=lambda one: (not one.open, -abs(one.risk.weighted), one.row)))


def _risk(row: stored.StoredRisk) -> RiskLine:
    sizes = (row.best_p or 0, row.likely_p or 0, row.worst_p or 0)
    kind = RiskKind(row.kind)
    try:
        made = Risk(kind, *sizes, row.probability_pct or "0")
    except Refusal:
        # Two laptops may have changed two sizes at once: put in order they can be read.
        low, mid, high = sorted(max(size, 0) for size in sizes)
        ends = (low, mid, high) if kind is RiskKind.RISK else (high, mid, low)
        made = Risk(kind, *ends, "0")
    return RiskLine(
        row.row, made, row.title, row.action, row.owner, row.state != "closed", row.contested
    )
