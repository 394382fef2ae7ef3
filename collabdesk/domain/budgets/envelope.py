"""The envelope: what is delegated for the year, and what of it is not yet allocated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from collabdesk.domain.apportionment import split
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.money import round_half_away
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal


class Convention(StrEnum):
    """How cost uplift and efficiency meet; a stored setting of the fiscal year."""

    ADDITIVE = "additive"
    MULTIPLICATIVE = "multiplicative"


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening allocation: the baseline and its net uplift."""

    net_pct: str
    uplift_p: int
    opening_p: int


def opening_allocation(
    baseline_p: int, cost_uplift_pct: str, efficiency_pct: str, convention: Convention
) -> Opening:
    """Uplift the recurrent baseline by costs less efficiency; percentages are decimal text."""
    cost = parse_decimal(cost_uplift_pct, "cost_uplift_pct") / 100
    efficiency = parse_decimal(efficiency_pct, "efficiency_pct") / 100
    net = cost - efficiency
    if convention is Convention.MULTIPLICATIVE:
        net = (1 + cost) * (1 - efficiency) - 1
    uplift = round_half_away(baseline_p * net)
    return Opening(decimal_text(100 * net), uplift, baseline_p + uplift)


@dataclass(frozen=True, slots=True)
class LateUplift:
    """An uplift changed during the year: what is due each month and when it is posted."""

    old_uplift_p: int
    new_uplift_p: int
    adjustment_p: int
    entitlement_p: tuple[int, ...]
    posted_p: tuple[int, ...]


def late_uplift(
    baseline_p: int, old_pct: str, new_pct: str, effective_month: int, actioned_month: int
) -> LateUplift:
    """Work out a late change of uplift; months already closed are caught up in one posting."""
    if not 1 <= effective_month <= actioned_month <= MONTHS_IN_YEAR:
        raise Refusal(
            code="months_out_of_order",
            words=f"Month {effective_month} cannot be actioned in month {actioned_month}.",
            remedy="Action an uplift in the month it takes effect or later, within the year.",
            field="actioned_in_month",
        )
    old = round_half_away(baseline_p * parse_decimal(old_pct, "old_uplift_pct") / 100)
    new = round_half_away(baseline_p * parse_decimal(new_pct, "new_uplift_pct") / 100)
    before = effective_month - 1
    due = (0,) * before + tuple(split(new - old, [1] * (MONTHS_IN_YEAR - before)))
    caught_up = sum(due[:actioned_month])
    posted = (0,) * (actioned_month - 1) + (caught_up, *due[actioned_month:])
    return LateUplift(old, new, new - old, due, posted)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is delegated, kept as contingency, planned on lines, and left."""

    envelope_p: int
    contingency_p: int
    lines_p: int

    @property
    def unallocated_p(self) -> int:
        """The balancing figure: lines + contingency + unallocated = envelope."""
        return self.envelope_p - self.contingency_p - self.lines_p


def envelope(moves_p: Sequence[int], contingency_pct: str, lines_p: Sequence[int]) -> Envelope:
    """Add up the opening allocation and every move since, and keep the contingency back."""
    total = sum(moves_p)
    return Envelope(total, contingency(total, contingency_pct), sum(lines_p))


def contingency(envelope_p: int, pct: str) -> int:
    """Return the contingency: a percentage of the envelope from 0 to 100."""
    share = parse_decimal(pct, "contingency_pct") / 100
    if not 0 <= share <= 1:
        raise Refusal(
            code="contingency_pct",
            words=f"A contingency of {pct} % is not a share of the envelope.",
            remedy="Use a percentage from 0 to 100, for example 0.5.",
            field="contingency_pct",
        )
    return round_half_away(Fraction(envelope_p) * share)
