"""A month of the general ledger is brought in, mapped and posted, by clicks and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.closing.blockers import blockers
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.actuals import posted_spend, source_files, waiting_rows
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.actuals_view import ActualsView
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.form import FormDialog
from collabdesk.ui.import_wizard import ImportWizard
from collabdesk.ui.page import Surroundings
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance
from tests.ui.accessibility import faults
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action
from tests.ui.hands import key, keys, named, press, show, texts

LEDGER = (
    "Cost Centre,Subjective,Period,Description,Amount\n"
    'C4001,52105,M1,Healthcare from NHS trusts,"1,250,000.00"\n'
    "C4001,71200,M1,Drugs,8410.55\n"
    "C4010,52105,M1,Trust headquarters,99000\n"
    "C4001,52105,M1,Observation,12.345\n"
)
TOTAL = "1,357,410.55"
MENDED = "1,357,422.89"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The keeper's laptop with an agreed budget."""
    alliance = found_alliance(tmp_path_factory.mktemp("actuals"), ())
    made = Office(alliance)
    made.begin()
    made.plan("ASL", "RHA", 24_000_000)
    made.agree()
    yield made
    alliance.close()


@pytest.fixture
def lead(office: Office) -> Workspace:
    return office.alliance.desks["lead"].workspace


@pytest.fixture
def _mark(qapp: QApplication, around: Surroundings) -> Iterator[None]:
    """The mark of focus, as the window draws it."""
    made = FocusMark(around.look, qapp)
    yield
    shiboken6.delete(made)


def seen(qtbot: QtBot, page: BudgetsPage) -> ActualsView:
    page.go_to(page.where.seen_as("actuals"))
    qtbot.waitUntil(lambda: "actuals" in page.board.parts)
    view = page.board.parts["actuals"]
    assert isinstance(view, ActualsView)
    qtbot.waitUntil(lambda: view.board is not None)
    return view


def wizard_of(qtbot: QtBot, view: PartView) -> ImportWizard:
    qtbot.waitUntil(lambda: view.dialog is not None and view.dialog.isVisible())
    assert isinstance(view.dialog, ImportWizard)
    return view.dialog


def read(qtbot: QtBot, wizard: ImportWizard, words: str = "Read again") -> None:
    press(wizard, words)
    qtbot.waitUntil(lambda: wizard.step != "wait" and wizard.job is None)


def answer(wizard: ImportWizard, **typed: str) -> None:
    """Type or choose answers as a person does."""
    for name, text in typed.items():
        control = wizard.boxes[name].control
        if isinstance(control, QComboBox):
            at = control.findData(text)
            control.setCurrentIndex(at)
            control.activated.emit(at)
        elif isinstance(control, QLineEdit):
            control.selectAll()
            keys(control, text)


@pytest.mark.usefixtures("_mark")
def test_a_trial_balance_is_brought_in_mapped_and_posted(
    qtbot: QtBot, opened: Open, lead: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "M1.csv"
    path.write_text(LEDGER, "utf-8")
    page = opened(lead)
    view = seen(qtbot, page)
    assert faults(view) == []
    press(view, "Import the ledger…")
    wizard = wizard_of(qtbot, view)
    keys(wizard.path, str(path))
    read(qtbot, wizard, "Read the file")
    assert wizard.boxes["month"].text == "1"
    answer(wizard, source="Trust general ledger", control="1357410.56")
    read(qtbot, wizard)
    assert "£0.01 apart" in wizard.boxes["control"].fault
    answer(wizard, control=TOTAL)
    key(wizard.boxes["control"].control, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.step == "look" and wizard.job is None)
    qtbot.waitUntil(lambda: wizard.next.text() == "Post 3 rows")
    said = texts(wizard)
    assert any("To wait for a mapping: 3 rows of £1,357,410.55" in text for text in said)
    assert faults(wizard) == []
    assert not lead.query(source_files)
    press(wizard, "Post 3 rows")
    qtbot.waitUntil(lambda: wizard.step == "done")
    press(wizard, "Close")
    qtbot.waitUntil(lambda: view.board is not None and view.board.waiting == 3)
    assert [one.code for one in lead.query(blockers, YEAR, 1)] == ["rows_unmapped", "rows_unread"]

    view.take_keyboard()
    assert view.current == ("Trust general ledger", "C4001", "52105")
    key(view.codes.view, Qt.Key.Key_Return)
    _map(qtbot, view, line="Adult low secure", scope="all")
    assert view.board is not None
    qtbot.waitUntil(lambda: view.board is not None and view.board.ready == 2)
    view.codes.select(("Trust general ledger", "C4010", "52105"), "centre")
    key(view.codes.view, Qt.Key.Key_Return)
    _map(qtbot, view, line="Nobody’s here: leave it out")
    qtbot.waitUntil(lambda: view.board is not None and view.board.ready == 3)
    show(page)
    assert faults(view) == []
    action(page, "Post 3 rows").do()
    qtbot.waitUntil(lambda: view.board is not None and not view.board.codes)
    assert any("Nothing waits" in text for text in texts(view))
    spent = lead.query(posted_spend, YEAR, "Trust general ledger", 1)
    assert sum(spent.values()) == 125_841_055
    assert not lead.query(waiting_rows)
    _mended(qtbot, page, view, path)
    assert not lead.query(blockers, YEAR, 1)
    _again(qtbot, page, view, path)
    _map_anew(qtbot, view)


def _map_anew(qtbot: QtBot, view: ActualsView) -> None:
    """What is mapped stands in a list of its own, and is mapped otherwise from there."""
    said = [str(row.cells[3].value) for row in view.mapping.model.all_rows()]
    assert said == ["Adult low secure, Nottinghamshire Healthcare", "Left out: nobody’s here"]
    view.mapping.select(view.mapping.model.row_at(1).key, "centre")
    key(view.mapping.view, Qt.Key.Key_Return)
    _map(qtbot, view, line="Perinatal")
    qtbot.waitUntil(
        lambda: str(view.mapping.model.row_at(1).cells[3].value).startswith("Perinatal")
    )


def _mended(qtbot: QtBot, page: BudgetsPage, view: ActualsView, path: Path) -> None:
    """The row that could not be read is mended in the file, which is brought once more."""
    assert view.files.model.row_at(0).cells[7].value == "Import again: 1 row unread"
    path.write_text(LEDGER.replace("12.345", "12.34"), "utf-8")
    action(page, "Import the ledger…").do()
    wizard = wizard_of(qtbot, view)
    keys(wizard.path, str(path))
    read(qtbot, wizard, "Read the file")
    answer(wizard, control=MENDED)
    read(qtbot, wizard)
    press(wizard, "Post 1 row")
    qtbot.waitUntil(lambda: wizard.step == "done")
    press(wizard, "Close")
    qtbot.waitUntil(lambda: view.files.model.row_at(0).cells[7].value == "")


def _again(qtbot: QtBot, page: BudgetsPage, view: ActualsView, path: Path) -> None:
    """Bring the same file in once more: nothing is offered."""
    action(page, "Import the ledger…").do()
    again = wizard_of(qtbot, view)
    keys(again.path, str(path))
    read(qtbot, again, "Read the file")
    answer(again, control=MENDED)
    read(qtbot, again)
    assert any("here already" in text for text in texts(again))
    assert not named(again, again.next.text()).isEnabled()
    press(again, "Cancel")


def opened_now(view: PartView) -> QDialog | None:
    """Return the dialog that is on show, if any."""
    there = view.dialog is not None and shiboken6.isValid(view.dialog)
    return view.dialog if there and view.dialog is not None and view.dialog.isVisible() else None


def _map(qtbot: QtBot, view: ActualsView, line: str, scope: str = "one") -> None:
    """Choose whose the current code is."""
    qtbot.waitUntil(lambda: isinstance(opened_now(view), FormDialog))
    form = view.dialog
    assert isinstance(form, FormDialog)
    for name, text in (("service_line", line), ("scope", "")):
        control = form.boxes[name].control
        assert isinstance(control, QComboBox)
        at = control.findText(text) if text else control.findData(scope)
        control.setCurrentIndex(at)
    closed: list[int] = []
    form.finished.connect(closed.append)
    press(form, "Map the code")
    qtbot.waitUntil(lambda: bool(closed))


@pytest.mark.usefixtures("_mark")
def test_columns_of_a_ledger_under_other_headings_are_pointed_out(
    qtbot: QtBot, opened: Open, lead: Workspace, tmp_path: Path
) -> None:
    """The wizard asks which column is which, and asks nothing of the source's next month."""
    head = "Trial balance;;;;\nBudget;Natural;Plus;Minus;When\n"
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text(f"{head}101;1;12.50;;M4\n101;2;;2.50;M4\n", "utf-8")
    second.write_text(f"{head}101;1;15.00;;M5\n", "utf-8")
    page = opened(lead)
    view = seen(qtbot, page)
    if view.board is not None and view.board.files:
        action(page, "Import the ledger…").do()
    else:
        press(view, "Import the ledger…")
    wizard = wizard_of(qtbot, view)
    keys(wizard.path, str(first))
    read(qtbot, wizard, "Read the file")
    assert any("Say which columns are which" in text for text in texts(wizard))
    assert faults(wizard) == []
    told = {"cost_centre": "Budget", "subjective": "Natural", "period": "When", "debit": "Plus"}
    answer(wizard, **{f"column_{field}": heading for field, heading in told.items()})
    read(qtbot, wizard)
    assert "both the debits and the credits" in wizard.boxes["column_amount"].fault
    answer(wizard, column_credit="Minus")
    read(qtbot, wizard)
    answer(wizard, source="Old ledger", control="10.00")
    read(qtbot, wizard)
    qtbot.waitUntil(lambda: wizard.next.text() == "Post 2 rows")
    press(wizard, "Post 2 rows")
    qtbot.waitUntil(lambda: wizard.step == "done")
    press(wizard, "Close")
    qtbot.waitUntil(lambda: view.board is not None and bool(view.board.codes))
    action(page, "Import the ledger…").do()
    again = wizard_of(qtbot, view)
    keys(again.path, str(second))
    read(qtbot, again, "Read the file")
    assert again.boxes["column_debit"].text == "Plus"
    assert again.boxes["month"].text == "5"
    press(again, "Cancel")
