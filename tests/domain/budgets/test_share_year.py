"""A year shared by versions: every penny of it stands somewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.share import Agreement, share
from collabdesk.domain.budgets.share_bases import Basis, shares_of
from collabdesk.domain.budgets.share_year import Terms, share_year
from collabdesk.errors import Refusal

EQUAL_2 = Agreement("0", "100", (5_000, 5_000))
CAPPED = Agreement("0", "100", (5_000, 5_000), (100, 150))


def test_one_version_from_april_is_the_rule_for_a_year() -> None:
    """FIN-21: the worked case of collar and cap, by month."""
    agreement = Agreement("0.5", "3", (4_250, 2_375, 1_800, 1_575))
    results = split(312_345_678, [1] * 12)
    found = share_year([Terms("2026/27", 1, tuple("abcd"), agreement)], 8_756_927_500, results)
    whole = share(agreement, 8_756_927_500, 312_345_678)
    assert (found.collar_p, found.band_p, found.above_cap_p) == (
        whole.collar_p,
        whole.band_p,
        whole.above_cap_p,
    )
    assert (
        tuple(found.partners.values())
        == whole.partners_p
        == (
            93_042_354,
            51_994_257,
            39_406_174,
            34_480_402,
        )
    )


def test_a_partner_that_joins_in_mid_year_shares_from_its_month_on() -> None:
    early = Terms("First", 1, ("a", "b"), EQUAL_2)
    late = Terms("With c", 7, ("a", "b", "c"), Agreement("0", "100", (4_000, 3_000, 3_000)))
    found = share_year([late, early], 12_000_000, [100] * 12)
    assert found.partners == {"a": 300 + 240, "b": 300 + 180, "c": 180}
    assert [(part.first, part.last) for part in found.parts] == [(1, 6), (7, 12)]
    assert found.parts[0].of("c") == 0
    assert (found.result_p, found.uncovered_p) == (1_200, 0)


def test_what_no_partner_absorbs_is_shown() -> None:
    found = share_year([Terms("Capped", 1, ("a", "b"), CAPPED)], 120_000, [-25] * 12)
    assert found.partners == {"a": -100, "b": -150}
    assert found.unabsorbed_p == -50
    assert (found.beyond_cap("a"), found.beyond_cap("b")) == (-50, 0)


def test_months_before_the_first_version_are_nobodys() -> None:
    found = share_year([Terms("Late", 4, ("a",), Agreement("0", "100", (10_000,)))], 12, [5] * 12)
    assert (found.uncovered_p, found.partners) == (15, {"a": 45 - found.above_cap_p})
    assert share_year([], 12, [5] * 12).uncovered_p == 60


def test_two_versions_from_one_month_are_refused() -> None:
    with pytest.raises(Refusal, match="both hold from M1"):
        share_year([Terms(name, 1, ("a", "b"), EQUAL_2) for name in "xy"], 12, [0] * 12)


@st.composite
def versions(draw: st.DrawFn) -> list[Terms[int]]:
    starts = draw(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True))
    made = []
    for start in starts:
        many = draw(st.integers(1, 5))
        weights = draw(st.lists(st.integers(1, 10_000), min_size=many, max_size=many))
        caps = tuple(draw(st.none() | st.integers(0, 10**9)) for _ in range(many))
        shares = shares_of(Basis.EQUITY, weights, many)
        agreement = Agreement("0.5", "3", shares, caps)
        made.append(Terms(f"From M{start}", start, tuple(range(many)), agreement))
    return made


MONTHS_P = st.lists(st.integers(-(10**9), 10**9), min_size=12, max_size=12)


@given(versions(), st.integers(0, 10**11), MONTHS_P)
def test_i10_every_penny_of_the_result_stands_somewhere(
    known: list[Terms[int]], envelope_p: int, results_p: list[int]
) -> None:
    found = share_year(known, envelope_p, results_p)
    assert found.result_p == sum(results_p)
    assert sum(found.partners.values()) + found.unabsorbed_p == found.band_p
    for part in found.parts:
        shared = part.shared
        assert shared.collar_p + shared.band_p + shared.above_cap_p == shared.result_p
        assert sum(shared.partners_p) + shared.unabsorbed_p == shared.band_p
