"""The rules in force: adopted epochs and rosters, and what they allow whom.

A pure function of the records held. Segments cite an epoch and a roster; everything a
verdict needs to know about rights is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from collabdesk.sync.authority.epochs import (
    Held,
    Records,
    admins_of,
    entry_of,
    needs_newer_version,
    roster_line,
    tree,
    walk,
)
from collabdesk.sync.names import dev16
from collabdesk.sync.records import Device, Epoch, Proof, Roster, Suspension, Void
from collabdesk.sync.registry.model import Reach, Verb


@dataclass(frozen=True, slots=True)
class Request:
    """What an operation asks for: an area's number, a verb, and the scope of the row."""

    area: int
    verb: Verb
    scope: bytes | int


@dataclass(frozen=True)
class Rules:
    """One adopted epoch with one adopted roster: who may do what."""

    epoch: Epoch
    roster: Roster

    @cached_property
    def devices(self) -> Mapping[bytes, Device]:
        """The devices of the roster, by key."""
        return {device.key: device for device in self.roster.devices}

    @cached_property
    def _granted(self) -> frozenset[int]:
        entry = entry_of(self.epoch, self.roster.org)
        return frozenset(entry.grants) if entry else frozenset()

    @cached_property
    def _roles(self) -> Mapping[int, tuple[tuple[int, int, int], ...]]:
        return {
            rights.role: tuple((a.area, a.verbs, a.reach) for a in rights.areas)
            for rights in self.epoch.roles
        }

    def allows(self, key: bytes, request: Request) -> bool:
        """Tell whether a device may do what it asks."""
        device = self.devices.get(key)
        if device is None:
            return False
        reach = self._reach(request.scope)
        return any(
            area == request.area and verbs & request.verb and reaches & reach
            for role in device.roles
            if role in self._granted
            for area, verbs, reaches in self._roles.get(role, ())
        )

    def _reach(self, scope: bytes | int) -> Reach:
        if isinstance(scope, int):
            return Reach.SHARED
        return Reach.OWN if scope == self.roster.org else Reach.OTHERS


@dataclass(frozen=True)
class Cited:
    """What a segment cites, read in the rule book.

    `rules` is None where no roster on the cited line was ever adopted.
    """

    organisation: bytes
    epoch_number: int
    roster_number: int
    floor: int
    rules: Rules | None

    def allows(self, key: bytes, request: Request) -> bool:
        """Tell whether the cited rules let a device do what it asks."""
        return self.rules is not None and self.rules.allows(key, request)

    def person(self, key: bytes) -> bytes | None:
        """Return the person a device belonged to under the cited roster."""
        device = self.rules.devices.get(key) if self.rules else None
        return device.pid if device else None


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest epoch, and roster of each organisation, that a segment's past cites."""

    epoch: int = -1
    rosters: Mapping[bytes, int] = field(default_factory=dict)

    def newer_than(self, cited: Cited) -> bool:
        """Tell whether an author cites older rules than it had seen."""
        roster = self.rosters.get(cited.organisation, -1)
        return self.epoch > cited.epoch_number or (
            cited.rules is not None and roster > cited.roster_number
        )

    def after(self, cited: Cited | None) -> Seen:
        """Return what the successors of a segment have seen; one that waits adds nothing."""
        if cited is None:
            return self
        mine = self.rosters.get(cited.organisation, -1)
        if cited.epoch_number <= self.epoch and cited.roster_number <= mine:
            return self
        rosters = {**self.rosters, cited.organisation: max(mine, cited.roster_number)}
        return Seen(max(self.epoch, cited.epoch_number), rosters)

    def union(self, other: Seen) -> Seen:
        """Return what two pasts together have seen."""
        if other == self:
            return self
        rosters = dict(self.rosters)
        for org, number in other.rosters.items():
            rosters[org] = max(number, rosters.get(org, -1))
        return Seen(max(self.epoch, other.epoch), rosters)


class Rulebook:
    """Adopted epochs and rosters, worked out from the set of records held."""

    def __init__(self, workspace: bytes, held: Iterable[Held]) -> None:
        """Adopt what the records allow; NotPossible if one needs a newer version."""
        self.workspace = workspace
        self.records: Records = {item.id: item for item in held}
        self.epochs: list[Held] = []
        self.tree: list[Held] = []
        self._adopted_epochs: dict[bytes, Held] = {}
        self._adopted_rosters: dict[bytes, int] = {}
        self._citations: dict[tuple[bytes, bytes], Cited | None] = {}
        if workspace in self.records:
            self._adopt()

    def _adopt(self) -> None:
        self.tree = tree(self.records, self.workspace)
        self.epochs = walk(self.records, self.workspace)
        self._adopted_epochs = {held.id: held for held in self.epochs}
        for held in self.epochs:
            for entry in _epoch(held).orgs:
                line = roster_line(self.records, entry.org, *entry.pin) or []
                self._adopted_rosters.update({i: _roster(self.records[i]).m for i in line})
        self._stop_at_the_unknown()

    def _stop_at_the_unknown(self) -> None:
        for held in self.records.values():
            signed = bool(held.signers & self.admins)
            match held.record:
                case Suspension() | Void() if signed:
                    raise needs_newer_version("a suspension or a void vote")
                case Proof():
                    raise needs_newer_version("a proof that a laptop signed two ways")
                case Epoch(attempt=attempt) if signed and attempt > 0:
                    raise needs_newer_version("a second attempt at a membership vote")
                case Roster() if signed and held.id not in self._pinned and held.record.m > 0:
                    raise needs_newer_version("a change of laptops between membership votes")
                case _:
                    continue

    @cached_property
    def _pinned(self) -> frozenset[bytes]:
        pinned: set[bytes] = set()
        for held in self.records.values():
            if held.epoch is not None:
                for entry in held.epoch.orgs:
                    pinned.update(roster_line(self.records, entry.org, *entry.pin) or [])
        return frozenset(pinned)

    @property
    def head(self) -> Held:
        """The newest adopted epoch."""
        return self.epochs[-1]

    @property
    def epoch(self) -> Epoch:
        """The newest adopted epoch's record."""
        return _epoch(self.head)

    @cached_property
    def known_devices(self) -> Mapping[bytes, bytes]:
        """Every device ever named with authority: public key by 16-byte short name.

        Two keys with one short name: the lower key alone is known.
        """
        pinned: set[bytes] = set()
        for node in self.tree:
            for entry in _epoch(node).orgs:
                pinned.update(roster_line(self.records, entry.org, *entry.pin) or [])
        known: dict[bytes, bytes] = {}
        for held in self.records.values():
            if not isinstance(held.record, Roster):
                continue
            if held.id in pinned or held.signers & self.admins:
                for device in held.record.devices:
                    short = dev16(device.key)
                    known[short] = min(device.key, known.get(short, device.key))
        return known

    @cached_property
    def known_keys(self) -> frozenset[bytes]:
        """The public keys of the known devices."""
        return frozenset(self.known_devices.values())

    @cached_property
    def admins(self) -> frozenset[bytes]:
        """Every admin key of an epoch in the tree."""
        return admins_of(self.tree)

    @cached_property
    def voices(self) -> frozenset[bytes]:
        """The admin keys of epochs in the tree, and of those that such a key has signed."""
        drafted = [held for held in self.records.values() if held.signers & self.admins]
        return self.admins | admins_of(drafted)

    def is_pinned(self, record_id: bytes) -> bool:
        """Tell whether an epoch held pins a roster, or one that descends from it."""
        return record_id in self._pinned

    @property
    def open_term(self) -> int:
        """The number of the ledger keeper's present term; 0 while nobody keeps it."""
        terms = _roster(self.records[self.epoch.orgs[0].pin[1]]).terms
        return len(terms) if terms and terms[-1].end is None else 0

    @property
    def keeper(self) -> bytes | None:
        """The key of the laptop that keeps the ledger."""
        terms = _roster(self.records[self.epoch.orgs[0].pin[1]]).terms
        return terms[-1].key if terms and terms[-1].end is None else None

    def roster_of(self, org: bytes) -> tuple[int, bytes] | None:
        """Return number and id of an organisation's newest adopted roster."""
        entry = entry_of(self.epoch, org)
        return entry.pin if entry else None

    def organisation_of(self, key: bytes) -> bytes | None:
        """Return the organisation whose newest roster names a device."""
        for entry in self.epoch.orgs:
            held = self.records.get(entry.pin[1])
            if held and any(d.key == key for d in _roster(held).devices):
                return entry.org
        return None

    def cite(self, epoch: tuple[int, bytes], roster: tuple[int, bytes]) -> Cited | None:
        """Return what a segment cites; None if a cited record is not held or is another kind."""
        key = (epoch[1], roster[1])
        if key not in self._citations:
            self._citations[key] = self._cite(epoch, roster)
        return self._citations[key]

    def _cite(self, epoch: tuple[int, bytes], roster: tuple[int, bytes]) -> Cited | None:
        epochs = self._epoch_line(*epoch)
        held = self.records.get(roster[1])
        if epochs is None or held is None or not isinstance(held.record, Roster):
            return None
        org = held.record.org
        rosters = roster_line(self.records, org, *roster)
        if rosters is None:
            return None
        e = next((i for i in epochs if i in self._adopted_epochs), None)
        r = next((i for i in rosters if i in self._adopted_rosters), None)
        if e is None:
            return None
        adopted = _epoch(self._adopted_epochs[e])
        rules = Rules(adopted, _roster(self.records[r])) if r else None
        number = _roster(self.records[r]).m if r else -1
        return Cited(org, adopted.n, number, adopted.floor, rules)

    def _epoch_line(self, number: int, record_id: bytes) -> list[bytes] | None:
        line: list[bytes] = []
        at = record_id
        for wanted in range(number, -1, -1):
            held = self.records.get(at)
            epoch = held.epoch if held else None
            if epoch is None or epoch.n != wanted:
                return None
            line.append(at)
            at = epoch.prev
        return line

    def lessened(self, cited: Cited, key: bytes, request: Request, seq: int) -> bool:
        """Tell whether a later adopted rule forbids an operation past its cut."""
        later_epochs = [_epoch(h) for h in self.epochs if _epoch(h).n > cited.epoch_number]
        if not later_epochs or cited.rules is None:
            return False
        fixed = self._landmark(key)
        for epoch in later_epochs:
            entry = entry_of(epoch, cited.organisation)
            roster = self.records.get(entry.pin[1]) if entry else None
            newer = Rules(epoch, _roster(roster)) if roster else None
            under = Rules(epoch, cited.rules.roster)
            allowed = under.allows(key, request) and (newer is None or newer.allows(key, request))
            cut = next((point.seq for point in epoch.cuts if point.key == key), 0)
            if not allowed and seq > max(cut, fixed):
                return True
        return False

    def _landmark(self, key: bytes) -> int:
        return next((p.seq for p in self.epoch.landmarks if p.key == key), 0)

    def keeps_ledger(
        self, cited: Cited, key: bytes, term: int, seq: int, past: Mapping[bytes, int]
    ) -> bool:
        """Tell whether a device keeps the ledger in a term, by what it cites and by the tip."""
        if cited.rules is None or cited.organisation != self.epoch.lead:
            return False
        tip = _roster(self.records[self.epoch.orgs[0].pin[1]])
        for roster in (cited.rules.roster, tip):
            if not 1 <= term <= len(roster.terms) or roster.terms[term - 1].key != key:
                return False
        end = tip.terms[term - 1].end
        if end is not None and seq > end[0]:
            return False
        return term == 1 or self._ended_in_past(tip, term, past)

    @staticmethod
    def _ended_in_past(tip: Roster, term: int, past: Mapping[bytes, int]) -> bool:
        before = tip.terms[term - 2]
        if before.end is None:
            return False
        return before.end[0] == 0 or past.get(dev16(before.key), 0) >= before.end[0]


def _epoch(held: Held) -> Epoch:
    if held.epoch is None:
        raise TypeError(held.id.hex())
    return held.epoch


def _roster(held: Held) -> Roster:
    if held.roster is None:
        raise TypeError(held.id.hex())
    return held.roster
