"""The budget grid of 400 lines × 12 months: shown and the first key taken, against a bare table.

Both are in one process, after Qt and the modules are loaded: a `QTableView` over a model of lists
of the same figures, and the plan view on a plan that has been read. Each is new each time.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks import budget_world as world
from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from collabdesk.services.budgets.room import Room

LINES: Final = 40
PROVIDERS: Final = 10
TARGET: Final = 1.5
TURNS: Final = 15
HOW: Final = (
    "From making the widget to the editor that the first key opened; the median of "
    f"{TURNS} each, in turns, wall-clock time. Reading from the database is in neither; garbage "
    "is collected between turns in both, as the window does."
)

WHY: Final = (
    "A third goes into painting the figures from the theme in Python, where the bare table is "
    "painted by Qt, a quarter into the rows that the widths of the columns are measured by, a "
    "quarter into two tables for one (body and foot) and the strip over them."
)


def run(_: Options) -> Report:
    """Time both in turns."""
    from collabdesk.services.budgets.room import read_room
    from collabdesk.ui.garbage import CollectHere

    world.application()
    with tempfile.TemporaryDirectory() as folder:
        workspace = world.found(Path(folder))
        version = world.drafted(workspace, LINES, PROVIDERS)
        room = workspace.query(read_room, workspace.me, version)
        workspace.close()
    # As the window does: what is garbage is collected between turns, not within them.
    garbage = CollectHere(world.application())
    bare, ours = [], []
    for turn in range(TURNS + 1):
        first, second = _timed(lambda: _bare(room)), _timed(lambda: _ours(room))
        if turn:
            bare.append(first)
            ours.append(second)
    garbage.stop()
    took, least = statistics.median(ours), statistics.median(bare)
    lines = [
        Line("rows", f"{LINES * PROVIDERS + LINES:,}"),
        Line("QTableView over lists", f"{least * 1000:,.1f} ms"),
        Line("budget grid", f"{took * 1000:,.1f} ms"),
        at_most("ratio", took / least, TARGET, note=WHY),
    ]
    return Report("Budget grid of 400 lines × 12 months, open to the first key", lines, HOW)


def _timed(show: Callable[[], tuple[QWidget, QWidget]]) -> float:
    """Show a table, press a digit in it, and wait until an editor holds the digit."""
    import shiboken6
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QLineEdit

    from collabdesk.ui.parts import children

    began = time.perf_counter()
    outside, table = show()
    app = world.application()
    app.processEvents()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_7)

    def taken() -> bool:
        editors = children(table, QLineEdit)
        return any("7" in editor.text() and editor.isVisible() for editor in editors)

    while not taken():
        app.processEvents()
        if time.perf_counter() - began > world.PATIENCE_S:
            raise TimeoutError("no editor took the key")
    took = time.perf_counter() - began
    outside.hide()
    app.processEvents()
    shiboken6.delete(outside)
    return took


def _bare(room: Room) -> tuple[QWidget, QWidget]:
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
    from PySide6.QtWidgets import QTableView

    if room.plan is None:
        raise LookupError("no plan")
    held = [[row.name, *(m.amount.shown_p for m in row.months)] for row in room.plan.grid.rows]

    class Lists(QAbstractTableModel):
        def rowCount(self, _parent: Any = None) -> int:  # noqa: ANN401, N802
            return len(held)

        def columnCount(self, _parent: Any = None) -> int:  # noqa: ANN401, N802
            return len(held[0])

        def data(self, at: QModelIndex | Any, role: int = 0) -> Any:  # noqa: ANN401
            wanted = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}
            return str(held[at.row()][at.column()]) if role in wanted else None

        def flags(self, _at: QModelIndex | Any) -> Qt.ItemFlag:  # noqa: ANN401
            flag = Qt.ItemFlag
            return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable

    table = QTableView()
    model = Lists(table)
    table.setModel(model)
    table.resize(*world.SIZE)
    table.show()
    table.setCurrentIndex(model.index(1, 1))
    return table, table


def _ours(room: Room) -> tuple[QWidget, QWidget]:
    from collabdesk.ui.budgets.plan_view import PlanView
    from collabdesk.ui.theme import Look

    if room.plan is None:
        raise LookupError("no plan")
    view = PlanView(_LOOK.setdefault("look", Look(parent=world.application())))
    view.resize(*world.SIZE)
    view.show_plan(room.plan, room.lines, room.trusts)
    view.show()
    first = next(
        one for one in view.grid.model.all_rows() if getattr(one.key, "level", "") == "provider"
    )
    view.grid.select(first.key, "m1")
    return view, view.grid.view


_LOOK: Final[dict[str, Any]] = {}
