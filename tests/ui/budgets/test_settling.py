"""Two laptops of the lead change the same figures of money: seen and settled in place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ChangeContract,
    ContractTerms,
    Judged,
    JudgeQuality,
    PriceFrom,
    RecordInvoice,
    RecordPaid,
    SetPrices,
)
from collabdesk.services.budgets.forecast.forecast_commands import (
    AddRisk,
    ChangeRisk,
    ChooseForecasts,
    ForecastChoice,
)
from collabdesk.services.budgets.forecast.outturn import risk_lines
from collabdesk.services.figures import contested_cells
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.contracts import contracts, payments, prices
from collabdesk.storage.queries.forecasts import forecasts
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.contracts_view import PAYMENTS, ContractsView
from collabdesk.ui.budgets.forecast_view import RISK, ForecastView
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.rows_dialog import RowsDialog
from collabdesk.ui.contested import ResolveDialog
from collabdesk.ui.grid import CellState
from tests.services.budgets.office import YEAR, Office
from tests.services.control.desks import enrolled
from tests.support.alliance import found_alliance
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action
from tests.ui.hands import key, keys, press, texts

APRIL, MAY = dt.date(2026, 4, 1), dt.date(2026, 5, 1)
MARCH, JUNE = dt.date(2027, 3, 31), dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def differing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """What both laptops of the finance lead changed before they shared again."""
    alliance = found_alliance(tmp_path_factory.mktemp("differing"), ())
    enrolled(alliance, "l2", "lead", "Finance lead", "Finance laptop 2")
    office = Office(alliance)
    office.begin()
    office.plan("ASL", "RHA", 24_000_000)
    office.agree()
    terms = ContractTerms("B-1", office.lines["ASL"], "RP7", "block", APRIL, MARCH, 12_000_000)
    contract = office.made(AddContract(YEAR, terms))
    invoice = RecordInvoice(YEAR, 1, "RHA", "RP7", "INV-9", 5_000, APRIL, contract=contract)
    paid = office.made(invoice)
    choose(office, "lead", "straight_line_months")
    office.share()
    for desk, number, method in (("lead", 1, "committed"), ("l2", 2, "budget_remaining")):
        office.run(ChangeContract(contract, replace(terms, annual_p=number * 10_000_000)), desk)
        office.run(RecordPaid((paid,), JUNE - dt.timedelta(days=number)), desk)
        choose(office, desk, method)
    office.share()
    with pytest.raises(Refusal) as refused:
        office.run(ChangeContract(contract, replace(terms, annual_p=9)))
    assert (refused.value.code, refused.value.field) == ("contested", "annual_p")
    with pytest.raises(Refusal, match="INV-9 is contested"):
        office.run(RecordPaid((paid,), None))
    yield office
    alliance.close()


def choose(office: Office, desk: str, method: str) -> None:
    choice = ForecastChoice(office.lines["ASL"], "RHA", method)
    office.run(ChooseForecasts(YEAR, (choice,)), desk)


def settled(qtbot: QtBot, view: PartView, reason: str) -> None:
    """Choose the first figure by the keyboard, and say why."""
    qtbot.waitUntil(lambda: isinstance(view.dialog, ResolveDialog) and view.dialog.isVisible())
    dialog = view.dialog
    assert isinstance(dialog, ResolveDialog)
    key(dialog.choices[0].radio, Qt.Key.Key_Space)
    keys(dialog.reason, reason)
    key(dialog.reason, Qt.Key.Key_Return)


def _says(page: BudgetsPage, said: str) -> bool:
    return page.heading.state.startswith(said)


def _contested(desk: Workspace, count: int) -> bool:
    return len(desk.query(contested_cells)) == count


def test_contested_terms_payments_and_forecasts_are_settled_on_their_screens(
    qtbot: QtBot, opened: Open, differing: Office
) -> None:
    lead = differing.alliance.desks["lead"].workspace
    page = opened(lead)
    page.go_to(page.where.seen_as("contracts"))
    qtbot.waitUntil(lambda: "contracts" in page.board.parts)
    view = page.board.parts["contracts"]
    assert isinstance(view, ContractsView)
    qtbot.waitUntil(lambda: view.data is not None and view.contracts.current is not None)
    (row,) = view.contracts.grid.model.all_rows()
    assert row.cells[0].state is CellState.CONTESTED
    assert row.cells[0].reason == (
        "Contract B-1: two laptops entered a different sum of a whole year."
    )
    assert page.heading.state.startswith("2 contested records to settle.")
    action(page, "Settle…").do()
    settled(qtbot, view, "As signed")
    qtbot.waitUntil(lambda: lead.query(contracts, YEAR)[0].annual_p == 10_000_000)

    view.tabs.choose(PAYMENTS)
    qtbot.waitUntil(lambda: page.heading.state.startswith("1 contested record to settle."))
    assert view.payments.grid.model.row_at(0).cells[0].state is CellState.CONTESTED
    action(page, "Settle…").do()
    settled(qtbot, view, "By the bank statement")
    qtbot.waitUntil(lambda: not lead.query(payments, YEAR)[0].contested)
    assert lead.query(payments, YEAR)[0].paid_on == JUNE - dt.timedelta(days=2)

    page.go_to(page.where.seen_as("forecast"))
    qtbot.waitUntil(lambda: "forecast" in page.board.parts)
    other = page.board.parts["forecast"]
    assert isinstance(other, ForecastView)
    qtbot.waitUntil(lambda: other.lines is not None and other.line is not None)
    action(page, "Settle…").do()
    settled(qtbot, other, "What is left of the budget")
    qtbot.waitUntil(lambda: not lead.query(contested_cells))
    assert lead.query(forecasts, YEAR)[0].method in {"committed", "budget_remaining"}
    differing.share()
    assert differing.ask(contested_cells, desk="l2") == ()


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A price, a quality measure and a risk that both laptops changed; a price both added."""
    alliance = found_alliance(tmp_path_factory.mktemp("priced"), ())
    enrolled(alliance, "l2", "lead", "Finance lead", "Finance laptop 2")
    office = Office(alliance)
    office.begin()
    office.plan("ASL", "RHA", 24_000_000)
    office.agree()
    terms = ContractTerms("O-1", office.lines["ASL"], "RP7", "obd", APRIL, MARCH, planned=100)
    contract = office.made(AddContract(YEAR, terms))
    office.run(SetPrices(contract, (PriceFrom("bed_days", APRIL, 60_000),)))
    linked = ContractTerms("Q-1", office.lines["ASL"], "RP7", "block", APRIL, MARCH, 100_000)
    quality = office.made(AddContract(YEAR, replace(linked, quality_bp=200)))
    office.run(JudgeQuality(quality, 1, (Judged("Restraint", 10_000, 5_000),)))
    risk = office.made(AddRisk(YEAR, "risk", "Two beds more", 1, 2, 300, "50"))
    office.share()
    for desk, more in (("lead", 1), ("l2", 2)):
        new = (PriceFrom("bed_days", APRIL, 60_000 + more), PriceFrom("bed_days", MAY, more))
        office.run(SetPrices(contract, new), desk)
        office.run(JudgeQuality(quality, 1, (Judged("Restraint", 10_000, 6_000 + more),)), desk)
        changed = ChangeRisk(risk, "Two beds more", 1, 20 * more, 300, "50")
        office.run(changed, desk)
    office.share()
    yield office
    alliance.close()


def test_contested_prices_quality_and_risks_are_settled_and_a_price_set_twice_is_taken_away(
    qtbot: QtBot, opened: Open, priced: Office
) -> None:
    lead = priced.alliance.desks["lead"].workspace
    page = opened(lead)
    page.go_to(page.where.seen_as("contracts"))
    qtbot.waitUntil(lambda: "contracts" in page.board.parts)
    view = page.board.parts["contracts"]
    assert isinstance(view, ContractsView)
    qtbot.waitUntil(lambda: view.data is not None and view.contracts.current is not None)
    rows = view.contracts.grid.model.all_rows()
    assert {row.cells[0].state for row in rows} == {CellState.CONTESTED}
    for row, left in zip(rows, ("2 contested records", "1 contested record"), strict=True):
        qtbot.waitUntil(partial(_says, page, f"{left} to settle."))
        view.contracts.grid.select(row.key, "reference")
        action(page, "Settle…").do()
        settled(qtbot, view, "As signed")
    qtbot.waitUntil(partial(_contested, lead, 1))
    qtbot.waitUntil(lambda: page.heading.state == "1 contract cannot be reckoned.")
    view.contracts.grid.select(rows[0].key, "reference")
    assert any("Two prices start on 1 May 2026." in said for said in texts(view.contracts))
    action(page, "Prices…").do()
    qtbot.waitUntil(lambda: isinstance(view.dialog, RowsDialog) and view.dialog.isVisible())
    sheet = view.dialog
    assert isinstance(sheet, RowsDialog)
    sheet.activateWindow()
    qtbot.waitUntil(sheet.grid.view.hasFocus)
    sheet.grid.view.go_to(2, 2)
    for _ in range(2):
        key(sheet.grid.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    key(sheet.grid.view, Qt.Key.Key_Delete)
    press(sheet, "Set 1 row")
    qtbot.waitUntil(lambda: not page.heading.state)
    assert len(lead.query(prices, YEAR)) == 2

    page.go_to(page.where.seen_as("forecast"))
    qtbot.waitUntil(lambda: "forecast" in page.board.parts)
    other = page.board.parts["forecast"]
    assert isinstance(other, ForecastView)
    qtbot.waitUntil(lambda: other.found is not None)
    other.tabs.choose(RISK)
    qtbot.waitUntil(lambda: other.current_risk is not None)
    assert other.risks.model.row_at(0).cells[0].state is CellState.CONTESTED
    action(page, "Settle…").do()
    settled(qtbot, other, "By the ward's own count")
    qtbot.waitUntil(partial(_contested, lead, 0))
    assert priced.ask(risk_lines, YEAR)[0].risk.likely_p in {20, 40}
