"""Budget against actual: how far apart, which way, and how loudly to say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from collabdesk.domain.decimals import fixed_text, parse_decimal
from collabdesk.errors import Refusal


class Flow(StrEnum):
    """Which way the money goes: what is good for one is bad for the other."""

    EXPENDITURE = "expenditure"
    INCOME = "income"


class Rating(StrEnum):
    """The rating that is printed as a word beside its colour."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where an adverse variance is amber and red: decimal text, per cent of the budget."""

    amber_over_pct: str
    red_over_pct: str

    def __post_init__(self) -> None:
        """Refuse thresholds in the wrong order."""
        amber = parse_decimal(self.amber_over_pct, "amber_over_pct")
        if not 0 <= amber <= parse_decimal(self.red_over_pct, "red_over_pct"):
            raise Refusal(
                code="thresholds_out_of_order",
                words=f"Amber over {self.amber_over_pct} % and red over {self.red_over_pct} % "
                "do not follow each other.",
                remedy="Enter percentages of nought or more, red no lower than amber.",
                field="amber_over_pct",
            )


@dataclass(frozen=True, slots=True)
class Variance:
    """How far actual is from budget, in pence; above nought is favourable."""

    amount_p: int
    budget_p: int

    @property
    def pct(self) -> str | None:
        """The variance in per cent of the budget's size, two decimals; None without a budget."""
        ratio = self._ratio
        return None if ratio is None else fixed_text(ratio, 2)

    def rating(self, thresholds: Thresholds) -> Rating:
        """Rate an adverse variance by its exact percentage; unbudgeted spend is always red."""
        if self.amount_p >= 0:
            return Rating.GREEN
        ratio = self._ratio
        if ratio is None or -ratio > parse_decimal(thresholds.red_over_pct):
            return Rating.RED
        return Rating.AMBER if -ratio > parse_decimal(thresholds.amber_over_pct) else Rating.GREEN

    @property
    def _ratio(self) -> Fraction | None:
        return Fraction(100 * self.amount_p, abs(self.budget_p)) if self.budget_p else None


def variance(flow: Flow, budget_p: int, actual_p: int) -> Variance:
    """Compare budget and actual; spending less or earning more is favourable."""
    over_p = actual_p - budget_p
    return Variance(over_p if flow is Flow.INCOME else -over_p, budget_p)
