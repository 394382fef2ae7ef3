"""Attempts at the next epoch: whose turn it is, and what opens the next turn.

Attempt a belongs to organisation a modulo their number. It opens when, for each attempt
before it, so many organisations have declared it void that it can no longer win.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

from collabdesk.sync.authority.held import Held, Records, epoch_of, votes
from collabdesk.sync.records import Epoch, OrgEntry


def owner_of(epoch: Epoch, attempt: int) -> OrgEntry:
    """Return the organisation without whose vote a record of this attempt cannot win."""
    return epoch.orgs[attempt % len(epoch.orgs)]


def voided_by(records: Records, parent: Held, entry: OrgEntry, attempt: int) -> bool:
    """Tell whether an organisation has declared an attempt to follow an epoch void."""
    return any(
        void.org == entry.org and void.first <= attempt <= void.last and votes(signers, entry)
        for void, signers in records.voids_after(parent.id)
    )


def is_void(records: Records, parent: Held, attempt: int) -> bool:
    """Tell whether so many declared an attempt void that no record of it can win."""
    epoch = epoch_of(parent)
    voided = sum(voided_by(records, parent, entry, attempt) for entry in epoch.orgs)
    return voided >= len(epoch.orgs) - epoch.k + 1


def is_open(records: Records, parent: Held, attempt: int) -> bool:
    """Tell whether every attempt before this one is void."""
    if attempt and not records.voids_after(parent.id):
        return False
    return all(is_void(records, parent, before) for before in range(attempt))


def first_undecided(records: Records, parent: Held) -> int:
    """Return the number of the attempt that is open and not void."""
    return next(attempt for attempt in count() if not is_void(records, parent, attempt))


def double_statements(records: Records, parent: Held) -> Iterator[tuple[bytes, int]]:
    """Yield organisation and attempt wherever one made two statements about one attempt.

    Where an attempt's owner voted for two records of it, whoever voted may void it as well:
    else everybody could have spoken and nothing be decided. Then the owner alone is named.
    """
    epoch = epoch_of(parent)
    for entry in epoch.orgs:
        for attempt, number in sorted(_voted(records, parent, entry).items()):
            excused = owner_contradicts(records, parent, attempt)
            voided = voided_by(records, parent, entry, attempt)
            if number > 1 or (voided and not excused):
                yield entry.org, attempt


def owner_contradicts(records: Records, parent: Held, attempt: int) -> bool:
    """Tell whether an attempt's owner voted for two records of it."""
    return _voted(records, parent, owner_of(epoch_of(parent), attempt))[attempt] > 1


def _voted(records: Records, parent: Held, entry: OrgEntry) -> Counter[int]:
    """Return for how many records of each attempt an organisation voted."""
    number = epoch_of(parent).n + 1
    drafts = records.epochs_after(parent.id)
    return Counter(
        epoch_of(draft).attempt
        for draft in drafts
        if epoch_of(draft).n == number and votes(draft.signers, entry)
    )
