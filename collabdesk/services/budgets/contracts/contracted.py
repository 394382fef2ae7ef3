"""The contracts of a year in one reading: their terms, and all that is known of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection

from collabdesk.domain.budgets.contracts import Cases, Tolerance
from collabdesk.domain.budgets.due import Known, MonthActivity, months_due, plan_months
from collabdesk.domain.budgets.phasing import Profile
from collabdesk.domain.budgets.prices import Price, PriceList
from collabdesk.domain.budgets.quality import Measure
from collabdesk.domain.budgets.shares import WHOLE_BP
from collabdesk.domain.budgets.terms import Counted, Form, MonthsP, Rota, Terms
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.policy import codes, lead_of
from collabdesk.storage.queries import contracts as stored

FREEZE: Final = "freeze"


@dataclass(frozen=True, slots=True)
class Contracted:
    """One contract: what it was expected to cost month by month, and what it comes to.

    `why` says in words what is missing to reckon it; both are then nought in every month.
    """

    contract: stored.Contract
    known: Known
    plan_p: MonthsP
    due_p: MonthsP
    why: Refusal | None = None

    @property
    def year(self) -> FiscalYear:
        """The fiscal year it is of."""
        return FiscalYear.parse(self.contract.fiscal_year)


def terms_of(row: stored.Contract) -> Terms:
    """Return a stored contract as the terms the rules speak of."""
    form = Form(row.form)
    tolerance = Tolerance(row.within_pct or "0", row.over_pct or "0", row.under_pct or "0")
    return Terms(
        form,
        row.starts,
        row.ends,
        row.annual_p or 0,
        Profile(row.profile or Profile.EQUAL),
        row.planned or 0,
        row.price_p or 0,
        tolerance if form is Form.BLOCK_TOLERANCE else None,
        row.threshold or 0,
        row.quality_bp or 0,
        Rota(row.staff or 0, row.hours_per_day or "0", row.on_cost_pct or "0")
        if form is Form.PACKAGE
        else None,
    )


def contracted(reads: Connection, fiscal_year: str) -> tuple[Contracted, ...]:
    """Return the lead provider's contracts of a year with what each comes to."""
    lead, known = lead_of(reads), _Year(reads, fiscal_year)
    return tuple(
        _reckoned(row, known.of(row.row))
        for row in stored.contracts(reads, fiscal_year)
        if row.scope == lead
    )


def _reckoned(row: stored.Contract, found: _Found) -> Contracted:
    nothing = (0,) * MONTHS_IN_YEAR
    try:
        known, terms, year = found.known(), terms_of(row), FiscalYear.parse(row.fiscal_year)
        plan, due = plan_months(terms, year, known), months_due(terms, year, known)
    except Refusal as why:
        return Contracted(row, Known(), nothing, nothing, why)
    return Contracted(row, known, plan, due)


@dataclass(frozen=True, slots=True)
class _Found:
    """The stored rows of one contract."""

    prices: tuple[stored.ContractPrice, ...]
    activity: tuple[stored.Activity, ...]
    bills: tuple[stored.Bill, ...]
    quality: tuple[stored.QualityMeasure, ...]

    def known(self) -> Known:
        """Return them as the rules speak of them."""
        bills: dict[int, list[Cases]] = defaultdict(list)
        for bill in self.bills:
            bills[bill.month].append(Cases(bill.count, bill.price_p))
        return Known(price_lists(self.prices), _counted(self.activity), bills, self._quality())

    def _quality(self) -> Mapping[int, list[Measure]]:
        """Return the quarters whose measures are all there and all judged."""
        of: dict[int, list[stored.QualityMeasure]] = defaultdict(list)
        for measure in self.quality:
            of[measure.quarter].append(measure)
        return {
            quarter: [Measure(one.weight_bp, one.achieved_bp or 0) for one in all_of_it]
            for quarter, all_of_it in of.items()
            if sum(one.weight_bp for one in all_of_it) == WHOLE_BP
            and all(one.achieved_bp is not None for one in all_of_it)
        }


def price_lists(found: Iterable[stored.ContractPrice]) -> dict[Counted, PriceList]:
    """Return the price list of each measure."""
    of: dict[Counted, list[Price]] = defaultdict(list)
    for price in found:
        of[Counted(price.measure)].append(Price(price.starts, price.price_p))
    return {measure: PriceList(prices, measure.words) for measure, prices in of.items()}


def countable(reads: Connection, fiscal_year: str) -> tuple[stored.Activity, ...]:
    """Return a year's activity as far as it comes from those who may count it.

    That is a contract's provider or the lead provider; where both did, the lead's comes last.
    """
    lead, whose = lead_of(reads), codes(reads)
    at = {one.row: one.provider for one in stored.contracts(reads, fiscal_year)}
    found = (
        one
        for one in stored.activity(reads, fiscal_year)
        if one.scope == lead or whose.get(one.scope) == at.get(one.contract)
    )
    return tuple(sorted(found, key=lambda one: one.scope == lead))


def standing(found: Iterable[stored.Activity]) -> dict[tuple[int, str], stored.Activity]:
    """Return the activity that counts, by month and measure.

    A freeze replaces any flex; of two of a kind the later one stands.
    """
    stands: dict[tuple[int, str], stored.Activity] = {}
    for one in found:
        place = (one.month, one.measure)
        before = stands.get(place)
        if before is None or one.position == FREEZE or before.position != FREEZE:
            stands[place] = one
    return stands


def _counted(found: Iterable[stored.Activity]) -> dict[int, dict[Counted, MonthActivity]]:
    months: dict[int, dict[Counted, MonthActivity]] = defaultdict(dict)
    for (month, measure), one in standing(found).items():
        if one.quantity is not None:
            months[month][Counted(measure)] = MonthActivity(one.quantity, one.cost_p)
    return dict(months)


_C = TypeVar("_C", stored.ContractPrice, stored.Activity, stored.Bill, stored.QualityMeasure)


def _by_contract(found: Iterable[_C]) -> dict[bytes, list[_C]]:
    of: dict[bytes, list[_C]] = defaultdict(list)
    for one in found:
        of[one.contract].append(one)
    return of


class _Year:
    """Reads what is known of all contracts of a year once, and hands out one's."""

    def __init__(self, reads: Connection, fiscal_year: str) -> None:
        """Read the year."""
        self._prices = _by_contract(stored.prices(reads, fiscal_year))
        self._activity = _by_contract(countable(reads, fiscal_year))
        self._bills = _by_contract(stored.bills(reads, fiscal_year))
        self._quality = _by_contract(stored.quality_measures(reads, fiscal_year))

    def of(self, row: bytes) -> _Found:
        """Return what is known of one contract."""
        return _Found(
            tuple(self._prices.get(row, ())),
            tuple(self._activity.get(row, ())),
            tuple(self._bills.get(row, ())),
            tuple(self._quality.get(row, ())),
        )
