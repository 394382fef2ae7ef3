"""The part of a contract that is paid for quality, at the close of a quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from collabdesk.domain.budgets.shares import WHOLE_BP, check_shares
from collabdesk.domain.money import round_half_away
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Measure:
    """One quality measure: its weight in the element and how far it was met, in basis points."""

    weight_bp: int
    achieved_bp: int

    def __post_init__(self) -> None:
        """Refuse an achievement outside 0 to 100 %."""
        _check_part(self.achieved_bp, "achieved_bp")


def quality_element(value_p: int, quality_bp: int, measures: Sequence[Measure]) -> int:
    """Return the pence earned: value, times the share linked to quality, times what was met.

    The weights must total 10,000 basis points; one rounding, at the end.
    """
    _check_part(quality_bp, "quality_bp")
    check_shares([measure.weight_bp for measure in measures], "weight_bp")
    met = sum(measure.weight_bp * measure.achieved_bp for measure in measures)
    return round_half_away(Fraction(value_p * quality_bp * met, WHOLE_BP**3))


def _check_part(part_bp: int, field: str) -> None:
    if not 0 <= part_bp <= WHOLE_BP:
        raise Refusal(
            code="not_a_part",
            words=f"{part_bp} basis points is not a part of the whole.",
            remedy="Enter basis points from 0 (none) to 10,000 (all).",
            field=field,
        )
