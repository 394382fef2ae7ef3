"""A virement month by month: both lines before, what changes, and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR
from collabdesk.services.budgets.queries import State, VirementLine
from collabdesk.services.budgets.room import Plan
from collabdesk.ui.grid import CellState, GridCell, GridColumn, GridRow, Kind, RowKind

_NOTHING = (0,) * MONTHS_IN_YEAR
_OVERDRAWN = "The line would be overdrawn."


def diff_columns() -> tuple[GridColumn, ...]:
    """Return name, twelve months and the year."""
    months = (
        GridColumn(f"m{n}", f"M{n}", MONTH_NAMES[(n + 2) % MONTHS_IN_YEAR][:3], Kind.MONEY)
        for n in range(1, MONTHS_IN_YEAR + 1)
    )
    return GridColumn("name", "Line"), *months, GridColumn("total", "Year", kind=Kind.MONEY)


def diff_rows(one: VirementLine, names: tuple[str, str], plan: Plan | None) -> tuple[GridRow, ...]:
    """Return what becomes of both lines; a posted virement is in the ledger already."""
    move, held = one.virement, held_for(plan, one)
    ends = (
        (move.from_line, move.from_provider, -move.amount_p),
        (move.to_line, move.to_provider, move.amount_p),
    )
    made: list[GridRow] = []
    for name, (line, provider, change_p) in zip(names, ends, strict=True):
        change = tuple(change_p * (n == move.month) for n in range(1, MONTHS_IN_YEAR + 1))
        found = held.get((line, provider), _NOTHING)
        before = tuple(_minus(found, change)) if one.state is State.POSTED else found
        made += _three(name, before, change)
    return tuple(made)


def held_for(plan: Plan | None, one: VirementLine) -> Mapping[tuple[bytes, str], tuple[int, ...]]:
    """Return what the ledger holds by line, where it is read for the virement's year."""
    same = plan is not None and plan.version.fiscal_year == one.virement.fiscal_year
    return plan.held if plan is not None and same else {}


def _minus(found: Sequence[int], change: Sequence[int]) -> Iterator[int]:
    return (now - moved for now, moved in zip(found, change, strict=True))


def _three(name: str, before: Sequence[int], change: Sequence[int]) -> Iterator[GridRow]:
    after = [now + moved for now, moved in zip(before, change, strict=True)]
    moved = (GridCell(p or None) for p in (*change, sum(change)))
    yield GridRow((name, "after"), (GridCell(name), *_cells(after)), RowKind.GROUP)
    yield GridRow((name, "before"), (GridCell("Before"), *_cells(before)), level=1)
    yield GridRow((name, "change"), (GridCell("Change"), *moved), level=1)


def _cells(months: Sequence[int]) -> Iterator[GridCell]:
    for pence in (*months, sum(months)):
        below = pence < 0
        state = CellState.CONCERN if below else CellState.OPEN
        yield GridCell(pence, state=state, reason=_OVERDRAWN if below else "")
