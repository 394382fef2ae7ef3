"""A virement month by month: both lines before, what changes, and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR
from collabdesk.services.budgets.queries import State, VirementLine
from collabdesk.services.budgets.room import Plan
from collabdesk.ui.grid import CellState, GridCell, GridColumn, GridRow, Kind, RowKind

_NOTHING = (0,) * MONTHS_IN_YEAR
_OVERDRAWN = "The line would be overdrawn."
_MONTH = "Below nought in this month though not over the year: phase the line again afterwards."


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
        (move.from_line, move.from_provider, move.from_pot, -move.amount_p),
        (move.to_line, move.to_provider, move.to_pot, move.amount_p),
    )
    made: list[GridRow] = []
    for name, (line, provider, pot, change_p) in zip(names, ends, strict=True):
        if pot:
            # A pot has no months; the headline and the card say what it holds.
            continue
        change = tuple(change_p * (n == move.month) for n in range(1, MONTHS_IN_YEAR + 1))
        found = held.get((line, provider), _NOTHING)
        before = tuple(_minus(found, change)) if one.state is State.POSTED else found
        made += _three(name, before, change)
    return tuple(made)


def held_sides(
    plan: Plan | None, one: VirementLine, names: tuple[str, str]
) -> tuple[tuple[str, int, int], ...]:
    """Return of both sides the name, what is held for the year, and what the virement changes."""
    move, held = one.virement, held_for(plan, one)
    now = plan.summary.current if plan is not None else None
    pots = {
        "unallocated": now.unallocated.shown_p if now else 0,
        "contingency": now.contingency.shown_p if now else 0,
        "investment": now.investment.shown_p if now else 0,
    }
    source_p = sum(held.get((move.from_line, move.from_provider), ()))
    target_p = sum(held.get((move.to_line, move.to_provider), ()))
    return (
        (names[0], pots.get(move.from_pot, source_p), -move.amount_p),
        (names[1], pots.get(move.to_pot, target_p), move.amount_p),
    )


def turned_month(plan: Plan | None, one: VirementLine) -> int | None:
    """Return what the month would hold, if it falls below nought and the line's year does not."""
    move = one.virement
    held = held_for(plan, one).get((move.from_line, move.from_provider), _NOTHING)
    left_p = held[move.month - 1] - move.amount_p
    turned = not move.from_pot and left_p < 0 <= sum(held) - move.amount_p
    return left_p if turned else None


def held_for(plan: Plan | None, one: VirementLine) -> Mapping[tuple[bytes, str], tuple[int, ...]]:
    """Return what the ledger holds by line, where it is read for the virement's year."""
    same = plan is not None and plan.version.fiscal_year == one.virement.fiscal_year
    return plan.held if plan is not None and same else {}


def _minus(found: Sequence[int], change: Sequence[int]) -> Iterator[int]:
    return (now - moved for now, moved in zip(found, change, strict=True))


def _three(name: str, before: Sequence[int], change: Sequence[int]) -> Iterator[GridRow]:
    after = [now + moved for now, moved in zip(before, change, strict=True)]
    moved = (GridCell(p or None) for p in (*change, sum(change)))
    opened_p = sum(before)
    yield GridRow((name, "after"), (GridCell(name), *_cells(after, opened_p)), RowKind.GROUP)
    yield GridRow((name, "before"), (GridCell("Before"), *_cells(before, opened_p)), level=1)
    yield GridRow((name, "change"), (GridCell("Change"), *moved), level=1)


def _cells(months: Sequence[int], opened_p: int) -> Iterator[GridCell]:
    """Yield the months and the year; a line planned below nought is a savings target."""
    year_p = sum(months)
    for pence in months:
        low = pence < 0 <= opened_p
        yield _cell(pence, (_MONTH if year_p >= 0 else _OVERDRAWN) if low else "")
    yield _cell(year_p, _OVERDRAWN if year_p < min(0, opened_p) else "")


def _cell(pence: int, reason: str) -> GridCell:
    return GridCell(pence, state=CellState.CONCERN if reason else CellState.OPEN, reason=reason)
