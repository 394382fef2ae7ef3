"""What looks wrong about single journals, which a keeper's application never posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from collabdesk.domain.budgets.ledger import ACTUAL_SIDE, JournalKind
from collabdesk.storage.queries.ledger import PostedJournal

_LETTERS: Final = frozenset({JournalKind.ALLOCATION, JournalKind.UPLIFT})
_CORRECTS: Final = frozenset({JournalKind.REVERSAL, JournalKind.CORRECTION})
_ACTUAL: Final = frozenset(account.value for account in ACTUAL_SIDE)

Odd = tuple[str, str, PostedJournal]
"""A code, words, and the journal they are about."""


def odd_journals(posted: Sequence[PostedJournal]) -> Iterator[Odd]:
    """Yield journals that correct a budget, cancel what is cancelled, or have no letter.

    That nothing is carried out twice is judged before a journal is taken in at all.
    """
    yield from _budget_corrected(posted)
    yield from _reversed_again(posted)
    yield from _without_letter(posted)


def _budget_corrected(posted: Sequence[PostedJournal]) -> Iterator[Odd]:
    for one in posted:
        if one.kind in _CORRECTS and any(line.account not in _ACTUAL for line in one.lines):
            words = (
                f"Journal #{one.number} changes a budget by a correction; a budget moves by "
                "letter, version or virement."
            )
            yield "budget_corrected", words, one


def _reversed_again(posted: Sequence[PostedJournal]) -> Iterator[Odd]:
    first: dict[bytes, int] = {}
    for one in posted:
        if one.reverses is None or one.kind != JournalKind.REVERSAL:
            continue
        if one.reverses in first:
            words = f"Journal #{one.number} cancels again what #{first[one.reverses]} cancelled."
            yield "reversed_twice", words, one
        first.setdefault(one.reverses, one.number)


def _without_letter(posted: Sequence[PostedJournal]) -> Iterator[Odd]:
    for one in posted:
        if one.kind in _LETTERS and one.source is None:
            words = f"Journal #{one.number} changes the envelope, and no letter says so."
            yield "posted_without_letter", words, one
