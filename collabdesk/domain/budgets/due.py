"""What a contract comes to, month by month, as far as its activity and bills are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from collabdesk.domain.budgets.contracts import Block, Cases, CostAndVolume, cost_per_case
from collabdesk.domain.budgets.prices import PriceList
from collabdesk.domain.budgets.quality import Measure
from collabdesk.domain.budgets.terms import (
    Counted,
    Form,
    MonthsP,
    Terms,
    earned,
    expected,
    in_force,
    instalments,
    priced,
    weights_in_force,
    with_quality,
)
from collabdesk.domain.periods import FiscalYear


@dataclass(frozen=True, slots=True)
class MonthActivity:
    """What was counted in a month; `cost_p` where every unit was priced by its own day."""

    quantity: int
    cost_p: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a contract's year, by month 1 to 12; quality by quarter."""

    prices: Mapping[Counted, PriceList] = field(default_factory=dict)
    activity: Mapping[int, Mapping[Counted, MonthActivity]] = field(default_factory=dict)
    bills: Mapping[int, Sequence[Cases]] = field(default_factory=dict)
    quality: Mapping[int, Sequence[Measure]] = field(default_factory=dict)


def plan_months(terms: Terms, year: FiscalYear, known: Known) -> MonthsP:
    """Return what was expected before anything was known but the prices."""
    return expected(terms, year, _list(known, Counted.BED_DAYS))


def months_due(terms: Terms, year: FiscalYear, known: Known) -> MonthsP:
    """Return what each month comes to: by its activity or bills where known, else as expected.

    What activity changes in a block or a fixed sum is reckoned from the year so far, so that
    the months add up to what the whole time is worth.
    """
    plan = plan_months(terms, year, known)
    match terms.form:
        case Form.COST_PER_CASE | Form.PASS_THROUGH:
            billed = {month: cost_per_case(lines) for month, lines in known.bills.items()}
            return _instead(plan, billed)
        case Form.OBD:
            return _instead(plan, _nights(terms, year, known))
        case Form.PACKAGE:
            return plan
    base = with_quality(instalments(terms, year).monthly_p, earned(terms, year, known.quality))
    changes = _changes(terms, year, known)
    return tuple(amount + changes.get(n, 0) for n, amount in enumerate(base, 1))


def _instead(plan: Sequence[int], found: Mapping[int, int]) -> MonthsP:
    return tuple(found.get(n, amount) for n, amount in enumerate(plan, 1))


def _nights(terms: Terms, year: FiscalYear, known: Known) -> dict[int, int]:
    return {
        number: sum(
            one.cost_p
            if one.cost_p is not None
            else priced(one.quantity, terms, year.month(number), _list(known, measure))
            for measure, one in counted.items()
        )
        for number, counted in known.activity.items()
        # Beds occupied are what an invoice rests on; without them the plan still stands.
        if Counted.BED_DAYS in counted
    }


def _list(known: Known, measure: Counted) -> PriceList:
    return known.prices.get(measure, PriceList((), measure.words))


def _changes(terms: Terms, year: FiscalYear, known: Known) -> dict[int, int]:
    """Return by month what activity adds to, or takes from, what is paid anyway."""
    measure = Counted.BED_DAYS if terms.form is Form.BLOCK_TOLERANCE else Counted.CASES
    counted = {
        month: found[measure].quantity
        for month, found in sorted(known.activity.items())
        if measure in found
    }
    planned = in_force(terms.planned, terms, year)
    changes: dict[int, int] = {}
    for month in counted:
        so_far = [m for m in counted if m <= month]
        actual = sum(counted[m] for m in so_far)
        whole = _beyond(terms, year, actual, sum(planned[m - 1] for m in so_far))
        changes[month] = whole - sum(changes.values())
    return changes


def _beyond(terms: Terms, year: FiscalYear, actual: int, planned: int) -> int:
    """Return what the quantity of the year so far adds to what is paid anyway."""
    match terms.form:
        case Form.BLOCK_TOLERANCE:
            block = Block(planned, terms.price_p, terms.tolerance)
            return block.value_p(actual) - block.block_p
        case Form.COST_VOLUME:
            threshold = in_force(terms.threshold, terms, year)
            return CostAndVolume(0, sum(threshold), terms.price_p).value_p(actual)
    return 0


def is_in_force(terms: Terms, year: FiscalYear) -> bool:
    """Tell whether a contract is in force on any day of a fiscal year."""
    return any(weights_in_force(terms, year)) or any(map(terms.days_in_force, year.months))
