"""What was kept aside: the changes in words, whose they are, why, and Adopt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from collabdesk.ui.disputes import moment_words
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.grid.whole import put, whole_rows
from collabdesk.ui.inspector.history import WRONG_CLOCK
from collabdesk.ui.parts import button, column, emptied, holder, row, words
from collabdesk.ui.sharing.cards import bullets, line
from collabdesk.ui.states import EmptyState, EmptyView
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.control.adopting import Quarantined

COLUMNS: Final = (
    GridColumn("what", "What was kept aside"),
    GridColumn("who", "Whose it is"),
    GridColumn("why", "Why"),
)
_LONG: Final = 60
_ROWS: Final = 10
_NAMES: Final = 2
"""Person and laptop; the trust stands below, with the one chosen."""
EMPTY: Final = EmptyState(
    "Nothing was kept aside",
    "A change that its author had no right to make, or that came from a laptop after it was "
    "retired or suspended, is kept here with its reason. Nothing of it is applied, nothing is "
    "lost, and honest work can be made your own.",
)


class AsideView(QWidget):
    """The list, and the one chosen with all its figures."""

    adopted = Signal(object)
    """Adopt these: the ids of what was kept aside."""

    def __init__(self, look: Look) -> None:
        """List nothing before it was read."""
        super().__init__()
        self._look = look
        self._items: dict[object, Quarantined] = {}
        self.grid = Grid(look, "Kept aside", COLUMNS, strip=False)
        self.detail = column(gap=4)
        self.one = button("Adopt this change…", self._adopt_one, small=True)
        self.all = button("Adopt all", self._adopt_all, small=True)
        self._why = words("", "caption", "secondary", wrap=True)
        below = column(gap=8)
        below.addLayout(self.detail)
        below.addWidget(self._why)
        below.addWidget(holder(row(self.one, self.all, None)))
        listed = column(self.grid, holder(below, 16, 4, 16, 12), None, gap=0)
        self._stack = QStackedWidget()
        self._full = holder(listed)
        self._none = EmptyView(look, EMPTY)
        self._stack.addWidget(self._none)
        self._stack.addWidget(self._full)
        self.setProperty("ground", "page")
        self.setLayout(column(self._stack))
        self.grid.current_changed.connect(lambda key, _column: self._show(key))

    def show_aside(self, items: Sequence[Quarantined]) -> None:
        """List what was kept aside; the one chosen before stays chosen."""
        self._items = {item.id: item for item in items}
        self._stack.setCurrentWidget(self._full if items else self._none)
        put(self.grid, [_row(item) for item in items])
        self.grid.measure()
        whole_rows(self._look, self.grid, min(len(items), _ROWS))
        index = self.grid.view.currentIndex()
        self._show(self.grid.model.row_at(index.row()).key if index.isValid() else None)

    @property
    def chosen(self) -> Quarantined | None:
        """The one chosen."""
        index = self.grid.view.currentIndex()
        key = self.grid.model.row_at(index.row()).key if index.isValid() else None
        return self._items.get(key)

    def _show(self, key: object) -> None:
        emptied(self.detail)
        item = self._items.get(key)
        able = [one for one in self._items.values() if one.can_adopt]
        self.one.setEnabled(item is not None and item.can_adopt)
        self.all.setEnabled(bool(able))
        self.all.setText(f"Adopt all {len(able)}…")
        self.all.setAccessibleName(f"Adopt all {len(able)} that can be adopted")
        self.all.setVisible(len(able) > 1)
        if item is None:
            self._why.setText("")
            return
        self.detail.addWidget(line(f"From {item.who}, {moment_words(item.wall_ms)}", "bodyStrong"))
        if item.doubtful:
            self.detail.addWidget(line(WRONG_CLOCK, "caption"))
        self.detail.addWidget(bullets(item.lines))
        self.detail.addWidget(line(f"{_capital(item.reason)}. Nothing was applied.", ink="danger"))
        self._why.setText(_adopting(item))

    def _adopt_one(self) -> None:
        item = self.chosen
        if item is not None:
            self.adopted.emit((item.id,))

    def _adopt_all(self) -> None:
        self.adopted.emit(tuple(one.id for one in self._items.values() if one.can_adopt))


def _row(item: Quarantined) -> GridRow:
    first = item.lines[0] if item.lines else "A change"
    more = f" and {len(item.lines) - 1} more" if len(item.lines) > 1 else ""
    what = first if len(first) <= _LONG else f"{first[: _LONG - 1]}…"
    state = CellState.LOCKED if item.adopted else CellState.OPEN
    cells = (
        GridCell(f"{what}{more}", state=state),
        GridCell(", ".join(item.who.split(", ")[:_NAMES])),
        GridCell("Adopted" if item.adopted else _capital(item.reason)),
    )
    return GridRow(item.id, cells)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _adopting(item: Quarantined) -> str:
    if item.adopted:
        return f"It was adopted by {item.adopted}."
    if item.why_not:
        return f"{item.why_not} {item.remedy}".strip()
    return (
        "To adopt it makes the same change again in your name: partners see that you stand for "
        "it, and where it came from."
    )
