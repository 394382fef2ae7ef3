"""Phasing puts every penny of a year into a month."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.phasing import Profile, phase, weights
from collabdesk.domain.periods import Calendar, FiscalYear
from collabdesk.errors import Refusal

YEARS = st.builds(FiscalYear, st.integers(2015, 2035))
CUSTOM = st.lists(st.integers(0, 1000), min_size=12, max_size=12).filter(any)


@given(st.integers(-(10**13), 10**13), st.sampled_from(Profile), YEARS, CUSTOM)
def test_phased_months_add_up_to_the_year(
    annual: int, profile: Profile, year: FiscalYear, custom: list[int]
) -> None:
    months = phase(annual, profile, year, custom)
    assert len(months) == 12
    assert sum(months) == annual


def test_a_leap_february_and_two_easters_are_counted() -> None:
    assert weights(Profile.CALENDAR_DAYS, FiscalYear(2027))[10] == 29
    assert sum(weights(Profile.WORKING_DAYS, FiscalYear(2026))) == 251


def test_a_given_calendar_decides_the_working_days() -> None:
    none = Calendar(frozenset())
    closed = Calendar(frozenset({dt.date(2026, 4, 7)}))
    open_days, closed_days = (
        weights(Profile.WORKING_DAYS, FiscalYear(2026), calendar=known) for known in (none, closed)
    )
    assert open_days[0] - closed_days[0] == 1


@pytest.mark.parametrize("custom", [(), (1,) * 11, (1,) * 13])
def test_custom_weights_need_twelve_months(custom: tuple[int, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        phase(100, Profile.CUSTOM, FiscalYear(2026), custom)
    assert refused.value.code == "weights_not_twelve"
