"""What contracts are expected to cost, and what they come to once activity is known."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.commitments import outstanding, outstanding_months
from collabdesk.domain.budgets.contracts import Cases, Tolerance
from collabdesk.domain.budgets.due import (
    Known,
    MonthActivity,
    is_in_force,
    months_due,
    plan_months,
)
from collabdesk.domain.budgets.phasing import Profile
from collabdesk.domain.budgets.prices import Price, PriceList
from collabdesk.domain.budgets.quality import Measure, quality_element
from collabdesk.domain.budgets.terms import (
    Counted,
    Form,
    Rota,
    Terms,
    in_force,
    instalments,
    package_months,
    priced,
)
from collabdesk.domain.money import round_half_away
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

YEAR = FiscalYear(2025)
WHOLE = (YEAR.start, YEAR.end)
APRIL = YEAR.month(1)
BED_DAYS = Counted.BED_DAYS
PROFILES = st.sampled_from([Profile.EQUAL, Profile.CALENDAR_DAYS, Profile.WORKING_DAYS])
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 30))
AMOUNTS = st.integers(-10_000_000_000, 10_000_000_000)


@st.composite
def terms_of(draw: st.DrawFn, form: Form = Form.BLOCK) -> Terms:
    starts, ends = sorted([draw(DAYS), draw(DAYS)])
    amount, bp = draw(AMOUNTS), draw(st.integers(0, 10_000))
    return Terms(form, starts, ends, amount, draw(PROFILES), quality_bp=bp)


def test_a_contract_from_mid_month_to_mid_month_is_worth_its_days() -> None:
    days = (dt.date(2025, 4, 16), dt.date(2026, 2, 14))
    assert in_force(12_000_000, Terms(Form.BLOCK, *days), YEAR) == (
        500_000,
        *(1_000_000,) * 9,
        500_000,
        0,
    )
    calendar = Terms(Form.BLOCK, *days, profile=Profile.CALENDAR_DAYS)
    assert sum(in_force(36_500_000, calendar, YEAR)) == 100_000 * 305
    worked = Terms(
        Form.BLOCK, dt.date(2025, 4, 18), dt.date(2025, 4, 21), 100, Profile.WORKING_DAYS
    )
    assert not any(in_force(100_000, worked, YEAR))
    assert is_in_force(worked, YEAR)
    assert not is_in_force(worked, FiscalYear(2026))


def test_terms_that_cannot_be_are_refused() -> None:
    with pytest.raises(Refusal) as caught:
        Terms(Form.BLOCK, dt.date(2025, 5, 2), dt.date(2025, 5, 1))
    assert caught.value.field == "ends"
    with pytest.raises(Refusal) as caught:
        Terms(Form.BLOCK, *WHOLE, quality_bp=10_001)
    assert caught.value.field == "quality_bp"


@given(terms_of())
def test_instalments_and_quality_add_up_to_what_is_in_force(terms: Terms) -> None:
    whole, due = in_force(terms.annual_p, terms, YEAR), instalments(terms, YEAR)
    assert sum(due.months_p) == sum(whole)
    assert sum(due.monthly_p) + sum(due.quality_p) == sum(whole)
    for month, amount in zip(YEAR.months, due.monthly_p, strict=True):
        assert terms.days_in_force(month) or not amount


@given(terms_of(), st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
def test_quality_is_paid_in_the_month_its_quarter_closes(terms: Terms, met: list[int]) -> None:
    weights = [10_000 // len(met)] * len(met)
    weights[0] += 10_000 - sum(weights)
    measures = [Measure(weight, bp) for weight, bp in zip(weights, met, strict=True)]
    before, after = (months_due(terms, YEAR, Known(quality=q)) for q in ({}, {2: measures}))
    assert [n for n in range(12) if before[n] != after[n]] in ([], [5])
    value_p = sum(in_force(terms.annual_p, terms, YEAR)[3:6])
    most, earned = (
        quality_element(value_p, terms.quality_bp, m) for m in ([Measure(10_000, 10_000)], measures)
    )
    assert before[5] - after[5] == most - earned


def test_a_package_is_rounded_once_over_its_whole_time() -> None:
    """FIN-14, over two months."""
    rota = Rota(2, "22.5", "6.5")
    days = (dt.date(2025, 4, 25), dt.date(2025, 5, 11))
    package = Terms(Form.PACKAGE, *days, price_p=2_374, package=rota)
    months = package_months(package, YEAR)
    assert sum(months) == 1_934_157
    assert [n for n, amount in enumerate(months, 1) if amount] == [1, 2]
    assert months_due(package, YEAR, Known()) == months
    assert not any(package_months(Terms(Form.PACKAGE, *WHOLE), YEAR))


PRICES = PriceList([Price(YEAR.start, 60_000), Price(dt.date(2025, 7, 16), 62_000)])


def test_planned_nights_cost_the_prices_of_their_days() -> None:
    terms = Terms(Form.OBD, *WHOLE, planned=1_200)
    months = plan_months(terms, YEAR, Known({BED_DAYS: PRICES}))
    assert months[0] == 100 * 60_000
    assert months[3] == 48 * 60_000 + 52 * 62_000
    assert sum(months[4:]) == 800 * 62_000
    with pytest.raises(Refusal):
        plan_months(terms, YEAR, Known())


def test_counted_nights_replace_the_plan_month_by_month() -> None:
    terms = Terms(Form.OBD, *WHOLE, planned=1_200)
    leave = PriceList([Price(YEAR.start, 20_000)])
    activity = {
        1: {BED_DAYS: MonthActivity(90), Counted.LEAVE_DAYS: MonthActivity(4)},
        2: {BED_DAYS: MonthActivity(110, 6_599_999)},
        3: {Counted.LEAVE_DAYS: MonthActivity(2)},
    }
    known = Known({BED_DAYS: PRICES, Counted.LEAVE_DAYS: leave}, activity)
    due, plan = months_due(terms, YEAR, known), plan_months(terms, YEAR, known)
    assert due[:2] == (90 * 60_000 + 4 * 20_000, 6_599_999)
    assert due[2:] == plan[2:]


@given(st.integers(0, 400), st.dates(APRIL.first, APRIL.last))
def test_a_total_costs_no_less_than_the_lower_price_and_no_more_than_the_higher(
    nights: int, day: dt.date
) -> None:
    prices = PriceList({day: Price(day, 62_000), YEAR.start: Price(YEAR.start, 60_000)}.values())
    cost = priced(nights, Terms(Form.OBD, *WHOLE), APRIL, prices)
    assert nights * 60_000 <= cost <= nights * 62_000


@given(st.lists(st.integers(0, 1_000), min_size=12, max_size=12))
def test_a_tolerance_settles_to_the_year_as_a_whole(nights: list[int]) -> None:
    tolerance = Tolerance("3", "50", "30")
    terms = Terms(
        Form.BLOCK_TOLERANCE, *WHOLE, 6_000 * 54_000, Profile.EQUAL, 6_000, 54_000, tolerance
    )
    activity = {n: {BED_DAYS: MonthActivity(q)} for n, q in enumerate(nights, 1)}
    due = months_due(terms, YEAR, Known(activity=activity))
    over = Fraction(max(0, sum(nights) - 6_180))
    under = Fraction(max(0, 5_820 - sum(nights)))
    exact = 54_000 * (over / 2 - under * Fraction(3, 10))
    assert sum(due) == 6_000 * 54_000 + round_half_away(exact)


@given(st.lists(st.integers(0, 1_000), min_size=12, max_size=12))
def test_cost_and_volume_never_pays_less_than_its_fixed_sum(cases: list[int]) -> None:
    terms = Terms(Form.COST_VOLUME, *WHOLE, 12_000_000, threshold=5_000, price_p=900)
    activity = {n: {Counted.CASES: MonthActivity(q)} for n, q in enumerate(cases, 1)}
    due = months_due(terms, YEAR, Known(activity=activity))
    assert sum(due) == 12_000_000 + 900 * max(0, sum(cases) - 5_000)
    assert all(amount >= 1_000_000 for amount in due)


def test_activity_changes_nothing_that_a_block_pays() -> None:
    terms = Terms(Form.BLOCK, *WHOLE, 12_000_000)
    counted = {1: {Counted.CASES: MonthActivity(9)}}
    assert months_due(terms, YEAR, Known(activity=counted)) == (1_000_000,) * 12


def test_bills_and_credit_notes_replace_what_was_expected() -> None:
    """FIN-16: a credit note is a line below nought."""
    cases = Terms(Form.COST_PER_CASE, *WHOLE, planned=12, price_p=100_000)
    known = Known(bills={1: [Cases(3, 100_000), Cases(1, -40_000)]})
    assert months_due(cases, YEAR, known) == (260_000, *(100_000,) * 11)
    passed = Terms(Form.PASS_THROUGH, *WHOLE, 1_200)
    assert months_due(passed, YEAR, Known(bills={12: [Cases(1, 777)]})) == (*(100,) * 11, 777)


@given(AMOUNTS, AMOUNTS)
def test_a_commitment_is_let_go_no_further_than_to_nought(committed: int, actual: int) -> None:
    left = outstanding(committed, actual)
    assert min(committed, 0) <= left <= max(committed, 0)
    if committed >= 0:
        # Nothing is counted twice: what is left and what was posted never exceed the greater.
        assert left + max(actual, 0) == max(committed, actual, 0)


def test_a_closed_month_holds_no_commitment() -> None:
    left = outstanding_months((100,) * 12, (0, 40, 140, *(0,) * 9), {1})
    assert left == (0, 60, 0, *(100,) * 9)
