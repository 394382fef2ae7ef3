"""Out-of-area placements: a saving evidenced against a stated baseline, never assumed."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Placements:
    """The occupied bed days of placements out of area and their average price, in pence."""

    bed_days: int
    price_p: int

    def __post_init__(self) -> None:
        """Refuse bed days below nought."""
        if self.bed_days < 0:
            raise Refusal(
                code="negative_quantity",
                words=f"{self.bed_days} is less than no bed day at all.",
                remedy="Enter occupied bed days of nought or more.",
                field="bed_days",
            )

    @property
    def cost_p(self) -> int:
        """What the placements cost."""
        return self.bed_days * self.price_p


@dataclass(frozen=True, slots=True)
class Saving:
    """A saving split into fewer bed days and their price, less the local beds instead.

    All in pence; below nought it is a cost.
    """

    baseline_cost_p: int
    actual_cost_p: int
    volume_p: int
    price_p: int
    local_cost_p: int

    @property
    def gross_p(self) -> int:
        """What less was spent out of area: volume and price together, exactly."""
        return self.volume_p + self.price_p

    @property
    def net_p(self) -> int:
        """What is left after the local beds that took the placements' place."""
        return self.gross_p - self.local_cost_p


def saving(baseline: Placements, actual: Placements, local_cost_p: int = 0) -> Saving:
    """Compare placements with the baseline: volume at the old price, price at the new volume."""
    return Saving(
        baseline.cost_p,
        actual.cost_p,
        (baseline.bed_days - actual.bed_days) * baseline.price_p,
        (baseline.price_p - actual.price_p) * actual.bed_days,
        local_cost_p,
    )
