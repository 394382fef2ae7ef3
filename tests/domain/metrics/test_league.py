"""League tables put the best first and the unknown last."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.metrics.catalogue import Better
from collabdesk.domain.metrics.league import FLAG_WORDS, Entry, league
from collabdesk.domain.metrics.observation import Flag


def entry(name: str, value: int | None, flag: Flag = Flag.OK) -> Entry:
    return Entry(name.upper(), name, None if value is None else Fraction(value), flag)


TABLE = [
    entry("delta", None, Flag.MISSING),
    entry("echo", None, Flag.SUPPRESSED),
    entry("Bravo", 50),
    entry("alpha", 50),
    entry("charlie", 70),
    entry("foxtrot", None, Flag.SUPPRESSED),
]


def test_the_best_comes_first_and_equals_share_a_rank() -> None:
    placed = league(TABLE, Better.HIGHER)
    assert [(each.entry.name, each.rank) for each in placed] == [
        ("charlie", 1),
        ("alpha", 2),
        ("Bravo", 2),
        ("echo", None),
        ("foxtrot", None),
        ("delta", None),
    ]


def test_where_lower_is_better_the_order_turns() -> None:
    placed = league(TABLE, Better.LOWER)
    assert [(each.entry.name, each.rank) for each in placed[:3]] == [
        ("alpha", 1),
        ("Bravo", 1),
        ("charlie", 3),
    ]


def test_a_measure_without_a_better_way_has_no_ranks() -> None:
    placed = league(TABLE, Better.NEUTRAL)
    assert placed[0].entry.name == "charlie"
    assert {each.rank for each in placed} == {None}


def test_a_value_that_is_not_there_says_why() -> None:
    assert "fewer than 5" in FLAG_WORDS[Flag.SUPPRESSED]
    assert set(FLAG_WORDS) == set(Flag)


@given(st.permutations(TABLE), st.sampled_from(Better))
def test_the_order_of_arrival_does_not_matter(entries: list[Entry], better: Better) -> None:
    assert league(entries, better) == league(TABLE, better)


def test_a_value_missing_without_a_flag_stands_behind_those_that_are_there() -> None:
    placed = league([entry("none", None), entry("some", -5)], Better.HIGHER)
    assert [each.entry.name for each in placed] == ["some", "none"]
