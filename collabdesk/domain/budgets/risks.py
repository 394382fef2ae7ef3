"""Risks and opportunities: how far a forecast may go either way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from collabdesk.domain.decimals import parse_decimal
from collabdesk.domain.money import format_pence, round_half_away
from collabdesk.errors import Refusal

_CERTAIN: Final = 100


class RiskKind(StrEnum):
    """Whether it would cost money or save it."""

    RISK = "risk"
    OPPORTUNITY = "opportunity"


@dataclass(frozen=True, slots=True)
class Risk:
    """What is not in the forecast and may come: its size in three cases, in pence.

    In the best case a risk costs least and an opportunity saves most. `probability_pct` is
    decimal text, the chance of the likely case.
    """

    kind: RiskKind
    best_p: int
    likely_p: int
    worst_p: int
    probability_pct: str

    def __post_init__(self) -> None:
        """Refuse a size below nought, cases out of order and a chance that is none."""
        sizes = (self.best_p, self.likely_p, self.worst_p)
        if min(sizes) < 0:
            raise Refusal(
                code="risk_below_nought",
                words="A risk or opportunity is less than nought.",
                remedy="Enter its size; what saves money is an opportunity.",
                field=_FIELDS[sizes.index(min(sizes))],
            )
        if list(self.costs_p) != sorted(self.costs_p):
            raise Refusal(
                code="cases_out_of_order",
                words=(
                    f"Best {format_pence(self.best_p)}, likely {format_pence(self.likely_p)} and "
                    f"worst {format_pence(self.worst_p)} do not follow each other."
                ),
                remedy=_ORDERS[self.kind],
                field="likely_p",
            )
        if not 0 <= parse_decimal(self.probability_pct, "probability_pct") <= _CERTAIN:
            raise Refusal(
                code="not_a_probability",
                words=f"{self.probability_pct} % is no probability.",
                remedy="Enter a percentage from 0 to 100.",
                field="probability_pct",
            )

    @property
    def costs_p(self) -> tuple[int, int, int]:
        """What it adds to the outturn at best, likely and at worst; below nought it saves."""
        sign = 1 if self.kind is RiskKind.RISK else -1
        return sign * self.best_p, sign * self.likely_p, sign * self.worst_p

    @property
    def weighted(self) -> Fraction:
        """The likely cost times its chance."""
        return self.costs_p[1] * parse_decimal(self.probability_pct) / _CERTAIN


_FIELDS: Final = ("best_p", "likely_p", "worst_p")
_ORDERS: Final = {
    RiskKind.RISK: "A risk costs least in the best case and most in the worst.",
    RiskKind.OPPORTUNITY: "An opportunity saves most in the best case and least in the worst.",
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast outturn and where it may end, in pence; `expected_p` weighs by chance."""

    forecast_p: int
    best_p: int
    likely_p: int
    worst_p: int
    expected_p: int


def outlook(forecast_p: int, risks: Iterable[Risk]) -> Outlook:
    """Add what may come to a forecast: case by case, and weighed by chance with one rounding."""
    known = tuple(risks)
    best, likely, worst = (sum(risk.costs_p[case] for risk in known) for case in range(3))
    weighted = round_half_away(sum((risk.weighted for risk in known), Fraction(0)))
    return Outlook(
        forecast_p,
        forecast_p + best,
        forecast_p + likely,
        forecast_p + worst,
        forecast_p + weighted,
    )
