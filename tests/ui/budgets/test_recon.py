"""A partner's return is brought in, matched, queried and answered, by clicks and keys."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import pytest
import shiboken6
from openpyxl import load_workbook
from PySide6.QtWidgets import QComboBox, QDialog
from pytestqt.qtbot import QtBot

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance, MapCode
from collabdesk.services.budgets.returns.returns_commands import ImportReturn, Returned
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.recon_view import ReconView
from collabdesk.ui.form import FormDialog
from collabdesk.ui.import_wizard import ImportWizard
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action
from tests.ui.hands import keys, press, show, texts

D = TypeVar("D", bound=QDialog)
LEDGER = {"K1": 4_076_369, "K2": 9_375_740, "PO 3": 250_000, "K5": 1_000_000}
RETURN = {"K1": 4_076_369, "K2": 9_357_740, "3": 250_000, "K5": 1_000_001}


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two laptops: a month of spending at the partner, and the partner's return of it."""
    alliance = found_alliance(tmp_path_factory.mktemp("recon"), ("a",))
    made = Office(alliance)
    made.begin()
    made.plan("ASL", "RP7", 24_000_000)
    made.agree()
    made.run(MapCode("GL", YEAR, 1, "C1", "", made.lines["ASL"], "RP7"))
    rows = tuple(
        SourceRow(n, "C1", "5210", 1, p, key_, "Beds")
        for n, (key_, p) in enumerate(LEDGER.items(), start=2)
    )
    made.run(ImportTrialBalance("GL", b"1" * 32, "GL", YEAR, 1, rows, sum(LEDGER.values())))
    made.share()
    items = tuple(Returned(n, key_, p, "Beds") for n, (key_, p) in enumerate(RETURN.items(), 2))
    digest = sha256(b"return").digest()
    made.run(ImportReturn("Return.xlsx", digest, "RP7", YEAR, 1, items), "a")
    made.share()
    yield made
    alliance.close()


def seen(qtbot: QtBot, page: BudgetsPage, month: int | None = None) -> ReconView:
    page.go_to(Where("reconciliation", page.where.version, month=month))
    qtbot.waitUntil(lambda: "reconciliation" in page.board.parts)
    view = page.board.parts["reconciliation"]
    assert isinstance(view, ReconView)
    qtbot.waitUntil(lambda: view.board is not None and view.board.month in {month, 1})
    return view


def dialog(qtbot: QtBot, view: ReconView, kind: type[D]) -> D:
    def shown() -> bool:
        there = isinstance(view.dialog, kind) and shiboken6.isValid(view.dialog)
        return there and view.dialog is not None and view.dialog.isVisible()

    qtbot.waitUntil(shown)
    assert isinstance(view.dialog, kind)
    return view.dialog


def send(qtbot: QtBot, form: FormDialog, **typed: str) -> None:
    for name, text in typed.items():
        control = form.boxes[name].control
        if isinstance(control, QComboBox):
            control.setCurrentIndex(control.findData(text))
        else:
            form.boxes[name].text = ""
            keys(control, text)
    closed: list[int] = []
    form.finished.connect(closed.append)
    press(form, form.verb.text())
    qtbot.waitUntil(lambda: bool(closed))


def stroke(view: ReconView, which: str) -> None:
    """Press a key in the list, as the window gives it the keyboard back."""
    show(view.window())
    view.take_keyboard()
    keys(view.items.view, which)


def stands(view: ReconView) -> dict[str, str]:
    rows = view.items.model.all_rows()
    return {row.name: str(row.cells[4].value) for row in rows}


def test_enter_leads_from_a_reference_to_its_journal_or_to_the_side_that_has_it(
    qtbot: QtBot, opened: Open, office: Office
) -> None:
    page = opened(office.alliance.desks["lead"].workspace)
    view = seen(qtbot, page)
    view.items.select("3", "ledger")
    stroke(view, "\r")
    qtbot.waitUntil(view.returned.view.hasFocus)
    view.items.select("K1", "ledger")
    stroke(view, "\r")
    qtbot.waitUntil(lambda: page.where.journal is not None)
    back = page.where.above
    assert back is not None
    assert back.view == "reconciliation"


def test_m_matches_t_lets_pass_q_asks_and_the_partner_answers(
    qtbot: QtBot, opened: Open, office: Office
) -> None:
    desks = office.alliance.desks
    view = seen(qtbot, opened(desks["lead"].workspace))
    assert stands(view) == {
        "3": "Missing in ledger",
        "K1": "Matched",
        "K2": "Digits swapped?",
        "K5": "Differs",
        "PO 3": "Missing in return",
    }
    grid = view.items
    model = grid.model
    shown = [model.index(model.row_of("K5") or 0, place).data() for place in (1, 2, 3)]
    assert shown == ["10,000.00", "10,000.01", "−0.01"]
    view.take_keyboard()
    assert view.current_key == "3"
    stroke(view, "m")
    send(qtbot, dialog(qtbot, view, FormDialog), ledger_reference="PO 3")
    qtbot.waitUntil(lambda: stands(view).get("PO 3") == "Matched" and "3" not in stands(view))
    stroke(view, "t")
    send(qtbot, dialog(qtbot, view, FormDialog), tolerance_p="1")
    qtbot.waitUntil(lambda: stands(view)["K5"] == "Within tolerance")
    grid.select("K2", "ledger")
    stroke(view, "q")
    send(qtbot, dialog(qtbot, view, FormDialog), question="Were two digits swapped?")
    qtbot.waitUntil(lambda: any("swapped?”" in text for text in texts(view)))
    office.share()

    theirs = seen(qtbot, opened(desks["a"].workspace))
    theirs.items.select("K2", "ledger")
    assert any("Were two digits swapped?" in text for text in texts(theirs))
    stroke(theirs, "q")
    send(qtbot, dialog(qtbot, theirs, FormDialog), answer="Yes, they were.")
    stroke(theirs, "t")
    office.share()

    qtbot.waitUntil(lambda: any("Yes, they were." in text for text in texts(view)))
    press(view, "Settle")
    qtbot.waitUntil(lambda: view.board is not None and view.board.unsettled == 0)
    grid.select("PO 3", "ledger")
    press(view, "Take apart")
    qtbot.waitUntil(lambda: "3" in stands(view))


def test_a_template_is_saved_filled_in_and_brought_in(
    qtbot: QtBot, opened: Open, office: Office, tmp_path: Path
) -> None:
    page = opened(office.alliance.desks["a"].workspace)
    view = seen(qtbot, page, 2)
    assert any("No return yet" in text for text in texts(view))
    path = tmp_path / "return.xlsx"
    view.write_template(path)
    qtbot.waitUntil(path.is_file)
    book = load_workbook(path)
    sheet = book["Return"]
    sheet["A2"], sheet["C2"], sheet["A3"], sheet["C3"] = "INV 9", 12.5, "INV 10", "twelve"
    book.save(path)
    action(page, "Import a return…").do()
    wizard = dialog(qtbot, view, ImportWizard)
    keys(wizard.path, str(path))
    press(wizard, "Read the file")
    qtbot.waitUntil(lambda: wizard.step == "look" and wizard.job is None)
    assert (wizard.boxes["partner"].text, wizard.boxes["month"].text) == ("RP7", "2")
    press(wizard, "Import 1 row")
    qtbot.waitUntil(lambda: wizard.step == "done")
    press(wizard, "Close")
    qtbot.waitUntil(lambda: stands(view) == {"INV 9": "Missing in ledger"})
