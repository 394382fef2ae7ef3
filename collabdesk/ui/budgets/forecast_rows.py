"""The forecast as rows of the grid: one line each, closed months shaded, the rest italic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from collabdesk.domain.budgets.movement import Reason
from collabdesk.domain.budgets.variance import Rating
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.services.budgets.forecast.methods_in_words import METHODS
from collabdesk.services.budgets.forecast.outturn import ForecastLine, Outturn, RiskLine
from collabdesk.ui.budgets.forecast_words import RATINGS, REASONS
from collabdesk.ui.budgets.settling import Disputed
from collabdesk.ui.budgets.wording import trust
from collabdesk.ui.grid import CellState, GridCell, GridColumn, GridRow, Kind, RowKind

_SPENT: Final = "Closed: this is what was spent."
_NO_BUDGET: Final = "Spent without a budget."
_SEVERAL: Final = "Several reasons: open them with Explain movement."
_STATES: Final = {
    Rating.GREEN: CellState.GOOD,
    Rating.AMBER: CellState.CONCERN,
    Rating.RED: CellState.CONCERN,
}


class LineKey(NamedTuple):
    """Which line of the forecast: a service line at a provider."""

    service_line: bytes
    provider: str


def columns(found: Outturn) -> tuple[GridColumn, ...]:
    """Return name, method, the year's figures, the movement, and twelve months."""
    money = Kind.MONEY
    months = (
        GridColumn(
            f"m{month.number}",
            f"M{month.number}",
            month.label.split()[1],
            money,
            editable=month.number > found.month,
            italic=month.number > found.month,
            band="Forecast" if month.number > found.month else "Actual",
            band_icon="" if month.number > found.month else "locked",
        )
        for month in found.position.year.months
    )
    year = f"Year {found.position.year.label}"
    moved = f"Since M{found.last}" if found.last else "Movement"
    before = f"M{found.last}" if found.last else "before"
    return (
        GridColumn("name", "Line"),
        GridColumn(
            "method",
            "Method",
            kind=Kind.ENUM,
            editable=True,
            choices=tuple(METHODS.values()),
            help="How the open months are forecast. Type the first letters, or use Method.",
        ),
        GridColumn("budget", "Budget", kind=money, band=year),
        GridColumn("ytd", "Actual", f"to M{found.month}", money, band=year),
        GridColumn("committed", "Committed", "to come", money, band=year),
        GridColumn(
            "outturn", "Forecast", "of the year", money, band=year, italic=True, strong=True
        ),
        GridColumn("variance", "Variance", kind=money, band=year, signed=True),
        GridColumn("rating", "RAG", band=year),
        GridColumn("last", "Forecast", before, money, band=moved),
        GridColumn("moved", "Movement", kind=money, band=moved, signed=True),
        GridColumn(
            "reason",
            "Reason",
            kind=Kind.ENUM,
            editable=True,
            band=moved,
            choices=tuple(REASONS.values()),
            help="Why all of the movement; for several reasons use Explain movement.",
        ),
        *months,
    )


def rows(found: Outturn, trusts: Mapping[str, str]) -> tuple[GridRow, ...]:
    """Return one row for each line that has anything in any month."""
    return tuple(_row(found, line, trusts) for line in found.lines)


def _row(found: Outturn, line: ForecastLine, trusts: Mapping[str, str]) -> GridRow:
    service_line = line.key.service_line
    key = LineKey(service_line if isinstance(service_line, bytes) else b"", line.key.provider)
    budget = GridCell(line.budget_p)
    if line.unbudgeted:
        budget = budget.marked(CellState.CONCERN, _NO_BUDGET)
    method = GridCell(METHODS[line.method], reason=line.reason)
    if "method" in line.contested:
        method = method.marked(CellState.CONTESTED, "Two laptops chose different methods.")
    spread = line.variance
    rating = found.rating(spread)
    cells = (
        GridCell(called(line, trusts), reason=line.code),
        method,
        budget,
        GridCell(line.ytd_p, state=CellState.CLOSED),
        GridCell(line.committed_p),
        GridCell(line.outturn_p, state=CellState.FORECAST, reason=_none(line)),
        GridCell(spread.amount_p if spread else None, reason=_pct(line)),
        GridCell(RATINGS[rating], state=_STATES[rating]) if rating else GridCell("n/a"),
        GridCell(line.last_p),
        GridCell(line.moved_p),
        _reason(line),
        *_months(line),
    )
    return GridRow(key, cells)


def called(line: ForecastLine, trusts: Mapping[str, str]) -> str:
    """Return what people call a line: its service line, and the trust's short name."""
    name = line.name.removesuffix(f" at {line.key.provider}")
    return f"{name}, {trust(line.key.provider, trusts)}"


def told(line: ForecastLine) -> str:
    """Return a line's forecast for a heading, with its method."""
    shown = "n/a" if line.outturn_p is None else format_pence(line.outturn_p)
    return f"{shown}, {METHODS[line.method][0].lower()}{METHODS[line.method][1:]}"


def _none(line: ForecastLine) -> str:
    return "" if line.outturn_p is not None else "This method needs a closed month."


def _pct(line: ForecastLine) -> str:
    spread = line.variance
    if spread is None:
        return ""
    return f"{spread.pct} % of the budget" if spread.pct is not None else "No budget: % n/a"


def _reason(line: ForecastLine) -> GridCell:
    if not line.moved_p:
        return GridCell(None, state=CellState.CLOSED, reason="Nothing moved.")
    if line.unexplained_p:
        left = f"{format_pence(line.unexplained_p)} without a reason."
        if not line.movements:
            return GridCell(None, state=CellState.CONCERN, reason=left)
        return GridCell("In part", state=CellState.CONCERN, reason=left)
    if len(line.movements) == 1:
        one = line.movements[0]
        return GridCell(REASONS[one.reason], reason=one.words)
    return GridCell("Several", reason=_SEVERAL)


def _months(line: ForecastLine) -> tuple[GridCell, ...]:
    known: tuple[int | None, ...] = line.months_p or line.held.actual_p[: line.closed]
    months = (*known, *(None,) * (MONTHS_IN_YEAR - len(known)))
    return tuple(_month(line, number, amount_p) for number, amount_p in enumerate(months, 1))


def _month(line: ForecastLine, number: int, amount_p: int | None) -> GridCell:
    if number <= line.closed:
        return GridCell(amount_p, state=CellState.CLOSED, reason=_SPENT)
    cell = GridCell(amount_p, state=CellState.FORECAST)
    if f"m{number}" in line.contested:
        return cell.marked(CellState.CONTESTED, "Two laptops judged this month differently.")
    return cell


def total(found: Outturn) -> GridRow:
    """Return all lines added up."""
    spread = found.budget_p - found.outturn_p
    last = found.last_p
    cells = (
        GridCell("All lines"),
        GridCell(None),
        GridCell(found.budget_p),
        GridCell(sum(line.ytd_p for line in found.lines)),
        GridCell(sum(line.committed_p for line in found.lines)),
        GridCell(found.outturn_p, state=CellState.FORECAST),
        GridCell(spread),
        GridCell(None),
        GridCell(last),
        GridCell(None if last is None else found.outturn_p - last),
        GridCell(None),
        *(GridCell(amount_p) for amount_p in found.months_p),
    )
    return GridRow("total", cells, RowKind.TOTAL)


MOVEMENT: Final = (
    GridColumn("what", "Movement"),
    GridColumn("amount", "Amount", kind=Kind.MONEY),
    GridColumn("lines", "Lines", kind=Kind.NUMBER),
    GridColumn("words", "In words"),
)


def movement_rows(found: Outturn, trusts: Mapping[str, str]) -> tuple[GridRow, ...]:
    """Return the forecast kept last, and each reason with what it moved since, over all lines."""
    if found.last is None:
        return (_moved("none", GridCell("No earlier forecast is kept to compare with yet.")),)
    made = [_moved("last", GridCell(f"Forecast M{found.last}"), GridCell(found.last_p))]
    for reason in Reason:
        each = [
            (line, one) for line in found.lines for one in line.movements if one.reason is reason
        ]
        if each:
            said = "; ".join(one.words for _, one in each if one.words)
            amount_p = sum(one.amount_p for _, one in each)
            name = GridCell(REASONS[reason])
            made.append(
                _moved(reason.value, name, GridCell(amount_p), GridCell(len(each)), GridCell(said))
            )
    left = found.unexplained
    if left:
        amount_p = sum(line.unexplained_p for line in left)
        name = GridCell("Without a reason", state=CellState.CONCERN)
        names = "; ".join(called(line, trusts) for line in left)
        made.append(_moved("left", name, GridCell(amount_p), GridCell(len(left)), GridCell(names)))
    return tuple(made)


def _moved(key: str, *cells: GridCell) -> GridRow:
    return GridRow(key, (*cells, *(GridCell(None),) * (len(MOVEMENT) - len(cells))))


def movement_foot(found: Outturn) -> tuple[GridRow, ...]:
    """Return the forecast of now, which what stands above adds up to."""
    if found.last is None:
        return ()
    cells = (GridCell("Forecast now"), GridCell(found.outturn_p), GridCell(None), GridCell(None))
    return (GridRow("now", cells, RowKind.TOTAL),)


RISKS: Final = (
    GridColumn("title", "Risk or opportunity"),
    GridColumn("kind", "Kind"),
    GridColumn("best", "Best", kind=Kind.MONEY, band="Adds to the outturn"),
    GridColumn("likely", "Likely", kind=Kind.MONEY, band="Adds to the outturn"),
    GridColumn("worst", "Worst", kind=Kind.MONEY, band="Adds to the outturn"),
    GridColumn("chance", "Chance", kind=Kind.NUMBER, unit=" %"),
    GridColumn("owner", "Owner"),
    GridColumn("action", "What is done"),
    GridColumn("state", "State"),
)


def risk_row(one: RiskLine) -> GridRow:
    """Return a risk or opportunity with what it adds to the outturn in each case."""
    best, likely, worst = one.risk.costs_p
    found = Disputed("risk", one.row, one.title, one.contested)
    name = GridCell(one.title)
    cells = (
        name.marked(CellState.CONTESTED, found.words) if one.contested else name,
        GridCell(one.risk.kind.value.capitalize()),
        GridCell(best),
        GridCell(likely),
        GridCell(worst),
        GridCell(one.risk.probability_pct),
        GridCell(one.owner),
        GridCell(one.action),
        GridCell("Open" if one.open else "Closed"),
    )
    return GridRow(one.row, cells if one.open else tuple(c.marked(CellState.CLOSED) for c in cells))


def risk_foot(found: Outturn) -> GridRow:
    """Return where the year may end."""
    ends = found.outlook
    blank = (GridCell(None),) * 4
    cells = (
        GridCell("Outturn"),
        GridCell(None),
        GridCell(ends.best_p),
        GridCell(ends.likely_p),
        GridCell(ends.worst_p),
        *blank,
    )
    return GridRow("outlook", cells, RowKind.TOTAL)
