"""A standard is met, not met, or chance cannot be excluded."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.metrics.catalogue import Better
from collabdesk.domain.metrics.standards import Attainment, Range, attainment, published_range
from collabdesk.domain.statistics.intervals import wilson

HIGHER, LOWER = Better.HIGHER, Better.LOWER
MET, NOT_MET, CANNOT_TELL = Attainment


@pytest.mark.parametrize(
    ("value", "better", "near", "found"),
    [
        (80, HIGHER, None, MET),
        (79, HIGHER, None, NOT_MET),
        (80, LOWER, None, MET),
        (81, LOWER, None, NOT_MET),
        (85, HIGHER, Range(80, 90), MET),
        (85, HIGHER, Range(79.9, 90), CANNOT_TELL),
        (75, HIGHER, Range(70, 80), CANNOT_TELL),
        (75, HIGHER, Range(70, 79.9), NOT_MET),
        (75, LOWER, Range(70, 80), MET),
        (85, LOWER, Range(80, 90), CANNOT_TELL),
        (85, LOWER, Range(80.1, 90), NOT_MET),
        (None, HIGHER, None, CANNOT_TELL),
        (99, Better.NEUTRAL, None, CANNOT_TELL),
    ],
)
def test_a_value_is_held_against_eighty(
    value: int | None, better: Better, near: Range | None, found: Attainment
) -> None:
    exact = None if value is None else Fraction(value)
    assert attainment(exact, Fraction(80), better, near) is found


def test_findings_are_said_in_words() -> None:
    assert [each.words for each in Attainment] == ["Met", "Not met", "Cannot tell"]


@given(st.integers(0, 100), st.integers(20, 10**6))
def test_the_range_of_a_rounded_share_holds_every_true_denominator(
    percent: int, denominator: int
) -> None:
    found = published_range(Fraction(percent), denominator)
    assert found is not None
    for people in range(denominator - 2, denominator + 3):
        inside = wilson(percent / 100 * people, people)
        assert found.lower <= 100 * inside.lower + 1e-9
        assert 100 * inside.upper <= found.upper + 1e-9


@pytest.mark.parametrize(("percent", "denominator"), [(50, None), (50, 19), (101, 50), (-1, 50)])
def test_without_enough_people_there_is_no_range(percent: int, denominator: int | None) -> None:
    assert published_range(Fraction(percent), denominator) is None
