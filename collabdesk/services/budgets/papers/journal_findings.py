"""What looks wrong about single journals, which a keeper's application never posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from collabdesk.domain.budgets.ledger import ACTUAL_SIDE, Account, JournalKind
from collabdesk.domain.money import format_pence
from collabdesk.storage.queries.budgets import AllocationMove
from collabdesk.storage.queries.ledger import PostedJournal

_LETTERS: Final = frozenset({JournalKind.ALLOCATION, JournalKind.UPLIFT})
_CORRECTS: Final = frozenset({JournalKind.REVERSAL, JournalKind.CORRECTION})
_ENVELOPE: Final = Account.ENVELOPE.value
_ACTUAL: Final = frozenset(account.value for account in ACTUAL_SIDE)

Odd = tuple[str, str, PostedJournal]
"""A code, words, and the journal they are about."""


def odd_journals(
    posted: Sequence[PostedJournal], letters: Mapping[bytes, AllocationMove]
) -> Iterator[Odd]:
    """Yield journals that correct a budget, cancel what is cancelled, or differ from their letter.

    That nothing is carried out twice is judged before a journal is taken in at all.
    """
    yield from _budget_corrected(posted)
    yield from _reversed_again(posted)
    yield from _unlike_letter(posted, letters)


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


def _unlike_letter(
    posted: Sequence[PostedJournal], letters: Mapping[bytes, AllocationMove]
) -> Iterator[Odd]:
    for one in posted:
        if one.kind not in _LETTERS:
            continue
        letter = letters.get(one.source or b"")
        came_p = -sum(line.amount_p for line in one.lines if line.account == _ENVELOPE)
        if letter is None:
            words = f"Journal #{one.number} changes the envelope, and no letter says so."
            yield "posted_without_letter", words, one
        elif letter.amount_p != came_p and not letter.contested:
            words = (
                f"Journal #{one.number} brings {format_pence(came_p)}; {letter.reference} says "
                f"{format_pence(letter.amount_p)}."
            )
            yield "posted_unlike_letter", words, one
