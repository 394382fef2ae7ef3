"""The budget grid: service lines with their providers, month by month, drafted or posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Account, LineKey
from collabdesk.domain.budgets.plan import month_column
from collabdesk.domain.changes import NewRow
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear
from collabdesk.services.budgets.amounts import Amount, amount_of, disputes, total
from collabdesk.services.budgets.entered import service_lines, version_named
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.common import Sibling
from collabdesk.storage.queries.ledger import PostedJournal, Stamp, journals, stamp

MONTHS = range(1, MONTHS_IN_YEAR + 1)


@dataclass(frozen=True, slots=True)
class GridCell:
    """One month of a row; `siblings` holds every value that stands while it is contested."""

    amount: Amount
    siblings: tuple[Sibling, ...] = ()


@dataclass(frozen=True, slots=True)
class GridRow:
    """A service line, a provider under it, or the total; only provider rows can be edited.

    `plan_line` is the row to edit; `kept` marks a deleted line that a later amount keeps.
    """

    level: Literal["line", "provider", "total"]
    name: str
    code: str
    provider: str
    service_line: bytes | None
    plan_line: bytes | None
    profile: str
    recurrence: str
    months: tuple[GridCell, ...]
    kept: bool = False

    @property
    def total(self) -> Amount:
        """The year, as a range while a month is contested."""
        return total(month.amount for month in self.months)


@dataclass(frozen=True, slots=True)
class BudgetGrid:
    """A version month by month; `posted` says whether these are the ledger's figures."""

    version: stored.BudgetVersion
    posted: bool
    months: tuple[str, ...]
    rows: tuple[GridRow, ...]
    total: GridRow
    stamp: Stamp


def budget_grid(reads: Connection, version: bytes) -> BudgetGrid:
    """Return the months of a version: the plan while it is a draft, the ledger once agreed."""
    row = version_named(reads, version)
    agreed = row.state == "agreed"
    posted = journals(reads, row.fiscal_year, budget_only=True) if agreed else ()
    lines = service_lines(reads)
    plan = {
        LineKey(line.service_line, line.provider): line
        for line in stored.plan_lines(reads, version)
    }
    if posted:
        providers = _posted_rows(posted, plan, lines)
    else:
        providers = _drafted_rows(reads, stored.plan_lines(reads, version), lines)
    return BudgetGrid(
        row,
        bool(posted),
        tuple(month.label for month in FiscalYear.parse(row.fiscal_year).months),
        tuple(_grouped(providers, lines)),
        _sum_row("total", "Total", providers),
        stamp(reads),
    )


def _drafted_rows(
    reads: Connection,
    plan: Iterable[stored.PlanLine],
    lines: Mapping[bytes, stored.ServiceLine],
) -> list[GridRow]:
    contested = disputes(reads, "plan_line")
    return [
        _provider_row(
            LineKey(line.service_line, line.provider),
            line,
            lines,
            [
                GridCell(
                    amount_of(month, standing := contested.get((line.row, month_column(n)), ())),
                    standing,
                )
                for n, month in enumerate(line.months, 1)
            ],
        )
        for line in plan
    ]


def _posted_rows(
    posted: Iterable[PostedJournal],
    plan: Mapping[LineKey, stored.PlanLine],
    lines: Mapping[bytes, stored.ServiceLine],
) -> list[GridRow]:
    held: dict[tuple[bytes | NewRow, str], list[int]] = defaultdict(lambda: [0] * MONTHS_IN_YEAR)
    for key in plan:
        held[key.service_line, key.provider] = [0] * MONTHS_IN_YEAR
    for journal in posted:
        for line in journal.lines:
            if line.account == Account.LINE and line.service_line and line.month is not None:
                held[line.service_line, line.provider][line.month - 1] += line.amount_p
    by_key = {LineKey(*named): months for named, months in held.items()}
    return [
        _provider_row(key, plan.get(key), lines, [GridCell(Amount.exact(p)) for p in months])
        for key, months in by_key.items()
    ]


def _provider_row(
    key: LineKey,
    plan_line: stored.PlanLine | None,
    lines: Mapping[bytes, stored.ServiceLine],
    months: Sequence[GridCell],
) -> GridRow:
    row = key.service_line if isinstance(key.service_line, bytes) else None
    line = lines.get(row or b"")
    return GridRow(
        "provider",
        line.name if line else "Unknown service line",
        line.code if line else "",
        key.provider,
        row,
        plan_line.row if plan_line else None,
        plan_line.profile if plan_line else "",
        line.recurrence if line else "",
        tuple(months),
        kept=bool(plan_line and plan_line.kept),
    )


def _grouped(
    providers: Sequence[GridRow], lines: Mapping[bytes, stored.ServiceLine]
) -> Iterable[GridRow]:
    order = {row: place for place, row in enumerate(lines)}
    groups: dict[bytes | None, list[GridRow]] = defaultdict(list)
    for provider in providers:
        groups[provider.service_line].append(provider)
    for row in sorted(groups, key=lambda r: (order.get(r or b"", len(order)), r or b"")):
        mine = sorted(groups[row], key=lambda r: (r.provider, r.plan_line or b""))
        yield _sum_row("line", mine[0].name, mine, mine[0])
        yield from mine


def _sum_row(
    level: Literal["line", "total"], name: str, rows: Sequence[GridRow], like: GridRow | None = None
) -> GridRow:
    months = (GridCell(total(row.months[n - 1].amount for row in rows)) for n in MONTHS)
    return GridRow(
        level,
        name,
        like.code if like else "",
        "",
        like.service_line if like else None,
        None,
        "",
        like.recurrence if like else "",
        tuple(months),
    )
