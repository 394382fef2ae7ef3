"""What is committed and not yet spent: a commitment is let go as the money it stands for posts."""

from __future__ import annotations

from collections.abc import Container, Sequence

from collabdesk.domain.periods import MONTHS_IN_YEAR


def outstanding(committed_p: int, actual_p: int) -> int:
    """Return what of a month's commitment is still to come, given what was posted to it.

    What is posted comes off the commitment as far as that reaches, and never beyond: spending
    more than was committed leaves no commitment, and a credit against one leaves it whole.

    >>> outstanding(100_00, 30_00), outstanding(100_00, 130_00), outstanding(100_00, -30_00)
    (7000, 0, 10000)
    """
    if committed_p < 0:
        return -outstanding(-committed_p, -actual_p)
    return committed_p - min(max(actual_p, 0), committed_p)


def outstanding_months(
    committed_p: Sequence[int], actual_p: Sequence[int], closed: Container[int] = ()
) -> tuple[int, ...]:
    """Return what is still to come month by month, nothing in a closed month.

    What a closed month owed and had not been billed for is accrued in it, so its commitment
    would be counted twice.
    """
    return tuple(
        0 if month in closed else outstanding(committed_p[month - 1], actual_p[month - 1])
        for month in range(1, MONTHS_IN_YEAR + 1)
    )
