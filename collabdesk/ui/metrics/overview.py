"""Every measure for the alliance's trusts: one row each, and a way into each comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from collabdesk.domain.metrics.catalogue import Unit
from collabdesk.domain.metrics.observation import Flag
from collabdesk.domain.metrics.standards import Attainment
from collabdesk.services.metrics.compare import Row, Table, figure_text
from collabdesk.ui.grid import CellState, GridCell, GridColumn, GridRow, Kind

_HELD: Final = {Attainment.MET: CellState.GOOD, Attainment.NOT_MET: CellState.CONCERN}
_UNITS: Final = {Unit.PERCENT: "%", Unit.DAYS: "days"}


def overview_columns(tables: Sequence[Table], names: Mapping[str, str]) -> tuple[GridColumn, ...]:
    """Return the measure, its unit, one column for each trust by name, and England."""
    codes = _codes(tables, names)
    return (
        GridColumn("code", "Code", strong=True, help="Enter compares the trusts on it"),
        GridColumn("name", "Measure"),
        GridColumn("unit", "Unit"),
        *(GridColumn(code, names.get(code, code), kind=Kind.NUMBER) for code in codes),
        GridColumn("england", "England", kind=Kind.NUMBER),
    )


def overview_rows(tables: Sequence[Table], names: Mapping[str, str]) -> list[GridRow]:
    """Return one row for each measure that has a figure or a reason why not."""
    codes = _codes(tables, names)
    return [_row(table, codes) for table in tables if any(_known(row) for row in table.rows)]


def _codes(tables: Sequence[Table], names: Mapping[str, str]) -> list[str]:
    found = {row.code for table in tables for row in table.rows}
    return sorted(found, key=lambda code: names.get(code, code))


def _known(row: Row) -> bool:
    return row.value is not None or row.flag is Flag.SUPPRESSED


def _row(table: Table, codes: Sequence[str]) -> GridRow:
    by_code = {row.code: row for row in table.rows}
    england = None if table.national is None else figure_text(table.national)
    cells = (
        GridCell(table.measure.code),
        GridCell(table.measure.name),
        GridCell(_UNITS.get(table.measure.unit, "")),
        *(_cell(by_code.get(code)) for code in codes),
        GridCell(england),
    )
    return GridRow(table.measure.code, cells)


def _cell(row: Row | None) -> GridCell:
    if row is None or (row.value is None and row.flag is not Flag.SUPPRESSED):
        return GridCell(None, reason="No figure in this release." if row is not None else "")
    if row.value is None:
        return GridCell("*", state=CellState.SUPPRESSED, reason=row.note)
    state = _HELD.get(row.attainment, CellState.OPEN) if row.attainment else CellState.OPEN
    said = row.attainment.words if row.attainment else ""
    return GridCell(figure_text(row.value), state=state, reason=said)
