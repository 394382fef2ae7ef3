"""Which records rule: the epochs of the walk, the rosters, and the suspensions in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collabdesk.sync.authority import rosters, suspensions
from collabdesk.sync.authority.epochs import Tree, admins_of
from collabdesk.sync.authority.held import (
    Held,
    Records,
    entry_of,
    epoch_of,
    roster_line,
    roster_of,
)
from collabdesk.sync.records import Epoch, OrgEntry, Roster


class Adoption:
    """What the records held adopt: steps 2 and 3 of the verdict procedure."""

    def __init__(self, workspace: bytes, records: Records) -> None:
        """Walk from genesis; nothing is adopted while it is not held or not signed."""
        self.records = records
        self.tree = Tree(records, workspace)
        self.epochs, self.tied = self.tree.walk()
        self.admins = admins_of(self.tree.nodes)
        self.epoch_ids = {held.id: held for held in self.epochs}
        self.rosters: dict[bytes, tuple[Held, ...]] = {}
        self.forked_rosters: set[bytes] = set()
        self.suspensions: tuple[suspensions.Standing, ...] = ()
        if self.epochs:
            self._adopt_rosters()
        self.roster_ids = {held.id: held for line in self.rosters.values() for held in line}

    def _adopt_rosters(self) -> None:
        for held in self.epochs:
            self._pin(held)
        found = suspensions.standing(self.records, self.epochs)
        head = epoch_of(self.epochs[-1])
        for entry in head.orgs:
            self._extend(head, entry, found)
        self.suspensions = suspensions.in_force(found, self.rosters)

    def _pin(self, held: Held) -> None:
        for entry in epoch_of(held).orgs:
            line = roster_line(self.records, entry.org, *entry.pin)
            if line is not None:
                self.rosters[entry.org] = tuple(self.records[i] for i in reversed(line))

    def _extend(self, head: Epoch, entry: OrgEntry, found: list[suspensions.Standing]) -> None:
        base = self.rosters.get(entry.org)
        if base is None:
            return
        landmarks = {point.key: point.seq for point in head.landmarks}
        is_lead = entry.org == head.lead
        ground = rosters.Ground(self.records, entry, is_lead, found, landmarks)
        self.rosters[entry.org], forked = rosters.extend(ground, base)
        if forked:
            self.forked_rosters.add(entry.org)

    def pinned(self, epochs: Iterable[Held]) -> frozenset[bytes]:
        """Return the ids of the rosters that epochs pin, and of those these descend from."""
        found: set[bytes] = set()
        for held in epochs:
            for entry in epoch_of(held).orgs:
                found.update(roster_line(self.records, entry.org, *entry.pin, known=found) or ())
        return frozenset(found)


def newest_roster(adoption: Adoption, org: bytes) -> Held | None:
    """Return the newest adopted roster of an organisation in the newest epoch."""
    if entry_of(epoch_of(adoption.epochs[-1]), org) is None:
        return None
    line = adoption.rosters.get(org, ())
    return line[-1] if line else None


def cuts_of(record: Epoch | Roster) -> Mapping[bytes, int]:
    """Return up to which number each laptop is excepted from what a record takes away."""
    return {point.key: point.seq for point in record.cuts}


__all__ = ["Adoption", "cuts_of", "epoch_of", "newest_roster", "roster_of"]
