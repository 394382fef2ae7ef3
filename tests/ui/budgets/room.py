"""The budgets page under test: what it shows, and hands for what people do on it."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.audit_view import AuditView
from collabdesk.ui.budgets.rows import RowKey
from collabdesk.ui.grid import Grid, GridCell
from collabdesk.ui.page import PageAction
from tests.ui.hands import key as press_key
from tests.ui.hands import show

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def arrived(qtbot: QtBot, page: BudgetsPage) -> None:
    """Show the page as the window would, and wait until it has read."""
    page.go.connect(lambda _key, where: page.arrive(where))
    page.resize(1100, 720)
    show(page)
    page.arrive()
    qtbot.waitUntil(lambda: page.state in {"full", "empty"})


def followed(qtbot: QtBot, page: BudgetsPage, grid: Grid) -> tuple[str, int | None]:
    """Press Enter in a grid; return the figure the audit shows, and go back by Backspace."""
    before = page.where
    # Without a window manager nobody gives the window back what a dialog took.
    page.window().activateWindow()
    grid.view.setFocus()
    press_key(grid.view, Qt.Key.Key_Return)

    def there() -> bool:
        part = page.board.parts.get("audit")
        if not isinstance(part, AuditView) or part.path == before.path:
            return False
        return part.path == page.where.path and part.grid.view.hasFocus()

    qtbot.waitUntil(there, timeout=20_000)
    view = page.board.parts["audit"]
    assert isinstance(view, AuditView)
    assert view.listing is not None
    found = view.path[-1].words, view.listing.total_p
    press_key(view.grid.view, Qt.Key.Key_Backspace)
    came_from = page.board.parts[before.shown]
    qtbot.waitUntil(came_from.isVisible, timeout=20_000)
    assert page.where == before
    return found


def close(page: BudgetsPage) -> None:
    """Take the page away as the window does before its workspace closes."""
    inspector = page.inspector()
    page.desk.close()
    if inspector is not None:
        shiboken6.delete(inspector)
    shiboken6.delete(page)


def provider(page: BudgetsPage, line: str, ods: str) -> RowKey:
    """Return the row of a service line at a provider."""
    row = next(
        row
        for row in page.plan.grid.rows
        if row.level == "provider" and (row.name, row.provider) == (line, ods)
    )
    return RowKey("provider", row.service_line or b"", ods, row.plan_line or b"")


def cell(page: BudgetsPage, key: RowKey, column: str) -> GridCell:
    """Return a cell of the plan as it is shown, wherever it stands."""
    grid = page.board.plan.grid
    place = next(n for n, one in enumerate(grid.model.columns) if one.key == column)
    every = (*grid.model.all_rows(), *grid.totals.all_rows())
    return next(row for row in every if row.key == key).cells[place]


def pence(page: BudgetsPage, key: RowKey, *columns: str) -> list[object]:
    """Return the figures of cells."""
    return [cell(page, key, column).value for column in columns]


def action(page: BudgetsPage, words: str) -> PageAction:
    """Return a button of the page's heading."""
    heading = page.heading
    offered = [*heading.secondary, *([heading.primary] if heading.primary else [])]
    return next(one for one in offered if one.words == words)


def asked(qtbot: QtBot, page: BudgetsPage) -> QDialog:
    """Wait for the dialog that the page opens."""
    qtbot.waitUntil(lambda: page.asker.dialog is not None and page.asker.dialog.isVisible())
    assert page.asker.dialog is not None
    return page.asker.dialog
