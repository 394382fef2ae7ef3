"""Money text: what is read, what is refused and how it is printed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.money import (
    LARGEST,
    format_millions,
    format_pence,
    format_pounds,
    format_thousands,
    parse_money,
    parse_money_or_sum,
    round_half_away,
)
from collabdesk.errors import Refusal

AMOUNTS = st.integers(-LARGEST, LARGEST)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("67,132.60", 6713260),
        ("£1,234.5", 123450),
        ("(1,234.56)", -123456),
        ("-85,260.00", -8526000),
        ("−£5.00", -500),
        ("(£7)", -700),
        (" 41,102.65 CR", -4110265),
        ("5CR", -500),
        ("1234", 123400),
        ("007", 700),
        ("-0", 0),
        ("92233720368547758.07", LARGEST),
    ],
)
def test_money_is_read_to_the_penny(text: str, pence: int) -> None:
    assert parse_money(text) == pence


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money_blank"),
        ("   ", "money_blank"),
        ("12,34.5", "money_grouping"),
        ("1,23,4", "money_grouping"),
        ("1,2345", "money_grouping"),
        (",123", "money_text"),
        ("£1e6", "money_exponent"),
        ("1E-2", "money_exponent"),
        ("1.005", "money_decimals"),
        ("-1,000.123", "money_decimals"),
        ("--5", "money_negated_twice"),
        ("(-5)", "money_negated_twice"),
        ("-5 CR", "money_negated_twice"),
        ("(5 CR)", "money_negated_twice"),
        ("twelve", "money_text"),
        ("+5", "money_text"),
        ("5-", "money_minus_behind"),
        ("5 DR", "money_text"),
        ("5 cr", "money_text"),
        ("£ 5", "money_spaces"),
        ("£-5", "money_minus_behind"),
        ("1 000", "money_spaces"),
        ("- 25,000.00", "money_spaces"),
        ("1,000.00-", "money_minus_behind"),
        ("- -5", "money_negated_twice"),
        ("5.", "money_text"),
        (".5", "money_text"),
        ("$5", "money_text"),
        ("٣", "money_text"),
        ("92233720368547758.08", "money_too_large"),
        ("=1", "money_text"),
    ],
)
def test_other_text_is_refused_with_the_reason_and_the_remedy(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_money(text, field="m3")
    assert (refused.value.code, refused.value.field) == (code, "m3")
    assert text.strip() in refused.value.words
    assert refused.value.remedy


@pytest.mark.parametrize("text", ["x" * 5000, "9" * 5000, "1,1" * 5000])
def test_a_long_text_is_shortened_in_the_refusal(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_money(text)
    assert len(refused.value.words) < 200


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("=1200000/12", 10000000),
        ("= 1,200,000 / 12", 10000000),
        ("=(1+2)*3-4/2", 700),
        ("=-£5+2", -300),
        ("=8-3-2", 300),
        ("=100*1.0415", 10415),
        ("=0.005", 1),
        ("=−0.005", -1),
        ("=1/3", 33),
        ("=2/3", 67),
        ("12.50", 1250),
    ],
)
def test_a_sum_typed_in_a_cell_is_worked_out_exactly(text: str, pence: int) -> None:
    assert parse_money_or_sum(text) == pence


@pytest.mark.parametrize(
    "text",
    [
        "=",
        "=1/0",
        "=1/(2-2)",
        "=(1",
        "=1)",
        "=1+",
        "=*2",
        "=1 2",
        "=2**3",
        "=A1",
        "=1e5",
        "=" + "1" * 200,
    ],
)
def test_a_sum_that_cannot_be_worked_out_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_money_or_sum(text, field="m1")
    assert (refused.value.code, refused.value.field) == ("money_sum", "m1")


def test_a_sum_too_large_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        parse_money_or_sum("=" + "9" * 20)
    assert refused.value.code == "money_too_large"


@given(AMOUNTS)
def test_what_is_printed_in_pence_reads_back(pence: int) -> None:
    assert parse_money(format_pence(pence)) == pence


@given(AMOUNTS)
def test_pounds_are_the_nearest_whole_ones(pence: int) -> None:
    assert abs(parse_money(format_pounds(pence), "") - pence) <= 50


@pytest.mark.parametrize(
    ("pence", "pounds", "full", "thousands"),
    [
        (123456700, "£1,234,567", "£1,234,567.00", "1235"),
        (-123456750, "−£1,234,568", "−£1,234,567.50", "-1235"),
        (-49, "£0", "−£0.49", "0"),
        (45040000, "£450,400", "£450,400.00", "450"),
        (0, "£0", "£0.00", "0"),
    ],
)
def test_amounts_are_printed_the_house_way(
    pence: int, pounds: str, full: str, thousands: str
) -> None:
    assert format_pounds(pence) == pounds
    assert format_pence(pence) == full
    assert format_thousands(pence) == thousands


@pytest.mark.parametrize(
    ("pence", "printed"),
    [
        (12_000_000_000, "£120.0m"),
        (-1_250_000_00, "−£1.3m"),
        (999_999_49, "£999,999"),
        (999_999_50, "£1.0m"),
        (-45_678, "−£457"),
    ],
)
def test_a_headline_is_printed_in_millions_from_one_million(pence: int, printed: str) -> None:
    assert format_millions(pence) == printed


@given(st.fractions())
def test_rounding_is_symmetric_and_never_further_than_a_half(exact: Fraction) -> None:
    rounded = round_half_away(exact)
    assert abs(rounded - exact) <= Fraction(1, 2)
    assert round_half_away(-exact) == -rounded


@given(st.integers())
def test_halves_go_away_from_zero(whole: int) -> None:
    half = Fraction(2 * whole + 1, 2)
    assert abs(round_half_away(half)) == abs(half) + Fraction(1, 2)
