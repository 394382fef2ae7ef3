"""A published value held against a standard: met, not met, or not to be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from collabdesk.domain.metrics.catalogue import Better
from collabdesk.domain.statistics.intervals import wilson

ROUNDING: Final = 2
"""A published count, rounded to the nearest five, is at most this far from the true one."""

FEWEST: Final = 20
"""With fewer people than this, a rounded share has no interval worth printing."""


class Attainment(StrEnum):
    """How a value stands to a standard."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"

    @property
    def words(self) -> str:
        """The finding as it is said."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Range:
    """Between which limits the true value lies, in the unit of the measure."""

    lower: float
    upper: float


def attainment(
    value: Fraction | None, standard: Fraction, better: Better, near: Range | None = None
) -> Attainment:
    """Hold a value against a standard; a range that crosses it cannot tell.

    Equal to the standard is met. A value that is suppressed or missing (None) cannot tell.
    """
    if value is None or better is Better.NEUTRAL:
        return Attainment.CANNOT_TELL
    worst, best = (value, value) if near is None else (near.lower, near.upper)
    if better is Better.LOWER:
        worst, best, standard = -best, -worst, -standard
    if worst >= standard:
        return Attainment.MET
    return Attainment.NOT_MET if best < standard else Attainment.CANNOT_TELL


def published_range(
    percent: Fraction, denominator: int | None, confidence: float = 0.95
) -> Range | None:
    """Return the range of a published share, its denominator rounded to the nearest five.

    Wilson's interval is taken at both ends of what the denominator may be, and the wider
    limits kept. Without a denominator, or below twenty people, there is none.
    """
    if denominator is None or denominator < FEWEST or not 0 <= percent <= 100:  # noqa: PLR2004
        return None
    share = float(percent / 100)
    found = [
        wilson(share * people, people, confidence)
        for people in (denominator - ROUNDING, denominator + ROUNDING)
    ]
    return Range(100 * min(each.lower for each in found), 100 * max(each.upper for each in found))
