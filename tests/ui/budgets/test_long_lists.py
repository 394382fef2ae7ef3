"""A long list of the ledger comes in turns of the window, and the current row stays."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from collabdesk.ui.budgets.ledger_views import FigureView
from collabdesk.ui.grid import GridCell, GridRow
from collabdesk.ui.theme import Look


def test_a_long_list_comes_in_turns_and_the_current_row_stays(
    qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collabdesk.ui.budgets.ledger_views.AT_ONCE", 2)
    view = FigureView(look)
    qtbot.addWidget(view)
    model = view.grid.model
    rows = [GridRow(n, (GridCell(f"#{n}"), *(GridCell() for _ in range(5)))) for n in range(5)]
    view.list(rows)
    assert (model.rowCount(), view.current) == (2, 0)
    qtbot.waitUntil(lambda: model.rowCount() == len(rows))
    view.grid.select(4, "amount")
    view.list(rows)
    assert view.current == 0
    qtbot.waitUntil(lambda: view.current == 4)
    assert [row.key for row in model.all_rows()] == [row.key for row in rows]
