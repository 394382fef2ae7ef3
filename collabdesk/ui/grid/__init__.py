"""The one grid: every module's tables are this widget over their own rows."""

from collabdesk.ui.grid.cells import CellEdit, CellState, GridCell, GridRow, LateRow, RowKind
from collabdesk.ui.grid.columns import GridColumn, Kind, Unit
from collabdesk.ui.grid.grid import Grid
from collabdesk.ui.grid.model import GridModel

__all__ = [
    "CellEdit",
    "CellState",
    "Grid",
    "GridCell",
    "GridColumn",
    "GridModel",
    "GridRow",
    "Kind",
    "LateRow",
    "RowKind",
    "Unit",
]
