"""The figures of an earlier month as they were when it was closed, or a refusal that says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.board_charts import MonthFigure
from collabdesk.domain.budgets.ledger import Account, LineKey
from collabdesk.domain.budgets.month_states import MonthState, state_of
from collabdesk.domain.budgets.movement import MovementTable, all_lines
from collabdesk.domain.budgets.variance import Flow, Thresholds, variance
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear, Month
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.closing import kept_state
from collabdesk.services.budgets.closing.month_states import locked_to, states
from collabdesk.services.budgets.forecast.outturn import (
    given_movements,
    kept_for,
    kept_lines_of,
    thresholds,
)
from collabdesk.services.budgets.papers.board_figures import (
    BoardLine,
    Figure,
    LedgerFigures,
    month_name,
    posted_since,
    reserves,
    service_name,
)
from collabdesk.storage.queries import budgets as plans
from collabdesk.storage.queries.forecasts import KeptLine, KeptVersion
from collabdesk.storage.queries.ledger import Stamp, stamp_at
from collabdesk.storage.queries.positions import LedgerFilter, Sum, sums

_SIDES: Final = {Account.LINE.value: 0, Account.SPEND.value: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedFigures(LedgerFigures):
    """A month's figures at the ledger it was closed with; `kept_at` is the forecast's ledger."""

    ledger: int
    kept_at: int


@dataclass(slots=True)
class _Held:
    """What a line at a provider holds at that ledger, and what its forecasts were."""

    budget_p: list[int] = field(default_factory=lambda: [0] * MONTHS_IN_YEAR)
    actual_p: list[int] = field(default_factory=lambda: [0] * MONTHS_IN_YEAR)
    outturn_p: int = 0
    last_p: int | None = None


def closed_to(reads: Connection, fiscal_year: str) -> int:
    """Return how many months of a year from April on are closed, softly or locked."""
    year = FiscalYear.parse(fiscal_year)
    known = states(reads, year.label)
    still = (m.number for m in year.months if state_of(m, known) is MonthState.OPEN)
    return next(still, MONTHS_IN_YEAR + 1) - 1


def check_closed(reads: Connection, fiscal_year: str, month: int) -> None:
    """Refuse a month that is not closed."""
    closed = closed_to(reads, fiscal_year)
    if 1 <= month <= closed:
        return
    there = f"Choose a month from M1 to M{closed}." if closed > 1 else "Choose M1."
    raise Refusal(
        code="month_not_closed",
        words=f"M{month} of {fiscal_year} is not closed, so there is no board pack of it.",
        remedy=there if closed else "Close M1 first, or leave the month out.",
        field="month",
    )


def reported_figures(
    reads: Connection, fiscal_year: str, month: int, since: int | None = None
) -> ReportedFigures:
    """Return a closed month as it was reported: its ledger at the close, the forecast kept for it.

    Without `since` the last meeting saw the forecast kept last for an earlier month.
    """
    year = FiscalYear.parse(fiscal_year)
    check_closed(reads, year.label, month)
    at = _ledger_of(reads, year.month(month))
    before, kept = kept_for(reads, year.label, month)
    if kept is None:
        raise _not_kept(year.month(month))
    start = (before.journal_number if before else 0) if since is None else since
    if start > at.number:
        raise Refusal(
            code="meeting_after_ledger",
            words=f"M{month} was closed with ledger #{at.number}; ledger #{start} came later.",
            remedy="Choose a meeting before that, or leave it to the forecast kept before.",
            field="since",
        )
    found = sums(reads, year.label, at.number)
    held = _held(reads, found, kept, before)
    moved = _moved(reads, year.label, month, held) if before else []
    read = _Reading(month, at.number, thresholds(reads), before is not None)
    return ReportedFigures(
        year=year,
        month=month,
        as_at=stamp_of_month(reads, year, month, at.number),
        headline=read.line(None, "", "All lines", held.values()),
        lines=_lines(reads, held, read),
        months=_months(year, month, held.values()),
        movement=all_lines(moved) if moved else None,
        reserves=reserves(_pots(found), at.number),
        since=start,
        virements=posted_since(reads, year.label, start, at.number),
        ledger=at.number,
        kept_at=kept.journal_number,
    )


def stamp_of_month(reads: Connection, year: FiscalYear, month: int, number: int) -> str:
    """Return the stamp of a month's pack, as ``Ledger as at #12, locked to M4``."""
    locked = min(locked_to(reads, year.label), month)
    return f"Ledger as at #{number}, {f'locked to M{locked}' if locked else 'no month locked'}"


def _ledger_of(reads: Connection, month: Month) -> Stamp:
    """Return the ledger a month was closed with; refused where it cannot be told to the penny."""
    state = kept_state(reads, month)
    number = state.journal_number if state and not state.contested else None
    if state is None or number is None:
        raise Refusal(
            code="ledger_not_kept",
            words=f"Which ledger {month.label} was closed with cannot be told.",
            remedy="Settle the month's state if it is contested, or choose another month.",
            field="month",
        )
    found = stamp_at(reads, number)
    if found is None or (state.ledger_hash and state.ledger_hash != found.link):
        raise Refusal(
            code="ledger_superseded",
            words=f"Ledger #{number}, which {month.label} was closed with, is not the ledger "
            "that stands now.",
            remedy="Look at what superseded it in Audit; the pack made then is the record.",
            field="month",
        )
    return found


def _not_kept(month: Month) -> Refusal:
    return Refusal(
        code="forecast_not_kept",
        words=f"No forecast was kept for {month.label}, so what was forecast then cannot be told.",
        remedy="Choose a month whose forecast was kept, or the month closed last.",
        field="month",
    )


def _held(
    reads: Connection, found: Iterable[Sum], kept: KeptVersion, before: KeptVersion | None
) -> Mapping[LineKey, _Held]:
    held: dict[LineKey, _Held] = defaultdict(_Held)
    for one in found:
        side = _SIDES.get(one.account)
        if side is None or one.service_line is None or one.month is None:
            continue
        if 1 <= one.month <= MONTHS_IN_YEAR:
            line = held[LineKey(one.service_line, one.provider)]
            (line.budget_p, line.actual_p)[side][one.month - 1] += one.amount_p
    now, last = kept_lines_of(reads, kept), kept_lines_of(reads, before)
    for key in held.keys() | now.keys() | last.keys():
        line = held[key]
        line.outturn_p = _or(now.get(key), sum(line.budget_p))
        line.last_p = _or(last.get(key), 0) if before else None
    return {key: line for key, line in held.items() if _stands(line)}


def _or(kept: KeptLine | None, otherwise_p: int) -> int:
    return otherwise_p if kept is None else kept.outturn_p


def _stands(line: _Held) -> bool:
    return any((*line.budget_p, *line.actual_p, line.outturn_p, line.last_p))


def _pots(found: Iterable[Sum]) -> Mapping[Account, int]:
    pots: dict[Account, int] = defaultdict(int)
    for one in found:
        pots[Account(one.account)] += one.amount_p
    return pots


def _moved(
    reads: Connection, year: str, month: int, held: Mapping[LineKey, _Held]
) -> list[MovementTable]:
    given = given_movements(reads, year, month)
    return [MovementTable(line.last_p or 0, given.get(key, ())) for key, line in held.items()]


def _months(year: FiscalYear, closed: int, lines: Iterable[_Held]) -> tuple[MonthFigure, ...]:
    every = list(lines)
    return tuple(
        MonthFigure(
            month_name(month),
            sum(line.budget_p[month.number - 1] for line in every),
            sum(line.actual_p[month.number - 1] for line in every)
            if month.number <= closed
            else None,
        )
        for month in year.months
    )


def _lines(
    reads: Connection, held: Mapping[LineKey, _Held], read: _Reading
) -> tuple[BoardLine, ...]:
    groups: dict[bytes, list[_Held]] = defaultdict(list)
    for key, line in held.items():
        if isinstance(key.service_line, bytes):
            groups[key.service_line].append(line)
    known = {line.row: line for line in plans.service_lines(reads)}
    rows = [*(row for row in known if row in groups), *sorted(groups.keys() - known.keys())]
    return tuple(
        read.line(row, known[row].code if row in known else "", service_name(known.get(row)), lines)
        for row in rows
        for lines in [groups[row]]
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every line of one reading is made with."""

    month: int
    through: int
    thresholds: Thresholds
    compared: bool

    def line(self, row: bytes | None, code: str, name: str, held: Iterable[_Held]) -> BoardLine:
        """Add providers up to a line."""
        inside = list(held)
        budget_p = sum(sum(one.budget_p) for one in inside)
        ytd_budget_p = sum(sum(one.budget_p[: self.month]) for one in inside)
        ytd_p = sum(sum(one.actual_p[: self.month]) for one in inside)
        outturn_p = sum(one.outturn_p for one in inside)
        now = variance(Flow.EXPENDITURE, ytd_budget_p, ytd_p)
        end = variance(Flow.EXPENDITURE, budget_p, outturn_p)
        return BoardLine(
            row,
            code,
            name,
            self._figure(budget_p, Account.LINE, row, MONTHS_IN_YEAR),
            self._figure(ytd_budget_p, Account.LINE, row, self.month),
            self._figure(ytd_p, Account.SPEND, row, self.month),
            outturn_p - ytd_p,
            sum(one.last_p or 0 for one in inside) if self.compared else None,
            now,
            end,
            now.rating(self.thresholds),
            end.rating(self.thresholds),
            (),
        )

    def _figure(self, amount_p: int, account: Account, row: bytes | None, last: int) -> Figure:
        return Figure(amount_p, LedgerFilter(account.value, row, "", 1, last, self.through))
