"""Placements out of area: how far, why, for how long, at what cost, and who has to be seen."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeVar

from collabdesk.domain.budgets.activity import Spell
from collabdesk.domain.budgets.placements import Placements, Saving, saving
from collabdesk.domain.money import round_half_away
from collabdesk.domain.periods import Month
from collabdesk.domain.statistics.suppression import Gate, Total
from collabdesk.errors import Refusal

K = TypeVar("K", bytes, str)


class Reason(StrEnum):
    """Why somebody is placed out of area."""

    NO_BED = "no_bed"
    SPECIALIST = "specialist"
    SAFEGUARDING = "safeguarding"
    OFFENDING = "offending"
    STAFF = "staff"
    CHOICE = "choice"
    AWAY = "away"

    @property
    def words(self) -> str:
        """The reason for reading."""
        return REASONS[self]


REASONS: Final[Mapping[Reason, str]] = {
    Reason.NO_BED: "No bed available locally",
    Reason.SPECIALIST: "Specialist care not provided locally",
    Reason.SAFEGUARDING: "Safeguarding",
    Reason.OFFENDING: "Offending restrictions",
    Reason.STAFF: "Member of the local staff",
    Reason.CHOICE: "The person's choice",
    Reason.AWAY: "Fell ill away from home",
}
_GATE: Final = Gate()
_BANDS_KM: Final = (25, 50, 100, 200, 300)
BANDS: Final = (
    "under 25 km",
    "25 to 49 km",
    "50 to 99 km",
    "100 to 199 km",
    "200 to 299 km",
    "300 km or more",
)


def distance_band(km: int) -> str:
    """Return the band a distance falls in.

    >>> distance_band(24), distance_band(25), distance_band(412)
    ('under 25 km', '25 to 49 km', '300 km or more')
    """
    if km < 0:
        raise Refusal(
            code="negative_quantity",
            words=f"{km} km is no distance.",
            remedy="Enter whole kilometres of nought or more.",
            field="distance_km",
        )
    return BANDS[sum(km >= limit for limit in _BANDS_KM)]


@dataclass(frozen=True, slots=True)
class Placement:
    """One placement out of area; `line` is what it is paid from, the price one of a night."""

    person: str
    line: bytes
    spell: Spell
    price_p: int
    distance_km: int
    reason: Reason
    review_due: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse a distance or a price below nought."""
        distance_band(self.distance_km)
        if self.price_p < 0:
            raise Refusal(
                code="negative_price",
                words="The price of a night is less than nought.",
                remedy="Enter the price of a night as agreed.",
                field="price_p",
            )

    def nights(self, month: Month) -> int:
        """Count the nights of a month."""
        return self.spell.nights(month.first, month.last)

    def overdue(self, day: dt.date) -> bool:
        """Tell whether a review should have been by a day, and the person is still away."""
        return (
            self.review_due is not None
            and self.review_due < day
            and (self.spell.discharged is None or self.spell.discharged > day)
        )


CUTS: Final[Mapping[str, Callable[[Placement], str]]] = {
    "everything": lambda _: "",
    "distance": lambda placement: distance_band(placement.distance_km),
    "reason": lambda placement: placement.reason.value,
}
"""How placements are added up: all together, by how far, by why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a month's placements on one line, as it may be shared.

    Nothing is said of a hidden part; people and overdue reviews are rounded, and too few
    overdue are not told apart from none.
    """

    line: bytes
    cut: str
    part: str
    people: int | None = None
    nights: int | None = None
    cost_p: int | None = None
    overdue: int | None = None


def shared_parts(
    placements: Iterable[Placement], month: Month, gate: Gate = _GATE
) -> tuple[Part, ...]:
    """Return a month's placements after the suppression gate, line by line and cut by cut.

    A hidden line is hidden in every cut, and where one part of a cut is hidden a second is.
    """
    here = [one for one in placements if one.nights(month)]
    by_line = _grouped(here, lambda one: one.line)
    whole = gate.gated(Total(line, 1, _people(found)) for line, found in by_line.items())
    return tuple(
        part
        for line, found in sorted(by_line.items())
        for cut, key in CUTS.items()
        for part in _cut(
            gate, Part(line, cut, ""), _grouped(found, key), month, hide=whole[line] is None
        )
    )


def _cut(
    gate: Gate,
    cut: Part,
    parts: Mapping[str, list[Placement]],
    month: Month,
    *,
    hide: bool,
) -> list[Part]:
    nights = gate.gated(
        Total(part, sum(one.nights(month) for one in found), _people(found))
        for part, found in parts.items()
    )
    return [
        replace(cut, part=part)
        if hide or nights[part] is None
        else _shown(gate, replace(cut, part=part), parts[part], month)
        for part in sorted(parts)
    ]


def _shown(gate: Gate, part: Part, found: list[Placement], month: Month) -> Part:
    late = sum(one.overdue(month.last) for one in found)
    return replace(
        part,
        people=gate.rounded(_people(found)),
        nights=sum(one.nights(month) for one in found),
        cost_p=sum(one.nights(month) * one.price_p for one in found),
        overdue=gate.rounded(late) if late >= gate.below else None,
    )


def _people(found: Iterable[Placement]) -> int:
    return len({one.person for one in found})


def _grouped(found: Iterable[Placement], key: Callable[[Placement], K]) -> dict[K, list[Placement]]:
    groups: dict[K, list[Placement]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    return groups


def average_price(nights: int, cost_p: int) -> int:
    """Return what a night cost on average, in pence; nought without a night."""
    return round_half_away(Fraction(cost_p, nights)) if nights else 0


def evidenced(baseline: Placements, nights: int, cost_p: int, local_cost_p: int) -> Saving:
    """Split a saving against a baseline when the actual cost is known to the penny.

    FIN-17 with an actual price that need not be whole pence: the volume is priced as before,
    and the price effect is all that is left, so both add up to the saving exactly.
    """
    plain = saving(baseline, Placements(nights, 0))
    price_p = nights * baseline.price_p - cost_p
    return Saving(baseline.cost_p, cost_p, plain.volume_p, price_p, local_cost_p)
