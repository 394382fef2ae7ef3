"""Contracts carried on into the next year, and contracts taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.providers import heir_of
from collabdesk.domain.budgets.terms import Form
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, Undelete
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import CopyContracts, DeleteContract
from collabdesk.services.budgets.contracts.contracting import contract_named
from collabdesk.services.budgets.entered import providers_known
from collabdesk.services.budgets.planning.year import uplifted, year_settings
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import counted
from collabdesk.storage.queries import contracts as stored
from collabdesk.storage.queries.planning import FiscalYearRow

_CARRIED: Final = (
    "reference",
    "service_line",
    "form",
    "profile",
    "planned",
    "threshold",
    "within_pct",
    "over_pct",
    "under_pct",
    "quality_bp",
    "beds",
    "staff",
    "hours_per_day",
    "on_cost_pct",
    "terms_days",
    "note",
)


def copy_contracts(command: CopyContracts, reads: Connection, me: Actor) -> Outcome:
    """Carry on what was in force at the end of the year before, with prices and measures."""
    check_lead(me, "writes contracts")
    year = FiscalYear.parse(command.fiscal_year)
    going_on = carried_on(reads, year)
    there = {one.reference.casefold() for one in stored.contracts(reads, year.label)}
    fresh = [one for one in going_on if one.reference.casefold() not in there]
    if not going_on:
        raise Refusal(
            code="nothing_to_copy",
            words=f"No contract of {_before(year).label} was in force at its end.",
            remedy="Add the contracts of the year one by one.",
            field="fiscal_year",
        )
    if not fresh:
        words = f"{counted(len(going_on), 'contract')} of the year before here already"
        return Outcome((), (), f"{words}; nothing changes")
    made = _Carried(reads, year, uplift=command.uplift).of(fresh)
    back = tuple(Delete(one.table, NewRow(one.key)) for one in reversed(made))
    words = f"{counted(len(fresh), 'contract')} carried on from {_before(year).label}"
    return Outcome(tuple(made), back, words, ("contract", NewRow(made[0].key)))


def carried_on(reads: Connection, year: FiscalYear) -> tuple[stored.Contract, ...]:
    """Return the contracts of the year before that were in force on its last day."""
    before = _before(year)
    return tuple(one for one in stored.contracts(reads, before.label) if one.ends >= before.end)


def _before(year: FiscalYear) -> FiscalYear:
    return FiscalYear(year.begins - 1)


class _Carried:
    """The rows that carrying contracts on inserts."""

    def __init__(self, reads: Connection, year: FiscalYear, *, uplift: bool) -> None:
        before = _before(year).label
        self._year, self._known = year, providers_known(reads)
        self._rates = year_settings(reads, year.label) if uplift else None
        if uplift and self._rates is None:
            raise Refusal(
                code="no_rates",
                words=f"No rates are set for {year.label}.",
                remedy="Set them under Year set-up first, or carry the contracts on as they are.",
                field="uplift",
            )
        self._prices = stored.prices(reads, before)
        self._measures = stored.quality_measures(reads, before)

    def of(self, contracts: Iterable[stored.Contract]) -> list[Insert]:
        made: list[Insert] = []
        for number, one in enumerate(contracts):
            key = f"contract-{number}"
            made.append(Insert("contract", OWN, self._terms(one), key))
            made += self._prices_of(one, key)
            made += self._measures_of(one, key)
        return made

    def _terms(self, one: stored.Contract) -> dict[str, Cell]:
        cells: dict[str, Cell] = {name: getattr(one, name) for name in _CARRIED}
        goes_beyond = one.ends > _before(self._year).end
        price_p = _uplifted(one.price_p, self._rates)
        annual_p = _uplifted(one.annual_p, self._rates)
        if Form(one.form) is Form.BLOCK_TOLERANCE:
            annual_p = (one.planned or 0) * (price_p or 0)
        return cells | {
            "fiscal_year": self._year.label,
            "provider": heir_of(one.provider, self._known, self._year),
            "starts": one.starts if goes_beyond else self._year.start,
            "ends": one.ends if goes_beyond else self._year.end,
            "price_p": price_p,
            "annual_p": annual_p,
        }

    def _prices_of(self, one: stored.Contract, key: str) -> Iterable[Insert]:
        """Carry the price in force on the last day on, and those agreed for days to come."""
        start = self._year.start
        last: dict[tuple[str, dt.date], stored.ContractPrice] = {}
        for price in self._prices:
            if price.contract == one.row:
                last[price.measure, max(price.starts, start)] = price
        for number, ((measure, starts), price) in enumerate(last.items()):
            agreed_ahead = price.starts >= start
            cells: dict[str, Cell] = {
                "contract": NewRow(key),
                "measure": measure,
                "starts": starts,
                "price_p": price.price_p if agreed_ahead else _uplifted(price.price_p, self._rates),
            }
            yield Insert("contract_price", OWN, cells, f"{key}-price-{number}")

    def _measures_of(self, one: stored.Contract, key: str) -> Iterable[Insert]:
        mine = (measure for measure in self._measures if measure.contract == one.row)
        for number, measure in enumerate(mine):
            cells: dict[str, Cell] = {
                "contract": NewRow(key),
                "quarter": measure.quarter,
                "name": measure.name,
                "weight_bp": measure.weight_bp,
                "achieved_bp": None,
            }
            yield Insert("quality_measure", OWN, cells, f"{key}-measure-{number}")


def _uplifted(amount_p: int | None, rates: FiscalYearRow | None) -> int | None:
    return uplifted(amount_p, rates).opening_p if amount_p and rates else amount_p


def delete_contract(command: DeleteContract, reads: Connection, me: Actor) -> Outcome:
    """Take a contract away; its prices and what was only drafted come back with it on Undo."""
    check_lead(me, "writes contracts")
    one = contract_named(reads, command.contract)
    for standing in (_invoiced(reads, one), _billed(reads, one), _agreed(reads, one)):
        if standing:
            raise Refusal(
                code="contract_stands",
                words=f"Contract {one.reference} cannot be deleted: {standing}.",
                remedy="Let it end on the day it ended: change its last day instead.",
                field="contract",
            )
    change, back = Delete("contract", one.row), Undelete("contract", one.row)
    return Outcome((change,), (back,), f"Contract {one.reference} deleted", ("contract", one.row))


def _invoiced(reads: Connection, one: stored.Contract) -> str:
    mine = [found for found in stored.payments(reads) if found.contract == one.row]
    paid = [found for found in mine if found.paid_on is not None]
    if not mine:
        return ""
    first, how = (paid[0], "paid") if paid else (mine[0], "invoiced")
    return f"{format_pence(first.amount_p)} is {how} on it, invoice {first.invoice}"


def _billed(reads: Connection, one: stored.Contract) -> str:
    mine = [bill for bill in stored.bills(reads, one.fiscal_year) if bill.contract == one.row]
    return f"{counted(len(mine), 'bill')} recorded on it" if mine else ""


def _agreed(reads: Connection, one: stored.Contract) -> str:
    for counts in stored.activity(reads, one.fiscal_year):
        if counts.contract == one.row and counts.position == "freeze":
            return f"its activity of M{counts.month} is frozen"
    for judged in stored.quality_measures(reads, one.fiscal_year):
        if judged.contract == one.row and judged.achieved_bp is not None:
            return f"its quality of quarter {judged.quarter} is judged"
    return ""
