"""Which epochs stand: the walk from genesis along the records the organisations voted for.

Step 2 of the verdict procedure.
"""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.sync.authority import attempts
from collabdesk.sync.authority.held import (
    Held,
    Records,
    entry_of,
    epoch_of,
    roster_line,
    votes,
)
from collabdesk.sync.records import Epoch, Genesis, OrgEntry


class Tree:
    """Every epoch that descends from genesis by the votes it needs."""

    def __init__(self, records: Records, genesis: bytes) -> None:
        """Grow from genesis; empty while it is not held or its founder did not sign it."""
        self._records = records
        self._children: dict[bytes, list[Held]] = {}
        self._depth: dict[bytes, int] = {}
        root = records.get(genesis)
        self.nodes: list[Held] = [root] if root is not None and _founded(root) else []
        self._grow()

    def _grow(self) -> None:
        for node in self.nodes:
            after = self._records.epochs_after(node.id)
            children = [held for held in after if is_child(self._records, held, node)]
            self._children[node.id] = children
            self.nodes.extend(children)
        for node in reversed(self.nodes):
            below = (self._depth[child.id] for child in self._children[node.id])
            self._depth[node.id] = 1 + max(below, default=0)

    def children(self, node: Held) -> Sequence[Held]:
        """Return the epochs that may follow one of the tree's, by id."""
        return self._children[node.id]

    def walk(self) -> tuple[list[Held], list[Held]]:
        """Return the adopted epochs from genesis, and those tied where the walk stopped."""
        line = self.nodes[:1]
        while line:
            children = self._children[line[-1].id]
            deepest = max((self._depth[child.id] for child in children), default=0)
            best = [child for child in children if self._depth[child.id] == deepest]
            if len(best) != 1:
                return line, best
            line.append(best[0])
        return [], []


def _founded(genesis: Held) -> bool:
    record = genesis.record
    return isinstance(record, Genesis) and votes(genesis.signers, record.epoch.orgs[0])


def is_child(records: Records, held: Held, parent: Held) -> bool:
    """Tell whether an epoch record may follow another by form, votes, landmarks and pins."""
    rec, e = epoch_of(held), epoch_of(parent)
    if rec.n != e.n + 1 or rec.lead != e.lead:
        return False
    if not len(rec.orgs) / 2 < rec.k <= len(rec.orgs):
        return False
    return (
        attempts.enough_votes(held.signers, rec, e)
        and attempts.is_open(records, parent, rec.attempt)
        and _landmarks_kept(rec, e)
        and all(_pin_descends(records, entry, parent) for entry in rec.orgs)
    )


def _landmarks_kept(rec: Epoch, e: Epoch) -> bool:
    now = {point.key: point for point in rec.landmarks}
    for before in e.landmarks:
        kept = now.get(before.key)
        if kept is None or kept.seq < before.seq:
            return False
        if kept.seq == before.seq and kept.id != before.id:
            return False
    return True


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


def admins_of(nodes: Sequence[Held]) -> frozenset[bytes]:
    """Return every admin key of the epochs given."""
    return frozenset(
        key
        for node in nodes
        if node.epoch is not None
        for org in node.epoch.orgs
        for key in org.admins
    )
