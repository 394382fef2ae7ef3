"""Nights in the bed, on leave and held are counted apart, each at its own night's price."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.activity import Spell
from collabdesk.domain.budgets.prices import Price, PriceList
from collabdesk.domain.budgets.pseudonyms import pseudonym
from collabdesk.domain.budgets.stays import Stay, counted_nights, occupied
from collabdesk.domain.budgets.terms import Counted
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

APRIL = FiscalYear(2026).month(1)
DAYS = st.dates(dt.date(2026, 3, 20), dt.date(2026, 5, 10))


def day(number: int) -> dt.date:
    return dt.date(2026, 4, number)


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    admitted, left = draw(DAYS), draw(st.none() | DAYS)
    first = admitted if left is None else min(admitted, left)
    last = None if left is None else max(admitted, left)
    counted = draw(st.sampled_from([Counted.BED_DAYS, Counted.BED_DAYS, Counted.LEAVE_DAYS]))
    return Stay(draw(st.sampled_from("ab")), counted, Spell(first, last))


@given(st.lists(stays(), max_size=6))
def test_a_night_away_is_no_night_in_the_bed(found: list[Stay]) -> None:
    nights = [day(n) for n in range(1, 31)]

    def asleep(stay: Stay, night: dt.date) -> bool:
        ends = stay.spell.discharged or dt.date.max
        return stay.spell.admitted <= night < ends

    away = {
        (stay.person, night)
        for stay in found
        if stay.counted is Counted.LEAVE_DAYS
        for night in nights
        if asleep(stay, night)
    }
    expected = sum(
        asleep(stay, night) and (stay.person, night) not in away
        for stay in found
        if stay.counted is Counted.BED_DAYS
        for night in nights
    )
    counted = counted_nights(found, APRIL, {})
    in_bed = counted.get(Counted.BED_DAYS)
    assert (in_bed.nights if in_bed else 0) == expected
    if expected:
        # Priced night by night, at one price, the cost is the nights at that price.
        prices = {Counted.BED_DAYS: PriceList([Price(day(1), 5)])}
        assert counted_nights(found, APRIL, prices)[Counted.BED_DAYS].cost_p == 5 * expected
    assert all(stay in found or stay.counted is Counted.BED_DAYS for stay in occupied(found))


def test_each_measure_has_its_own_price_and_its_own_people() -> None:
    found = [
        Stay("a", Counted.BED_DAYS, Spell(day(1))),
        Stay("a", Counted.LEAVE_DAYS, Spell(day(11), day(15))),
        Stay("b", Counted.BED_DAYS, Spell(dt.date(2026, 3, 1), day(6))),
        Stay("b", Counted.BED_DAYS, Spell(dt.date(2026, 5, 1))),
    ]
    prices = {
        Counted.BED_DAYS: PriceList([Price(day(1), 100), Price(day(21), 200)]),
        Counted.LEAVE_DAYS: PriceList([Price(day(1), 40)]),
    }
    counted = counted_nights(found, APRIL, prices)
    beds, leave = counted[Counted.BED_DAYS], counted[Counted.LEAVE_DAYS]
    assert (beds.nights, beds.people, beds.cost_p) == (31, 2, 21 * 100 + 10 * 200)
    assert (leave.nights, leave.people, leave.cost_p) == (4, 1, 160)
    key = (b"contract", Counted.LEAVE_DAYS)
    assert (leave.total(key).amount, leave.total(key).people) == (4, 1)


@pytest.mark.parametrize("text", ["943 476 5919", "9434765919", "NHS 943-476-5919", "", "x" * 41])
def test_what_may_say_who_somebody_is_is_no_pseudonym(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        pseudonym(text)
    assert caught.value.field == "pseudonym"


def test_a_pseudonym_is_trimmed() -> None:
    assert pseudonym(" P-0173 ") == "P-0173"
