"""The out-of-area board: placements pasted, shared after the gate, a saving against a baseline."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.contracts.spells import local_placements
from collabdesk.ui.budgets.out_of_area_view import OutOfAreaView
from collabdesk.ui.budgets.rows_dialog import RowsDialog
from collabdesk.ui.form import FormDialog
from collabdesk.ui.grid import CellState
from tests.services.budgets.office import Office
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action, followed
from tests.ui.budgets.test_contracts import asked, paste, shown
from tests.ui.hands import key, press, texts


def test_placements_are_kept_here_shared_as_totals_and_measured(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    desk = drafting.alliance.desks["lead"].workspace
    page = opened(desk)
    page.go_to(page.where.seen_as("out_of_area"))
    qtbot.waitUntil(lambda: "out_of_area" in page.board.parts)
    view = page.board.parts["out_of_area"]
    assert isinstance(view, OutOfAreaView)
    qtbot.waitUntil(lambda: "No placements out of area" in texts(view))
    press(view, "Add placements…")
    sheet = asked(qtbot, view)
    assert isinstance(sheet, RowsDialog)
    rows = [
        f"P-{n}\tAdult low secure\tFar Away\t02/10/2026\t12/10/2026\t700.50\t{60 + 60 * (n > 6)}"
        "\tNo bed available locally\t05/10/2026"
        for n in range(1, 8)
    ]
    paste(qtbot, sheet.grid, "\n".join([*rows, "P-9\tNo such line\tFar\t01/10/2026"]))
    press(sheet, "Keep 7 rows")
    qtbot.waitUntil(lambda: len(desk.query(local_placements)) == 7)
    sheet.reject()
    qtbot.waitUntil(lambda: view.kept.model.rowCount() == 7)
    assert {"7 people", "70 nights", "£49,035"} <= set(texts(view))
    assert shown(view.kept, "total", "cost") == 70 * 70_050

    action(page, "Share the month").do()
    qtbot.waitUntil(lambda: view.shared.model.rowCount() == 4)
    whole, near, far, why = view.shared.model.all_rows()
    assert [cell.value for cell in whole.cells[1:5]] == ["All placements", 5, 70, 70 * 70_050]
    assert all(CellState.SUPPRESSED in one.cells[3].state for one in (near, far))
    assert why.cells[1].value == "No bed available locally"
    view.shared.select(whole.key, "cost")
    words, total_p = followed(qtbot, page, view.shared)
    assert words.startswith("Adult low secure: out of area in M")
    assert total_p == 70 * 70_050

    action(page, "Baseline…").do()
    form = asked(qtbot, view)
    assert isinstance(form, FormDialog)
    form.boxes["nights"].text = "3,650"
    form.boxes["price_p"].text = "683.40"
    press(form, "State the baseline")
    qtbot.waitUntil(lambda: "where the baseline was taken from" in form.boxes["evidence"].fault)
    form.boxes["evidence"].text = "Contract monitoring, last year"
    press(form, "State the baseline")
    line = drafting.lines["ASL"]
    qtbot.waitUntil(lambda: view.savings.model.rowCount() == 1)
    assert shown(view.savings, line, "volume") == (310 - 70) * 68_340
    assert shown(view.savings, line, "price") == 70 * (68_340 - 70_050)
    assert any("from: Contract monitoring, last year" in said for said in texts(view))
    view.savings.view.setFocus()
    key(view.savings.view, Qt.Key.Key_Return)
    again = asked(qtbot, view)
    assert isinstance(again, FormDialog)
    assert again.boxes["nights"].text == "3650"
    again.reject()
