"""What a contract pays for the activity of a time, in pence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from collabdesk.domain.decimals import parse_decimal
from collabdesk.domain.money import round_half_away
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far activity may stray before money follows, and at what share of the price.

    Per cent as decimal text: the tolerance of the planned quantity, the marginal rates of
    the price.
    """

    within_pct: str = "0"
    over_pct: str = "0"
    under_pct: str = "0"


@dataclass(frozen=True, slots=True)
class Block:
    """A block for a planned quantity at a price; without a tolerance only the block is paid."""

    planned: int
    price_p: int
    tolerance: Tolerance | None = None

    def __post_init__(self) -> None:
        """Refuse a plan below nought."""
        _check_quantity(self.planned, "plan_obd")

    @property
    def block_p(self) -> int:
        """What the block pays for the plan."""
        return self.planned * self.price_p

    def value_p(self, actual: int) -> int:
        """Return what is paid for the actual quantity: the block and its adjustment.

        Limits are exact; only what lies beyond them is priced, at the marginal rate.
        """
        _check_quantity(actual, "actual_obd")
        return self.block_p + round_half_away(self._adjustment(actual))

    def _adjustment(self, actual: int) -> Fraction:
        if self.tolerance is None:
            return Fraction(0)
        stray = self.planned * _share(self.tolerance.within_pct, "tolerance_pct")
        over = max(Fraction(0), actual - self.planned - stray)
        under = max(Fraction(0), self.planned - stray - actual)
        return self.price_p * (
            over * _share(self.tolerance.over_pct, "marginal_over_pct")
            - under * _share(self.tolerance.under_pct, "marginal_under_pct")
        )


@dataclass(frozen=True, slots=True)
class Cases:
    """So many cases at a price; a credit note is a line with a price below nought."""

    count: int
    price_p: int

    @property
    def cost_p(self) -> int:
        """What the cases cost."""
        return self.count * self.price_p


def cost_per_case(lines: Iterable[Cases]) -> int:
    """Add up a bill of cases and credit notes, in pence."""
    return sum(line.cost_p for line in lines)


@dataclass(frozen=True, slots=True)
class CostAndVolume:
    """A fixed sum up to a threshold quantity, and a price for each unit beyond it."""

    fixed_p: int
    threshold: int
    unit_price_p: int

    def __post_init__(self) -> None:
        """Refuse a threshold or a price below nought: the fixed sum is the least that is paid."""
        _check_quantity(self.threshold, "threshold")
        if self.unit_price_p < 0:
            raise Refusal(
                code="negative_price",
                words="The price of a unit beyond the threshold is less than nought.",
                remedy="Enter the price as agreed; the fixed sum is always paid in full.",
                field="unit_price_p",
            )

    def value_p(self, actual: int) -> int:
        """Return what is paid for the actual quantity."""
        _check_quantity(actual, "actual")
        return self.fixed_p + max(0, actual - self.threshold) * self.unit_price_p


def pass_through(invoices_p: Iterable[int]) -> int:
    """Pay invoices as they are, without a margin; credit notes count below nought."""
    return sum(invoices_p)


def _check_quantity(quantity: int, field: str) -> None:
    if quantity < 0:
        raise Refusal(
            code="negative_quantity",
            words=f"{quantity} is less than no activity at all.",
            remedy="Enter a quantity of nought or more; correct an earlier month in that month.",
            field=field,
        )


def _share(pct: str, field: str) -> Fraction:
    share = parse_decimal(pct, field) / 100
    if share < 0:
        raise Refusal(
            code="negative_percentage",
            words=f"{pct} % is less than nought.",
            remedy="Enter the percentage of the contract, nought or more.",
            field=field,
        )
    return share
