"""The next membership, drafted from the one in force: partners, rights, and what is fixed.

Pure: records in, bytes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from collabdesk.services.control.naming import is_recovery
from collabdesk.services.control.roster_drafts import tip_of, with_cuts
from collabdesk.sync.authority.held import roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import (
    ChainPoint,
    Epoch,
    OrgEntry,
    Roster,
    Threshold,
    encode_record,
)

Edit = Callable[[Epoch], Epoch]

NAGGED_ADMINISTRATORS = 3
"""From so many administrators on, two of them sign by default."""


def next_epoch(
    book: Rulebook, fixed: Mapping[bytes, ChainPoint], attempt: int, edits: Iterable[Edit] = ()
) -> bytes:
    """Return the record that follows the membership in force, with edits made.

    It pins every organisation's newest list of laptops, fixes each laptop's changes up to
    `fixed`, and lets the laptop that replaced an administrator's follow it.
    """
    before = book.epoch
    epoch = replace(
        before,
        ws=book.workspace,
        n=before.n + 1,
        prev=book.head.id,
        attempt=attempt,
        orgs=tuple(_pinned(book, entry) for entry in before.orgs),
        lifts=(),
        landmarks=raised(before.landmarks, fixed),
    )
    for edit in edits:
        epoch = edit(epoch)
    return encode_record(epoch)


def _pinned(book: Rulebook, entry: OrgEntry) -> OrgEntry:
    tip = tip_of(book, entry.org)
    roster = roster_of(tip)
    admins = still_there(book, entry, roster)
    return replace(
        entry, pin=(roster.m, tip.id), admins=admins, k_org=min(entry.k_org, len(admins))
    )


def still_there(book: Rulebook, entry: OrgEntry, roster: Roster) -> tuple[bytes, ...]:
    """Return an organisation's administrators: retired laptops drop out, their heirs come in.

    A printed recovery key that it lists signs too. One who would be the last stays:
    somebody must be able to sign.
    """
    once = {device.key for held in book.rosters(entry.org) for device in roster_of(held).devices}
    listed = {device.key for device in roster.devices}
    heirs = {successor(roster, key) for key in entry.admins}
    left = {key for key in heirs if key in listed or key not in once}
    left |= {device.key for device in roster.devices if is_recovery(device)}
    return tuple(sorted(left or set(entry.admins)))


def successor(roster: Roster, key: bytes) -> bytes:
    """Return the laptop that replaced one, and so on; the same while it is listed."""
    listed = {device.key for device in roster.devices}
    replaced = {device.replaces: device.key for device in roster.devices if device.replaces}
    seen: set[bytes] = set()
    while key not in listed and key in replaced and key not in seen:
        seen.add(key)
        key = replaced[key]
    return key


def raised(
    before: Sequence[ChainPoint], fixed: Mapping[bytes, ChainPoint]
) -> tuple[ChainPoint, ...]:
    """Return landmarks raised to what is fixed now; none ever falls."""
    points = {point.key: point for point in before}
    for key, point in fixed.items():
        present = points.get(key)
        if point.seq and (present is None or point.seq > present.seq):
            points[key] = point
    return tuple(points[key] for key in sorted(points))


def majority(organisations: int) -> int:
    """Return how many organisations must agree: more than half."""
    return organisations // 2 + 1


def usual_signatures(administrators: int) -> int:
    """Return how many administrators sign for an organisation unless it says otherwise."""
    return 2 if administrators >= NAGGED_ADMINISTRATORS else 1


# --- edits ---------------------------------------------------------------------------------


def admitting(entries: Iterable[OrgEntry]) -> Edit:
    """Let organisations join."""

    def edit(epoch: Epoch) -> Epoch:
        lead, *others = epoch.orgs
        ordered = sorted((*others, *entries), key=lambda entry: entry.org)
        return replace(epoch, orgs=(lead, *ordered), k=majority(1 + len(ordered)))

    return edit


def removing(org: bytes, cuts: Iterable[ChainPoint]) -> Edit:
    """Let an organisation leave; what its laptops signed up to the cuts stands."""

    def edit(epoch: Epoch) -> Epoch:
        left = tuple(entry for entry in epoch.orgs if entry.org != org)
        return replace(epoch, orgs=left, k=majority(len(left)), cuts=with_cuts(epoch.cuts, cuts))

    return edit


def administered(org: bytes, admins: Iterable[bytes], k_org: int) -> Edit:
    """Give an organisation these administrators, of whom so many sign."""
    keys = tuple(sorted(set(admins)))
    return _entry(org, lambda entry: replace(entry, admins=keys, k_org=k_org))


def granting(org: bytes, roles: Iterable[int], cuts: Iterable[ChainPoint]) -> Edit:
    """Let an organisation give its laptops these roles and no others."""
    granted = tuple(sorted(set(roles)))
    named = tuple(cuts)
    change = _entry(org, lambda entry: replace(entry, grants=granted))

    def edit(epoch: Epoch) -> Epoch:
        changed = change(epoch)
        return replace(changed, cuts=with_cuts(changed.cuts, named))

    return edit


def agreeing(k: int) -> Edit:
    """Let so many organisations have to agree from then on."""
    return lambda epoch: replace(epoch, k=k)


def requiring(version: int) -> Edit:
    """Set aside what laptops with an older version of the data sign from then on."""
    return lambda epoch: replace(epoch, floor=version)


def approving(thresholds: Iterable[Threshold]) -> Edit:
    """Set from which amounts on how many approvals are needed."""
    kept = tuple(thresholds)
    return lambda epoch: replace(epoch, thresholds=kept)


def lifting(suspensions: Iterable[bytes]) -> Edit:
    """Lift suspensions, whoever made them."""
    lifts = tuple(sorted(set(suspensions)))
    return lambda epoch: replace(epoch, lifts=tuple(sorted({*epoch.lifts, *lifts})))


def fixing(points: Iterable[ChainPoint]) -> Edit:
    """Fix laptops' changes up to points of one's own choice: undoes a cut that was too low."""
    named = {point.key: point for point in points}
    return lambda epoch: replace(epoch, landmarks=raised(epoch.landmarks, named))


def cutting(cuts: Iterable[ChainPoint]) -> Edit:
    """Say up to where laptops' changes stand; settles which of two branches is meant."""
    named = tuple(cuts)
    return lambda epoch: replace(epoch, cuts=with_cuts(epoch.cuts, named))


def _entry(org: bytes, change: Callable[[OrgEntry], OrgEntry]) -> Edit:
    def edit(epoch: Epoch) -> Epoch:
        orgs = tuple(change(entry) if entry.org == org else entry for entry in epoch.orgs)
        return replace(epoch, orgs=orgs)

    return edit
