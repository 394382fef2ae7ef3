"""What a contract says: its form, when it is in force, and what it is expected to cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.contracts import Tolerance
from collabdesk.domain.budgets.packages import Package
from collabdesk.domain.budgets.phasing import Profile
from collabdesk.domain.budgets.prices import PriceList
from collabdesk.domain.budgets.quality import Measure, quality_element
from collabdesk.domain.budgets.shares import WHOLE_BP
from collabdesk.domain.money import round_half_away
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear, Month, date_words, england
from collabdesk.errors import Refusal

QUARTERS: Final = 4
MONTHS_IN_QUARTER: Final = 3
_ONE_DAY: Final = dt.timedelta(days=1)
# Parts of a month of 28 to 31 days are whole multiples of one such part.
_MONTH_PARTS: Final = lcm(28, 29, 30, 31)
MonthsP = tuple[int, ...]
"""Twelve months in pence, April first."""


class Form(StrEnum):
    """How a contract pays."""

    BLOCK = "block"
    BLOCK_TOLERANCE = "block_tolerance"
    COST_VOLUME = "cost_volume"
    OBD = "obd"
    COST_PER_CASE = "cost_per_case"
    PACKAGE = "package"
    PASS_THROUGH = "pass_through"  # noqa: S105 a form of contract


class Counted(StrEnum):
    """What activity is counted in."""

    BED_DAYS = "bed_days"
    LEAVE_DAYS = "leave_days"
    BED_HELD = "bed_held"
    CASES = "cases"

    @property
    def words(self) -> str:
        """What is counted, within a sentence."""
        return "nights a bed was held" if self is Counted.BED_HELD else self.value.replace("_", " ")


COUNTED: Final[Mapping[Form, tuple[Counted, ...]]] = {
    Form.BLOCK: (Counted.BED_DAYS, Counted.LEAVE_DAYS, Counted.BED_HELD, Counted.CASES),
    Form.BLOCK_TOLERANCE: (Counted.BED_DAYS,),
    Form.COST_VOLUME: (Counted.CASES,),
    Form.OBD: (Counted.BED_DAYS, Counted.LEAVE_DAYS, Counted.BED_HELD),
    Form.COST_PER_CASE: (),
    Form.PACKAGE: (),
    Form.PASS_THROUGH: (),
}
"""What activity of each form is counted; the others are paid by bills or by the rota."""

QUALITY_PAID: Final = frozenset({Form.BLOCK, Form.BLOCK_TOLERANCE, Form.COST_VOLUME})
"""The forms that pay a quality element: those of which a value is agreed beforehand."""


@dataclass(frozen=True, slots=True)
class Rota:
    """The staff of an enhanced package; its days are those the contract is in force."""

    staff: int
    hours_per_day: str
    on_cost_pct: str = "0"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one contract in one fiscal year.

    `annual_p` is what a whole year is worth (an estimate for pass-through), `planned` the
    quantity of a whole year, `price_p` the price of a unit; both ends are days in force.
    """

    form: Form
    starts: dt.date
    ends: dt.date
    annual_p: int = 0
    profile: Profile = Profile.EQUAL
    planned: int = 0
    price_p: int = 0
    tolerance: Tolerance | None = None
    threshold: int = 0
    quality_bp: int = 0
    package: Rota | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the start, and a share for quality outside 0 to 100 %."""
        if self.ends < self.starts:
            raise Refusal(
                code="ends_before_start",
                words=f"The contract ends on {date_words(self.ends)}, before it starts.",
                remedy="Check both days; a contract of one day starts and ends on it.",
                field="ends",
            )
        quality_element(0, self.quality_bp, (Measure(WHOLE_BP, 0),))

    def days_in_force(self, month: Month) -> int:
        """Count the days of a month on which the contract is in force."""
        first, last = max(self.starts, month.first), min(self.ends, month.last)
        return max(0, (last - first).days + 1)


# Years of many contracts are read again and again; their calendars stay the same.
@lru_cache(maxsize=4096)
def weights_in_force(terms: Terms, year: FiscalYear) -> tuple[int, ...]:
    """Return the weight of each month by the contract's profile, part months in part."""
    return tuple(_weight(terms, month) for month in year.months)


def _weight(terms: Terms, month: Month) -> int:
    days = terms.days_in_force(month)
    match terms.profile:
        case Profile.CALENDAR_DAYS:
            return days
        case Profile.WORKING_DAYS if days:
            first = max(terms.starts, month.first)
            return england().working_days(first, first + (days - 1) * _ONE_DAY)
        case Profile.WORKING_DAYS:
            return 0
    return _MONTH_PARTS * days // month.days


def _whole_year(terms: Terms, year: FiscalYear) -> int:
    whole = Terms(Form.BLOCK, year.start, year.end, profile=terms.profile)
    return sum(weights_in_force(whole, year))


def in_force(total: int, terms: Terms, year: FiscalYear) -> MonthsP:
    """Take the part of a whole year's total that is in force, and spread it over the months.

    The part is rounded once; the months add up to it exactly, and a month without a day in
    force has none of it.
    """
    weights = weights_in_force(terms, year)
    if not sum(weights):
        return (0,) * MONTHS_IN_YEAR
    part = round_half_away(Fraction(total * sum(weights), _whole_year(terms, year)))
    return tuple(split(part, weights))


@dataclass(frozen=True, slots=True)
class Instalments:
    """What is paid month by month, what waits for the close of each quarter, in pence."""

    monthly_p: MonthsP
    quality_p: tuple[int, ...]

    @property
    def months_p(self) -> MonthsP:
        """Both together, the quality element in the last month of its quarter."""
        return with_quality(self.monthly_p, self.quality_p)


def with_quality(monthly_p: Sequence[int], quality_p: Sequence[int]) -> MonthsP:
    """Add each quarter's quality element to the month in which the quarter closes."""
    closing = MONTHS_IN_QUARTER - 1
    return tuple(
        amount + (quality_p[n // MONTHS_IN_QUARTER] if n % MONTHS_IN_QUARTER == closing else 0)
        for n, amount in enumerate(monthly_p)
    )


@lru_cache(maxsize=4096)
def instalments(terms: Terms, year: FiscalYear) -> Instalments:
    """Return the monthly payment schedule of what a contract is worth.

    The part that is linked to quality is kept back from the months of a quarter and falls
    due, as far as it is earned, when the quarter closes. Kept back and paid add up exactly.
    """
    whole = in_force(terms.annual_p, terms, year)
    kept = [_linked(quarter_p, terms) for quarter_p in quarters(whole)]
    months = list(whole)
    for quarter, linked_p in enumerate(kept):
        place = slice(MONTHS_IN_QUARTER * quarter, MONTHS_IN_QUARTER * (quarter + 1))
        if sum(map(abs, whole[place])):
            months[place] = split(sum(whole[place]) - linked_p, [abs(p) for p in whole[place]])
    return Instalments(tuple(months), tuple(kept))


def quarters(months_p: Sequence[int]) -> tuple[int, ...]:
    """Add months up to quarters."""
    places = range(0, MONTHS_IN_YEAR, MONTHS_IN_QUARTER)
    return tuple(sum(months_p[place : place + MONTHS_IN_QUARTER]) for place in places)


def _linked(value_p: int, terms: Terms) -> int:
    return quality_element(value_p, terms.quality_bp, (Measure(WHOLE_BP, WHOLE_BP),))


def earned(terms: Terms, year: FiscalYear, measures: Mapping[int, Sequence[Measure]]) -> MonthsP:
    """Return what each quarter's quality measures earn; a quarter not yet measured counts whole."""
    values = quarters(in_force(terms.annual_p, terms, year))
    return tuple(
        quality_element(value_p, terms.quality_bp, measures[quarter])
        if measures.get(quarter)
        else _linked(value_p, terms)
        for quarter, value_p in enumerate(values, 1)
    )


def package_months(terms: Terms, year: FiscalYear) -> MonthsP:
    """Return what a package costs month by month, by the days it is approved for.

    The whole time is rounded once; the months add up to it.
    """
    days = [terms.days_in_force(month) for month in year.months]
    if terms.package is None or not sum(days):
        return (0,) * MONTHS_IN_YEAR
    rota = terms.package
    whole = Package(terms.price_p, rota.staff, rota.hours_per_day, sum(days), rota.on_cost_pct)
    return tuple(split(whole.total_p, days))


def priced(quantity: int, terms: Terms, month: Month, prices: PriceList) -> int:
    """Price a month's total of nights, spread evenly over the days if the price changes in it.

    Exact while one price is in force all month; where the price changes, nights known one by
    one are priced with `PriceList.cost_p` instead.
    """
    first, last = max(terms.starts, month.first), min(terms.ends, month.last)
    if not quantity:
        return 0
    changes = [day for day in prices.changes_after(first) if day <= last]
    starts = [first, *changes]
    ends = [*(day - _ONE_DAY for day in changes), max(first, last)]
    days = [(end - start).days + 1 for start, end in zip(starts, ends, strict=True)]
    nights = split(quantity, days)
    return sum(n * prices.on(day).price_p for n, day in zip(nights, starts, strict=True) if n)


def expected(terms: Terms, year: FiscalYear, prices: PriceList) -> MonthsP:
    """Return what a contract is expected to cost each month before any activity is known."""
    match terms.form:
        case Form.PACKAGE:
            return package_months(terms, year)
        case Form.OBD:
            planned = in_force(terms.planned, terms, year)
            return tuple(
                priced(quantity, terms, month, prices)
                for quantity, month in zip(planned, year.months, strict=True)
            )
        case Form.COST_PER_CASE:
            planned = in_force(terms.planned, terms, year)
            return tuple(quantity * terms.price_p for quantity in planned)
    return instalments(terms, year).months_p
