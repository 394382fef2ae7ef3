"""Approvals lapse when the money was not there: a virement sent back is decided anew."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from collabdesk.domain.budgets.ledger import Account, LineKey
from collabdesk.domain.budgets.virement import Virement
from collabdesk.storage.queries.approvals import Approval
from collabdesk.storage.queries.ledger import PostedJournal
from collabdesk.sync.operations import Dot


def lapsed(
    virement: Virement, given: Sequence[Approval], posted: Sequence[PostedJournal]
) -> frozenset[Dot]:
    """Return the approvals since which the ledger did not hold what the virement draws.

    Said in the order of the ledger and of what was signed, which every replica agrees on: an
    approval lapses if any state of the ledger in force when it was signed, or later, fell
    short. Else money put on the line for another purpose would carry an old decision out.
    """
    if not given:
        return frozenset()
    short_until = _short_until(virement, posted)
    return frozenset(one.dot for one in given if one.author.lamport < short_until)


def _short_until(virement: Virement, posted: Sequence[PostedJournal]) -> float:
    """Return when the source was last short: the lamport time of the journal that mended it."""
    held_p, until = 0, -inf
    for journal in posted:
        if held_p < virement.amount_p:
            until = journal.author.lamport
        held_p += _onto(journal, virement.draws)
    return inf if held_p < virement.amount_p else until


def _onto(journal: PostedJournal, place: LineKey | Account) -> int:
    if isinstance(place, Account):
        return sum(one.amount_p for one in journal.lines if one.account == place.value)
    return sum(
        one.amount_p
        for one in journal.lines
        if one.account == Account.LINE.value
        and (one.service_line, one.provider) == (place.service_line, place.provider)
    )
