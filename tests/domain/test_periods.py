"""The fiscal calendar and the words of its days."""

from __future__ import annotations

import datetime as dt

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.periods import (
    Calendar,
    FiscalYear,
    date_digits,
    date_words,
    england,
    parse_date,
)
from collabdesk.errors import Refusal

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


def test_a_fiscal_year_runs_from_april_to_march() -> None:
    year = FiscalYear.parse(" 2026/27 ")
    assert (year.start, year.end) == (dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    assert year.label == "2026/27"
    assert (year.days, FiscalYear(2027).days) == (365, 366)


def test_months_carry_their_number_and_name() -> None:
    months = FiscalYear(2026).months
    assert [month.number for month in months] == list(range(1, 13))
    assert (months[0].label, months[11].label) == ("M1 Apr 2026", "M12 Mar 2027")
    assert [month.days for month in months] == [30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31]
    assert months[8].first == dt.date(2026, 12, 1)
    assert months[9].last == dt.date(2027, 1, 31)


def test_a_century_ends_inside_a_label() -> None:
    assert FiscalYear.parse("2099/00").begins == 2099
    assert FiscalYear(2099).label == "2099/00"


@pytest.mark.parametrize("label", ["2026/28", "2026", "26/27", "2026-27", "", "0000/01", "9999/00"])
def test_other_labels_are_refused(label: str) -> None:
    with pytest.raises(Refusal, match="2026/27") as refused:
        FiscalYear.parse(label)
    assert refused.value.code == "fiscal_year"


@pytest.mark.parametrize("number", [0, 13])
def test_a_month_outside_the_year_is_refused(number: int) -> None:
    with pytest.raises(Refusal) as refused:
        FiscalYear(2026).month(number)
    assert refused.value.code == "month"


@given(DAYS)
def test_every_day_falls_in_one_month_of_its_year(day: dt.date) -> None:
    year = FiscalYear.of(day)
    assert year.start <= day <= year.end
    assert FiscalYear.parse(year.label) == year
    assert sum(month.first <= day <= month.last for month in year.months) == 1


def test_bank_holidays_agree_with_an_independent_table() -> None:
    years = range(2015, 2037)
    other = holidays.country_holidays(
        "GB", subdiv="ENG", years=years, observed=True, language="en_GB"
    )
    first, last = england().first, england().last
    expected = {
        day
        for day, name in other.items()
        if first <= day <= last and (day.weekday() < 5 or "substitute" in name)
    }
    assert england().holidays == expected


@pytest.mark.parametrize(
    ("label", "holidays_in_it", "working"),
    [("2025/26", 8, 253), ("2026/27", 10, 251), ("2027/28", 6, 256), ("2022/23", 10, 251)],
)
def test_working_days_of_a_year(label: str, holidays_in_it: int, working: int) -> None:
    year = FiscalYear.parse(label)
    assert len(england().holidays_between(year.start, year.end)) == holidays_in_it
    assert england().working_days(year.start, year.end) == working


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (dt.date(2015, 3, 31), dt.date(2016, 1, 1)),
        (dt.date(2036, 3, 1), dt.date(2036, 4, 1)),
    ],
)
def test_days_outside_the_table_are_refused(start: dt.date, end: dt.date) -> None:
    with pytest.raises(Refusal, match="1 April 2015 to 31 March 2036") as refused:
        england().working_days(start, end)
    assert refused.value.code == "outside_calendar"


def test_a_calendar_may_be_given() -> None:
    monday = dt.date(2026, 4, 13)
    closed = Calendar(frozenset({monday}))
    assert closed.working_days(monday, monday + dt.timedelta(days=6)) == 4


def test_days_are_printed_and_read_both_ways() -> None:
    day = dt.date(2026, 4, 7)
    assert (date_words(day), date_digits(day)) == ("7 April 2026", "07/04/2026")


@given(DAYS)
def test_printed_days_read_back(day: dt.date) -> None:
    for text in (date_words(day), date_digits(day), day.isoformat(), f" {date_words(day)} "):
        assert parse_date(text) == day


def test_short_month_names_are_read() -> None:
    assert parse_date("1 sep 2026") == dt.date(2026, 9, 1)


@pytest.mark.parametrize(
    "text", ["", "31/02/2026", "13/13/2026", "7 Avril 2026", "April 2026", "7/4/26", "0/1/2026"]
)
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="7 April 2026") as refused:
        parse_date(text, field="letter_date")
    assert (refused.value.code, refused.value.field) == ("date", "letter_date")
