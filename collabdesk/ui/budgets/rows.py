"""The budget as rows of the grid: groups, lines, providers, and the totals at the foot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.services.budgets.amounts import Amount, total
from collabdesk.services.budgets.planning.grid import GridRow as Line
from collabdesk.services.budgets.queries import ServiceLine
from collabdesk.services.budgets.room import Plan
from collabdesk.ui.budgets.wording import trust
from collabdesk.ui.grid import CellState, GridCell, GridColumn, GridRow, Kind, LateRow, RowKind

POSTED: Final = "Agreed and posted to the ledger: move money with a virement."
RANGE: Final = "A range, because a figure in it is contested."
_SHARES: Final = "Each allocation in equal parts from the month it takes effect."
MONTHS: Final = range(1, 13)
_OPEN: Final = CellState.OPEN
_CLOSED: Final = CellState.CLOSED


class RowKey(NamedTuple):
    """Which row of the grid: a group, a service line, a provider under it, or a total."""

    level: str
    service_line: bytes = b""
    provider: str = ""
    plan_line: bytes = b""


def columns(plan: Plan) -> tuple[GridColumn, ...]:
    """Return name, twelve months and the year."""
    posted = plan.grid.posted
    band = "Posted, from the ledger" if posted else f"Draft for {plan.version.fiscal_year}"
    months = (
        GridColumn(
            f"m{number}",
            f"M{number}",
            label.split()[1],
            Kind.MONEY,
            editable=True,
            band=_BANDS.get(state, band),
            # A single month has no room for more than its word.
            band_icon="locked" if posted and plan.states.count(state) > 1 else "",
        )
        for number, (label, state) in enumerate(zip(plan.grid.months, plan.states, strict=True), 1)
    )
    year = GridColumn("total", "Year", plan.version.fiscal_year, Kind.MONEY, strong=True)
    return GridColumn("name", "Service line"), *months, year


_BANDS: Final = {MonthState.SOFT_CLOSED: "Soft", MonthState.LOCKED: "Locked"}


def _shut_months(plan: Plan) -> tuple[str, ...]:
    """Return why each month takes no amount, empty where it does."""
    free = plan.version.kind == "what_if"
    return tuple(
        ""
        if free or state is MonthState.OPEN
        else f"{label} is {state.words}; what was published stays."
        for label, state in zip(plan.grid.months, plan.states, strict=True)
    )


def month_of(column: str) -> int | None:
    """Return the month a column shows, or None for the year."""
    return int(column[1:]) if column[1:].isdigit() else None


def rows(
    plan: Plan, lines: Sequence[ServiceLine], trusts: Mapping[str, str]
) -> tuple[GridRow, ...]:
    """Return the rows of a version in the order people gave the service lines."""
    by_row = {line.row: line for line in lines}
    made: list[GridRow] = []
    for parent, inside in _by_parent(plan.grid.rows, by_row):
        level = 0
        if parent is not None:
            made.append(_group(parent, inside, plan.grid.posted))
            level = 1
        shut = (POSTED,) * len(plan.states) if plan.grid.posted else _shut_months(plan)
        made.extend(_row(line, level, plan.grid.posted, trusts, shut) for line in inside)
    return tuple(made)


def _by_parent(
    found: Sequence[Line], known: Mapping[bytes, ServiceLine]
) -> Iterator[tuple[ServiceLine | None, list[Line]]]:
    before: bytes | None = b""
    inside: list[Line] = []
    for line in found:
        declared = known.get(line.service_line or b"")
        parent = declared.parent if declared else None
        if inside and parent != before:
            yield known.get(before or b""), inside
            inside = []
        before = parent
        inside.append(line)
    if inside:
        yield known.get(before or b""), inside


def _group(parent: ServiceLine, inside: Sequence[Line], posted: bool) -> GridRow:  # noqa: FBT001
    lines = [line for line in inside if line.level == "line"]
    months = [total(line.months[n].amount for line in lines) for n in range(12)]
    cells = [*(_shut(amount, posted) for amount in months), _sum(total(months))]
    return GridRow(RowKey("group", parent.row), (GridCell(parent.name), *cells), RowKind.GROUP, 0)


def _row(
    line: Line,
    level: int,
    posted: bool,  # noqa: FBT001
    trusts: Mapping[str, str],
    shut: Sequence[str],
) -> GridRow:
    if line.level == "line":
        return LateRow(_key(line), partial(_line_cells, line, posted), RowKind.GROUP, level)
    cells = partial(_provider_cells, line, trusts, shut)
    return LateRow(_key(line), cells, RowKind.LINE, level + 1)


def _line_cells(line: Line, posted: bool) -> tuple[GridCell, ...]:  # noqa: FBT001
    months = (_shut(month.amount, posted) for month in line.months)
    return (GridCell(line.name), *months, _sum(line.total))


def _provider_cells(
    line: Line, trusts: Mapping[str, str], shut: Sequence[str]
) -> tuple[GridCell, ...]:
    name = GridCell(trust(line.provider, trusts), reason=f"{line.name}, {line.provider}")
    months = [
        GridCell(month.amount.shown_p or None, None, _CLOSED if why else _OPEN, why)
        if not month.siblings
        else GridCell(month.amount.low_p, month.amount.high_p, CellState.CONTESTED)
        for month, why in zip(line.months, shut, strict=True)
    ]
    return (name, *months, _sum(line.total))


def contested(plan: Plan) -> Iterator[tuple[RowKey, str]]:
    """Yield the planned amounts that are contested: row key and column key."""
    for line in plan.grid.rows:
        if line.level == "provider":
            for number, month in enumerate(line.months, 1):
                if month.siblings:
                    yield _key(line), f"m{number}"


def _key(line: Line) -> RowKey:
    if line.level == "line":
        return RowKey("line", line.service_line or b"")
    return RowKey("provider", line.service_line or b"", line.provider, line.plan_line or b"")


def _shut(amount: Amount, posted: bool) -> GridCell:  # noqa: FBT001
    made = _sum(amount)
    return made.marked(CellState.CLOSED) if posted else made


def _sum(amount: Amount, *, warn: bool = False) -> GridCell:
    if amount.contested:
        return GridCell(amount.low_p, amount.high_p, CellState.CONTESTED, RANGE)
    over = warn and amount.shown_p < 0
    state = CellState.CONCERN if over else CellState.OPEN
    return GridCell(amount.shown_p, state=state, reason="More than the envelope." if over else "")


def foot(plan: Plan) -> tuple[GridRow, ...]:
    """Return what is planned, the contingency, the envelope and what is left, frozen below."""
    now, months = plan.summary.current, plan.months
    return (
        _total("planned", "Total planned", [m.planned for m in months], plan.grid.total.total),
        _total("kept", "Contingency", [m.contingency for m in months], now.contingency),
        _total("envelope", "Envelope", [m.envelope for m in months], now.envelope, _SHARES),
        _total("left", "Left in envelope", [m.left for m in months], now.unallocated, warn=True),
    )


def _total(  # noqa: PLR0913 one line of the foot
    key: str,
    name: str,
    months: Sequence[Amount],
    year: Amount,
    reason: str = "",
    *,
    warn: bool = False,
) -> GridRow:
    cells = (_sum(amount) for amount in months)
    named = GridCell(name, reason=reason)
    return GridRow(RowKey(key), (named, *cells, _sum(year, warn=warn)), RowKind.TOTAL)
