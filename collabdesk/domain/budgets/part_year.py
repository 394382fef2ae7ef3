"""Full-year and part-year effect of a change that starts during a fiscal year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from collabdesk.domain.money import round_half_away
from collabdesk.domain.periods import FiscalYear


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change is worth in its first year, in pence, against what was planned."""

    days: int
    part_year_p: int
    planned_p: int

    @property
    def slippage_p(self) -> int:
        """What a late start loses this year, once; below nought for an early start."""
        return self.planned_p - self.part_year_p


def effect(full_year_p: int, start: dt.date, planned_start: dt.date, year: FiscalYear) -> Effect:
    """Return the part-year effect by days of the year, the day of the start included."""
    days = days_left(start, year)
    return Effect(
        days,
        _part(full_year_p, days, year),
        _part(full_year_p, days_left(planned_start, year), year),
    )


def days_left(start: dt.date, year: FiscalYear) -> int:
    """Count the days of a year from a start on: all before it, none after it."""
    return max(0, (year.end - max(start, year.start)).days + 1)


def _part(full_year_p: int, days: int, year: FiscalYear) -> int:
    return round_half_away(Fraction(full_year_p * days, year.days))
