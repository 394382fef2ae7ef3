"""Invoices, their age, and balances to agree, as a screen reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.balances import (
    AGREED_MONTHS,
    AgedBalance,
    Agreement,
    Invoice,
    Stated,
    aged,
    agreements,
)
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_board import ContractsBoard, contracts_board
from collabdesk.services.budgets.contracts.contract_copying import carried_on
from collabdesk.services.budgets.contracts.spells import LocalSpell, local_spells
from collabdesk.services.budgets.policy import codes, lead_of
from collabdesk.services.commands import Actor
from collabdesk.services.organisations import short_names
from collabdesk.storage.queries import contracts as stored
from collabdesk.storage.queries.contracts import Payment


@dataclass(frozen=True)
class InvoiceLine:
    """An invoice as recorded, whether it is one's own to change, and its contract's reference."""

    payment: Payment
    reference: str
    mine: bool
    overdue_days: int


@dataclass(frozen=True)
class MonthAgreement:
    """What partners state at the end of a month, beside what the invoices say."""

    month: int
    day: dt.date
    debts: tuple[Agreement, ...]
    invoiced_p: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class BalanceBoard:
    """The invoices of all years that are unpaid or of this one, by age, and agreements."""

    year: FiscalYear
    today: dt.date
    invoices: tuple[InvoiceLine, ...]
    aged: tuple[AgedBalance, ...]
    months: tuple[MonthAgreement, ...]
    me: Actor | None
    trusts: Mapping[str, str]
    partners: tuple[str, ...]


def balance_board(
    reads: Connection, fiscal_year: str, today: dt.date, who: Callable[[], Actor]
) -> BalanceBoard:
    """Read what partners owe each other."""
    year, me = FiscalYear.parse(fiscal_year), _me(who)
    payments = counted_once(reads)
    named = {one.row: one.reference for one in stored.contracts(reads, year.label)}
    invoices = [invoice_of(one) for one in payments]
    return BalanceBoard(
        year,
        today,
        tuple(
            InvoiceLine(
                paid,
                named.get(paid.contract or b"", ""),
                me is not None and paid.scope == me.organisation,
                (today - one.due).days if one.overdue(today) else 0,
            )
            for paid, one in zip(payments, invoices, strict=True)
            if paid.fiscal_year == year.label or one.unpaid(today)
        ),
        aged(invoices, today),
        tuple(_agreement(reads, year, month, invoices) for month in AGREED_MONTHS),
        me,
        short_names(),
        tuple(sorted(codes(reads).values())),
    )


def _me(who: Callable[[], Actor]) -> Actor | None:
    try:
        return who()
    except Refusal:
        return None


def counted_once(reads: Connection) -> tuple[Payment, ...]:
    """Return the invoices of a partner of each, every one once, by due date.

    Two partners may have recorded the same one before they had each other's: the lead's stands.
    """
    whose, lead = codes(reads), lead_of(reads)
    found: dict[tuple[str, str, str], Payment] = {}
    for one in stored.payments(reads):
        party = one.scope == lead or whose.get(one.scope) in {one.payer, one.payee}
        if not party or not _can_be(one):
            continue
        place = (one.payer, one.payee, one.invoice.casefold())
        if place not in found or one.scope == lead:
            found[place] = one
    return tuple(sorted(found.values(), key=lambda p: (p.due, p.invoice, p.row)))


def _can_be(one: Payment) -> bool:
    """Tell whether what another application wrote is an invoice at all."""
    try:
        invoice_of(one)
    except Refusal:
        return False
    return True


def invoice_of(one: Payment) -> Invoice:
    """Return an invoice as the rules speak of it; Refusal if it cannot be one."""
    return Invoice(
        one.payer, one.payee, one.invoice, one.amount_p, one.invoiced, one.due, one.paid_on
    )


def _agreement(
    reads: Connection, year: FiscalYear, month: int, invoices: list[Invoice]
) -> MonthAgreement:
    whose, day = codes(reads), year.month(month).last
    stated = [
        Stated(whose[one.scope], one.partner, one.owed_to_us_p, one.owed_by_us_p)
        for one in stored.balance_statements(reads, year.label)
        if one.month == month and one.scope in whose
    ]
    owed = {(one.payee, one.payer): one.total_p for one in aged(invoices, day)}
    return MonthAgreement(month, day, agreements(stated), owed)


@dataclass(frozen=True)
class ContractsRead:
    """What the screen of contracts reads at once; the spells are those of this laptop.

    `before` is how many contracts of the year before were in force at its end.
    """

    contracts: ContractsBoard
    balances: BalanceBoard
    spells: tuple[LocalSpell, ...]
    before: int = 0


def contracts_read(
    reads: Connection, fiscal_year: str, today: dt.date, who: Callable[[], Actor]
) -> ContractsRead:
    """Read contracts, activity, payments and balances of a year."""
    return ContractsRead(
        contracts_board(reads, fiscal_year, who),
        balance_board(reads, fiscal_year, today, who),
        local_spells(reads),
        len(carried_on(reads, FiscalYear.parse(fiscal_year))),
    )
