"""Decimal text is exact both ways."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.decimals import decimal_text, fixed_text, parse_decimal
from collabdesk.errors import Refusal

DECIMALS = st.builds(
    lambda whole, places: Fraction(whole, 10**places),
    st.integers(-(10**12), 10**12),
    st.integers(0, 9),
)


@given(DECIMALS)
def test_printed_decimals_read_back_without_trailing_zeros(exact: Fraction) -> None:
    text = decimal_text(exact)
    assert parse_decimal(text) == exact
    assert not ("." in text and text.endswith("0"))


def test_a_minus_sign_is_a_minus() -> None:
    assert parse_decimal(" −4.15 ") == Fraction(-415, 100)


@pytest.mark.parametrize("text", ["", "1e5", "1,000", ".5", "5.", "+1", "NaN", "1" * 41])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_decimal(text, "target")
    assert (refused.value.code, refused.value.field) == ("decimal", "target")


def test_decimals_that_do_not_end_are_not_printed_as_if_they_did() -> None:
    with pytest.raises(ValueError, match="3"):
        decimal_text(Fraction(1, 3))


@pytest.mark.parametrize(
    ("exact", "places", "text"),
    [
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(-1, 200), 2, "-0.01"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Fraction(5, 2), 0, "3"),
    ],
)
def test_fixed_decimals_are_rounded_once(exact: Fraction, places: int, text: str) -> None:
    assert fixed_text(exact, places) == text
