"""Which epochs stand: the walk from genesis along the records the organisations voted for.

Step 2 of the verdict procedure. This build judges epochs of attempt 0; a record it
cannot judge (a later attempt, a void, a suspension, a proof, a roster above its pin)
stops it in words instead of being judged differently later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collabdesk.errors import NotPossible
from collabdesk.sync.records import Epoch, Genesis, OrgEntry, Record, Roster


@dataclass(frozen=True, slots=True)
class Held:
    """A record held, with the keys whose signatures on it are valid."""

    id: bytes
    record: Record
    signers: frozenset[bytes]

    @property
    def epoch(self) -> Epoch | None:
        """The epoch this record is; genesis is epoch 0."""
        if isinstance(self.record, Genesis):
            return self.record.epoch
        return self.record if isinstance(self.record, Epoch) else None

    @property
    def roster(self) -> Roster | None:
        """The roster this record is."""
        return self.record if isinstance(self.record, Roster) else None


Records = Mapping[bytes, Held]


def needs_newer_version(what: str) -> NotPossible:
    """Return the error of a build that meets a record it cannot judge."""
    return NotPossible(
        code="needs-newer-version",
        words=f"The shared folder holds {what}, which this version of CollabDesk cannot judge.",
        remedy="Install the newer version; until then nothing is taken in and nothing is lost.",
    )


def votes(held: Held, entry: OrgEntry) -> bool:
    """Tell whether an organisation voted for a record: at least k of its admins signed."""
    return len(held.signers & set(entry.admins)) >= entry.k_org


def entry_of(epoch: Epoch, org: bytes) -> OrgEntry | None:
    """Return an organisation's entry in an epoch."""
    return next((entry for entry in epoch.orgs if entry.org == org), None)


def roster_line(records: Records, org: bytes, number: int, record_id: bytes) -> list[bytes] | None:
    """Return the ids from a roster down to number 0, or None if a link is missing or wrong."""
    line: list[bytes] = []
    wanted, at = number, record_id
    while True:
        held = records.get(at)
        roster = held.roster if held else None
        if roster is None or roster.org != org or roster.m != wanted:
            return None
        line.append(at)
        if wanted == 0:
            return line
        wanted, at = wanted - 1, roster.prev


def is_child(records: Records, held: Held, parent: Held) -> bool:
    """Tell whether an epoch record is a child of an adopted or candidate epoch."""
    rec, e = held.epoch, parent.epoch
    if rec is None or e is None:
        return False
    if isinstance(held.record, Genesis) or (rec.n, rec.prev) != (e.n + 1, parent.id):
        return False
    if rec.lead != e.lead:
        return False
    if not len(rec.orgs) / 2 < rec.k <= len(rec.orgs):
        return False
    owner = e.orgs[rec.attempt % len(e.orgs)]
    enough = (
        votes(held, owner)
        and sum(votes(held, org) for org in e.orgs) >= e.k
        and sum(votes(held, org) for org in rec.orgs) >= rec.k
        and all(votes(held, org) for org in rec.orgs if entry_of(e, org.org) is None)
    )
    return enough and _landmarks_kept(rec, e) and _pins_descend(records, rec, parent)


def _landmarks_kept(rec: Epoch, e: Epoch) -> bool:
    now = {point.key: point for point in rec.landmarks}
    for before in e.landmarks:
        kept = now.get(before.key)
        if kept is None or kept.seq < before.seq:
            return False
        if kept.seq == before.seq and kept.id != before.id:
            return False
    return True


def _pins_descend(records: Records, rec: Epoch, parent: Held) -> bool:
    return all(_pin_descends(records, entry, parent) for entry in rec.orgs)


def _pin_descends(records: Records, entry: OrgEntry, parent: Held) -> bool:
    number, pinned = entry.pin
    line = roster_line(records, entry.org, number, pinned)
    if line is None:
        return False
    earlier = _newest_pin(records, entry.org, parent)
    return number == 0 if earlier is None else earlier in line


def _newest_pin(records: Records, org: bytes, at: Held) -> bytes | None:
    epoch = at.epoch
    while epoch is not None:
        entry = entry_of(epoch, org)
        if entry is not None:
            return entry.pin[1]
        before = records.get(epoch.prev)
        epoch = before.epoch if before else None
    return None


def walk(records: Records, genesis: bytes) -> list[Held]:
    """Return the adopted epochs from genesis; stops where nothing, or no one line, follows."""
    line = [records[genesis]]
    while True:
        children = [h for h in records.values() if is_child(records, h, line[-1])]
        if not children:
            return line
        depths = [_depth(records, child) for child in children]
        best = [c for c, d in zip(children, depths, strict=True) if d == max(depths)]
        if len(best) > 1:
            return line
        line.append(best[0])


def tree(records: Records, genesis: bytes) -> list[Held]:
    """Return every node that descends from genesis by `is_child`."""
    nodes = [records[genesis]]
    for node in nodes:
        nodes.extend(h for h in records.values() if is_child(records, h, node))
    return nodes


def _depth(records: Records, node: Held) -> int:
    children = [h for h in records.values() if is_child(records, h, node)]
    return 1 + max((_depth(records, child) for child in children), default=0)


def admins_of(nodes: Sequence[Held]) -> frozenset[bytes]:
    """Return every admin key of the epochs given."""
    return frozenset(
        key
        for node in nodes
        if node.epoch is not None
        for org in node.epoch.orgs
        for key in org.admins
    )
