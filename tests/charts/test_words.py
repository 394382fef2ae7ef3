from __future__ import annotations

import datetime as dt

import pytest

from collabdesk.charts import words

DAY = dt.date(2026, 10, 5)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(1234.5, 1, "1,234.5"), (-3, 0, "−3"), (-0.04, 1, "0.0"), (0.5, 0, "0"), (31, 0, "31")],
)
def test_figures_have_commas_and_a_minus_sign(value: float, places: int, text: str) -> None:
    assert words.number(value, places) == text


def test_a_unit_follows_its_figure() -> None:
    assert words.with_unit(17, "%") == "17%"
    assert words.with_unit(17, "") == "17"


@pytest.mark.parametrize(("values", "places"), [([1, 2], 0), ([1, 2.5], 1), ([], 0), ([1e-9], 0)])
def test_decimals_are_printed_only_where_needed(values: list[float], places: int) -> None:
    assert words.places_for(values) == places


def test_days_are_printed_the_house_way() -> None:
    assert words.month(DAY) == "October 2026"
    assert words.short_month(DAY) == "Oct 26"
    assert words.short_day(DAY) == "5 Oct"
    assert words.full_day(DAY) == "5 October 2026"


def test_small_counts_are_words() -> None:
    assert [words.counted(n) for n in (0, 1, 9, 10)] == ["No", "One", "Nine", "10"]
