"""Steps 2 and 3 of the verdict procedure, naively: what the records held adopt.

Written from the protocol's page; nothing of the program's own authority is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Protocol, TypeVar

from collabdesk.sync.hashing import H
from collabdesk.sync.records import (
    Epoch,
    Genesis,
    OrgEntry,
    Proof,
    Record,
    Roster,
    Suspension,
    Term,
    Void,
)

One = TypeVar("One")


class Held(Protocol):
    """A record held, with the keys whose signatures on it are valid."""

    @property
    def id(self) -> bytes: ...

    @property
    def record(self) -> Record: ...

    @property
    def signers(self) -> frozenset[bytes]: ...


def dev16(key: bytes) -> bytes:
    """Return the short name of a device."""
    return H("collabdesk/dev/1", key)[:16]


def epoch_in(held: Held | None) -> Epoch | None:
    """Return the epoch a record is; genesis is epoch 0."""
    record = held.record if held else None
    return record.epoch if isinstance(record, Genesis) else _only(record, Epoch)


def roster_in(held: Held | None) -> Roster | None:
    """Return the roster a record is."""
    return _only(held.record if held else None, Roster)


def entry(epoch: Epoch, org: bytes) -> OrgEntry | None:
    """Return an organisation's entry in an epoch."""
    return next((one for one in epoch.orgs if one.org == org), None)


class Control:
    """Everything the records say, worked out from the whole set of them."""

    def __init__(self, workspace: bytes, records: Iterable[Held]) -> None:
        """Keep the records of this workspace; nothing else is looked at."""
        self.workspace = workspace
        self.held = {h.id: h for h in records if _belongs(h, workspace)}

    # --- step 2 --------------------------------------------------------------------------

    def children(self, parent: Held) -> list[Held]:
        """Return the records that are a child of an epoch."""
        return [h for h in self.held.values() if self._is_child(h, parent)]

    def _is_child(self, held: Held, parent: Held) -> bool:
        rec, e = _only(held.record, Epoch), epoch_in(parent)
        if rec is None or e is None:
            return False
        size, owner = len(rec.orgs), e.orgs[rec.attempt % len(e.orgs)]
        return (
            (rec.n, rec.prev, rec.lead) == (e.n + 1, parent.id, e.lead)
            and size < 2 * rec.k <= 2 * size
            and _vote(held, owner)
            and all(self._open(parent.id, e, b) for b in range(rec.attempt))
            and sum(_vote(held, org) for org in e.orgs) >= e.k
            and sum(_vote(held, org) for org in rec.orgs) >= rec.k
            and all(_vote(held, org) for org in rec.orgs if entry(e, org.org) is None)
            and _landmarks_rise(e, rec)
            and all(self._pin_follows(org, parent) for org in rec.orgs)
        )

    def _open(self, epoch_id: bytes, e: Epoch, attempt: int) -> bool:
        """Tell whether an attempt is voided by so many that the next is open."""
        voided = 0
        for org in e.orgs:
            voided += any(
                isinstance(h.record, Void)
                and (h.record.prev, h.record.org) == (epoch_id, org.org)
                and h.record.first <= attempt <= h.record.last
                and _vote(h, org)
                for h in self.held.values()
            )
        return voided >= len(e.orgs) - e.k + 1

    def _pin_follows(self, org: OrgEntry, parent: Held) -> bool:
        line = self.roster_line(org.pin[1], org.pin[0])
        pinned = roster_in(line[0]) if line else None
        if line is None or pinned is None or pinned.org != org.org:
            return False
        above: Held | None = parent
        while above is not None:
            e = epoch_in(above)
            assert e is not None
            before = entry(e, org.org)
            if before is not None:
                return before.pin[1] in {h.id for h in line}
            above = self.held.get(e.prev)
        return org.pin[0] == 0

    def roster_line(self, roster_id: bytes, number: int) -> list[Held] | None:
        """Return the rosters from one down to number 0; None if a link is missing or wrong."""
        line: list[Held] = []
        at, org = roster_id, None
        for wanted in range(number, -1, -1):
            held = self.held.get(at)
            roster = roster_in(held)
            if held is None or roster is None or roster.m != wanted:
                return None
            if org not in {None, roster.org}:
                return None
            line.append(held)
            at, org = roster.prev, roster.org
        return line

    def epoch_line(self, epoch_id: bytes, number: int) -> list[Held] | None:
        """Return the epochs from one down to genesis; None if a link is missing or wrong."""
        line: list[Held] = []
        at = epoch_id
        for wanted in range(number, -1, -1):
            held = self.held.get(at)
            epoch = epoch_in(held)
            if held is None or epoch is None or epoch.n != wanted:
                return None
            if isinstance(held.record, Genesis) != (wanted == 0):
                return None
            line.append(held)
            at = epoch.prev
        return line

    @cached_property
    def tree(self) -> list[Held]:
        """Every node that descends from genesis."""
        genesis = self.held.get(self.workspace)
        first = epoch_in(genesis)
        if genesis is None or first is None or not _vote(genesis, first.orgs[0]):
            return []
        nodes = [genesis]
        for node in nodes:
            nodes += self.children(node)
        return nodes

    def depth(self, node: Held) -> int:
        """Return how long the longest line below a node is."""
        return max((1 + self.depth(child) for child in self.children(node)), default=0)

    @cached_property
    def walk(self) -> tuple[list[Held], list[Held]]:
        """The adopted epochs, oldest first, and the children tied below them."""
        line = self.tree[:1]
        while line and (below := self.children(line[-1])):
            depths = {child.id: self.depth(child) for child in below}
            best = [c for c in below if depths[c.id] == max(depths.values())]
            if len(best) > 1:
                return line, best
            line.append(best[0])
        return line, []

    @property
    def epochs(self) -> list[Held]:
        """The adopted epochs, oldest first."""
        return self.walk[0]

    def epoch(self, number: int) -> Epoch:
        """Return an adopted epoch's record."""
        found = epoch_in(self.epochs[number])
        assert found is not None
        return found

    @property
    def head(self) -> Epoch:
        """The newest adopted epoch."""
        return self.epoch(-1)

    def landmark(self, key: bytes) -> tuple[int, bytes]:
        """Return up to where a device's chain is fixed, and its id there."""
        return next(((p.seq, p.id) for p in self.head.landmarks if p.key == key), (0, bytes(32)))

    # --- step 3 --------------------------------------------------------------------------

    @cached_property
    def rosters(self) -> dict[bytes, list[Held]]:
        """The adopted rosters of every organisation there ever was, oldest first."""
        lines: dict[bytes, list[Held]] = {}
        for held in self.epochs:
            epoch = epoch_in(held)
            for org in epoch.orgs if epoch else ():
                base = self.roster_line(org.pin[1], org.pin[0]) or []
                mine = all(getattr(h.record, "org", None) == org.org for h in base)
                lines[org.org] = base[::-1] if mine else []
        return {org: self._extended(org, line) for org, line in lines.items()}

    def _extended(self, org: bytes, line: list[Held]) -> list[Held]:
        while below := self._candidates(org, line):
            depths = {c.id: self._roster_depth(org, [*line, c]) for c in below}
            line = [*line, min(below, key=lambda c: (-depths[c.id], c.id))]
        return line

    def _roster_depth(self, org: bytes, line: list[Held]) -> int:
        below = self._candidates(org, line)
        return max((1 + self._roster_depth(org, [*line, c]) for c in below), default=0)

    def _candidates(self, org: bytes, line: list[Held]) -> list[Held]:
        mine = entry(self.head, org)
        tip = roster_in(line[-1]) if line else None
        if mine is None or tip is None:
            return []
        voices = set(mine.admins) - self._barred(org, line, tip.m + 1)
        found = []
        for held in self.held.values():
            roster = roster_in(held)
            if roster is None or (roster.org, roster.m, roster.prev) != (
                org,
                tip.m + 1,
                line[-1].id,
            ):
                continue
            if len(voices & held.signers) >= mine.k_org and self._terms_follow(tip, roster):
                found.append(held)
        return found

    def _barred(self, org: bytes, line: list[Held], number: int) -> set[bytes]:
        mine = entry(self.head, org)
        assert mine is not None
        lifted = {i for held in line for i in getattr(held.record, "lifts", ())}
        return {
            s.key
            for i, s, own_only in self._unlifted()
            if s.org == org and not (own_only and i in lifted) and number > max(s.m, mine.pin[0])
        }

    def _terms_follow(self, before: Roster, roster: Roster) -> bool:
        if roster.org != self.head.lead:
            return roster.terms == ()
        old, new = list(before.terms), list(roster.terms)
        if old and old != new[: len(old)]:
            ended = new[len(old) - 1] if len(new) >= len(old) else None
            if ended is None or old[-1].end is not None or ended.end is None:
                return False
            if ended.end[0] < self.landmark(ended.key)[0]:
                return False
            old[-1] = Term(old[-1].key, ended.end)
        added = new[len(old) :]
        if old != new[: len(old)] or len(added) > 1:
            return False
        return not added or (added[0].end is None and all(t.end is not None for t in old))

    def _unlifted(self) -> list[tuple[bytes, Suspension, bool]]:
        """Return the suspensions signed well and lifted by no epoch; the last: by its own alone."""
        lifted = {i for number in range(len(self.epochs)) for i in self.epoch(number).lifts}
        found = []
        for held in self.held.values():
            s = held.record
            if not isinstance(s, Suspension) or held.id in lifted:
                continue
            signed = {o.org for o in self.head.orgs if held.signers & set(o.admins)}
            own, others = s.org in signed, len(signed - {s.org}) >= 2
            if own or others:
                found.append((held.id, s, not others))
        return found

    @cached_property
    def suspensions(self) -> dict[bytes, Suspension]:
        """The suspensions in force, by id."""
        lifts = {
            org: {i for held in line for i in getattr(held.record, "lifts", ())}
            for org, line in self.rosters.items()
        }
        unlifted = self._unlifted() if self.epochs else []
        return {
            i: s for i, s, own_only in unlifted if not (own_only and i in lifts.get(s.org, set()))
        }

    def tip(self, org: bytes) -> Roster | None:
        """Return the newest adopted roster of an organisation."""
        line = self.rosters.get(org)
        return roster_in(line[-1]) if line else None

    @cached_property
    def known(self) -> dict[bytes, bytes]:
        """The key of every known device, by short name."""
        admins = {key for held in self.tree for o in _orgs(held) for key in o.admins}
        pinned: set[bytes] = set()
        for org in (o for held in self.tree for o in _orgs(held)):
            at: bytes | None = org.pin[1]
            while at is not None and (roster := roster_in(self.held.get(at))):
                pinned.add(at)
                at = roster.prev if roster.m else None
        known: dict[bytes, bytes] = {}
        for held in self.held.values():
            roster = roster_in(held)
            for device in roster.devices if roster else ():
                if held.id in pinned or held.signers & admins:
                    short = dev16(device.key)
                    known[short] = min(device.key, known.get(short, device.key))
        return known

    def proofs(self) -> list[Proof]:
        """Return the proofs whose two headers are both well signed."""
        records = (held.record for held in self.held.values())
        return [p for p in records if isinstance(p, Proof) and p.holds()]


def _only(record: object, kind: type[One]) -> One | None:
    return record if isinstance(record, kind) else None


def _belongs(held: Held, workspace: bytes) -> bool:
    """Tell whether a record is of this workspace: roster 0 cannot name it, genesis is it."""
    if isinstance(held.record, Genesis):
        return held.id == workspace
    if isinstance(held.record, Roster) and held.record.m == 0:
        return True
    return held.record.ws == workspace


def _vote(held: Held, org: OrgEntry) -> bool:
    return len(held.signers & set(org.admins)) >= org.k_org


def _orgs(held: Held) -> tuple[OrgEntry, ...]:
    epoch = epoch_in(held)
    return epoch.orgs if epoch else ()


def _landmarks_rise(before: Epoch, after: Epoch) -> bool:
    now = {p.key: p for p in after.landmarks}
    return all(
        p.key in now
        and (now[p.key].seq > p.seq or (now[p.key].seq, now[p.key].id) == (p.seq, p.id))
        for p in before.landmarks
    )
