"""An enhanced package of care: staff beside one person, paid by the hour."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.money import round_half_away
from collabdesk.errors import Refusal

_HOURS_IN_DAY = 24


@dataclass(frozen=True, slots=True)
class Package:
    """What was approved: pence an hour, staff at a time, hours a day, days, on-costs in per cent.

    Hours and per cent are decimal text.
    """

    rate_p: int
    staff: int
    hours_per_day: str
    days: int
    on_cost_pct: str = "0"

    def __post_init__(self) -> None:
        """Refuse what no rota can hold."""
        hours = parse_decimal(self.hours_per_day, "hours_per_day")
        if not 0 <= hours <= _HOURS_IN_DAY:
            raise Refusal(
                code="hours_per_day",
                words=f"A day does not have {self.hours_per_day} hours.",
                remedy="Enter the hours one member of staff is there, from 0 to 24.",
                field="hours_per_day",
            )
        amounts = {"rate_p_per_hour": self.rate_p, "staff": self.staff, "days": self.days}
        below = next((name for name, amount in amounts.items() if amount < 0), "")
        if below or parse_decimal(self.on_cost_pct, "on_cost_pct") < 0:
            raise Refusal(
                code="package_below_nought",
                words="A figure of the package is less than nought.",
                remedy="Enter rate, staff, days and on-costs of nought or more.",
                field=below or "on_cost_pct",
            )

    @property
    def hours(self) -> str:
        """The staff-hours, as exact decimal text."""
        return decimal_text(self._hours)

    @property
    def base_p(self) -> int:
        """The hours at the rate, before on-costs."""
        return round_half_away(self.rate_p * self._hours)

    @property
    def total_p(self) -> int:
        """The hours with on-costs, rounded once from the exact value."""
        on_cost = parse_decimal(self.on_cost_pct) / 100
        return round_half_away(self.rate_p * self._hours * (1 + on_cost))

    @property
    def _hours(self) -> Fraction:
        return self.staff * self.days * parse_decimal(self.hours_per_day)
