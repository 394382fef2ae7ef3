"""Typing, pasting, filling and undoing in the budget grid, by real keys."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.rows import POSTED, RowKey
from collabdesk.ui.budgets.spreading import SpreadDialog
from collabdesk.ui.form import FormDialog
from collabdesk.ui.grid import CellState, RowKind, Unit
from collabdesk.ui.inspector import Inspector
from tests.ui.budgets.room import CONTROL, SHIFT, action, asked, cell, pence, provider
from tests.ui.hands import key, keys, press, texts
from tests.ui.rooms import fill

MONTHS = tuple(f"m{n}" for n in range(1, 13))


@pytest.fixture
def row(page: BudgetsPage) -> RowKey:
    return provider(page, "Low secure", "RT5")


def answer(words: str, seen: list[str]) -> None:
    """Press a button of the next question, noting what it says."""

    def do() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        seen.extend(texts(dialog))
        press(dialog, words)

    QTimer.singleShot(0, do)


def test_the_headline_is_what_is_left_a_range_while_people_disagree(page: BudgetsPage) -> None:
    shown = page.board.headline.figure
    assert shown.text() == "£619,441 to £624,591"
    assert shown.property("type") == "display"
    left = cell(page, RowKey("left"), "total")
    assert (left.value, left.other) == (61_944_125, 62_459_125)
    assert CellState.CONTESTED in left.state


def test_the_foot_adds_up_in_every_column(page: BudgetsPage) -> None:
    for column in ("m1", "m4", "total"):
        planned, kept, envelope, left = (
            cell(page, RowKey(name), column).value
            for name in ("planned", "kept", "envelope", "left")
        )
        other = cell(page, RowKey("left"), column).other
        assert all(isinstance(one, int) for one in (planned, kept, envelope, left))
        assert planned + kept + (other or left) == envelope  # type: ignore[operator]


def test_an_amount_is_typed_as_a_sum_and_kept_to_the_penny(
    qtbot: QtBot, page: BudgetsPage, row: RowKey
) -> None:
    view = page.board.plan.grid.view
    page.board.plan.go_to((row, "m1"))
    keys(view, "=")
    editor = view.editor
    assert editor is not None
    keys(editor, "1000000/12")
    key(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pence(page, row, "m1") == [8_333_333])
    assert view.currentIndex().row() == (page.board.plan.grid.model.row_of(row) or 0) + 1
    page.board.plan.go_to((row, "m1"))
    assert page.board.plan.grid.strip.said == (
        "Leicestershire Partnership / M1 Apr",
        "£83,333.33",
    )


def test_a_paste_of_24_previews_two_refused_cells_then_undoes_in_words(
    qtbot: QtBot, page: BudgetsPage, row: RowKey
) -> None:
    below = provider(page, "Low secure", "RXM")
    before = [*pence(page, row, *MONTHS), *pence(page, below, *MONTHS)]
    first = "\t".join(["1.005", *(f"{n},000" for n in range(2, 13))])
    second = "\t".join([*(f"{n}00.50" for n in range(1, 12)), "twelve"])
    QGuiApplication.clipboard().setText(f"{first}\n{second}\n")
    page.board.plan.go_to((row, "m1"))
    seen: list[str] = []
    answer("Write 22 cells", seen)
    key(page.board.plan.grid.view, Qt.Key.Key_V, CONTROL)
    assert "2 cells cannot be written" in seen
    assert "22 cells can. Nothing has been written yet." in seen
    qtbot.waitUntil(lambda: pence(page, below, "m11") == [110_050])
    assert pence(page, row, "m1", "m2", "m12") == [before[0], 200_000, 1_200_000]
    assert pence(page, below, "m1", "m12") == [10_050, before[-1]]
    with qtbot.waitSignal(page.desk.did) as told:
        page.desk.undo()
    assert told.args == ["Undone: 22 planned amounts"]
    qtbot.waitUntil(lambda: [*pence(page, row, *MONTHS), *pence(page, below, *MONTHS)] == before)
    with qtbot.waitSignal(page.desk.did) as told:
        page.desk.redo()
    assert told.args == ["Done again: 22 planned amounts"]


def test_a_refused_paste_writes_nothing_when_cancelled(
    qtbot: QtBot, page: BudgetsPage, row: RowKey
) -> None:
    before = pence(page, row, *MONTHS)
    QGuiApplication.clipboard().setText("1\tx")
    page.board.plan.go_to((row, "m1"))
    answer("Cancel", [])
    key(page.board.plan.grid.view, Qt.Key.Key_V, CONTROL)
    qtbot.wait(50)
    assert pence(page, row, *MONTHS) == before


def test_fill_right_and_down_are_one_step_each(
    qtbot: QtBot, page: BudgetsPage, row: RowKey
) -> None:
    view = page.board.plan.grid.view
    below = provider(page, "Low secure", "RXM")
    first = pence(page, row, "m1")[0]
    page.board.plan.go_to((row, "m1"))
    key(view, Qt.Key.Key_Down, SHIFT)
    with qtbot.waitSignal(page.desk.did) as told:
        key(view, Qt.Key.Key_D, CONTROL)
    assert told.args == ["Low secure at RXM, M1"]
    qtbot.waitUntil(lambda: pence(page, below, "m1") == [first])
    QGuiApplication.clipboard().setText("1")
    page.board.plan.go_to((row, "m2"))
    key(view, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: pence(page, row, "m2") == [100])
    key(view, Qt.Key.Key_Right, SHIFT)
    key(view, Qt.Key.Key_Right, SHIFT)
    with qtbot.waitSignal(page.desk.did) as told:
        key(view, Qt.Key.Key_R, CONTROL)
    assert told.args == ["2 planned amounts"]
    qtbot.waitUntil(lambda: pence(page, row, "m3", "m4") == [100, 100])


def test_delete_plans_nothing_and_doing_it_again_is_no_step(
    qtbot: QtBot, page: BudgetsPage, row: RowKey
) -> None:
    view = page.board.plan.grid.view
    page.board.plan.go_to((row, "m5"))
    key(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: pence(page, row, "m5") == [None])
    with qtbot.assertNotEmitted(page.desk.did, wait=50):
        key(view, Qt.Key.Key_Delete)


def test_shift_f2_writes_a_note_that_marks_its_cell_and_can_be_taken_back(
    qtbot: QtBot, page: BudgetsPage, row: RowKey
) -> None:
    def noted(column: str) -> bool:
        return CellState.NOTE in cell(page, row, column).state

    view = page.board.plan.grid.view
    for column, text in (("name", "Agreed by letter"), ("m7", "Two beds close in October")):
        page.board.plan.go_to((row, column))
        write_note(qtbot, page, "", text)
        qtbot.waitUntil(partial(noted, column))
    assert not noted("m8")
    assert noted("total"), "the year carries the note of its line"
    tip = page.board.plan.grid.model.data(view.currentIndex(), Qt.ItemDataRole.ToolTipRole)
    assert tip == "Two beds close in October"
    panel = page.inspector()
    assert isinstance(panel, Inspector)
    panel.choose_tab("Notes")
    qtbot.waitUntil(lambda: "Two beds close in October" in texts(panel))
    assert "Agreed by letter" not in texts(panel), "a month shows its own notes"
    panel.note.setPlainText("One of them until December")
    press(panel, "Add note")
    qtbot.waitUntil(lambda: "One of them until December" in texts(panel))
    assert "Two beds close in October" in texts(panel), "earlier notes stay"
    write_note(qtbot, page, "One of them until December", "")
    qtbot.waitUntil(lambda: not noted("m7"))
    assert noted("name")
    for _ in range(4):
        with qtbot.waitSignal(page.desk.did):
            page.desk.undo()
    qtbot.waitUntil(lambda: not noted("name"))
    page.board.plan.go_to((RowKey("line", row.service_line), "m7"))
    key(view, Qt.Key.Key_F2, SHIFT)
    assert "A note is written on a line." in texts(page.banner)


def write_note(qtbot: QtBot, page: BudgetsPage, there: str, text: str) -> None:
    """Press Shift+F2, see what the note says, and write another text."""
    page.asker.dialog = None
    key(page.board.plan.grid.view, Qt.Key.Key_F2, SHIFT)
    form = asked(qtbot, page)
    assert isinstance(form, FormDialog)
    assert form.boxes["text"].text == there
    fill(form, text=text)
    press(form, form.verb.text())


def test_the_status_bar_adds_up_to_the_penny(page: BudgetsPage, row: RowKey) -> None:
    page.board.plan.go_to((row, "m1"))
    key(page.board.plan.grid.view, Qt.Key.Key_Right, SHIFT)
    status = dict(page.heading.status)
    assert status["Sum"] == "£457,078.36"
    assert status["Average"] == "£228,539.18"
    assert status["Count"] == "2"
    assert page.heading.status_right.endswith("Ledger #1")


def test_thousands_are_said_where_they_are_shown(page: BudgetsPage) -> None:
    grid = page.board.plan.grid
    grid.strip.units.choose(Unit.POUNDS.value)
    page.board.plan.go_to((RowKey("left"), "m1"))
    assert "£k" not in page.heading.status_right
    grid.strip.units.choose(Unit.THOUSANDS.value)
    assert page.heading.status_right.startswith("Shown in £k, sums from exact pence")


def test_an_agreed_version_says_why_it_is_read_only(qtbot: QtBot, page: BudgetsPage) -> None:
    assert page.room is not None
    agreed = next(one for one in page.room.versions if one.state == "agreed")
    page.go_to(Where("plan", agreed.row))
    qtbot.waitUntil(lambda: page.plan.grid.posted)
    row = provider(page, "Low secure", "RP7")
    grid = page.board.plan.grid
    assert cell(page, row, "m8").reason == POSTED
    page.board.plan.go_to((row, "m8"))
    key(grid.view, Qt.Key.Key_F2)
    assert grid.view.editor is None
    said = [one.words for one in page.heading.secondary]
    assert said == ["New version…", "Phase again…", "Export…"]
    primary = page.heading.primary
    assert primary is not None
    assert primary.words == "Virement…"


def test_lines_fold_to_their_sums(page: BudgetsPage) -> None:
    grid = page.board.plan.grid
    every = grid.model.rowCount()
    press(grid, "Lines")
    kinds = [grid.model.row_at(n).kind for n in range(grid.model.rowCount())]
    assert set(kinds) == {RowKind.GROUP}
    press(grid, "Providers")
    assert grid.model.rowCount() == every


def test_a_total_is_spread_after_seeing_every_month(
    qtbot: QtBot, page: BudgetsPage, row: RowKey
) -> None:
    page.board.plan.go_to((row, "m1"))
    action(page, "Spread total…").do()
    dialog = asked(qtbot, page)
    assert isinstance(dialog, SpreadDialog)
    dialog.boxes["total_p"].text = "1200"
    dialog.boxes["profile"].text = "custom"
    dialog.boxes["weights"].text = "2 1 x"
    assert any("whole numbers" in said for said in texts(dialog))
    dialog.boxes["weights"].text = "12 " + "0 " * 11
    assert "£1,200.00" in texts(dialog)
    press(dialog, "Spread the total")
    qtbot.waitUntil(lambda: pence(page, row, "m1", "m2") == [120_000, None])


def test_only_a_providers_line_can_be_spread(page: BudgetsPage, row: RowKey) -> None:
    page.board.plan.go_to((RowKey("line", row.service_line), "m1"))
    action(page, "Spread total…").do()
    assert "Choose a provider’s line first." in texts(page.banner)


def test_an_amount_changed_meanwhile_is_refused_in_words(
    qtbot: QtBot, page: BudgetsPage, row: RowKey
) -> None:
    from collabdesk.services.budgets.commands import AmountEdit

    page.set_amounts((AmountEdit(row.plan_line, 1, 1, seen_p=2),))
    qtbot.waitUntil(page.banner.isVisible)
    assert any("changed" in said for said in texts(page.banner))
