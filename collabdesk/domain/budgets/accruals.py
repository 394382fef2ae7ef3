"""Accruals: counted in the month they belong to, taken back on the first day of the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from collabdesk.domain.budgets.postings import Posting, PostingKind, reversal
from collabdesk.domain.periods import Month


def next_month(month: Month) -> Month:
    """Return the month after; after March comes April of the next fiscal year."""
    return Month(month.last + dt.timedelta(days=1))


def opening_reversals(posted: Iterable[Posting], month: Month) -> tuple[Posting, ...]:
    """Return what a month opens with: every earlier accrual not yet taken back, reversed.

    They fall on the first day of the month and belong to it: only the difference between
    accrual and invoice is left in it.
    """
    kept = tuple(posted)
    taken_back = {each.reverses for each in kept if each.reverses}
    return tuple(
        reversal(each, month, month, kept)
        for each in kept
        if each.kind is PostingKind.ACCRUAL and each.period < month and each.key not in taken_back
    )
