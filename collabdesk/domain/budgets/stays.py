"""A month's nights of many stays: occupied, on leave, with a bed held; and what they cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collabdesk.domain.budgets.activity import Spell
from collabdesk.domain.budgets.prices import PriceList
from collabdesk.domain.budgets.terms import Counted
from collabdesk.domain.periods import Month
from collabdesk.domain.statistics.suppression import Total


@dataclass(frozen=True, slots=True)
class Stay:
    """A spell of one person, and what its nights are counted as."""

    person: str
    counted: Counted
    spell: Spell


@dataclass(frozen=True, slots=True)
class Nights:
    """A month's nights of one measure, on how many people they rest, and their cost in pence.

    `cost_p` is None without a price list for the measure.
    """

    nights: int
    people: int
    cost_p: int | None

    def total(self, key: tuple[bytes, Counted]) -> Total[tuple[bytes, Counted]]:
        """Return it for the gate."""
        return Total(key, self.nights, self.people)


def occupied(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Return the stays with every night on leave taken out of the nights in the bed."""
    every = list(stays)
    away: dict[str, list[Spell]] = defaultdict(list)
    for stay in every:
        if stay.counted is not Counted.BED_DAYS:
            away[stay.person].append(stay.spell)
    return tuple(
        part
        for stay in every
        for part in (_without(stay, away[stay.person]) if _in_bed(stay) else [stay])
    )


def _in_bed(stay: Stay) -> bool:
    return stay.counted is Counted.BED_DAYS


def _without(stay: Stay, away: Iterable[Spell]) -> list[Stay]:
    """Cut the nights of other spells out of a stay."""
    parts = [stay.spell]
    for gone in away:
        parts = [left for part in parts for left in _cut(part, gone)]
    return [Stay(stay.person, stay.counted, part) for part in parts]


def _cut(part: Spell, gone: Spell) -> list[Spell]:
    left = []
    if part.admitted < gone.admitted:
        ends = gone.admitted
        if part.discharged is not None:
            ends = min(ends, part.discharged)
        left.append(Spell(part.admitted, ends))
    if gone.discharged is not None and (
        part.discharged is None or part.discharged > gone.discharged
    ):
        left.append(Spell(max(part.admitted, gone.discharged), part.discharged))
    return left


def counted_nights(
    stays: Iterable[Stay], month: Month, prices: Mapping[Counted, PriceList]
) -> dict[Counted, Nights]:
    """Count the nights of one contract's stays in a month, each at the price of its own night."""
    by_measure: dict[Counted, list[Stay]] = defaultdict(list)
    for stay in occupied(stays):
        if stay.spell.nights(month.first, month.last):
            by_measure[stay.counted].append(stay)
    return {
        measure: Nights(
            sum(stay.spell.nights(month.first, month.last) for stay in found),
            len({stay.person for stay in found}),
            _cost(found, month, prices.get(measure)),
        )
        for measure, found in by_measure.items()
    }


def _cost(stays: Iterable[Stay], month: Month, prices: PriceList | None) -> int | None:
    if prices is None:
        return None
    return prices.cost_p((stay.spell for stay in stays), month.first, month.last)
