"""Every night is priced at the price in force that night."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.activity import Spell
from collabdesk.domain.budgets.prices import Price, PriceList, Stretch
from collabdesk.domain.budgets.terms import Counted
from collabdesk.errors import Refusal

FIRST = dt.date(2025, 4, 1)
PRICES = PriceList([Price(dt.date(2025, 10, 1), 62_881), Price(FIRST, 61_050)])


def test_a_price_change_cuts_a_spell_in_two() -> None:
    """FIN-13."""
    admitted, discharged = dt.date(2025, 9, 20), dt.date(2025, 10, 15)
    spell = Spell(admitted, discharged)
    assert PRICES.nights(spell, admitted, discharged) == (
        Stretch(admitted, 11, 61_050),
        Stretch(dt.date(2025, 10, 1), 14, 62_881),
    )
    assert PRICES.cost_p([spell], admitted, discharged) == 1_551_884


@given(
    st.dictionaries(st.integers(0, 80), st.integers(-1000, 90_000), max_size=5),
    st.integers(1, 90_000),
    st.integers(0, 60),
    st.none() | st.integers(0, 60),
    st.integers(0, 100),
)
def test_stretches_cost_what_the_nights_cost_one_by_one(
    changes: dict[int, int], start_p: int, admitted: int, length: int | None, last: int
) -> None:
    def day(number: int) -> dt.date:
        return FIRST + dt.timedelta(number)

    listed = [Price(day(n), price_p) for n, price_p in ({0: start_p} | changes).items()]
    spell = Spell(day(admitted), None if length is None else day(admitted + length))
    prices = PriceList(reversed(listed))
    ends = last + 1 if length is None else min(last + 1, admitted + length)
    nights = [day(n) for n in range(admitted, ends)]
    stretches = prices.nights(spell, FIRST, day(last))
    assert sum(part.nights for part in stretches) == len(nights)
    assert sum(part.cost_p for part in stretches) == sum(prices.on(n).price_p for n in nights)


def test_a_night_before_the_first_price_is_refused() -> None:
    day = dt.date(2025, 3, 31)
    with pytest.raises(Refusal) as refused:
        PRICES.cost_p([Spell(day)], day, FIRST)
    assert (refused.value.code, refused.value.field) == ("no_price_in_force", "prices")
    assert "31 March 2025" in refused.value.words


def test_no_night_needs_no_price() -> None:
    day = dt.date(2025, 3, 31)
    assert PRICES.nights(Spell(day, day), day, day) == ()


def test_two_prices_from_one_day_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        PriceList([Price(FIRST, 1), Price(FIRST, 2)])
    assert refused.value.code == "two_prices_one_day"


def test_later_changes_are_listed_in_order() -> None:
    assert PRICES.changes_after(FIRST) == (dt.date(2025, 10, 1),)
    assert PRICES.changes_after(dt.date(2025, 10, 1)) == ()


def test_a_list_without_a_price_says_what_is_not_priced() -> None:
    """What is missing is named: a contract has a list for each measure."""
    with pytest.raises(Refusal, match="No price for nights a bed was held is in force on") as held:
        PriceList((), Counted.BED_HELD.words).on(dt.date(2026, 4, 1))
    assert held.value.code == "no_price_in_force"
    assert Counted.LEAVE_DAYS.words == "leave days"
