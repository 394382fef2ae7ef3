"""Attempts at the next epoch: whose turn it is, and what opens the next turn.

Attempt a belongs to organisation a modulo their number. It opens when, for each attempt
before it, so many organisations have declared it void that it can no longer win.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from collabdesk.sync.authority.held import Held, Records, entry_of, epoch_of, votes
from collabdesk.sync.records import Epoch, OrgEntry


def owner_of(epoch: Epoch, attempt: int) -> OrgEntry:
    """Return the organisation without whose vote a record of this attempt cannot win."""
    return epoch.orgs[attempt % len(epoch.orgs)]


def enough_votes(signers: frozenset[bytes], rec: Epoch, e: Epoch) -> bool:
    """Tell whether a record has the votes of the old, of the new, its owner's and newcomers'."""
    return (
        votes(signers, owner_of(e, rec.attempt))
        and sum(votes(signers, org) for org in e.orgs) >= e.k
        and sum(votes(signers, org) for org in rec.orgs) >= rec.k
        and all(votes(signers, org) for org in rec.orgs if entry_of(e, org.org) is None)
    )


def voided_by(records: Records, parent: Held, entry: OrgEntry, attempt: int) -> bool:
    """Tell whether an organisation has declared an attempt to follow an epoch void."""
    return _end_of(_voided(records, parent, entry), attempt) is not None


def voids_needed(epoch: Epoch) -> int:
    """Return how many organisations' voids leave a record of an attempt too few votes to win."""
    return len(epoch.orgs) - epoch.k + 1


def is_void(records: Records, parent: Held, attempt: int) -> bool:
    """Tell whether so many declared an attempt void that no record of it can win."""
    epoch = epoch_of(parent)
    voided = sum(voided_by(records, parent, entry, attempt) for entry in epoch.orgs)
    return voided >= voids_needed(epoch)


def is_open(records: Records, parent: Held, attempt: int) -> bool:
    """Tell whether every attempt before this one is void."""
    return attempt == 0 or attempt <= first_undecided(records, parent)


def first_undecided(records: Records, parent: Held) -> int:
    """Return the number of the attempt that is open and not void.

    So many declared those before it void that no record of them can win. It goes from one
    end of what is void to the next, since a single record may speak of 65,536 attempts.
    """
    epoch = epoch_of(parent)
    voided = [_voided(records, parent, entry) for entry in epoch.orgs]
    needed = voids_needed(epoch)
    attempt = 0
    while True:
        ends = sorted(e for e in (_end_of(ranges, attempt) for ranges in voided) if e is not None)
        if len(ends) < needed:
            return attempt
        attempt = ends[-needed] + 1


def _voided(records: Records, parent: Held, entry: OrgEntry) -> list[tuple[int, int]]:
    """Return from where to where an organisation declared attempts void, joined and ascending."""
    at = (parent.id, entry.org)
    if at not in records.voided:
        said = [
            (void.first, void.last)
            for void, signers in records.voids_after(parent.id)
            if void.org == entry.org and votes(signers, entry)
        ]
        records.voided[at] = _joined(sorted(said))
    return records.voided[at]


def _joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _end_of(ranges: Sequence[tuple[int, int]], attempt: int) -> int | None:
    """Return where the range that holds an attempt ends; None if none holds it."""
    place = bisect_right(ranges, attempt, key=lambda found: found[0]) - 1
    return ranges[place][1] if place >= 0 and attempt <= ranges[place][1] else None


def owner_contradicts(records: Records, parent: Held, attempt: int) -> bool:
    """Tell whether an attempt's owner voted for two records of it."""
    return voted(records, parent, owner_of(epoch_of(parent), attempt))[attempt] > 1


def voted(records: Records, parent: Held, entry: OrgEntry) -> Counter[int]:
    """Return for how many records of each attempt an organisation voted."""
    number = epoch_of(parent).n + 1
    drafts = records.epochs_after(parent.id)
    return Counter(
        epoch_of(draft).attempt
        for draft in drafts
        if epoch_of(draft).n == number and votes(draft.signers, entry)
    )
