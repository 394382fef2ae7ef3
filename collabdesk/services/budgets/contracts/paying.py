"""Invoices between partners, whether they are paid, and balances as partners state them."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.balances import Invoice, check_agreed_month
from collabdesk.domain.changes import Cell
from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import (
    RecordInvoice,
    RecordPaid,
    StateBalance,
)
from collabdesk.services.budgets.contracts.contracting import contract_named, due_from
from collabdesk.services.budgets.put import Putting
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import counted, filled, plain
from collabdesk.storage.queries import contracts as stored
from collabdesk.sync.registry.budgets.contracts import PAYMENT_KIND

KINDS = tuple(name for _, name, _ in PAYMENT_KIND.members)


def record_invoice(command: RecordInvoice, reads: Connection, me: Actor) -> Outcome:
    """Record an invoice; a partner records those it wrote or received, the lead all."""
    contract = contract_named(reads, command.contract) if command.contract else None
    year = FiscalYear.parse(command.fiscal_year)
    year.month(command.month)
    reference = filled(
        command.invoice, "invoice", "The invoice has no number.", "Give the number it bears."
    )
    due = command.due or due_from(contract, command.invoiced)
    payer, payee = ods_code(command.payer, "payer"), ods_code(command.payee, "payee")
    one = Invoice(payer, payee, reference, command.amount_p, command.invoiced, due)
    _check_party(one, me)
    _check_payee(one, contract)
    _check_kind(command, one)
    _check_new(reads, one, me)
    step = Putting()
    cells: dict[str, Cell] = {
        "fiscal_year": year.label,
        "month": command.month,
        "payer": payer,
        "payee": payee,
        "invoice": reference,
        "amount_p": one.amount_p,
        "kind": command.kind,
        "invoiced": one.invoiced,
        "due": due,
        "contract": command.contract,
    }
    step.put("contract_payment", None, cells)
    return step.outcome(f"Invoice {reference} of {format_pence(one.amount_p)}")


def _check_party(one: Invoice, me: Actor) -> None:
    if not me.is_lead and me.ods not in {one.payer, one.payee}:
        raise Refusal(
            code="not_yours",
            words=f"{me.organisation_name} neither wrote nor received invoice {one.reference}.",
            remedy="Let one of the two partners record it.",
            field="payer",
        )


def _check_payee(one: Invoice, contract: stored.Contract | None) -> None:
    if contract is not None and one.payee != contract.provider:
        raise Refusal(
            code="payee_not_provider",
            words=f"Contract {contract.reference} is with {contract.provider}, and invoice "
            f"{one.reference} would be paid to {one.payee}.",
            remedy="Correct who is paid, choose a contract with them, or record a recharge "
            "without a contract.",
            field="payee",
        )


def _check_kind(command: RecordInvoice, one: Invoice) -> None:
    if command.kind not in KINDS:
        raise Refusal(
            code="not_a_choice",
            words=f"“{command.kind}” is no kind of invoice.",
            remedy=f"Choose one of: {', '.join(KINDS).replace('_', ' ')}.",
            field="kind",
        )
    if (command.kind == "credit_note") != (one.amount_p < 0):
        raise Refusal(
            code="credit_note_sign",
            words=f"{format_pence(one.amount_p)} does not go with the kind of the invoice.",
            remedy="A credit note is less than nought, and nothing else is.",
            field="amount_p",
        )


def _check_new(reads: Connection, one: Invoice, me: Actor) -> None:
    for other in stored.payments(reads):
        same = (other.payer, other.payee) == (one.payer, one.payee)
        if same and other.invoice.casefold() == one.reference.casefold():
            whose = "Your organisation" if other.scope == me.organisation else "Another partner"
            raise Refusal(
                code="invoice_exists",
                words=f"{whose} has recorded invoice {one.reference} already.",
                remedy="Look for it in the list of payments; give another its own number.",
                field="invoice",
            )


def record_paid(command: RecordPaid, reads: Connection, me: Actor) -> Outcome:
    """Say when invoices were paid, or that they are not."""
    step = Putting()
    for row in command.payments:
        there = stored.payment(reads, row)
        if there is None or there.scope != me.organisation:
            raise Refusal(
                code="not_yours",
                words="This invoice was recorded by another partner, or is not here.",
                remedy="Ask the partner that recorded it to say when it was paid.",
                field="paid_on",
            )
        Invoice(
            there.payer,
            there.payee,
            there.invoice,
            there.amount_p,
            there.invoiced,
            there.due,
            command.paid_on,
        )
        step.put(
            "contract_payment",
            there,
            {"paid_on": command.paid_on},
            f"Invoice {there.invoice}",
        )
    state = "paid" if command.paid_on else "unpaid"
    return step.outcome(f"{counted(len(command.payments), 'invoice')} {state}")


def state_balance(command: StateBalance, reads: Connection, me: Actor) -> Outcome:
    """State one's own balance with a partner; one statement for each partner and month."""
    year = FiscalYear.parse(command.fiscal_year).label
    check_agreed_month(command.month)
    partner = ods_code(command.partner, "partner")
    if partner == me.ods:
        raise Refusal(
            code="balance_partner",
            words=f"{partner} is your own organisation.",
            remedy="Choose the partner the balance is with.",
            field="partner",
        )
    for name in ("owed_to_us_p", "owed_by_us_p"):
        if getattr(command, name) < 0:
            raise Refusal(
                code="balance_below_nought",
                words="A debt is less than nought.",
                remedy="Enter what is owed on each side as nought or more.",
                field=name,
            )
    there = next(
        (
            one
            for one in stored.balance_statements(reads, year)
            if (one.scope, one.month, one.partner) == (me.organisation, command.month, partner)
        ),
        None,
    )
    step = Putting()
    cells: dict[str, Cell] = {
        "fiscal_year": year,
        "month": command.month,
        "stated_by": me.ods,
        "partner": partner,
        "owed_to_us_p": command.owed_to_us_p,
        "owed_by_us_p": command.owed_by_us_p,
        "note": plain(command.note, "note"),
    }
    step.put("balance_statement", there, cells)
    words = f"Balance with {partner} at the end of M{command.month}"
    return step.outcome(words, ("balance_statement", there.row) if there else None)
