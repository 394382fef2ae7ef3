"""What an organisation has said about the next membership, and what it may still say.

One statement for each attempt, a vote or a declaration that it passes over it; attempts
in order; nothing once the number is adopted.
"""

from __future__ import annotations

from collections.abc import Iterator

from collabdesk.errors import Refusal
from collabdesk.services.control.naming import Names
from collabdesk.sync.authority.held import Held, entry_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.authority.stalled import raised_by
from collabdesk.sync.records import Epoch, OrgEntry, Void


def own_entry(book: Rulebook, org: bytes) -> OrgEntry:
    """Return an organisation's entry; Refusal if it is no partner in the membership in force."""
    entry = entry_of(book.epoch, org)
    if entry is None:
        raise Refusal(
            code="not-a-partner",
            words="Your organisation is not a partner in the membership in force.",
        )
    return entry


def voids(book: Rulebook) -> Iterator[tuple[Held, Void]]:
    """Yield every declaration that passes over attempts to follow the membership in force."""
    for held in book.records.values():
        if isinstance(held.record, Void) and held.record.prev == book.head.id:
            yield held, held.record


def statements(book: Rulebook, entry: OrgEntry, attempt: int) -> list[Held]:
    """Return what any administrator of an organisation signed about an attempt."""
    mine = frozenset(entry.admins)
    found = [
        held
        for held in book.drafts()
        if held.epoch and held.epoch.attempt == attempt and held.signers & mine
    ]
    found += [
        held
        for held, void in voids(book)
        if void.org == entry.org and void.first <= attempt <= void.last and held.signers & mine
    ]
    return found


def refuse_second_statement(
    book: Rulebook, entry: OrgEntry, attempt: int, record: bytes, *, passing_over: bool = False
) -> None:
    """Raise Refusal if an organisation has said something else about an attempt.

    An attempt whose owner signed two proposals may be passed over by whoever had signed one,
    and one that stalled by the first two in turn: else everybody could have spoken and nothing
    be decided.
    """
    others = [held for held in statements(book, entry, attempt) if held.id != record]
    if passing_over and (book.owner_contradicts(attempt) or book.may_take_back(entry.org, attempt)):
        others = [held for held in others if isinstance(held.record, Void)]
    if others:
        names = Names(book)
        who = [names.signer(key) for key in entry.admins if key in others[0].signers]
        raise Refusal(
            code="already-spoken",
            words=f"{entry.name} has already {_said(others[0])} in this round"
            + (f", signed by {who[0]}." if who else "."),
            remedy="An organisation speaks once in each round, so that two different "
            "memberships can never both win. Wait for the others, or for the next round.",
        )


def refuse_where_left_out(book: Rulebook, entry: OrgEntry, after: Epoch) -> None:
    """Raise Refusal if an organisation that leaves would vote although the others suffice.

    Its vote counts among the old partners only: with it a proposal can have enough of those
    and too few of the new, and with every statement made nothing could be decided any more
    (docs/model-check.md).
    """
    staying = [one for one in book.epoch.orgs if entry_of(after, one.org) is not None]
    if entry in staying or len(staying) < book.epoch.k:
        return
    raise Refusal(
        code="left-out",
        words=f"{entry.name} would leave with this, and the other partners can agree to it alone.",
        remedy="Pass over this round instead: a vote of who leaves could block every later one.",
    )


def refuse_too_steep(book: Rulebook, after: Epoch) -> None:
    """Raise Refusal if two more would have to agree than before at one go.

    A round that then came to nothing could not be closed by one of the first two in turn
    (docs/model-check.md).
    """
    if raised_by(after, book.epoch) > 1:
        raise Refusal(
            code="too-steep",
            words=f"{after.k} of {len(after.orgs)} would have to agree, where {book.epoch.k} of "
            f"{len(book.epoch.orgs)} do now: that is more than one more at once.",
            remedy="Let one more have to agree, and another one after that.",
            field="organisations",
        )


def _said(held: Held) -> str:
    return "passed over its turn to vote" if isinstance(held.record, Void) else "signed a proposal"
