"""The grid's model keeps Qt's contract and writes nothing by itself."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from collabdesk.errors import Refusal
from collabdesk.ui.grid import (
    CellEdit,
    CellState,
    GridCell,
    GridColumn,
    GridModel,
    GridRow,
    Kind,
    RowKind,
    Unit,
)
from collabdesk.ui.grid.rows import PAGE
from collabdesk.ui.workers import Readers

COLUMNS = (
    GridColumn("line", "Service line"),
    GridColumn("m1", "M1", "Apr", Kind.MONEY, editable=True),
    GridColumn("m2", "M2", "May", Kind.MONEY, editable=True),
    GridColumn("total", "Outturn", kind=Kind.MONEY),
)


def line(key: int, *pence: int | None, kind: RowKind = RowKind.LINE, level: int = 0) -> GridRow:
    figures = [GridCell(value) for value in pence]
    total = GridCell(sum(value or 0 for value in pence))
    return GridRow(key, (GridCell(f"Line {key}"), *figures, total), kind, level)


def endless(count: int) -> list[GridRow]:
    return [line(key, key * 100, None) for key in range(count)]


def paged(rows: list[GridRow]) -> tuple[GridModel, list[object]]:
    asked: list[object] = []

    def fetch(after: object | None, limit: int) -> list[GridRow]:
        asked.append(after)
        start = 0 if after is None else next(n for n, r in enumerate(rows) if r.key == after) + 1
        return rows[start : start + limit]

    return GridModel(COLUMNS, fetch), asked


@pytest.fixture
def edits() -> list[list[CellEdit]]:
    return []


@pytest.fixture
def model(qapp: QApplication, edits: list[list[CellEdit]]) -> GridModel:
    assert qapp is not None
    made = GridModel(COLUMNS, commit=edits.append)
    made.set_rows([line(1, 100_00, 200_00), line(2, 300_00, None), line(3, 5_00, 6_00)])
    return made


def test_qt_accepts_the_model_through_every_change(model: GridModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.exchange([line(2, 1, 2)])
    model.filter(0, "line 2")
    model.filter(0, "")
    model.show_in(Unit.THOUSANDS)
    model.mark(model.index(0, 1), CellState.NOTE)
    model.set_rows([])
    assert tester.model() is model


def test_qt_accepts_paging_and_folding(qapp: QApplication) -> None:
    assert qapp is not None
    rows = [
        line(n, n, kind=RowKind.GROUP if n % 10 == 0 else RowKind.LINE, level=int(n % 10 > 0))
        for n in range(PAGE + 44)
    ]
    rows = [
        GridRow(r.key, (r.cells[0], r.cells[1], GridCell(), r.cells[2]), r.kind, r.level)
        for r in rows
    ]
    made, _asked = paged(rows)
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.fetchMore()
    made.fold(0)
    made.fetchMore()
    assert made.rowCount() == len(rows) - 9
    made.fold(0)
    assert made.rowCount() == len(rows)
    assert tester.model() is made


def test_rows_come_a_page_at_a_time_by_key(qapp: QApplication) -> None:
    assert qapp is not None
    made, asked = paged(endless(PAGE * 2 + 10))
    made.fetchMore()
    assert (made.rowCount(), made.complete) == (PAGE, False)
    while made.canFetchMore():
        made.fetchMore()
    assert made.rowCount() == PAGE * 2 + 10
    assert asked == [None, PAGE - 1, PAGE * 2 - 1]
    made.reload()
    assert made.rowCount() == PAGE


def test_a_filter_reads_on_until_a_page_is_full(qapp: QApplication) -> None:
    assert qapp is not None
    made, asked = paged(endless(PAGE * 3))
    made.fetchMore()
    made.filter(0, "line 70")
    assert [made.row_at(n).key for n in range(made.rowCount())] == [70, *range(700, 710)]
    assert len(asked) == 4
    assert made.filters == {0: "line 70"}


def test_typed_text_becomes_one_edit_and_the_rows_stay(
    model: GridModel, edits: list[list[CellEdit]]
) -> None:
    assert model.setData(model.index(0, 1), "1,234.50")
    assert edits == [[CellEdit(1, "m1", 100_00, 1_234_50)]]
    assert model.cell(model.index(0, 1)).value == 100_00
    assert model.setData(model.index(0, 1), "=1200000/12")
    assert edits[1][0].new == 100_000_00


def test_the_same_value_again_is_no_edit(model: GridModel, edits: list[list[CellEdit]]) -> None:
    assert not model.setData(model.index(0, 1), "100")
    assert edits == []


@pytest.mark.parametrize("text", ["12,34.5", "£1e6", "1.005", "twelve"])
def test_text_that_is_no_money_is_refused_and_marked(
    model: GridModel, edits: list[list[CellEdit]], text: str
) -> None:
    faults: list[Exception] = []
    model.failed.connect(faults.append)
    assert not model.setData(model.index(0, 1), text)
    assert edits == []
    assert CellState.REFUSED in model.cell(model.index(0, 1)).state
    assert "Line 1, M1 Apr" in str(faults[0])
    assert model.setData(model.index(0, 1), "7")
    assert CellState.REFUSED not in model.cell(model.index(0, 1)).state


def test_what_may_not_be_typed_says_why(model: GridModel) -> None:
    shut = GridCell(1, state=CellState.CLOSED)
    locked = GridCell(1, state=CellState.LOCKED, reason="Agreed with NHS England.")
    model.set_rows(
        [
            GridRow(1, (GridCell("A"), shut, locked, GridCell(2))),
            GridRow(2, (GridCell("B"), GridCell(1), GridCell(1), GridCell(2)), RowKind.GROUP),
            GridRow(
                3, (GridCell("C"), GridCell(1, 2, CellState.CONTESTED), GridCell(), GridCell())
            ),
        ]
    )
    whys = [
        model.why_shut(model.index(row, place))
        for row, place in ((0, 1), (0, 2), (0, 3), (1, 1), (2, 1), (2, 2))
    ]
    assert whys == [
        "This month is closed.",
        "Agreed with NHS England.",
        "Outturn is not typed here.",
        "B is worked out from its lines.",
        "Two figures stand here. Settle which one stands first.",
        "",
    ]
    editable = Qt.ItemFlag.ItemIsEditable
    assert not model.flags(model.index(0, 1)) & editable
    assert model.flags(model.index(2, 2)) & editable


def test_each_cell_speaks_row_column_value_and_state(model: GridModel) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.data(model.index(0, 1), role) == "Line 1, M1 Apr, £100.00"
    model.set_rows(
        [
            GridRow(
                1,
                (
                    GridCell("Low secure"),
                    GridCell(1_212_000_00, 1_236_400_00, CellState.CONTESTED | CellState.FORECAST),
                    GridCell(),
                    GridCell(5, state=CellState.LOCKED, reason="Signed."),
                ),
            )
        ]
    )
    assert model.data(model.index(0, 1), role) == (
        "Low secure, M1 Apr, £1,212,000.00 or £1,236,400.00, forecast, contested"
    )
    assert model.data(model.index(0, 2), role) == "Low secure, M2 May, nothing"
    assert model.data(model.index(0, 3), role) == "Low secure, Outturn, £0.05, locked, Signed"


def test_a_plan_writes_nothing_and_names_each_refusal(
    model: GridModel, edits: list[list[CellEdit]]
) -> None:
    plan = model.plan([(0, 1, "1"), (0, 2, "x"), (0, 3, "3"), (9, 1, "4"), (1, 1, "300")])
    assert edits == []
    assert plan.edits == [CellEdit(1, "m1", 100_00, 1_00)]
    assert [line.refused != "" for line in plan.lines] == [False, True, True, True]
    assert "beyond the last row" in plan.refused[-1].refused


def test_the_rule_of_the_module_may_refuse_a_cell(qapp: QApplication) -> None:
    assert qapp is not None
    made = GridModel(
        COLUMNS,
        commit=lambda _edits: None,
        judge=lambda edit: "More than the envelope." if edit.new == 9_00 else "",
    )
    made.set_rows([line(1, 1, 2)])
    plan = made.plan([(0, 1, "9"), (0, 2, "8")])
    assert [one.refused for one in plan.refused] == ["More than the envelope."]


def test_a_refused_commit_is_told_and_not_raised(qapp: QApplication) -> None:
    assert qapp is not None
    refusal = Refusal(code="locked", words="The month was locked meanwhile.")

    def refuse(_edits: list[CellEdit]) -> None:
        raise refusal

    made, faults = GridModel(COLUMNS, commit=refuse), list[Exception]()
    made.failed.connect(faults.append)
    made.set_rows([line(1, 1, 2)])
    assert not made.setData(made.index(0, 1), "5")
    assert faults == [refusal]


def test_newer_rows_tell_only_the_cells_that_differ(model: GridModel) -> None:
    changed: list[tuple[int, int]] = []

    def note(first: QModelIndex, _last: QPersistentModelIndex, _roles: object) -> None:
        changed.append((first.row(), first.column()))

    model.dataChanged.connect(note)
    model.exchange([line(2, 300_00, 7_00), line(99, 1, 1)])
    assert changed == [(1, 2), (1, 3)]


def test_very_many_differences_are_told_as_one_block(
    model: GridModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collabdesk.ui.grid.model._FEW", 2)
    told: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last, _roles: told.append(
            (first.row(), first.column(), last.row(), last.column())
        )
    )
    model.exchange([line(1, 7_00, 200_00), line(2, 300_00, 7_00)])
    assert told == [(0, 1, 1, 3)]


def test_a_change_from_elsewhere_says_so_to_whoever_types_there(model: GridModel) -> None:
    said: list[str] = []
    model.changed_elsewhere.connect(said.append)
    model.editing = (2, 1)
    model.exchange([line(1, 9, 9), line(2, 310_00, None)])
    assert said == ["Line 2, M1 Apr changed elsewhere while you typed: it is now £310.00."]
    assert CellState.CHANGED in model.cell(model.index(1, 1)).state
    model.unmark(model.index(1, 1), CellState.CHANGED)
    assert CellState.CHANGED not in model.cell(model.index(1, 1)).state


def test_each_kind_reads_and_writes_its_own_text() -> None:
    day = GridColumn("d", "Due", kind=Kind.DATE)
    assert day.parse("07/04/2026") == day.parse("7 April 2026") == dt.date(2026, 4, 7)
    assert day.shown(dt.date(2026, 4, 7)) == "07/04/2026"
    choice = GridColumn("s", "State", kind=Kind.ENUM, choices=("Open", "Closed"))
    assert choice.parse("closed") == "Closed"
    number = GridColumn("n", "Nights", kind=Kind.NUMBER)
    assert (number.parse("1,234"), number.parse("−12.50")) == (1234, "-12.50")
    assert number.shown("1234.5") == "1,234.5"
    money = GridColumn("m", "M1", kind=Kind.MONEY, signed=True)
    assert money.shown(-141_000_00, Unit.THOUSANDS) == "−141"
    assert money.shown(955_400_00, Unit.THOUSANDS) == "+955"
    assert money.parse("–") is None
    for column, text in ((day, "soon"), (choice, "Maybe"), (number, "many")):
        with pytest.raises(Refusal, match=text):
            column.parse(text)


def test_pages_are_fetched_off_the_windows_thread(qtbot: QtBot) -> None:
    threads: set[int] = set()

    def fetch(after: object | None, limit: int) -> list[GridRow]:
        threads.add(threading.get_ident())
        start = 0 if not isinstance(after, int) else after + 1
        return [line(key, key, None) for key in range(start, min(start + limit, PAGE + 5))]

    with ThreadPoolExecutor(1) as pool:
        made = GridModel(COLUMNS, fetch, readers=Readers(pool))
        made.fetchMore()
        assert not made.canFetchMore()
        qtbot.waitUntil(lambda: made.rowCount() == PAGE)
        made.fetchMore()
        qtbot.waitUntil(lambda: made.complete)
    assert made.rowCount() == PAGE + 5
    assert threading.get_ident() not in threads


def test_a_page_that_fails_is_told(qtbot: QtBot) -> None:
    refusal = Refusal(code="locked", words="The database is locked.")

    def fetch(_after: object | None, _limit: int) -> list[GridRow]:
        raise refusal

    with ThreadPoolExecutor(1) as pool:
        made = GridModel(COLUMNS, fetch, readers=Readers(pool))
        with qtbot.waitSignal(made.failed) as caught:
            made.fetchMore()
    assert caught.args == [refusal]
