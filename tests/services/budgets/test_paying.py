"""Invoices recorded, paid and refused; balances stated by both partners."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ContractTerms,
    RecordInvoice,
    RecordPaid,
    StateBalance,
)
from collabdesk.storage.queries.contracts import balance_statements, payment
from tests.services.budgets.office import YEAR, Office

MAY = dt.date(2026, 5, 4)


def invoice(number: str, **cells: Any) -> RecordInvoice:  # noqa: ANN401 - whatever cells
    one = RecordInvoice(YEAR, 1, "RHA", "RP7", number, 1_000_000, MAY)
    return replace(one, **cells)


def test_an_invoice_falls_due_by_the_contract_and_is_paid(contracting: Office) -> None:
    days = (dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    terms = ContractTerms("P1", contracting.lines["ASL"], "RP7", "block", *days, 12_000_000)
    contract = contracting.made(AddContract(YEAR, replace(terms, terms_days=14)))
    row = contracting.made(invoice("INV-1", contract=contract))
    before = contracting.ask(payment, row)
    assert before is not None
    assert (before.due, before.paid_on) == (dt.date(2026, 5, 18), None)
    with pytest.raises(Refusal, match=r"P1 is with RP7, and invoice INV-9 .* RT5") as other:
        contracting.run(invoice("INV-9", contract=contract, payee="RT5"))
    assert other.value.field == "payee"
    contracting.run(RecordPaid((row,), dt.date(2026, 5, 18)))
    after = contracting.ask(payment, row)
    assert after is not None
    assert after.paid_on == dt.date(2026, 5, 18)
    contracting.run(RecordPaid((row,), None))
    contracting.share()
    with pytest.raises(Refusal) as caught:
        contracting.run(RecordPaid((row,), MAY), "a")
    assert caught.value.code == "not_yours"


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"invoice": ""}, "invoice"),
        ({"payee": "RHA"}, "payee"),
        ({"amount_p": -5}, "amount_p"),
        ({"kind": "credit_note"}, "amount_p"),
        ({"kind": "gift"}, "kind"),
        ({"due": dt.date(2026, 5, 3)}, "due"),
        ({"month": 0}, "month"),
        ({"fiscal_year": "2026"}, "fiscal_year"),
    ],
)
def test_an_invoice_that_cannot_be_is_refused_at_its_field(
    contracting: Office, cells: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        contracting.run(replace(invoice("INV-2"), **cells))
    assert caught.value.field == field


def test_an_invoice_is_recorded_once_and_by_one_of_its_partners(contracting: Office) -> None:
    contracting.run(invoice("INV-3", amount_p=-7, kind="credit_note"), "a")
    contracting.share()
    with pytest.raises(Refusal, match="Another partner has recorded invoice inv-3") as caught:
        contracting.run(invoice("inv-3"))
    assert caught.value.field == "invoice"
    with pytest.raises(Refusal) as caught:
        contracting.run(invoice("INV-4", payee="RT5"), "a")
    assert caught.value.code == "not_yours"


def test_both_partners_state_their_balance(contracting: Office) -> None:
    contracting.run(StateBalance(YEAR, 6, "RP7", 0, 1_000))
    contracting.run(StateBalance(YEAR, 6, "RP7", 0, 1_200, "Without the credit note"))
    contracting.run(StateBalance(YEAR, 6, "RHA", 1_500, 0), "a")
    contracting.share()
    found = contracting.ask(balance_statements, YEAR)
    assert {(one.stated_by, one.owed_to_us_p, one.owed_by_us_p) for one in found} == {
        ("RHA", 0, 1_200),
        ("RP7", 1_500, 0),
    }
    for command, field in (
        (StateBalance(YEAR, 7, "RP7", 0, 0), "month"),
        (StateBalance(YEAR, 6, "RHA", 0, 0), "partner"),
        (StateBalance(YEAR, 6, "RP7", -1, 0), "owed_to_us_p"),
    ):
        with pytest.raises(Refusal) as caught:
            contracting.run(command)
        assert caught.value.field == field
