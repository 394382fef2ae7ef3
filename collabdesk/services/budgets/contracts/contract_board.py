"""Contracts and activity as a screen reads them: what each comes to, counted and paid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.activity import occupancy_pct
from collabdesk.domain.budgets.due import MonthActivity, months_due
from collabdesk.domain.budgets.terms import COUNTED, Counted, Form, MonthsP, in_force, instalments
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import AddContract, ContractTerms
from collabdesk.services.budgets.contracts.contracted import (
    FREEZE,
    Contracted,
    contracted,
    countable,
    standing,
    terms_of,
)
from collabdesk.services.budgets.contracts.gate import gate
from collabdesk.services.budgets.entered import service_lines
from collabdesk.services.commands import Actor
from collabdesk.services.organisations import short_names
from collabdesk.services.permission import refusal_of
from collabdesk.storage.queries import contracts as stored
from collabdesk.storage.queries.contracts import Activity, Bill, Contract, ContractPrice, Payment
from collabdesk.storage.queries.local_rows import LocalSpell, local_spells

__all__ = [
    "CONTRACT_TABLES",
    "Contract",
    "ContractLine",
    "ContractsBoard",
    "CountedMonth",
    "Payment",
    "contracts_board",
    "may_add",
    "preview_p",
]

CONTRACT_TABLES: Final = frozenset(
    {
        "contract",
        "contract_price",
        "contract_payment",
        "contract_bill",
        "balance_statement",
        "activity",
        "quality_measure",
        "local_spell",
    }
)
"""A change in one of these is a change of what is shown of contracts."""


@dataclass(frozen=True)
class CountedMonth:
    """A month's activity of one measure; None where nobody shared any.

    `hidden` says that a figure was shared and rests on too few people to be shown.
    """

    flex: int | None = None
    freeze: int | None = None
    hidden: bool = False

    @property
    def quantity(self) -> int | None:
        """The figure that counts: the freeze, and until there is one the flex."""
        return self.flex if self.freeze is None and not self.hidden else self.freeze


@dataclass(frozen=True)
class ContractLine:
    """One contract with everything known of it."""

    one: Contracted
    line_name: str
    trust: str
    schedule_p: MonthsP
    planned: tuple[int, ...]
    activity: Mapping[str, tuple[CountedMonth, ...]]
    payments: tuple[Payment, ...]
    prices: tuple[ContractPrice, ...]
    bills: tuple[Bill, ...]
    quality: tuple[stored.QualityMeasure, ...]
    spells: int = 0

    @property
    def contract(self) -> Contract:
        """The contract as stored."""
        return self.one.contract

    @property
    def form(self) -> Form:
        """How it pays."""
        return Form(self.contract.form)

    @property
    def measures(self) -> tuple[Counted, ...]:
        """What is counted for it: what its form pays by, or what was counted anyway."""
        return tuple(
            measure
            for measure in COUNTED[self.form]
            if self.form is not Form.BLOCK or measure in self.activity or measure == "bed_days"
        )

    @property
    def loose_credits(self) -> tuple[Bill, ...]:
        """Credit notes that take back no bill that is recorded here."""
        known = {bill.reference.casefold() for bill in self.bills if bill.price_p >= 0}
        return tuple(
            bill for bill in self.bills if bill.price_p < 0 and bill.credits.casefold() not in known
        )

    def paid_in(self, month: int) -> tuple[Payment, ...]:
        """Return the invoices of a month."""
        return tuple(one for one in self.payments if one.month == month)

    def occupancy(self, month: int) -> str | None:
        """Return the occupied bed days of a month in per cent of the contract's beds."""
        found = self.activity.get(Counted.BED_DAYS, ())
        quantity = found[month - 1].quantity if found else None
        days = terms_of(self.contract).days_in_force(self.one.year.month(month))
        return None if quantity is None else occupancy_pct(quantity, self.contract.beds or 0, days)

    def price_on(self, measure: Counted, day: dt.date) -> int | None:
        """Return the price of one unit on a day, None where no price is in force."""
        prices = self.one.known.prices.get(measure)
        if prices is None:
            return self.contract.price_p or None
        try:
            return prices.on(day).price_p
        except Refusal:
            return None


@dataclass(frozen=True)
class ContractsBoard:
    """The contracts of a year; `add` says why this person may not add one.

    Figures that rest on fewer than `below` people are hidden.
    """

    year: FiscalYear
    lines: tuple[ContractLine, ...]
    me: Actor | None
    add: Refusal | None
    trusts: Mapping[str, str]
    below: int = 5

    def total_p(self, month: int) -> int:
        """What all contracts come to in a month."""
        return sum(line.one.due_p[month - 1] for line in self.lines)


def contracts_board(
    reads: Connection, fiscal_year: str, who: Callable[[], Actor]
) -> ContractsBoard:
    """Read the contracts of a year with their activity and payments."""
    year, trusts, me = FiscalYear.parse(fiscal_year), short_names(), _me(who)
    read = _Rows(reads, year.label)
    names = {row: line.name for row, line in service_lines(reads).items()}
    lines = tuple(
        read.line(one, names.get(one.contract.service_line, "An unknown line"), trusts)
        for one in contracted(reads, year.label)
    )
    return ContractsBoard(
        year, lines, me, may_add(reads, me, year, names), trusts, gate(reads).below
    )


def _me(who: Callable[[], Actor]) -> Actor | None:
    try:
        return who()
    except Refusal:
        return None


def may_add(
    reads: Connection, me: Actor | None, year: FiscalYear, names: Mapping[bytes, str]
) -> Refusal | None:
    """Say why a person may not add contracts, or None."""
    if me is None:
        return Refusal(
            code="not-enrolled",
            words="This laptop is not enrolled yet.",
            remedy="Read its words to the administrator of the lead provider.",
        )
    if not names:
        return Refusal(
            code="no_lines",
            words="There is no service line yet.",
            remedy="Add the service lines of the budget first.",
        )
    terms = ContractTerms(
        "A reference nobody has taken", next(iter(names)), me.ods, "block", year.start, year.end, 1
    )
    return refusal_of(reads, AddContract(year.label, terms), me)


class _Rows:
    """Reads the rows of a year's contracts once."""

    def __init__(self, reads: Connection, year: str) -> None:
        """Read the year."""
        self._activity: dict[bytes, list[Activity]] = defaultdict(list)
        for one in countable(reads, year):
            self._activity[one.contract].append(one)
        self._payments: dict[bytes, list[Payment]] = defaultdict(list)
        for paid in stored.payments(reads, year):
            self._payments[paid.contract or b""].append(paid)
        self._prices: dict[bytes, list[ContractPrice]] = defaultdict(list)
        for price in stored.prices(reads, year):
            self._prices[price.contract].append(price)
        self._bills: dict[bytes, list[Bill]] = defaultdict(list)
        for bill in stored.bills(reads, year):
            self._bills[bill.contract].append(bill)
        self._quality: dict[bytes, list[stored.QualityMeasure]] = defaultdict(list)
        for measure in stored.quality_measures(reads, year):
            self._quality[measure.contract].append(measure)
        self._spells: dict[bytes, list[LocalSpell]] = defaultdict(list)
        for spell in local_spells(reads):
            self._spells[spell.contract].append(spell)

    def line(self, one: Contracted, name: str, trusts: Mapping[str, str]) -> ContractLine:
        """Return one contract with its rows."""
        row, provider = one.contract.row, one.contract.provider
        terms, year = terms_of(one.contract), one.year
        return ContractLine(
            one,
            name,
            trusts.get(provider, provider),
            _schedule(one, instalments(terms, year).months_p),
            in_force(terms.planned, terms, year),
            _months(self._activity[row]),
            tuple(self._payments[row]),
            tuple(self._prices[row]),
            tuple(self._bills[row]),
            tuple(self._quality[row]),
            len(self._spells[row]),
        )


def _months(found: list[Activity]) -> dict[str, tuple[CountedMonth, ...]]:
    stands = standing(found)
    flex, freeze = (
        {(a.month, a.measure): a.quantity for a in found if (a.position == FREEZE) is frozen}
        for frozen in (False, True)
    )
    return {
        measure: tuple(
            CountedMonth(
                flex.get((month, measure)),
                freeze.get((month, measure)),
                (month, measure) in stands and stands[month, measure].quantity is None,
            )
            for month in range(1, MONTHS_IN_YEAR + 1)
        )
        for measure in sorted({one.measure for one in found})
    }


def preview_p(line: ContractLine, month: int, counted: Mapping[Counted, int]) -> int | None:
    """Return what a month would come to with other quantities; None while it cannot be said."""
    known = line.one.known
    typed = {measure: MonthActivity(quantity) for measure, quantity in counted.items()}
    activity = {**known.activity, month: {**known.activity.get(month, {}), **typed}}
    try:
        terms = terms_of(line.contract)
        return months_due(terms, line.one.year, replace(known, activity=activity))[month - 1]
    except Refusal:
        return None


def _schedule(one: Contracted, fixed_p: MonthsP) -> MonthsP:
    """Return what is paid month by month: a fixed sum's instalments, else on account by the plan.

    What a form paid by activity comes to is settled against what was paid on account.
    """
    return fixed_p if any(fixed_p) else one.plan_p
