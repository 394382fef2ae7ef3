"""Contracts written and changed, with their prices, bills and quality measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from sqlalchemy import Connection

from collabdesk.domain.budgets.contracts import Block, Cases, CostAndVolume, Tolerance
from collabdesk.domain.budgets.packages import Package
from collabdesk.domain.budgets.phasing import Profile
from collabdesk.domain.budgets.prices import Price, PriceList
from collabdesk.domain.budgets.providers import check_provider
from collabdesk.domain.budgets.quality import Measure
from collabdesk.domain.budgets.shares import check_shares
from collabdesk.domain.budgets.terms import QUALITY_PAID, QUARTERS, Counted, Form, Rota, Terms
from collabdesk.domain.changes import Cell
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear, date_words
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    BillLine,
    ChangeContract,
    ContractTerms,
    JudgeQuality,
    PriceFrom,
    RecordBills,
    SetPrices,
)
from collabdesk.services.budgets.entered import providers_known, service_line_named
from collabdesk.services.budgets.put import Putting
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen, counted, filled, plain
from collabdesk.storage.queries import contracts as stored

_DECIMALS = ("within_pct", "over_pct", "under_pct", "hours_per_day", "on_cost_pct")


def add_contract(command: AddContract, reads: Connection, me: Actor) -> Outcome:
    """Add a contract; the lead provider commissions, so it writes them."""
    check_lead(me, "writes contracts")
    year = FiscalYear.parse(command.fiscal_year)
    cells = _cells(command.terms, year, reads)
    check_provider(str(cells["provider"]), providers_known(reads), year)
    _check_reference(reads, year.label, str(cells["reference"]), None)
    step = Putting()
    step.put("contract", None, {"fiscal_year": year.label} | cells)
    return step.outcome(f"Contract {command.terms.reference.strip()}")


def change_contract(command: ChangeContract, reads: Connection, me: Actor) -> Outcome:
    """Write other terms in a contract that is there."""
    check_lead(me, "writes contracts")
    there = contract_named(reads, command.contract)
    year = FiscalYear.parse(there.fiscal_year)
    cells = _cells(command.terms, year, reads)
    if cells["provider"] != there.provider:
        check_provider(str(cells["provider"]), providers_known(reads), year)
    _check_reference(reads, there.fiscal_year, str(cells["reference"]), there.row)
    step = Putting()
    step.put("contract", there, cells, f"Contract {there.reference}")
    return step.outcome(
        f"Contract {command.terms.reference.strip()} changed", ("contract", there.row)
    )


def contract_named(reads: Connection, row: bytes) -> stored.Contract:
    """Return a contract, or refuse one that is not here."""
    return stored.contract(reads, row) or _gone()


def _gone() -> NoReturn:
    raise Refusal(
        code="not_here",
        words="This contract is not here: it was deleted, or has not arrived yet.",
        remedy="Look at the page again, and share to fetch what others have changed.",
        field="contract",
    )


def _check_reference(reads: Connection, year: str, reference: str, own: bytes | None) -> None:
    for other in stored.contracts(reads, year):
        if other.reference.casefold() == reference.casefold() and other.row != own:
            raise Refusal(
                code="contract_exists",
                words=f"There is a contract {reference} for {year} already.",
                remedy="Change that one, or give this one another reference.",
                field="reference",
            )


def _cells(terms: ContractTerms, year: FiscalYear, reads: Connection) -> dict[str, Cell]:
    service_line_named(reads, terms.service_line, "service_line")
    form, profile = chosen(Form, terms.form, "form"), chosen(Profile, terms.profile, "profile")
    with _fields_of_a_contract():
        _check_terms(terms, form, profile, year)
    reference = filled(
        terms.reference, "reference", "The contract has no reference.", "Give its number or name."
    )
    block_p = terms.planned * terms.price_p
    return {
        "reference": reference,
        "service_line": terms.service_line,
        "provider": ods_code(terms.provider, "provider"),
        "form": form.value,
        "starts": terms.starts,
        "ends": terms.ends,
        # What a block with tolerance is worth follows from its plan; it is not said twice.
        "annual_p": block_p if form is Form.BLOCK_TOLERANCE else terms.annual_p,
        "profile": profile.value,
        **{name: getattr(terms, name) for name in ("planned", "price_p", "threshold", "beds")},
        **{name: getattr(terms, name) for name in ("quality_bp", "staff", "terms_days")},
        **{name: _decimal(getattr(terms, name), name) for name in _DECIMALS},
        "note": plain(terms.note, "note"),
    }


_FIELDS = {
    "plan_obd": "planned",
    "tolerance_pct": "within_pct",
    "marginal_over_pct": "over_pct",
    "marginal_under_pct": "under_pct",
    "rate_p_per_hour": "price_p",
    "unit_price_p": "price_p",
}


@contextmanager
def _fields_of_a_contract() -> Iterator[None]:
    """Let a refusal of a form's rule name the field as a contract does."""
    try:
        yield
    except Refusal as why:
        why.field = _FIELDS.get(why.field, why.field)
        raise


def _check_terms(terms: ContractTerms, form: Form, profile: Profile, year: FiscalYear) -> None:
    """Ask each form's own rule whether it can be."""
    tolerance = Tolerance(terms.within_pct, terms.over_pct, terms.under_pct)
    rota = Rota(terms.staff, terms.hours_per_day, terms.on_cost_pct)
    made = Terms(form, terms.starts, terms.ends, quality_bp=terms.quality_bp)
    if profile is Profile.CUSTOM:
        raise _refused(
            "profile",
            "A contract is not paid by weights of one's own.",
            "Choose equal months, calendar days or working days.",
        )
    if not any(made.days_in_force(month) for month in year.months):
        raise _refused(
            "starts",
            f"The contract is not in force on any day of {year.label}.",
            "Check its days, or write it in the year it belongs to.",
        )
    Block(terms.planned, terms.price_p, tolerance).value_p(terms.planned)
    CostAndVolume(terms.annual_p, terms.threshold, terms.price_p)
    Package(terms.price_p, rota.staff, rota.hours_per_day, 1, rota.on_cost_pct)
    for name in ("annual_p", "price_p", "beds", "terms_days"):
        if getattr(terms, name) < 0:
            raise _refused(name, "There is less than none of something.", "Enter nought or more.")
    _check_paid(terms, form)


_NEEDED = {
    Form.BLOCK: (("annual_p", "what a whole year is worth"),),
    Form.BLOCK_TOLERANCE: (
        ("planned", "the occupied bed days planned for a whole year"),
        ("price_p", "the price of one"),
    ),
    Form.COST_VOLUME: (("annual_p", "the fixed sum"), ("price_p", "the price of a further case")),
    Form.OBD: (("planned", "the occupied bed days planned for a whole year"),),
    Form.COST_PER_CASE: (("price_p", "the price of a case"),),
    Form.PACKAGE: (
        ("price_p", "the price of an hour"),
        ("staff", "how many staff are there"),
        ("hours_per_day", "how many hours a day they are there"),
    ),
    Form.PASS_THROUGH: (),
}


def _check_paid(terms: ContractTerms, form: Form) -> None:
    for name, what in _NEEDED[form]:
        if not parse_decimal(str(getattr(terms, name)), name):
            raise _refused(
                name,
                f"The contract does not say {what}.",
                "Its form pays by that: enter it, or choose another form.",
            )
    if terms.quality_bp and form not in QUALITY_PAID:
        raise _refused(
            "quality_bp",
            "A contract of this form pays no quality element: no value is agreed beforehand that "
            "a part of could be kept back.",
            "Enter nought, or choose a block, a block with tolerance or cost and volume.",
        )


def _decimal(text: str, field: str) -> str:
    return decimal_text(parse_decimal(text, field))


def set_prices(command: SetPrices, reads: Connection, me: Actor) -> Outcome:
    """Set prices of a contract, all or none."""
    check_lead(me, "agrees prices")
    contract = contract_named(reads, command.contract)
    every = [p for p in stored.prices(reads, contract.fiscal_year) if p.contract == contract.row]
    there = {(price.measure, price.starts): price for price in every}
    _check_days(command.prices)
    step = Putting()
    for number, price in enumerate(command.prices, 1):
        measure = chosen(Counted, price.measure, "measure")
        if price.price_p < 0:
            raise _refused(
                "price_p",
                f"Price {number}, from {date_words(price.starts)}, is less than nought.",
                "Enter what is paid for one.",
            )
        cells: dict[str, Cell] = {
            "contract": contract.row,
            "measure": measure.value,
            "starts": price.starts,
            "price_p": price.price_p,
        }
        step.put(
            "contract_price",
            there.pop((measure.value, price.starts), None),
            cells,
            f"Price {number}",
        )
    gone = [one for one in step.left(every) if one.row in command.gone]
    step.take_away("contract_price", gone)
    words = f"{counted(len(command.prices) + len(gone), 'price')} of {contract.reference}"
    return step.outcome(words, ("contract", contract.row))


def _check_days(prices: Iterable[PriceFrom]) -> None:
    by_measure: dict[str, list[Price]] = {}
    for price in prices:
        by_measure.setdefault(price.measure, []).append(Price(price.starts, price.price_p))
    for found in by_measure.values():
        PriceList(found)


def record_bills(command: RecordBills, reads: Connection, me: Actor) -> Outcome:
    """Record lines of bills, all or none; credit notes are lines below nought."""
    check_lead(me, "records what it is billed")
    contract = contract_named(reads, command.contract)
    _check_billed(contract)
    every = [b for b in stored.bills(reads, contract.fiscal_year) if b.contract == contract.row]
    there = {(bill.month, bill.reference.casefold()): bill for bill in every}
    _check_billed_once(command, every)
    step = Putting()
    for line in command.lines:
        cells = _bill(line, contract)
        place = (line.month, str(cells["reference"]).casefold())
        step.put("contract_bill", there.pop(place, None), cells, f"Bill {line.reference}")
    gone = [one for one in step.left(every) if one.row in command.gone]
    step.take_away("contract_bill", gone)
    words = f"{counted(len(command.lines) + len(gone), 'bill')} of {contract.reference}"
    return step.outcome(words, ("contract", contract.row))


def _check_billed(contract: stored.Contract) -> None:
    if Form(contract.form) not in {Form.COST_PER_CASE, Form.PASS_THROUGH}:
        raise _refused(
            "contract",
            f"Contract {contract.reference} is not paid by its bills.",
            "Record activity for it, or its invoice.",
        )


def _check_billed_once(command: RecordBills, there: Iterable[stored.Bill]) -> None:
    """Refuse a reference that stands in another month: it would be paid twice."""
    months = {
        bill.reference.casefold(): bill.month for bill in there if bill.row not in command.gone
    }
    for line in command.lines:
        reference = line.reference.strip()
        month = months.setdefault(reference.casefold(), line.month)
        if month != line.month:
            raise _refused(
                "reference",
                f"Bill {reference} is recorded in M{month} already, not in M{line.month}.",
                "Take it away there first if it belongs here; give another bill its own number.",
            )


def _bill(line: BillLine, contract: stored.Contract) -> dict[str, Cell]:
    FiscalYear.parse(contract.fiscal_year).month(line.month)
    reference = filled(
        line.reference, "reference", "The bill has no reference.", "Give its number."
    )
    if line.count < 1:
        raise _refused(
            "count",
            f"{reference} bills {line.count} cases.",
            "Enter one case or more; a credit note has a price below nought.",
        )
    Cases(line.count, line.price_p)
    return {
        "contract": contract.row,
        "month": line.month,
        "reference": reference,
        "count": line.count,
        "price_p": line.price_p,
        "credits": plain(line.credits, "credits"),
    }


def judge_quality(command: JudgeQuality, reads: Connection, me: Actor) -> Outcome:
    """Write a quarter's quality measures; those left out are taken away."""
    check_lead(me, "judges quality")
    contract = contract_named(reads, command.contract)
    if not 1 <= command.quarter <= QUARTERS:
        raise _refused(
            "quarter",
            f"There is no quarter {command.quarter} in a year.",
            "Quarters run from 1 (April to June) to 4.",
        )
    if command.measures and not contract.quality_bp:
        raise _refused(
            "quality",
            f"Nothing of {contract.reference} is linked to quality.",
            "Change the contract first: say which part of its value is.",
        )
    check_shares([measure.weight_bp for measure in command.measures], "weight_bp")
    every = [
        measure
        for measure in stored.quality_measures(reads, contract.fiscal_year)
        if (measure.contract, measure.quarter) == (contract.row, command.quarter)
    ]
    there = {measure.name.casefold(): measure for measure in every}
    step = Putting()
    for one in command.measures:
        name = filled(one.name, "name", "The measure has no name.", "Name what is measured.")
        Measure(one.weight_bp, one.achieved_bp or 0)
        cells: dict[str, Cell] = {
            "contract": contract.row,
            "quarter": command.quarter,
            "name": name,
            "weight_bp": one.weight_bp,
            "achieved_bp": one.achieved_bp,
        }
        step.put("quality_measure", there.pop(name.casefold(), None), cells, f"“{name}”")
    step.take_away("quality_measure", step.left(every))
    words = f"Quality of {contract.reference}, quarter {command.quarter}"
    return step.outcome(words, ("contract", contract.row))


def due_from(contract: stored.Contract | None, invoiced: dt.date) -> dt.date:
    """Return when an invoice falls due by the contract's terms, 30 days where it says none."""
    days = contract.terms_days if contract is not None and contract.terms_days is not None else 30
    return invoiced + dt.timedelta(days=days)


def _refused(field: str, words: str, remedy: str) -> Refusal:
    return Refusal(code=f"contract_{field}", words=words, remedy=remedy, field=field)
