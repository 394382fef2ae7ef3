"""Figures keep their qualifier and basis."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.quantities import (
    NOT_STATED,
    PENCE,
    Basis,
    Qualifier,
    Quantity,
    parse_quantity,
)
from collabdesk.errors import Refusal

FIGURES = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("text", "value", "qualifier", "unit", "words"),
    [
        ("over 700", "700", Qualifier.OVER, "", "over 700"),
        ("> 700", "700", Qualifier.OVER, "", "over 700"),
        ("Up to £100,000", "10000000", Qualifier.AT_MOST, PENCE, "up to £100,000"),
        ("≤20 days", "20", Qualifier.AT_MOST, "days", "up to 20 days"),
        ("at least 2", "2", Qualifier.AT_LEAST, "", "at least 2"),
        ("fewer than 5", "5", Qualifier.UNDER, "", "under 5"),
        ("about 15 million", "15", Qualifier.ABOUT, "million", "about 15 million"),
        ("≈ 1,500 people", "1500", Qualifier.ABOUT, "people", "about 1,500 people"),
        ("£12.50", "1250", Qualifier.EXACTLY, PENCE, "£12.50"),
        ("exactly 9", "9", Qualifier.EXACTLY, "", "9"),
        ("5.60 %", "5.6", Qualifier.EXACTLY, "%", "5.6 %"),
    ],
)
def test_figures_are_read_as_announced(
    text: str, value: str, qualifier: Qualifier, unit: str, words: str
) -> None:
    found = parse_quantity(text)
    assert found == Quantity(Decimal(value), qualifier, unit)
    assert found.words == words


@pytest.mark.parametrize("text", ["", " not  stated ", "Not Stated"])
def test_what_is_not_stated_stays_so(text: str) -> None:
    assert parse_quantity(text) is NOT_STATED
    assert NOT_STATED.words == NOT_STATED.full_words == "not stated"


@pytest.mark.parametrize("text", ["many", "over", "over many", "1e6", "1,23", "over £1e6"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_quantity(text)
    assert refused.value.field == "value"


def test_a_derived_figure_says_so() -> None:
    average = Quantity(Decimal(25_000_000), Qualifier.EXACTLY, PENCE, Basis.DERIVED)
    assert (average.words, average.full_words) == ("£250,000", "£250,000 (derived)")


@pytest.mark.parametrize(
    ("value", "qualifier", "basis"),
    [
        (None, Qualifier.OVER, Basis.STATED),
        (Decimal(1), Qualifier.NOT_STATED, Basis.STATED),
        (Decimal(1), Qualifier.OVER, Basis.NOT_STATED),
        (None, Qualifier.NOT_STATED, Basis.INFERRED),
    ],
)
def test_a_half_stated_figure_is_refused(
    value: Decimal | None, qualifier: Qualifier, basis: Basis
) -> None:
    with pytest.raises(Refusal) as refused:
        Quantity(value, qualifier, basis=basis)
    assert refused.value.code == "quantity_half_stated"


def test_a_figure_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        Quantity(Decimal("Infinity"), Qualifier.EXACTLY)
    assert refused.value.code == "quantity_not_finite"


@given(FIGURES, st.sampled_from([q for q in Qualifier if q is not Qualifier.NOT_STATED]))
def test_words_and_signs_read_back(value: Decimal, qualifier: Qualifier) -> None:
    assert parse_quantity(Quantity(value, qualifier).words).qualifier is qualifier
    read = parse_quantity(f"{qualifier.sign} {value}")
    assert (read.value, read.qualifier) == (value, qualifier)
