"""A price list by date: each night costs the price in force that night."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from collabdesk.domain.budgets.activity import Spell
from collabdesk.domain.periods import date_words
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Price:
    """Pence for one night, from a day until the next price."""

    since: dt.date
    price_p: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many nights at one price."""

    since: dt.date
    nights: int
    price_p: int

    @property
    def cost_p(self) -> int:
        """What the nights cost, in pence."""
        return self.nights * self.price_p


class PriceList:
    """The prices of one measure (bed days, leave days, a held bed), in any order."""

    def __init__(self, prices: Iterable[Price], what: str = "") -> None:
        """Refuse two prices that start on the same day; `what` is priced, in words."""
        self._of = f" for {what}" if what else ""
        self._prices = sorted(prices)
        self._days = [price.since for price in self._prices]
        twice = next((a for a, b in zip(self._days, self._days[1:], strict=False) if a == b), None)
        if twice is not None:
            raise Refusal(
                code="two_prices_one_day",
                words=f"Two prices start on {date_words(twice)}.",
                remedy="Keep one price for each day on which prices change.",
                field="prices",
            )

    def on(self, night: dt.date) -> Price:
        """Return the price in force on a night; refused before the first price."""
        place = bisect_right(self._days, night)
        if not place:
            raise Refusal(
                code="no_price_in_force",
                words=f"No price{self._of} is in force on {date_words(night)}.",
                remedy="Add the price that applied on that day to the price list.",
                field="prices",
            )
        return self._prices[place - 1]

    def changes_after(self, day: dt.date) -> tuple[dt.date, ...]:
        """List the later days on which a price starts."""
        return tuple(self._days[bisect_right(self._days, day) :])

    def nights(self, spell: Spell, first: dt.date, last: dt.date) -> tuple[Stretch, ...]:
        """Cut the nights of a spell from `first` to `last` where the price changes."""
        night, left = max(spell.admitted, first), spell.nights(first, last)
        stretches = []
        while left:
            price = self.on(night)
            ahead = next(((day - night).days for day in self.changes_after(night)), left)
            stretches.append(Stretch(night, min(left, ahead), price.price_p))
            night += dt.timedelta(days=stretches[-1].nights)
            left -= stretches[-1].nights
        return tuple(stretches)

    def cost_p(self, spells: Iterable[Spell], first: dt.date, last: dt.date) -> int:
        """Price every night of the spells, in pence; each night at its own price."""
        return sum(part.cost_p for spell in spells for part in self.nights(spell, first, last))
