"""The league table as a grid: value, interval, people, change and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from collabdesk.domain.metrics.catalogue import Better, Unit
from collabdesk.domain.metrics.observation import Flag
from collabdesk.domain.metrics.standards import Attainment
from collabdesk.services.metrics.compare import (
    ROUNDED,
    Row,
    Table,
    figure_text,
    month_words,
    with_unit,
)
from collabdesk.ui.grid import CellState, GridCell, GridColumn, GridRow, Kind

_HELD: Final = {
    Attainment.MET: CellState.GOOD,
    Attainment.NOT_MET: CellState.CONCERN,
    Attainment.CANNOT_TELL: CellState.OPEN,
}


def columns_for(table: Table) -> tuple[GridColumn, ...]:
    """Return the columns a comparison needs: no interval where none is published."""
    unit = {Unit.PERCENT: "%"}.get(table.measure.unit, "")
    in_days = ", days" if table.measure.unit is Unit.DAYS else ""
    found = [
        GridColumn("rank", "Place", kind=Kind.NUMBER),
        GridColumn("name", "Trust", strong=True),
        GridColumn("value", f"Value{in_days}", kind=Kind.NUMBER, unit=unit, strong=True),
    ]
    if table.measure.unit is Unit.PERCENT:
        found += [
            GridColumn("range", "95% interval", help="Between these limits the true share lies"),
            GridColumn("people", "People", kind=Kind.NUMBER, help="How many the share is of"),
        ]
    if table.before_end is not None:
        since = f"{month_words(table.before_end)[:3]} {table.before_end.year}"
        found.append(GridColumn("change", "Since", since, Kind.NUMBER, signed=True))
    if table.standard is not None or any(row.value is None for row in table.rows):
        found.append(GridColumn("held", _held_title(table)))
    return tuple(found)


def rows_of(table: Table, names: Mapping[str, str]) -> list[GridRow]:
    """Return one row for each trust, those without a figure last, with the reason."""
    keys = [column.key for column in columns_for(table)]
    return [_row(row, table, names, keys) for row in table.rows]


def _row(row: Row, table: Table, names: Mapping[str, str], keys: list[str]) -> GridRow:
    hidden = row.flag is Flag.SUPPRESSED
    cells = {
        "rank": GridCell(row.rank),
        "name": GridCell(names.get(row.code, row.name)),
        "value": GridCell(
            "*" if hidden else _text(row.value),
            state=CellState.SUPPRESSED if hidden else CellState.OPEN,
            reason=row.note if row.value is None else "",
        ),
        "range": GridCell(_range(row)),
        "people": GridCell(row.denominator),
        "change": _change(row, table),
        "held": _held(row),
    }
    return GridRow(row.code, tuple(cells[key] for key in keys))


def _text(value: Fraction | None) -> str | None:
    return None if value is None else figure_text(value)


def _range(row: Row) -> str:
    if row.near is not None:
        return f"{row.near.lower:.1f} to {row.near.upper:.1f}"
    return "None" if row.value is not None else ""


def _change(row: Row, table: Table) -> GridCell:
    if row.change is None:
        return GridCell(None)
    better = table.measure.better
    told = table.measure.unit is not Unit.PERCENT or abs(row.change) > ROUNDED
    state = CellState.OPEN
    if row.change and told and better is not Better.NEUTRAL:
        good = (row.change > 0) == (better is Better.HIGHER)
        state = CellState.GOOD if good else CellState.CONCERN
    return GridCell(figure_text(row.change), state=state, reason=row.change_words)


def _held(row: Row) -> GridCell:
    if row.value is None:
        return GridCell(row.note.partition(":")[0].capitalize(), reason=row.note)
    if row.attainment is None:
        return GridCell("")
    return GridCell(row.attainment.words, state=_HELD[row.attainment], reason=row.note)


def _held_title(table: Table) -> str:
    standard = table.standard
    if standard is None:
        return "Note"
    at = with_unit(Fraction(standard.value), table.measure.unit)
    return f"Against {at}"
