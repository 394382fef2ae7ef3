"""Published files are brought in, asked about, mapped, taken away and brought back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals_commands import TakeAllocations
from collabdesk.services.budgets.actuals.published_files import kept_files
from collabdesk.services.budgets.actuals.published_reading import read_published
from collabdesk.services.budgets.actuals.taking_up import taken_up
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.published_view import PublishedView
from collabdesk.ui.form import FormDialog
from collabdesk.ui.import_wizard import ImportWizard
from tests.services.budgets.office import Office
from tests.support.alliance import found_alliance
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action
from tests.ui.hands import key, keys, press, texts

FINANCE = Path(__file__).parents[2] / "data" / "finance"
HAVERING = FINANCE / "nhs_spend_over_25k" / "NEHV_01_-_April.csv"
ALLOCATED = "nhs_allocations/ccg_allocations.csv"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    alliance = found_alliance(tmp_path_factory.mktemp("published"), ())
    made = Office(alliance)
    made.begin()
    made.plan("ASL", "RHA", 24_000_000)
    yield made
    alliance.close()


def bring(qtbot: QtBot, view: PublishedView, path: Path) -> ImportWizard:
    qtbot.waitUntil(lambda: isinstance(view.dialog, ImportWizard))
    wizard = view.dialog
    assert isinstance(wizard, ImportWizard)
    keys(wizard.path, str(path))
    press(wizard, "Read the file")
    qtbot.waitUntil(lambda: wizard.step == "look" and wizard.job is None)
    return wizard


def choose(wizard: ImportWizard, name: str, value: str) -> None:
    control = wizard.boxes[name].control
    assert isinstance(control, QComboBox)
    at = control.findData(value)
    control.setCurrentIndex(at)
    control.activated.emit(at)


def two_months(path: Path) -> Path:
    """Write a workbook with a sheet of spending for each of two months."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for month, payments in (("April", 1), ("May", 2)):
        sheet = book.create_sheet(month)
        sheet.append(("Supplier", "Date", "Expense Area", "Amount"))
        for number in range(payments):
            sheet.append(("Hub", dt.date(2026, 4 + payments - 1, 13), f"Area {number}", 30_000))
    book.save(path)
    return path


def choose_sheet(qtbot: QtBot, wizard: ImportWizard) -> None:
    assert wizard.boxes["sheet"].text == "April"
    choose(wizard, "sheet", "May")
    keys(wizard.boxes["source"].control, "A body")
    press(wizard, "Read again")
    finish(qtbot, wizard, "Import 2 rows")


def finish(qtbot: QtBot, wizard: ImportWizard, verb: str) -> None:
    qtbot.waitUntil(lambda: wizard.next.text() == verb and wizard.next.isEnabled())
    press(wizard, verb)
    qtbot.waitUntil(lambda: wizard.step == "done")
    press(wizard, "Close")


def map_first(qtbot: QtBot, view: PublishedView) -> None:
    view.rows.select(0, "what")
    key(view.rows.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(view.dialog, FormDialog))
    form = view.dialog
    assert isinstance(form, FormDialog)
    line = form.boxes["service_line"].control
    assert isinstance(line, QComboBox)
    line.setCurrentIndex(line.findText("Adult low secure"))
    press(form, "Map the code")
    qtbot.waitUntil(
        lambda: str(view.rows.model.row_at(0).cells[2].value).startswith("Adult low secure")
    )


def test_files_are_kept_mapped_taken_away_and_brought_back(
    qtbot: QtBot, opened: Open, office: Office, tmp_path: Path
) -> None:
    lead = office.alliance.desks["lead"].workspace
    page: BudgetsPage = opened(lead)
    page.go_to(page.where.seen_as("published"))
    qtbot.waitUntil(lambda: "published" in page.board.parts)
    view = page.board.parts["published"]
    assert isinstance(view, PublishedView)
    qtbot.waitUntil(lambda: view.board is not None)
    press(view, "Import a published file…")
    finish(qtbot, bring(qtbot, view, HAVERING), "Import 92 rows")
    qtbot.waitUntil(lambda: bool(view.rows.model.all_rows()))
    assert view.rows.totals.all_rows()[0].cells[1].value == 2_826_185_091

    map_first(qtbot, view)

    ambiguous = tmp_path / "march.csv"
    ambiguous.write_text("Supplier,Date,Expense Area,Amount\nA,03/04/2020,MH,5\n", "utf-8")
    action(page, "Import a file…").do()
    wizard = bring(qtbot, view, ambiguous)
    assert wizard.boxes["date_order"].fault.startswith("Its dates can be read both ways")
    choose(wizard, "date_order", "d/m/y")
    press(wizard, "Read again")
    qtbot.waitUntil(lambda: wizard.job is None and "source" in wizard.boxes)
    keys(wizard.boxes["source"].control, "A body")
    press(wizard, "Read again")
    finish(qtbot, wizard, "Import 1 row")

    action(page, "Import a file…").do()
    choose_sheet(qtbot, bring(qtbot, view, two_months(tmp_path / "half-year.xlsx")))
    qtbot.waitUntil(lambda: len(view.board or ()) == 3)

    action(page, "Import a file…").do()
    wizard = bring(qtbot, view, FINANCE / ALLOCATED)
    choose(wizard, "unit", "£000")
    press(wizard, "Read again")
    finish(qtbot, wizard, "Import 209 rows")
    qtbot.waitUntil(lambda: len(view.board or ()) == 4)
    first = view.files.model.row_at(0).key
    view.files.select(first, "name")
    qtbot.waitUntil(lambda: len(view.rows.model.all_rows()) == 209)
    action(page, "Take away").do()
    qtbot.waitUntil(lambda: len(view.board or ()) == 3)
    page.desk.undo()
    qtbot.waitUntil(lambda: len(view.board or ()) == 4)
    assert len(lead.query(kept_files)) == 4
    assert view.files.model.row_at(0).name == "ccg_allocations.csv"
    assert any(text.startswith("What ") for text in texts(view))


def _asks_which(form: FormDialog) -> bool:
    return "recurrent" in form.boxes["recurrence"].fault


def test_allocations_become_envelopes_once_and_as_one_step(
    qtbot: QtBot, opened: Open, office: Office
) -> None:
    lead = office.alliance.desks["lead"].workspace
    answers = {"unit": "£000", "source": "The centre"}
    told = read_published(lead.database.read, FINANCE / ALLOCATED, answers)
    if told.command is not None:
        office.run(told.command)
    first = next(one.row for one in lead.query(kept_files) if one.kind == "allocation_table")
    before = office.summary().current.envelope.shown_p
    page: BudgetsPage = opened(lead)
    page.go_to(page.where.seen_as("published"))
    qtbot.waitUntil(lambda: "published" in page.board.parts)
    view = page.board.parts["published"]
    assert isinstance(view, PublishedView)
    qtbot.waitUntil(lambda: view.board is not None)
    view.files.select(first, "name")
    qtbot.waitUntil(lambda: len(view.rows.model.all_rows()) == 209)
    view.rows.select(3, "amount")
    key(view.rows.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    for recurrence in ("", "non_recurrent"):
        key(view.rows.view, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: isinstance(view.dialog, FormDialog) and view.dialog.isVisible())
        asked = view.dialog
        assert isinstance(asked, FormDialog)
        asked.boxes["recurrence"].text = recurrence
        press(asked, "Take them up")
        if not recurrence:
            qtbot.waitUntil(partial(_asks_which, asked))
            closed: list[int] = []
            asked.finished.connect(closed.append)
            press(asked, "Cancel")
            # Else the next turn of the loop could take the dialog that goes for the one that comes.
            qtbot.waitUntil(partial(bool, closed))
    qtbot.waitUntil(
        lambda: (
            [view.rows.model.row_at(n).cells[2].value for n in (2, 3, 4, 5)]
            == ["", "In the envelope", "In the envelope", ""]
        )
    )
    taken = [view.rows.model.row_at(n).cells[1].value for n in (3, 4)]
    moves = office.summary().letters
    assert [(one.amount.shown_p, one.recurrence, one.kind) for one in moves] == [
        (amount, "non_recurrent", "opening") for amount in taken
    ]
    assert all(amount % 100_000 == 0 for amount in taken if isinstance(amount, int))
    assert all(one.evidence_sha256 and one.commissioner for one in moves)
    again = take(first, office.version, (9, 10), "letters")
    with pytest.raises(Refusal) as refused:
        office.run(replace(again, recurrence=""))
    assert refused.value.field == "recurrence"
    done = office.run(replace(again, rows=tuple(rows_taken(office, first))))
    assert done.words.endswith("nothing changes")
    office.run(again)
    letters = office.summary().letters[2:]
    assert [(one.kind, one.recurrence) for one in letters] == [("letter", "recurrent")] * 2
    lead.undo().result()
    page.desk.undo()
    qtbot.waitUntil(lambda: office.summary().current.envelope.shown_p == before)


def take(file: object, version: bytes, rows: tuple[int, ...], kind: str) -> TakeAllocations:
    assert isinstance(file, bytes)
    return TakeAllocations(file, version, rows, kind, "recurrent")


def rows_taken(office: Office, file: object) -> list[int]:
    return sorted(office.ask(taken_up, file, office.version).rows)
