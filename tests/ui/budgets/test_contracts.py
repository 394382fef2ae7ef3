"""Contracts written, activity shared, invoices paid, balances stated, by clicks and keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ContractTerms,
    PriceFrom,
    SetPrices,
    StateBalance,
)
from collabdesk.services.budgets.contracts.spells import local_spells
from collabdesk.storage.queries.contracts import contracts
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.contracts_view import ContractsView
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.places import place_of
from collabdesk.ui.budgets.rows_dialog import RowsDialog
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.form import FormDialog
from collabdesk.ui.grid import CellState, Grid
from collabdesk.ui.theme import Look
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance
from tests.ui.accessibility import faults
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import CONTROL, action
from tests.ui.hands import key, press, settle, texts

APRIL, MARCH = dt.date(2026, 4, 1), dt.date(2027, 3, 31)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two laptops that share an agreed budget; tests add contracts of their own."""
    alliance = found_alliance(tmp_path_factory.mktemp("contracts"), ("a",))
    office = Office(alliance)
    office.begin()
    office.plan("ASL", "RHA", 24_000_000)
    office.agree()
    office.share()
    yield office
    alliance.close()


def seen(qtbot: QtBot, page: BudgetsPage) -> ContractsView:
    """Go to the contracts and wait until they are read."""
    page.go_to(page.where.seen_as("contracts"))
    qtbot.waitUntil(lambda: "contracts" in page.board.parts)
    view = page.board.parts["contracts"]
    assert isinstance(view, ContractsView)
    qtbot.waitUntil(lambda: view.data is not None)
    return view


def asked(qtbot: QtBot, view: PartView) -> QDialog:
    """Wait for the dialog that a view opens."""
    qtbot.waitUntil(lambda: view.dialog is not None and view.dialog.isVisible())
    assert view.dialog is not None
    return view.dialog


def paste(qtbot: QtBot, grid: Grid, text: str) -> None:
    """Paste what was copied from a spreadsheet, as people do."""
    QGuiApplication.clipboard().setText(text)
    grid.window().activateWindow()
    qtbot.waitUntil(grid.window().isActiveWindow)
    grid.view.setFocus()
    qtbot.waitUntil(grid.view.hasFocus)
    key(grid.view, Qt.Key.Key_V, CONTROL)


def shown(grid: Grid, row: object, column: str) -> object:
    """Return a figure of a grid."""
    place = next(n for n, one in enumerate(grid.model.columns) if one.key == column)
    every = (*grid.model.all_rows(), *grid.totals.all_rows())
    return next(one for one in every if one.key == row).cells[place].value


def test_a_contract_is_written_priced_counted_and_frozen(
    qtbot: QtBot, opened: Open, signed: Office
) -> None:
    page = opened(signed.alliance.desks["lead"].workspace)
    view = seen(qtbot, page)
    assert "No contracts yet" in texts(view)
    press(view, "Add a contract…")
    form = asked(qtbot, view)
    assert isinstance(form, FormDialog)
    assert form.boxes["annual_p"].isVisible()
    form.boxes["form"].text = "obd"
    assert not form.boxes["annual_p"].isVisible()
    form.boxes["reference"].text = "OBD-1"
    form.boxes["provider"].text = "RP7"
    press(form, "Add the contract")
    qtbot.waitUntil(lambda: "does not say" in form.boxes["planned"].fault)
    form.boxes["planned"].text = "1,200"
    press(form, "Add the contract")
    qtbot.waitUntil(lambda: view.contracts.current is not None)
    assert any("No price for bed days is in force" in said for said in texts(view.contracts))
    assert page.heading.state == "1 contract cannot be reckoned."

    action(page, "Prices…").do()
    sheet = asked(qtbot, view)
    assert isinstance(sheet, RowsDialog)
    paste(qtbot, sheet.grid, "01/04/2026\t600.00\tOccupied bed days\n01/05/2026\t\tLeave days\n")
    assert shown(sheet.grid, 1, "outcome") == "The row has no price. Fill it in."
    press(sheet, "Set 1 row")
    qtbot.waitUntil(lambda: view.contracts.money.model.rowCount() > 0 and not page.heading.state)
    assert "1 row stayed here." in " ".join(texts(sheet))
    sheet.reject()
    planned, _comes_to, schedule = view.contracts.money.model.all_rows()[:3]
    assert (planned.name, schedule.name) == ("Planned", "Payment schedule")
    assert planned.cells[1:] == schedule.cells[1:], "bed days are paid on account by the plan"
    action(page, "Prices…").do()
    qtbot.waitUntil(lambda: view.dialog is not None and view.dialog is not sheet)
    again = asked(qtbot, view)
    assert isinstance(again, RowsDialog)
    assert [shown(again.grid, 0, name) for name in ("outcome", "price")] == ["As it was", "600.00"]
    again.reject()
    (contract,) = signed.ask(contracts, YEAR)
    qtbot.waitUntil(lambda: shown(view.contracts.grid, contract.row, "due") == 72_000_000)


def test_activity_is_priced_as_it_is_pasted_shared_and_frozen(
    qtbot: QtBot, opened: Open, signed: Office
) -> None:
    terms = ContractTerms("ACT-1", signed.lines["ASL"], "RP7", "obd", APRIL, MARCH, planned=1_200)
    row = signed.made(AddContract(YEAR, terms))
    signed.run(SetPrices(row, (PriceFrom("bed_days", APRIL, 60_000),)))
    page = opened(signed.alliance.desks["lead"].workspace)
    view = seen(qtbot, page)
    press(view, "Activity")
    view.months.setCurrentIndex(0)
    view.months.activated.emit(0)
    grid = view.activity.grid
    beds = (row, "bed_days")
    grid.select(beds, "quantity")
    paste(qtbot, grid, "93\t8")
    assert shown(grid, beds, "cost") == shown(grid, beds, "month") == 93 * 60_000
    assert shown(grid, beds, "plan") == -7 * 60_000
    action(page, "Share 1 count as flex").do()
    qtbot.waitUntil(lambda: shown(grid, beds, "flex") == 93)
    assert not view.activity.entries
    grid.select(beds, "quantity")
    paste(qtbot, grid, "95\t8")
    action(page, "Freeze 1 count").do()
    qtbot.waitUntil(lambda: shown(grid, beds, "freeze") == 95)
    grid.select(beds, "quantity")
    paste(qtbot, grid, "99\t8")
    action(page, "Share 1 count as flex").do()
    qtbot.waitUntil(lambda: any("is frozen" in said for said in texts(page)))
    assert view.activity.entries


def test_spells_are_pasted_kept_and_only_their_total_is_shared(
    qtbot: QtBot, opened: Open, signed: Office
) -> None:
    terms = ContractTerms("SP-1", signed.lines["ASL"], "RP7", "obd", APRIL, MARCH, planned=1)
    row = signed.made(AddContract(YEAR, terms))
    signed.run(SetPrices(row, (PriceFrom("bed_days", APRIL, 100),)))
    signed.share()
    desk = signed.alliance.desks["a"].workspace
    page = opened(desk)
    view = seen(qtbot, page)
    press(view, "Activity")
    action(page, "Spells on this laptop…").do()
    sheet = asked(qtbot, view)
    assert isinstance(sheet, RowsDialog)
    rows = [f"P-{n}\tSP-1\t0{n}/10/2026\t11/10/2026" for n in range(1, 6)]
    paste(qtbot, sheet.grid, "\n".join([*rows, "943 476 5919\tSP-1\t01/10/2026"]))
    assert "NHS number" in str(shown(sheet.grid, 5, "outcome"))
    press(sheet, "Keep 5 rows")
    qtbot.waitUntil(lambda: len(desk.query(local_spells)) == 5)
    sheet.reject()
    qtbot.waitUntil(lambda: action(page, "Flex from spells").on)
    assert view.month == 7
    action(page, "Flex from spells").do()
    key_ = (row, "bed_days")
    qtbot.waitUntil(lambda: shown(view.activity.grid, key_, "flex") == 10 + 9 + 8 + 7 + 6)
    signed.share()
    assert not signed.ask(local_spells)


def test_invoices_are_paid_and_balances_agreed(qtbot: QtBot, opened: Open, signed: Office) -> None:
    terms = ContractTerms("PAY-1", signed.lines["ASL"], "RP7", "block", APRIL, MARCH, 12_000_000)
    row = signed.made(AddContract(YEAR, terms))
    signed.run(StateBalance(YEAR, 6, "RHA", 1_000_000, 0), "a")
    signed.share()
    page = opened(signed.alliance.desks["lead"].workspace)
    view = seen(qtbot, page)
    assert view.data is not None
    view.contracts.grid.select(row, "due")
    press(view, "Payments")
    action(page, "Record invoice…").do()
    form = asked(qtbot, view)
    assert isinstance(form, FormDialog)
    assert (form.boxes["payer"].text, form.boxes["payee"].text) == ("RHA", "RP7")
    form.boxes["invoice"].text = "INV-1"
    form.boxes["amount_p"].text = "10,000"
    form.boxes["invoiced"].text = "02/08/2026"
    press(form, "Record the invoice")
    qtbot.waitUntil(lambda: view.payments.current is not None)
    grid = view.payments.grid
    invoice = grid.model.row_at(0)
    assert invoice.cells[1].value == "Overdue by 41 days"
    assert CellState.CONCERN in invoice.cells[1].state

    (paid,) = (one.payment.row for one in view.data.balances.invoices)
    press(view, "Contracts")
    page.go_to(place_of(("contract_payment", paid), page.where))
    qtbot.waitUntil(lambda: view.tab == "Payments")

    press(view, "Balances")
    owed = ("RHA", "RP7")
    assert shown(view.balances.aged, owed, "age2") == 1_000_000
    action(page, "State balance…").do()
    form = asked(qtbot, view)
    assert isinstance(form, FormDialog)
    form.boxes["partner"].text = "RP7"
    form.boxes["owed_by_us_p"].text = "9,000"
    press(form, "State the balance")
    debt = ("RP7", "RHA")
    qtbot.waitUntil(lambda: shown(view.balances.debts, debt, "difference") == 100_000)
    assert shown(view.balances.debts, debt, "state") == "Differs"
    assert shown(view.balances.debts, debt, "invoices") == 1_000_000
    press(view.balances, "M9")
    assert any("No partner has stated" in said for said in texts(view.balances))

    press(view, "Payments")
    action(page, "Paid…").do()
    form = asked(qtbot, view)
    press(form, "Write it down")
    qtbot.waitUntil(lambda: str(grid.model.row_at(0).cells[1].value).startswith("Paid 12/10/2026"))
    press(view, "Contracts")
    money = view.contracts.money
    money.select("Invoiced", "m1")
    assert any(said.startswith("M1 Apr 2026: INV-1, paid") for said in texts(view.contracts))


def test_the_list_is_walked_by_keys_and_enter_changes_a_contract(
    qtbot: QtBot, opened: Open, signed: Office
) -> None:
    for reference in ("KEY-1", "KEY-2"):
        terms = ContractTerms(
            reference, signed.lines["ASL"], "RP7", "block", APRIL, MARCH, 12_000_000
        )
        signed.run(AddContract(YEAR, terms))
    page = opened(signed.alliance.desks["lead"].workspace)
    view = seen(qtbot, page)
    qtbot.waitUntil(view.contracts.grid.view.hasFocus)
    key(view.contracts.grid.view, Qt.Key.Key_Down)
    line = view.contracts.current
    assert line is not None
    key(view.contracts.grid.view, Qt.Key.Key_Return)
    form = asked(qtbot, view)
    assert isinstance(form, FormDialog)
    assert form.boxes["reference"].text == line.contract.reference
    form.boxes["reference"].text = "RENAMED"
    press(form, "Change the contract")
    qtbot.waitUntil(
        lambda: (
            view.contracts.current is not None
            and view.contracts.current.contract.reference == "RENAMED"
        )
    )


def test_every_pane_speaks_and_shows_its_focus(
    qtbot: QtBot, qapp: QApplication, look: Look, opened: Open, signed: Office
) -> None:
    mark = FocusMark(look, qapp)
    page = opened(signed.alliance.desks["lead"].workspace)
    view = seen(qtbot, page)
    for pane in ("Contracts", "Activity", "Payments", "Balances"):
        view.tabs.choose(pane)
        settle()
        assert faults(page) == []
    page.go_to(page.where.seen_as("out_of_area"))
    qtbot.waitUntil(lambda: "out_of_area" in page.board.parts)
    settle()
    assert faults(page) == []
    shiboken6.delete(mark)


def test_last_years_contracts_are_carried_on_and_one_is_deleted(
    qtbot: QtBot, opened: Open, signed: Office
) -> None:
    lead = signed.alliance.desks["lead"].workspace
    days = (dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    for reference in ("LAST-1", "LAST-2"):
        terms = ContractTerms(reference, signed.lines["ASL"], "RP7", "block", *days, 1_200)
        signed.run(AddContract("2025/26", terms))
    page = opened(lead)
    view = seen(qtbot, page)
    if view.contracts.current is None:
        press(view, "Copy last year’s contracts…")
    else:
        action(page, "Copy last year’s…").do()
    form = asked(qtbot, view)
    assert "2 contracts were in force" in " ".join(texts(form))
    press(form, "Carry them on")

    def references() -> set[str]:
        return {one.reference for one in lead.query(contracts, YEAR)}

    qtbot.waitUntil(lambda: {"LAST-1", "LAST-2"} <= references())
    board = view.contracts.grid
    qtbot.waitUntil(lambda: "LAST-2" in {one.name for one in board.model.all_rows()})
    row = next(one.key for one in board.model.all_rows() if one.name == "LAST-2")
    board.select(row, "reference")
    action(page, "Delete").do()
    qtbot.waitUntil(lambda: "LAST-2" not in references())
    page.desk.undo()
    qtbot.waitUntil(lambda: "LAST-2" in references())
