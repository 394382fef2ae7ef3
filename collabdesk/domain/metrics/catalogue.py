"""The measures CollabDesk compares from the start."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Better(StrEnum):
    """Which way a published measure is better."""

    HIGHER = "higher_better"
    LOWER = "lower_better"
    NEUTRAL = "neutral"


class Unit(StrEnum):
    """What a published measure is counted in."""

    COUNT = "count"
    PERCENT = "percent"
    RATE = "rate"
    DAYS = "days"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class PublishedMeasure:
    """A measure by its published code; `denominator` is the code its share is of."""

    code: str
    name: str
    unit: Unit
    better: Better
    denominator: str = ""


MRS08B: Final = PublishedMeasure(
    "MRS08b",
    "Children: share of clock stops within four weeks",
    Unit.PERCENT,
    Better.HIGHER,
    denominator="MRS08",
)
MRS10A: Final = PublishedMeasure(
    "MRS10a",
    "Children: median days waiting for a first contact",
    Unit.DAYS,
    Better.LOWER,
)
CATALOGUE: Final = {measure.code: measure for measure in (MRS08B, MRS10A)}
