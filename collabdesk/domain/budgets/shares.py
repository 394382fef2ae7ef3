"""Shares in basis points: whole numbers that total 10,000."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from collabdesk.domain.apportionment import split
from collabdesk.errors import Refusal

WHOLE_BP: Final = 10_000
"""One hundred per cent."""


def check_shares(shares_bp: Sequence[int], field: str = "shares_bp") -> None:
    """Refuse shares below nought or that do not total 10,000 basis points."""
    if any(share < 0 for share in shares_bp):
        raise Refusal(
            code="negative_share",
            words="A share is less than nought.",
            remedy="Enter shares of nought or more that total 100 %.",
            field=field,
        )
    total = sum(shares_bp)
    if total != WHOLE_BP:
        raise Refusal(
            code="shares_must_total_10000bp",
            words=f"The shares total {total:,} basis points, not 10,000.",
            remedy="Change them so that they total exactly 100 %.",
            field=field,
        )


def linked_shares(bases: Sequence[int]) -> tuple[int, ...]:
    """Return shares that follow a basis such as budgets in pence or scores; they total 10,000."""
    return tuple(split(WHOLE_BP, bases))
