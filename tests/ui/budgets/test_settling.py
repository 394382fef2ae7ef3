"""Two laptops of the lead change one contract, invoice and forecast: seen and settled in place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ChangeContract,
    ContractTerms,
    RecordInvoice,
    RecordPaid,
)
from collabdesk.services.budgets.forecast.forecast_commands import ChooseForecasts, ForecastChoice
from collabdesk.services.figures import contested_cells
from collabdesk.storage.queries.contracts import contracts, payments
from collabdesk.storage.queries.forecasts import forecasts
from collabdesk.ui.budgets.contracts_view import PAYMENTS, ContractsView
from collabdesk.ui.budgets.forecast_view import ForecastView
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.contested import ResolveDialog
from collabdesk.ui.grid import CellState
from tests.services.budgets.office import YEAR, Office
from tests.services.control.desks import enrolled
from tests.support.alliance import found_alliance
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action
from tests.ui.hands import key, keys

APRIL, MARCH, JUNE = dt.date(2026, 4, 1), dt.date(2027, 3, 31), dt.date(2026, 6, 30)


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
