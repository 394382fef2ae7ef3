"""Intervals of uncertainty about published figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the limits of its confidence interval."""

    value: float
    lower: float
    upper: float


def wilson(numerator: float, denominator: float, confidence: float = 0.95) -> Interval:
    """Return a proportion with Wilson's score interval (Wilson 1927)."""
    if not (0 <= numerator <= denominator and denominator > 0 and 0 < confidence < 1):
        raise Refusal(
            code="proportion",
            words=f"{numerator:g} of {denominator:g} is not a proportion.",
            remedy="The denominator must be above nought and at least the numerator.",
            field="denominator",
        )
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = numerator / denominator
    middle = 2 * numerator + z * z
    reach = z * math.sqrt(z * z + 4 * numerator * (1 - share))
    scale = 2 * (denominator + z * z)
    return Interval(share, max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale))
