"""Every decision about partners and laptops, newest first: what, by whom, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from collabdesk.ui.disputes import moment_words
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.grid.whole import put, whole_rows
from collabdesk.ui.parts import column, emptied, holder
from collabdesk.ui.sharing.cards import bullets, line
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.control.audit import Decided

COLUMNS: Final = (
    GridColumn("what", "Decision"),
    GridColumn("standing", "Standing"),
    GridColumn("seen", "First seen here"),
    GridColumn("signed", "Signed by"),
)
OWN_CLOCK: Final = (
    "This laptop's clock was set wrong when it first saw this decision, or one before it: the "
    "times are not in the order of the decisions. The order itself is right."
)
_ROWS: Final = 12


class HistoryView(QWidget):
    """The list, and the decision chosen in full."""

    def __init__(self, look: Look) -> None:
        """List nothing before it was read."""
        super().__init__()
        self.setProperty("ground", "page")
        self._found: dict[object, Decided] = {}
        self.grid = Grid(look, "Decisions made", COLUMNS, strip=False)
        self.detail = column(gap=4)
        below = column(gap=0)
        below.addLayout(self.detail)
        self._look = look
        self.setLayout(column(self.grid, holder(below, 16, 4, 16, 12), None, gap=0))
        self.grid.current_changed.connect(lambda key, _column: self._show(key))

    def show_decided(self, decided: Sequence[Decided]) -> None:
        """List the decisions."""
        self._found = {one.id: one for one in decided}
        put(self.grid, [_row(one) for one in decided])
        self.grid.measure()
        whole_rows(self._look, self.grid, min(len(decided), _ROWS))

    def _show(self, key: object) -> None:
        emptied(self.detail)
        one = self._found.get(key)
        if one is None:
            return
        self.detail.addWidget(line(f"{one.title}, {one.standing}", "bodyStrong"))
        if one.doubtful:
            self.detail.addWidget(line(OWN_CLOCK, "caption"))
        self.detail.addWidget(bullets(one.changes))
        signed = "; ".join(one.signed_by) or "nobody with a voice in this workspace"
        self.detail.addWidget(line(f"Signed by {signed}.", "caption", "secondary"))


def _row(one: Decided) -> GridRow:
    state = CellState.OPEN if one.standing == "in force" else CellState.CLOSED
    cells = (
        GridCell(one.title),
        GridCell(one.standing[:1].upper() + one.standing[1:]),
        GridCell(_seen(one), state=CellState.CONCERN if one.doubtful else CellState.OPEN),
        GridCell(_signed(one.signed_by)),
    )
    return GridRow(one.id, tuple(cell.marked(state) for cell in cells))


def _seen(one: Decided) -> str:
    if not one.first_seen_ms:
        return "Not noted"
    doubt = ", by a clock set wrong" if one.doubtful else ""
    return f"{moment_words(one.first_seen_ms)}{doubt}"


def _signed(by: Sequence[str]) -> str:
    first, *rest = by or ("Nobody",)
    return f"{first} and {len(rest)} more" if rest else first
