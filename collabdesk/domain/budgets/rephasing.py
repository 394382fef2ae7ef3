"""Phasing again after months are closed: what was published stays."""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.domain.apportionment import split
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal


def rephase(
    annual_p: int, published_p: Sequence[int], weights: Sequence[int], closed: int
) -> tuple[int, ...]:
    """Keep the first `closed` months and spread the rest of the annual pence over the others.

    `published_p` and `weights` have one whole number for each month, April first; the months
    add up to the annual amount exactly.
    """
    if len(published_p) != MONTHS_IN_YEAR or len(weights) != MONTHS_IN_YEAR:
        raise Refusal(
            code="weights_not_twelve",
            words="The phasing does not have twelve months.",
            remedy="Give one whole number for each month, April first.",
            field="weights",
        )
    if not 0 <= closed < MONTHS_IN_YEAR:
        raise Refusal(
            code="no_open_month",
            words=f"With {closed} months closed none is left to phase over.",
            remedy="Phase again while a month of the year is open.",
            field="closed",
        )
    kept = tuple(published_p[:closed])
    return (*kept, *split(annual_p - sum(kept), weights[closed:]))
