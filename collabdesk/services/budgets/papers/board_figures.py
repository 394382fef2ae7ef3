"""The figures of the board paper in one reading, each with the ledger lines it is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.board_charts import MonthFigure
from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.budgets.movement import MovementTable, Reason, all_lines
from collabdesk.domain.budgets.risks import Outlook
from collabdesk.domain.budgets.variance import Flow, Rating, Variance, variance
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear, Month
from collabdesk.services.budgets.closing.blockers import Blocker, blockers
from collabdesk.services.budgets.forecast.outturn import ForecastLine, Outturn, RiskLine, outturn
from collabdesk.services.budgets.policy import lead_of
from collabdesk.services.budgets.returns.reconciling import settled_of
from collabdesk.services.budgets.shares.investment_plan import InvestmentPlan, investment_plan
from collabdesk.services.budgets.shares.share_position import SharePosition, share_of
from collabdesk.services.budgets.virements.inbox import State, VirementLine, virement_list
from collabdesk.services.sealed.opening import Opener
from collabdesk.storage.queries import budgets as plans
from collabdesk.storage.queries import forecasts as kept
from collabdesk.storage.queries.positions import LedgerEntry, LedgerFilter, entries


@dataclass(frozen=True, slots=True)
class Figure:
    """Pence, and which ledger lines add up to them; `sign` turns credits into money held."""

    amount_p: int
    source: LedgerFilter
    sign: int = 1


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A service line over all its providers, or all of them; pence, favourable above nought.

    A forecast is its closed months' actuals and what the providers' methods add:
    `forecast_p` is that rest.
    """

    service_line: bytes | None
    code: str
    name: str
    budget: Figure
    ytd_budget: Figure
    ytd: Figure
    forecast_p: int
    last_p: int | None
    ytd_variance: Variance
    variance: Variance
    ytd_rating: Rating
    rating: Rating
    providers: tuple[ForecastLine, ...]

    @property
    def outturn_p(self) -> int:
        """The forecast outturn."""
        return self.ytd.amount_p + self.forecast_p

    @property
    def moved_p(self) -> int | None:
        """By how much the forecast moved since the month before."""
        return None if self.last_p is None else self.outturn_p - self.last_p


@dataclass(frozen=True, slots=True)
class Reserves:
    """The money outside the lines."""

    contingency: Figure
    investment: Figure
    unallocated: Figure
    envelope: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFigures:
    """What the ledger and the kept forecasts tell of a month.

    `months` are all lines by month. Virements are those posted after journal `since`, the
    ledger as the last meeting saw it.
    """

    year: FiscalYear
    month: int
    as_at: str
    headline: BoardLine
    lines: tuple[BoardLine, ...]
    months: tuple[MonthFigure, ...]
    movement: MovementTable | None
    reserves: Reserves
    since: int
    virements: tuple[VirementLine, ...]

    @property
    def by_reason(self) -> dict[Reason, int]:
        """What moved the forecast, reason by reason."""
        return self.movement.by_reason if self.movement else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFigures(LedgerFigures):
    """Everything a finance paper of the month closed last says.

    `share` is there only if the reader may open it, and then it is confidential. `returns`
    counts the references of the month's returns that are settled, and all of them.
    """

    outlook: Outlook
    risks: tuple[RiskLine, ...]
    investments: InvestmentPlan
    share: SharePosition | None
    returns: tuple[int, int]


def board_figures(
    reads: Connection,
    fiscal_year: str,
    opener: Opener | None = None,
    since: int | None = None,
) -> BoardFigures:
    """Return the figures of the month closed last; with an opener, the confidential ones too.

    Without `since` the last meeting saw the ledger as it was when a forecast was kept last
    for an earlier month.
    """
    found = outturn(reads, fiscal_year)
    year, month = found.position.year, found.month
    start = _last_seen(reads, found) if since is None else since
    moved = [
        MovementTable(line.last_p, line.movements)
        for line in found.lines
        if line.last_p is not None
    ]
    pots = found.position.pots
    return BoardFigures(
        year=year,
        month=month,
        as_at=found.position.as_at,
        headline=_line(found, None, "", "All lines", found.lines),
        lines=_by_service_line(reads, found),
        months=_months(found),
        movement=all_lines(moved) if moved else None,
        reserves=reserves(pots),
        outlook=found.outlook,
        risks=tuple(one for one in found.risks if one.open),
        investments=investment_plan(reads, year.label, pots.get(Account.INVESTMENT, 0)),
        share=share_of(reads, opener, found) if opener else None,
        since=start,
        virements=posted_since(reads, year.label, start),
        returns=settled_of(reads, year.label, month) if month else (0, 0),
    )


def _months(found: Outturn) -> tuple[MonthFigure, ...]:
    budget_p = [sum(line.held.budget_p[at] for line in found.lines) for at in range(MONTHS_IN_YEAR)]
    return tuple(
        MonthFigure(
            month_name(month),
            budget_p[at],
            figure_p if month.number <= found.month else None,
            None if month.number <= found.month else figure_p,
        )
        for at, (month, figure_p) in enumerate(
            zip(found.position.year.months, found.months_p, strict=True)
        )
    )


def month_name(month: Month) -> str:
    """Return a month as a chart names it, as ``Apr 2026``."""
    return month.label.partition(" ")[2]


def open_points(reads: Connection, found: BoardFigures) -> tuple[Blocker, ...]:
    """Return what is in the way of the next close; it reads the whole ledger again."""
    return blockers(reads, found.year.label, min(found.month + 1, MONTHS_IN_YEAR))


def drilled(reads: Connection, fiscal_year: str, figure: Figure) -> tuple[LedgerEntry, ...]:
    """Return the ledger lines behind a figure; times its sign they add up to it."""
    return entries(reads, fiscal_year, figure.source)


def _last_seen(reads: Connection, found: Outturn) -> int:
    lead = lead_of(reads)
    known = [
        one.journal_number
        for one in kept.kept_versions(reads, found.position.year.label)
        if one.scope == lead and one.month < found.month
    ]
    return known[-1] if known else 0


def posted_since(
    reads: Connection, year: str, since: int, through: int | None = None
) -> tuple[VirementLine, ...]:
    """Return the virements of a year posted after a journal, and up to another if one is given."""
    return tuple(
        one
        for one in virement_list(reads)
        if one.state is State.POSTED
        and one.virement.fiscal_year == year
        and (one.journal or 0) > since
        and (through is None or (one.journal or 0) <= through)
    )


def _by_service_line(reads: Connection, found: Outturn) -> tuple[BoardLine, ...]:
    groups: dict[bytes, list[ForecastLine]] = defaultdict(list)
    for line in found.lines:
        if isinstance(line.key.service_line, bytes):
            groups[line.key.service_line].append(line)
    names = {line.row: line for line in plans.service_lines(reads)}
    return tuple(
        _line(found, row, inside[0].code, service_name(names.get(row)), inside)
        for row, inside in groups.items()
    )


def service_name(line: plans.ServiceLine | None) -> str:
    """Return what a service line is called in a paper."""
    return line.name if line else "An unknown service line"


def _line(
    found: Outturn, row: bytes | None, code: str, name: str, inside: Sequence[ForecastLine]
) -> BoardLine:
    budget_p, ytd_p = sum(one.budget_p for one in inside), sum(one.ytd_p for one in inside)
    ytd_budget_p = sum(one.ytd_budget_p for one in inside)
    outturn_p = sum(one.budget_p if one.outturn_p is None else one.outturn_p for one in inside)
    now = variance(Flow.EXPENDITURE, ytd_budget_p, ytd_p)
    end = variance(Flow.EXPENDITURE, budget_p, outturn_p)
    line, spend = Account.LINE.value, Account.SPEND.value
    return BoardLine(
        row,
        code,
        name,
        Figure(budget_p, LedgerFilter(line, row, "", 1, MONTHS_IN_YEAR)),
        Figure(ytd_budget_p, LedgerFilter(line, row, "", 1, found.month)),
        Figure(ytd_p, LedgerFilter(spend, row, "", 1, found.month)),
        outturn_p - ytd_p,
        sum(one.last_p or 0 for one in inside) if found.last is not None else None,
        now,
        end,
        now.rating(found.thresholds),
        end.rating(found.thresholds),
        tuple(inside),
    )


def reserves(pots: Mapping[Account, int], through: int | None = None) -> Reserves:
    """Return the money outside the lines, up to a journal if one is given."""

    def held(account: Account, sign: int = 1) -> Figure:
        source = LedgerFilter(account.value, through=through)
        return Figure(sign * pots.get(account, 0), source, sign)

    return Reserves(
        held(Account.CONTINGENCY),
        held(Account.INVESTMENT),
        held(Account.UNALLOCATED),
        held(Account.ENVELOPE, -1),
    )
