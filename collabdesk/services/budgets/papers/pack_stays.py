"""How long people have stayed, from the rows on this laptop, through the gate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.activity import Spell
from collabdesk.domain.periods import Month
from collabdesk.domain.statistics.suppression import Total
from collabdesk.services.budgets.contracts.gate import gate
from collabdesk.services.budgets.contracts.spells import (
    local_placements,
    local_spells,
    placement_of,
    stay_of,
)

BANDS: Final = (
    (30, "Up to 30 nights"),
    (90, "31 to 90 nights"),
    (180, "91 to 180 nights"),
    (365, "181 to 365 nights"),
    (None, "More than 365 nights"),
)
_PLACES: Final = ("Out of area", "Under a contract")


@dataclass(frozen=True, slots=True)
class StayBand:
    """How many people in the month had stayed so long by its end; None where it is hidden."""

    place: str
    band: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Stays:
    """The bands of each place with anybody in it; figures of fewer than `below` are hidden."""

    bands: tuple[StayBand, ...]
    below: int


def stays_of(reads: Connection, month: Month) -> Stays:
    """Return the stays with a night in a month, counted in people, rounded and hidden."""
    agreed = gate(reads)
    found = tuple(
        StayBand(place, band, None if people is None else agreed.rounded(people))
        for place, stays in _longest(reads, month).items()
        for band, people in agreed.gated(_totals(stays)).items()
    )
    return Stays(found, agreed.below)


def _longest(reads: Connection, month: Month) -> Mapping[str, Mapping[str, int]]:
    """Return each person's longest stay by the end of the month, place by place."""
    longest: dict[str, dict[str, int]] = defaultdict(dict)
    for place, person, spell in _spells(reads):
        if spell.nights(month.first, month.last):
            nights = spell.nights(spell.admitted, month.last)
            longest[place][person] = max(nights, longest[place].get(person, 0))
    return longest


def _spells(reads: Connection) -> Iterator[tuple[str, str, Spell]]:
    for row in local_placements(reads):
        placed = placement_of(row)
        yield _PLACES[0], row.pseudonym, placed.spell
    for kept in local_spells(reads):
        yield _PLACES[1], kept.pseudonym, stay_of(kept).spell


def _totals(stays: Mapping[str, int]) -> list[Total[str]]:
    people = Counter(_band(nights) for nights in stays.values())
    return [Total(band, people[band], people[band]) for _, band in BANDS]


def _band(nights: int) -> str:
    return next(words for upto, words in BANDS if upto is None or nights <= upto)
