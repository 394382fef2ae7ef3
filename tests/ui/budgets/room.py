"""The budgets page under test: what it shows, and hands for what people do on it."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.rows import RowKey
from collabdesk.ui.grid import GridCell
from collabdesk.ui.page import PageAction
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
