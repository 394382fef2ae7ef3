"""Which way is better."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """The direction in which a measure improves."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"
