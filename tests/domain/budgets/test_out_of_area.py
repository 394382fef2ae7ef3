"""Placements out of area: bands, reviews, what may be shared of them, and the saving."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.domain.budgets.activity import Spell
from collabdesk.domain.budgets.out_of_area import (
    Placement,
    Reason,
    average_price,
    distance_band,
    evidenced,
    shared_parts,
)
from collabdesk.domain.budgets.placements import Placements, saving
from collabdesk.domain.periods import FiscalYear
from collabdesk.domain.statistics.suppression import Gate
from collabdesk.errors import Refusal

APRIL = FiscalYear(2026).month(1)
AMOUNTS = st.integers(0, 5_000)


@st.composite
def placements(draw: st.DrawFn) -> Placement:
    admitted = draw(st.dates(dt.date(2026, 3, 1), dt.date(2026, 5, 10)))
    left = draw(st.none() | st.dates(admitted, dt.date(2026, 6, 1)))
    return Placement(
        f"P-{draw(st.integers(1, 30))}",
        draw(st.sampled_from([b"one", b"two"])),
        Spell(admitted, left),
        draw(st.integers(0, 90_000)),
        draw(st.integers(0, 400)),
        draw(st.sampled_from(list(Reason)[:3])),
        draw(st.none() | st.dates(dt.date(2026, 4, 1), dt.date(2026, 5, 1))),
    )


@settings(max_examples=40)
@given(st.lists(placements(), max_size=30))
def test_nothing_shared_rests_on_fewer_than_five_people(found: list[Placement]) -> None:
    here = [one for one in found if one.nights(APRIL)]
    parts = shared_parts(found, APRIL)
    assert {part.line for part in parts} == {one.line for one in here}
    for part in parts:
        figures = (part.people, part.nights, part.cost_p)
        assert (None in figures) == (figures == (None, None, None))
        if part.people is not None:
            assert part.people >= Gate().below
        assert part.overdue is None or part.overdue >= Gate().below
    for line in {part.line for part in parts}:
        (whole,) = (p for p in parts if (p.line, p.cut) == (line, "everything"))
        if whole.nights is None:
            assert all(p.nights is None for p in parts if p.line == line)
        else:
            assert whole.nights == sum(one.nights(APRIL) for one in here if one.line == line)
            for cut in ("distance", "reason"):
                dark = [p for p in parts if (p.line, p.cut) == (line, cut) and p.nights is None]
                assert len(dark) != 1


def test_a_month_is_told_by_distance_and_by_reason() -> None:
    stay = Spell(dt.date(2026, 4, 21))
    near = [
        Placement(f"N{n}", b"one", stay, 50_000, 30, Reason.NO_BED, dt.date(2026, 4, 25))
        for n in range(6)
    ]
    far = [Placement(f"F{n}", b"one", stay, 60_000, 310, Reason.CHOICE) for n in range(7)]
    whole, close, distant, chosen, without = shared_parts([*near, *far], APRIL)
    assert (whole.people, whole.nights, whole.cost_p, whole.overdue) == (15, 130, 7_200_000, 5)
    assert (close.part, close.nights, close.overdue) == ("25 to 49 km", 60, 5)
    assert (distant.part, distant.cost_p, distant.overdue) == ("300 km or more", 4_200_000, None)
    assert [chosen.part, without.part] == ["choice", "no_bed"]
    assert Reason(without.part).words == "No bed available locally"


def test_a_review_is_overdue_while_the_person_is_away() -> None:
    due = dt.date(2026, 4, 10)
    away = Placement("P", b"one", Spell(dt.date(2026, 4, 1)), 1, 1, Reason.NO_BED, due)
    assert not away.overdue(due)
    assert away.overdue(dt.date(2026, 4, 11))
    back = Placement(
        "P", b"one", Spell(dt.date(2026, 4, 1), dt.date(2026, 4, 11)), 1, 1, Reason.NO_BED, due
    )
    assert not back.overdue(dt.date(2026, 4, 11))


@pytest.mark.parametrize(("price_p", "km", "field"), [(-1, 0, "price_p"), (0, -1, "distance_km")])
def test_prices_and_distances_below_nought_are_refused(price_p: int, km: int, field: str) -> None:
    with pytest.raises(Refusal) as caught:
        Placement("P", b"one", Spell(dt.date(2026, 4, 1)), price_p, km, Reason.NO_BED)
    assert caught.value.field == field


def test_bands_begin_with_their_first_kilometre() -> None:
    assert [distance_band(km) for km in (0, 49, 50, 199, 200, 300)] == [
        "under 25 km",
        "25 to 49 km",
        "50 to 99 km",
        "100 to 199 km",
        "200 to 299 km",
        "300 km or more",
    ]


def test_the_saving_of_a_year_with_a_round_price() -> None:
    """FIN-17."""
    made = evidenced(Placements(4_380, 68_340), 2_914, 2_914 * 71_005, 31_100_000)
    assert made == saving(Placements(4_380, 68_340), Placements(2_914, 71_005), 31_100_000)
    assert (made.volume_p, made.price_p) == (100_186_440, -7_765_810)
    assert (made.gross_p, made.net_p) == (92_420_630, 61_320_630)


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.integers(0, 10_000_000))
def test_volume_and_price_add_up_to_the_saving_to_the_penny(
    nights: int, price_p: int, actual: int, cost_p: int
) -> None:
    made = evidenced(Placements(nights, price_p), actual, cost_p, 0)
    assert made.gross_p == made.net_p == nights * price_p - cost_p
    assert abs(average_price(actual, cost_p) * actual - cost_p) <= actual / 2 or not actual
