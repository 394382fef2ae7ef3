"""The grid under the keys people know from a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from collabdesk.ui.grid import (
    CellEdit,
    CellState,
    Grid,
    GridCell,
    GridColumn,
    GridRow,
    Kind,
    RowKind,
    Unit,
)
from collabdesk.ui.grid.cells import Plan, Value
from collabdesk.ui.grid.filters import FilterPopup
from collabdesk.ui.grid.preview import PastePreview
from collabdesk.ui.grid.summary import Summary
from collabdesk.ui.parts import children
from collabdesk.ui.theme import Look
from tests.ui.hands import NO_KEY, click, key, keys, named, press, settle, show, texts

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MONTHS = ("Apr", "May", "Jun", "Jul")
COLUMNS = (
    GridColumn("line", "Service line"),
    *(
        GridColumn(f"m{n}", f"M{n}", month, Kind.MONEY, editable=True, band="Open")
        for n, month in enumerate(MONTHS, 1)
    ),
    GridColumn("total", "Outturn", kind=Kind.MONEY),
)


@dataclass
class Ledger:
    """Rows kept as a service would: edits change it, and the grid is told."""

    amounts: dict[str, list[int | None]]
    steps: list[list[CellEdit]] = field(default_factory=list)
    grid: Grid | None = None

    def rows(self) -> list[GridRow]:
        return [self.row(name) for name in self.amounts]

    def row(self, name: str) -> GridRow:
        figures = self.amounts[name]
        total = sum(one or 0 for one in figures)
        cells = (GridCell(name), *(GridCell(one) for one in figures), GridCell(total))
        return GridRow(name, cells, level=1)

    def commit(self, edits: list[CellEdit]) -> None:
        self.steps.append(edits)
        for edit in edits:
            assert isinstance(edit.new, int | None)
            self.amounts[str(edit.row)][int(edit.column[1:]) - 1] = edit.new
        assert self.grid is not None
        self.grid.exchange([self.row(name) for name in self.amounts])


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(
        {
            "Medium secure": [100_00, 200_00, 300_00, 400_00],
            "Low secure": [10_00, None, None, 40_00],
            "Out of area": [1_00, 2_00, 3_00, 4_00],
            "Contingency": [None, None, None, None],
        }
    )


@pytest.fixture
def grid(qtbot: QtBot, look: Look, ledger: Ledger) -> Grid:
    made = Grid(
        look,
        "Service line budgets",
        COLUMNS,
        lambda after, _n: ledger.rows() if after is None else [],
        commit=ledger.commit,
    )
    ledger.grid = made
    qtbot.addWidget(made)
    made.resize(900, 400)
    show(made)
    made.view.setFocus()
    at(grid=made, row=0, column=1)
    return made


def at(grid: Grid, row: int, column: int) -> None:
    grid.view.go_to(row, column)


def block(grid: Grid, first: tuple[int, int], last: tuple[int, int]) -> None:
    grid.view.go_to(*first)
    grid.view.go_to(*last, extend=True)


def where(grid: Grid) -> tuple[int, int]:
    here = grid.view.currentIndex()
    return here.row(), here.column()


def clip(text: str | None = None) -> str:
    board = QGuiApplication.clipboard()
    if text is not None:
        board.setText(text)
    return board.text()


def news(ledger: Ledger, step: int = -1) -> list[tuple[str, str, Value]]:
    return [(str(edit.row), edit.column, edit.new) for edit in ledger.steps[step]]


def test_typing_replaces_and_enter_goes_down(grid: Grid, ledger: Ledger) -> None:
    keys(grid.view, "5")
    assert grid.view.editor is not None
    keys(grid.view.editor, "50")
    key(grid.view.editor, Qt.Key.Key_Return)
    settle()
    assert news(ledger) == [("Medium secure", "m1", 550_00)]
    assert where(grid) == (1, 1)
    assert grid.view.state() != QAbstractItemView.State.EditingState


def test_f2_edits_the_exact_figure_and_escape_leaves_it(grid: Grid, ledger: Ledger) -> None:
    grid.show_in(Unit.THOUSANDS)
    key(grid.view, Qt.Key.Key_F2)
    editor = grid.view.editor
    assert editor is not None
    assert editor.text() == "100.00"
    assert editor.accessibleName() == "Medium secure, M1 Apr"
    keys(editor, "9")
    key(editor, Qt.Key.Key_Escape)
    assert ledger.steps == []
    assert where(grid) == (0, 1)


def test_tab_goes_along_the_row_and_leaves_it_at_its_end(grid: Grid, ledger: Ledger) -> None:
    key(grid.view, Qt.Key.Key_F2)
    assert grid.view.editor is not None
    key(grid.view.editor, Qt.Key.Key_Tab)
    settle()
    assert where(grid) == (0, 2)
    assert ledger.steps == []
    key(grid.view, Qt.Key.Key_Tab)
    assert where(grid) == (0, 3)
    key(grid.view, Qt.Key.Key_Backtab, SHIFT)
    assert where(grid) == (0, 2)


def test_control_arrows_jump_to_the_edge_of_figures(grid: Grid) -> None:
    key(grid.view, Qt.Key.Key_Down, CONTROL)
    assert where(grid) == (2, 1)
    key(grid.view, Qt.Key.Key_Right, CONTROL)
    assert where(grid) == (2, 5)
    at(grid, 1, 1)
    key(grid.view, Qt.Key.Key_Right, CONTROL)
    assert where(grid) == (1, 4)
    key(grid.view, Qt.Key.Key_Left, CONTROL | SHIFT)
    assert where(grid) == (1, 1)
    assert len(list(grid.view.chosen())) == 4


def test_copy_and_paste_are_tab_separated_and_exact(grid: Grid, ledger: Ledger) -> None:
    grid.show_in(Unit.THOUSANDS)
    block(grid, (0, 1), (1, 2))
    key(grid.view, Qt.Key.Key_C, CONTROL)
    assert clip() == "100.00\t200.00\n10.00\t\n"
    at(grid, 2, 3)
    key(grid.view, Qt.Key.Key_V, CONTROL)
    assert news(ledger) == [
        ("Out of area", "m3", 100_00),
        ("Out of area", "m4", 200_00),
        ("Contingency", "m3", 10_00),
    ]
    assert len(ledger.steps) == 1
    assert where(grid) == (2, 3)


def test_one_value_fills_the_selection_as_one_step(grid: Grid, ledger: Ledger) -> None:
    clip("£7.50\r\n")
    block(grid, (2, 1), (3, 2))
    key(grid.view, Qt.Key.Key_V, CONTROL)
    assert len(ledger.steps) == 1
    assert [one[2] for one in news(ledger)] == [7_50] * 4
    assert len(list(grid.view.chosen())) == 4


def test_a_great_many_cells_are_shown_before_they_are_written_as_one_step(
    grid: Grid, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collabdesk.ui.grid.grid._MANY", 4)
    asked: list[int] = []

    def look_first(plan: Plan) -> bool:
        assert ledger.steps == []
        asked.append(len(plan.edits))
        return True

    grid.confirm = look_first
    clip("£7.50\r\n")
    block(grid, (2, 1), (3, 2))
    key(grid.view, Qt.Key.Key_V, CONTROL)
    assert asked == [4]
    assert len(ledger.steps) == 1


def test_a_long_paste_is_worked_out_in_turns_and_the_next_waits_for_it(
    qtbot: QtBot, grid: Grid, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collabdesk.ui.grid.weighing.AT_ONCE", 1)
    clip("£7.50\r\n")
    block(grid, (2, 1), (3, 2))
    key(grid.view, Qt.Key.Key_V, CONTROL)
    clip("£8.50\r\n")
    key(grid.view, Qt.Key.Key_V, CONTROL)
    assert ledger.steps == []
    qtbot.waitUntil(lambda: len(ledger.steps) == 2)
    assert [len(step) for step in ledger.steps] == [4, 4]
    assert [one[2] for one in news(ledger)] == [8_50] * 4


def test_refused_cells_are_shown_before_anything_is_written(grid: Grid, ledger: Ledger) -> None:
    asked: list[Plan] = []

    def look_first(plan: Plan) -> bool:
        asked.append(plan)
        assert ledger.steps == []
        return True

    grid.confirm = look_first
    clip("1\tbad\n1.005\t2\n")
    at(grid, 2, 1)
    key(grid.view, Qt.Key.Key_V, CONTROL)
    assert [one.column_name for one in asked[0].refused] == ["M2 May", "M1 Apr"]
    assert news(ledger) == [("Contingency", "m2", 2_00)]
    grid.confirm = lambda _plan: False
    clip("bad\t99")
    key(grid.view, Qt.Key.Key_V, CONTROL)
    assert len(ledger.steps) == 1


def test_the_preview_names_cells_and_offers_the_rest(qtbot: QtBot, look: Look, grid: Grid) -> None:
    plan = grid.model.plan([(0, 1, "1"), (0, 2, "bad"), (9, 9, "2")])
    dialog = PastePreview(look, plan, grid)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "2 cells cannot be written" in texts(dialog)
    model = dialog.table.grid
    first = [model.data(model.index(0, place)) for place in range(5)]
    assert first[:4] == ["Medium secure", "M2 May", "£200.00", "bad"]
    assert "cannot be read as money" in str(first[4])
    assert model.data(model.index(2, 4)) == "Will be written"
    with qtbot.waitSignal(dialog.accepted):
        press(dialog, "Write 1 cell")


def test_a_preview_with_nothing_to_write_offers_only_cancel(
    qtbot: QtBot, look: Look, grid: Grid
) -> None:
    dialog = PastePreview(look, grid.model.plan([(0, 1, "bad")]), grid)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not named(dialog, "Write 0 cells").isEnabled()
    with qtbot.waitSignal(dialog.rejected):
        press(dialog, "Cancel")


def test_fill_down_and_right_and_delete(grid: Grid, ledger: Ledger) -> None:
    block(grid, (0, 1), (2, 2))
    key(grid.view, Qt.Key.Key_D, CONTROL)
    assert ledger.amounts["Out of area"][:2] == [100_00, 200_00]
    block(grid, (0, 1), (1, 4))
    key(grid.view, Qt.Key.Key_R, CONTROL)
    assert ledger.amounts["Low secure"] == [100_00] * 4
    key(grid.view, Qt.Key.Key_Delete)
    assert ledger.amounts["Medium secure"] == [None] * 4
    assert len(ledger.steps) == 3


def test_control_enter_fills_the_selection_from_the_editor(grid: Grid, ledger: Ledger) -> None:
    block(grid, (3, 1), (3, 4))
    keys(grid.view, "8")
    assert grid.view.editor is not None
    key(grid.view.editor, Qt.Key.Key_Return, CONTROL)
    assert ledger.amounts["Contingency"] == [8_00] * 4
    assert len(ledger.steps) == 1


def test_enter_drills_from_a_figure_that_is_only_read(grid: Grid, ledger: Ledger) -> None:
    asked: list[tuple[object, str]] = []
    grid.drilled.connect(lambda row, column: asked.append((row, column)))
    at(grid, 1, 5)
    key(grid.view, Qt.Key.Key_Return)
    at(grid, 1, 1)
    key(grid.view, Qt.Key.Key_BracketLeft, CONTROL)
    assert asked == [("Low secure", "total"), ("Low secure", "m1")]
    spot = grid.view.visualRect(grid.model.index(2, 5)).center()
    QTest.mouseDClick(grid.view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, spot)
    assert asked[-1] == ("Out of area", "total")
    assert ledger.steps == []


def test_shift_f2_asks_for_a_note(grid: Grid) -> None:
    asked: list[tuple[object, str]] = []
    grid.note_wanted.connect(lambda row, column: asked.append((row, column)))
    key(grid.view, Qt.Key.Key_F2, SHIFT)
    assert asked == [("Medium secure", "m1")]


def test_the_status_bar_adds_up_the_selection(grid: Grid) -> None:
    said: list[list[tuple[str, str]]] = []
    grid.status_changed.connect(said.append)
    block(grid, (0, 1), (1, 2))
    sums = [("4 cells", ""), ("Sum", "£310.00"), ("Average", "£103.33"), ("Count", "3")]
    assert said[-1] == sums
    said.clear()
    key(grid.view, Qt.Key.Key_Equal, Qt.KeyboardModifier.AltModifier)
    assert said == [sums]


def test_a_contested_figure_adds_up_to_a_range() -> None:
    summary = Summary()
    contested = GridCell(1_212_000_00, 1_236_400_00, CellState.CONTESTED)
    summary.add(COLUMNS[1], contested)
    assert summary.pairs() == [
        ("1 cell, 2 figures", ""),
        ("Sum", "£1,212,000.00 to £1,236,400.00"),
        ("Count", "1"),
    ]
    summary.add(COLUMNS[1], GridCell(-100_00))
    assert summary.pairs()[1] == ("Sum", "£1,211,900.00 to £1,236,300.00")


def test_the_strip_keeps_thousands_honest(grid: Grid) -> None:
    press(grid.strip, "£k")
    assert grid.model.unit is Unit.THOUSANDS
    assert grid.strip.said == ("Medium secure / M1 Apr", "£100.00")
    at(grid, 3, 1)
    assert grid.strip.said == ("Contingency / M1 Apr", "Nothing here")


def test_the_first_column_stays_in_sight(grid: Grid) -> None:
    grid.strip.hide()
    grid.setMinimumWidth(0)
    grid.resize(320, 300)
    settle()
    at(grid, 0, 5)
    edge = grid.view.first.width()
    assert grid.view.horizontalScrollBar().value() > 0
    assert grid.view.first.geometry().left() == 0
    at(grid, 0, 1)
    assert grid.view.visualRect(grid.model.index(0, 1)).left() >= edge
    spot = grid.view.first.visualRect(grid.model.index(2, 0)).center()
    QTest.mouseClick(grid.view.first.viewport(), Qt.MouseButton.LeftButton, NO_KEY, spot)
    assert where(grid) == (2, 0)
    assert grid.view.hasFocus()


def test_totals_stay_at_the_foot_and_keep_their_columns(grid: Grid, ledger: Ledger) -> None:
    sums = [sum(one[n] or 0 for one in ledger.amounts.values()) for n in range(4)]
    total = GridRow(
        "total", (GridCell("Total planned"), *map(GridCell, sums), GridCell(1)), RowKind.TOTAL
    )
    grid.set_totals([total])
    assert grid.foot.isVisible()
    grid.view.headings.resizeSection(2, 150)
    assert grid.foot.columnWidth(2) == 150
    at(grid, 3, 2)
    key(grid.view, Qt.Key.Key_Down)
    assert grid.foot.hasFocus()
    assert grid.foot.currentIndex().column() == 2


def test_a_group_folds_by_mouse_and_by_enter(grid: Grid, ledger: Ledger) -> None:
    group = GridRow(
        "g", (GridCell("Adult secure"), *map(GridCell, (1, 2, 3, 4, 10))), RowKind.GROUP
    )
    grid.set_rows([group, *ledger.rows()])
    at(grid, 0, 0)
    key(grid.view, Qt.Key.Key_Return)
    assert grid.model.rowCount() == 1
    spot = grid.view.first.visualRect(grid.model.index(0, 0)).center()
    QTest.mouseClick(grid.view.first.viewport(), Qt.MouseButton.LeftButton, NO_KEY, spot)
    assert grid.model.rowCount() == 5


def test_a_column_filter_is_asked_under_its_heading(grid: Grid) -> None:
    key(grid.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    asked = children(grid, FilterPopup)[0]
    key(asked.line, Qt.Key.Key_Escape)
    assert not asked.isVisible()
    heading = QPoint(20, grid.view.first.headings.height() // 2)
    click(grid.view.first.headings.viewport(), heading)
    asked = children(grid, FilterPopup)[-1]
    assert asked.line.hasFocus()
    keys(asked.line, "secure")
    key(asked.line, Qt.Key.Key_Return)
    assert grid.model.rowCount() == 2
    assert grid.view.headings.filtered == {0}
    grid.ask_filter(0)
    press(children(grid, FilterPopup)[-1], "Show all rows")
    assert grid.model.rowCount() == 4


def test_a_row_from_elsewhere_leaves_the_cursor_and_the_typing(grid: Grid, ledger: Ledger) -> None:
    said: list[str] = []
    grid.said.connect(said.append)
    key(grid.view, Qt.Key.Key_F2)
    editor = grid.view.editor
    assert editor is not None
    keys(editor, "77")
    ledger.amounts["Medium secure"][0] = 123_00
    grid.exchange([ledger.row("Medium secure")])
    assert editor.text() == "77"
    assert where(grid) == (0, 1)
    assert "it is now £123.00" in said[-1]
    key(editor, Qt.Key.Key_Escape)
    assert CellState.CHANGED in grid.model.cell(grid.model.index(0, 1)).state
    at(grid, 1, 1)
    assert CellState.CHANGED not in grid.model.cell(grid.model.index(0, 1)).state


def test_a_column_is_as_wide_as_its_longest_figure(grid: Grid) -> None:
    before = grid.view.columnWidth(1)
    long = GridRow("x", (GridCell("x"), GridCell(123_456_789_00), *map(GridCell, (1, 1, 1, 1))))
    grid.set_rows([long])
    grid.view.measure()
    assert grid.view.columnWidth(1) > before
    assert grid.view.first.columnWidth(0) == grid.view.columnWidth(0)


def test_selecting_by_key_finds_the_row_wherever_it_stands(grid: Grid) -> None:
    assert grid.select("Out of area", "m2")
    assert where(grid) == (2, 2)
    assert not grid.select("Nowhere", "m2")
    chosen = grid.view.selectionModel().isSelected(grid.model.index(2, 2))
    assert chosen
    assert isinstance(grid.view.selectionModel(), QItemSelectionModel)


def test_rows_grow_with_the_text_and_shrink_with_it_again(grid: Grid, look: Look) -> None:
    for size in (100, 150, 100):
        look.use("light", size)
        settle()
        assert grid.view.rowHeight(0) == look.theme.px("size.gridRow")
