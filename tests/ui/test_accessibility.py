"""The walker passes our parts and catches what is wrong with a bad one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.ui.contested import Claim, ContestedCard
from collabdesk.ui.focus import OWN_MARK, FocusMark
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind
from collabdesk.ui.inspector import HistoryEntry, Inspector, Linked, Note, Subject
from collabdesk.ui.messages import Action
from collabdesk.ui.parts import button, column, words
from collabdesk.ui.states import EmptyState, EmptyView, Way
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import THEMES
from tests.ui.accessibility import faults
from tests.ui.hands import settle, show

CLAIMS = (
    Claim(1, "£1", "Finance lead", "One trust", "15:58", "Laptop 1"),
    Claim(2, "£2", "Finance lead", "Other trust", "16:41", "Laptop 2"),
)


class Unmarked(QWidget):
    """Takes the focus and shows nothing of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(OWN_MARK, "yes")
        self.setAccessibleName("Unmarked")
        self.setMinimumSize(40, 40)


@pytest.fixture
def mark(look: Look, qapp: QApplication) -> Iterator[FocusMark]:
    made = FocusMark(look, qapp)
    yield made
    shiboken6.delete(made)


def page_of(qtbot: QtBot, *things: QWidget) -> QWidget:
    page = QWidget()
    page.setProperty("ground", "page")
    inside = column(*things, None, gap=8)
    inside.setContentsMargins(16, 16, 16, 16)
    page.setLayout(inside)
    qtbot.addWidget(page)
    page.resize(800, 600)
    show(page)
    settle()
    return page


def grid(look: Look) -> Grid:
    columns = (
        GridColumn("line", "Service line"),
        GridColumn("m1", "M1", "Apr", Kind.MONEY, editable=True),
    )
    made = Grid(look, "Budgets", columns, commit=lambda _edits: None)
    contested = GridCell(1, 2, CellState.CONTESTED)
    made.set_rows(
        [
            GridRow(1, (GridCell("Low secure"), contested)),
            GridRow(2, (GridCell("Contingency"), GridCell())),
        ]
    )
    made.view.go_to(0, 1)
    return made


@pytest.mark.parametrize("theme", THEMES)
def test_our_parts_have_no_fault(qtbot: QtBot, look: Look, mark: FocusMark, theme: str) -> None:
    assert mark is not None
    look.use(theme)
    way = Way("copy", "Copy", "Last year’s lines", Action("Copy…", lambda: None))
    empty = EmptyState("No budget yet", "Lines go here.", Action("Import…", lambda: None), (way,))
    inspector = Inspector(look)
    entry = HistoryEntry("£1", "£2", "Finance lead", "One trust", "12/10/2026", "Laptop 1")
    inspector.show_subject(
        Subject(
            "Low secure, M8",
            "Contested forecast",
            lambda: ContestedCard(look, CLAIMS),
            (entry,),
            (Note("Agreed", "QI lead", "today"),),
            (Linked("V-031", "Virement", 1),),
        )
    )
    for part in (EmptyView(look, empty), grid(look), inspector):
        page = page_of(qtbot, part)
        assert faults(page) == []


def test_a_nameless_control_is_caught(qtbot: QtBot, look: Look, mark: FocusMark) -> None:
    assert mark is not None
    assert look is not None
    page = page_of(qtbot, QLineEdit())
    assert faults(page) == ["QLineEdit “” has no accessible name."]


def test_a_control_without_a_focus_mark_is_caught(qtbot: QtBot, look: Look) -> None:
    assert look is not None
    page = page_of(qtbot, Unmarked())
    assert "Unmarked “Unmarked” looks the same with and without focus." in faults(page)


def test_without_the_ring_a_button_is_caught(qtbot: QtBot, look: Look) -> None:
    assert look is not None
    page = page_of(qtbot, button("Share now", lambda: None), words("Words"))
    assert faults(page) == ["QPushButton “Share now” looks the same with and without focus."]


def test_a_small_target_is_caught(qtbot: QtBot, look: Look, mark: FocusMark) -> None:
    assert mark is not None
    assert look is not None
    small = button("Go", lambda: None)
    small.setFixedSize(18, 18)
    small.setStyleSheet("min-height: 10px; max-height: 10px; padding: 0; border: 1px solid black;")
    assert any("smaller than 24" in fault for fault in faults(page_of(qtbot, small)))


def test_pale_words_are_caught(qtbot: QtBot, look: Look) -> None:
    assert look is not None
    pale = QLabel("Hard to read")
    pale.setStyleSheet("color: #b0b0b0;")
    assert faults(page_of(qtbot, pale)) == ["“Hard to read” is #b0b0b0 on #ffffff: 2.2 to 1."]


def test_a_cell_that_does_not_say_where_it_is_is_caught(
    qtbot: QtBot, look: Look, mark: FocusMark
) -> None:
    assert mark is not None
    assert look is not None
    model = QStandardItemModel(1, 1)
    model.setItem(0, 0, QStandardItem("1,212"))
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName("Bare")
    found = faults(page_of(qtbot, table))
    assert "Cell 1, 1 of “Bare” says “”." in found
