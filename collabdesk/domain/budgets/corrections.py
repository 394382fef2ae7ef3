"""Correcting a closed month: nothing in it changes; a pair is posted in an open one."""

from __future__ import annotations

from collections.abc import Iterable

from collabdesk.domain.budgets.month_states import States, check_open
from collabdesk.domain.budgets.postings import Posting, PostingKind, reversal
from collabdesk.domain.periods import Month


def correct(
    original: Posting, true_p: int, found_in: Month, states: States, posted: Iterable[Posting]
) -> tuple[Posting, Posting]:
    """Return the reversal of a posting and its correction, in pence.

    Both stand in the month the mistake was found in, which must be open, and belong to the
    month of the original, which need not be. The pair is posted even for an equal amount:
    its words may be what was wrong.
    """
    check_open(found_in, states, "found_in")
    cancelled = reversal(original, found_in, original.effective, posted)
    corrected = Posting(
        PostingKind.CORRECTION,
        found_in,
        original.effective,
        true_p,
        words=f"Correction: {original.words}" if original.words else "Correction",
    )
    return cancelled, corrected
