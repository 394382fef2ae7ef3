"""Occupied bed days: the midnights a bed was slept in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from collabdesk.domain.decimals import fixed_text
from collabdesk.domain.periods import Month, date_words
from collabdesk.errors import Refusal

ONE_NIGHT = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """A stay in a bed; `discharged` is None while the person is still in."""

    admitted: dt.date
    discharged: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse a discharge before the admission."""
        if self.discharged is not None and self.discharged < self.admitted:
            raise Refusal(
                code="discharged_before_admitted",
                words=(
                    f"The discharge on {date_words(self.discharged)} comes before the "
                    f"admission on {date_words(self.admitted)}."
                ),
                remedy="Check both dates with the ward; a spell may end on the day it began.",
                field="discharged",
            )

    def nights(self, first: dt.date, last: dt.date) -> int:
        """Count the nights from `first` to `last`, both included, that were spent in the bed.

        The night of admission counts and the night of discharge does not.

        >>> Spell(dt.date(2026, 3, 10), dt.date(2026, 4, 19)).nights(
        ...     dt.date(2026, 4, 1), dt.date(2026, 4, 30)
        ... )
        18
        """
        begins = max(self.admitted, first)
        left = last + ONE_NIGHT
        ends = left if self.discharged is None else min(self.discharged, left)
        return max(0, (ends - begins).days)

    def shares_a_night(self, other: Spell) -> bool:
        """Tell whether a night was spent in both."""
        begins = max(self.admitted, other.admitted)
        return all(spell.discharged is None or begins < spell.discharged for spell in (self, other))


def bed_days(spells: Iterable[Spell], month: Month) -> int:
    """Count the occupied bed days of a month: all nights of all spells."""
    return sum(spell.nights(month.first, month.last) for spell in spells)


def occupancy_pct(occupied: int, beds: int, days: int) -> str | None:
    """Return occupied bed days of those there were, in per cent with one decimal.

    None when there was no bed to lie in; more than 100 when beds were added at short notice.
    """
    available = beds * days
    return fixed_text(Fraction(100 * occupied, available), 1) if available > 0 else None
