"""Occupied bed days are midnights."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.activity import Spell, bed_days, occupancy_pct
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal

APRIL = Month(dt.date(2025, 4, 1))
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31))


def spells() -> st.SearchStrategy[Spell]:
    lengths = st.none() | st.integers(0, 400)
    return st.builds(
        lambda day, length: Spell(day, None if length is None else day + dt.timedelta(length)),
        DAYS,
        lengths,
    )


def _on(admitted: str, discharged: str | None) -> Spell:
    left = dt.date.fromisoformat(discharged) if discharged else None
    return Spell(dt.date.fromisoformat(admitted), left)


def test_admission_counts_discharge_does_not_and_the_month_clips() -> None:
    """FIN-12."""
    found = [
        _on("2025-03-10", "2025-04-19"),
        _on("2025-04-01", None),
        _on("2025-04-30", "2025-05-01"),
        _on("2025-04-12", "2025-04-12"),
        _on("2025-05-02", None),
    ]
    assert [spell.nights(APRIL.first, APRIL.last) for spell in found] == [18, 30, 1, 0, 0]
    assert bed_days(found, APRIL) == 49


@given(spells(), DAYS, st.integers(0, 60))
def test_nights_are_the_midnights_slept_through(spell: Spell, first: dt.date, more: int) -> None:
    days = [first + dt.timedelta(n) for n in range(more + 1)]
    slept = [
        day
        for day in days
        if spell.admitted <= day and (spell.discharged is None or day < spell.discharged)
    ]
    assert spell.nights(days[0], days[-1]) == len(slept)


@given(st.lists(spells(), max_size=6))
def test_the_months_of_a_year_hold_the_nights_of_the_year(found: list[Spell]) -> None:
    year = FiscalYear(2025)
    by_month = sum(bed_days(found, month) for month in year.months)
    assert by_month == sum(spell.nights(year.start, year.end) for spell in found)


def test_a_discharge_before_the_admission_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        _on("2025-04-12", "2025-04-11")
    assert (refused.value.code, refused.value.field) == ("discharged_before_admitted", "discharged")
    assert "11 April 2025" in refused.value.words


@pytest.mark.parametrize(
    ("occupied", "beds", "pct"),
    [(450, 16, "93.8"), (480, 16, "100.0"), (0, 16, "0.0"), (3, 0, None)],
)
def test_occupancy_is_of_the_beds_there_were(occupied: int, beds: int, pct: str | None) -> None:
    assert occupancy_pct(occupied, beds, 30) == pct


@given(spells(), spells())
def test_two_spells_share_a_night_if_one_night_counts_in_both(one: Spell, other: Spell) -> None:
    """The day of a discharge may be the day of the next admission."""
    days = [spell.admitted for spell in (one, other)]
    days += [spell.discharged for spell in (one, other) if spell.discharged is not None]
    nights = (min(days) + dt.timedelta(days=n) for n in range((max(days) - min(days)).days + 1))
    both = any(one.nights(night, night) and other.nights(night, night) for night in nights)
    assert one.shares_a_night(other) == other.shares_a_night(one) == both
