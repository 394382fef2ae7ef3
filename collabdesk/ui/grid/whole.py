"""Grids that stand among other things: as high as their rows, and refilled in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from collabdesk.ui.grid.cells import GridRow
from collabdesk.ui.grid.grid import Grid
from collabdesk.ui.parts import follow
from collabdesk.ui.theme import Look, Theme

_MOST_ROWS: Final = 20
_WANTED: Final = "rowsWanted"


def whole_rows(look: Look, grid: Grid, rows: int) -> None:
    """Give a grid room for all its rows, up to a score; more scroll."""
    known = grid.property(_WANTED) is not None
    grid.setProperty(_WANTED, max(min(rows, _MOST_ROWS), 1))

    def fit(theme: Theme) -> None:
        body = int(grid.property(_WANTED)) * theme.px("size.gridRow")
        grid.setFixedHeight(theme.px("size.gridHeader") + body + theme.px("space.3"))

    if known:
        fit(look.theme)
    else:
        follow(look, grid, fit)


def put(grid: Grid, rows: Sequence[GridRow]) -> None:
    """Put newer rows into a grid; where they are the same ones, the cursor does not move."""
    before = [grid.model.row_at(place).key for place in range(grid.model.rowCount())]
    if before == [row.key for row in rows]:
        grid.exchange(rows)
        return
    index = grid.view.currentIndex()
    here = grid.model.row_at(index.row()).key if index.isValid() else None
    grid.set_rows(rows)
    grid.measure()
    whole_rows(grid.look, grid, len(rows))
    if not grid.select(here, grid.model.columns[grid.view.frozen - 1].key):
        grid.view.go_to(0, grid.view.frozen - 1)
