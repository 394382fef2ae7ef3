from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.exchange.decimal_text import canonical, ungrouped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17", "17"),
        ("0010.50", "10.5"),
        ("-0.0", "0"),
        ("+3", "3"),
        ("10.64024", "10.64024"),
        ("-2.50", "-2.5"),
        ("1e3", None),
        ("9" * 30 + "." + "9" * 30, None),
        ("", None),
        ("*", None),
        ("1,000", None),
        ("٣", None),
        (".5", None),
        ("5.", None),
        ("NaN", None),
    ],
)
def test_a_number_has_one_text(text: str, expected: str | None) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5.03563e+006", "5035630"), ("5e-3", "0.005"), ("12.5E1", "125"), ("1e999", None)],
)
def test_scientific_form_is_read_where_the_profile_allows_it(
    text: str, expected: str | None
) -> None:
    assert canonical(text, exponent=True) == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e9, max_value=1e9))
def test_the_text_keeps_the_value_and_is_its_own_text(number: Decimal) -> None:
    text = canonical(f"{number:f}")
    assert text is not None
    assert Decimal(text) == number
    assert canonical(text) == text
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)


@given(
    st.from_regex(r"[+-]?[0-9]{1,12}(\.[0-9]{1,8})?[eE][+-]?0?[0-9]", fullmatch=True).filter(
        str.isascii
    )
)
def test_scientific_form_keeps_the_value(text: str) -> None:
    found = canonical(text, exponent=True)
    assert found is not None
    assert Decimal(found) == Decimal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,234,567", "1234567"), ("12,34", None), ("1234", "1234"), ("1,234.5", "1234.5")],
)
def test_thousands_marks_must_stand_where_they_belong(text: str, expected: str | None) -> None:
    assert ungrouped(text, ",") == expected
