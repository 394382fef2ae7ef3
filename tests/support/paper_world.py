"""A world on paper: trusts with several laptops, and control records of every kind, by hand.

Nothing here judges anything: whoever is told to sign signs, rightly or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nacl.signing import SigningKey

from collabdesk.sync import records as r
from collabdesk.sync import segment as segments
from collabdesk.sync.authority.held import Held
from collabdesk.sync.hashing import Z
from tests.support.paper_alliance import EVERY_ROLE, ROLE_RIGHTS, Scribe, Written, fixed, held

Keys = Iterable[SigningKey]


def epoch_of(held_record: Held) -> r.Epoch:
    """Return the epoch a record is; genesis is epoch 0."""
    record = held_record.record
    found = record.epoch if isinstance(record, r.Genesis) else record
    assert isinstance(found, r.Epoch)
    return found


def roster_of(held_record: Held) -> r.Roster:
    """Return the roster a record is."""
    assert isinstance(held_record.record, r.Roster)
    return held_record.record


def at(written: Written) -> r.ChainPoint:
    """Return a segment's place as cuts and landmarks name it."""
    return r.ChainPoint(written.header.dev, written.header.seq, written.id)


def points(*places: r.ChainPoint) -> tuple[r.ChainPoint, ...]:
    """Return places as a record lists them."""
    return tuple(sorted(places, key=lambda place: place.key))


@dataclass
class Trust:
    """An organisation: its laptops, who may sign for it, and how many must."""

    name: str
    laptops: list[Scribe]
    recovery: SigningKey
    k_org: int = 1
    rosters: list[Held] = field(default_factory=list)
    admins: list[SigningKey] = field(default_factory=list)

    @property
    def org(self) -> bytes:
        """The organisation's id."""
        return fixed(f"org {self.name}")

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The admin keys as an epoch lists them."""
        return tuple(sorted(bytes(key.verify_key) for key in self.admins))


class PaperWorld:
    """Trusts, their laptops, and every record and segment they ever made."""

    def __init__(self, **laptops: int) -> None:
        """Found by the first trust named; each has so many laptops, the first an admin's."""
        self.trusts = {name: _trust(name, count) for name, count in laptops.items()}
        self.records: list[Held] = []
        self.scribes = {s.name: s for trust in self.trusts.values() for s in trust.laptops}
        for trust in self.trusts.values():
            trust.rosters.append(self._first_roster(trust))
        self.lead = next(iter(self.trusts.values()))
        self.genesis = self._genesis()
        self.workspace = self.genesis.id
        for scribe in self.scribes.values():
            scribe.workspace = self.workspace
            scribe.epoch = (0, self.genesis.id)
            scribe.roster = (0, self.trust_of(scribe).rosters[0].id)

    def __getitem__(self, name: str) -> Scribe:
        return self.scribes[name]

    def trust_of(self, scribe: Scribe) -> Trust:
        """Return the trust a laptop belongs to."""
        return next(t for t in self.trusts.values() if t.org == scribe.org)

    @property
    def written(self) -> list[Written]:
        """Every segment ever signed."""
        return [w for scribe in self.scribes.values() for w in scribe.written]

    @property
    def files(self) -> list[bytes]:
        """The file of every segment ever signed."""
        return [w.file for w in self.written]

    # --- records -------------------------------------------------------------------------

    def add(self, record: r.Record, *keys: SigningKey) -> Held:
        """Keep a record signed by keys."""
        made = held(record, *keys)
        self.records = [one for one in self.records if one.id != made.id]
        self.records.append(made)
        return made

    def entry(self, trust: Trust, pin: Held | None = None, **changes: Any) -> r.OrgEntry:  # noqa: ANN401
        """Return a trust's entry in an epoch; its first roster is pinned unless told otherwise."""
        roster = pin or trust.rosters[0]
        place = (roster_of(roster).m, roster.id)
        entry = r.OrgEntry(
            trust.org, trust.name, trust.name.upper(), trust.keys, trust.k_org, EVERY_ROLE, place
        )
        return replace(entry, **changes)

    def entries(self, *entries: r.OrgEntry) -> tuple[r.OrgEntry, ...]:
        """Return entries in an epoch's order."""
        lead = [one for one in entries if one.org == self.lead.org]
        return (*lead, *sorted((one for one in entries if one not in lead), key=lambda o: o.org))

    def admins(self, *names: str) -> list[SigningKey]:
        """Return the admin keys of trusts; of all, if none is named."""
        return [key for name in names or self.trusts for key in self.trusts[name].admins]

    def epoch(self, prev: Held, by: Keys | None = None, **changes: Any) -> Held:  # noqa: ANN401
        """Make an epoch after another, signed by all unless told otherwise."""
        before = epoch_of(prev)
        orgs: Sequence[r.OrgEntry] = changes.get("orgs", before.orgs)
        made = replace(
            before,
            ws=self.workspace,
            n=before.n + 1,
            prev=prev.id,
            attempt=0,
            k=len(orgs) // 2 + 1,
            cuts=(),
            lifts=(),
        )
        return self.add(replace(made, **changes), *(self.admins() if by is None else by))

    def admit_all(self, prev: Held | None = None) -> Held:
        """Make an epoch with every trust in it."""
        orgs = self.entries(*(self.entry(trust) for trust in self.trusts.values()))
        return self.epoch(prev or self.genesis, orgs=orgs)

    def roster(self, trust: Trust, prev: Held, by: Keys | None = None, **changes: Any) -> Held:  # noqa: ANN401
        """Make a trust's roster after another, signed by its admins unless told otherwise."""
        before = roster_of(prev)
        made = replace(before, ws=self.workspace, m=before.m + 1, prev=prev.id, cuts=(), lifts=())
        signed = self.add(replace(made, **changes), *(trust.admins if by is None else by))
        trust.rosters.append(signed)
        return signed

    def void(self, trust: Trust, prev: Held, first: int, last: int, by: Keys | None = None) -> Held:
        """Let a trust say that it votes in none of these attempts."""
        keys = trust.admins if by is None else by
        return self.add(r.Void(self.workspace, trust.org, prev.id, first, last), *keys)

    def suspend(
        self, scribe: Scribe, by: Keys, after: Written | None = None, m: int = 0, serial: int = 1
    ) -> Held:
        """Suspend a laptop after one of its segments."""
        seq, segment = (after.header.seq, after.id) if after else (0, Z)
        place = (scribe.public, seq, segment)
        return self.add(r.Suspension(self.workspace, scribe.org, *place, m, "lost", serial), *by)

    def prove(self, one: Written, other: Written) -> Held:
        """Show two headers that one laptop signed under one number."""
        lower, higher = sorted((one, other), key=lambda w: w.id)
        a, b = segments.read(lower.file), segments.read(higher.file)
        return self.add(
            r.Proof(self.workspace, a.header_bytes, a.signature, b.header_bytes, b.signature)
        )

    # --- laptops -------------------------------------------------------------------------

    def cite(self, scribe: Scribe, epoch: Held, roster: Held) -> None:
        """Let a laptop cite records from now on."""
        scribe.epoch = (epoch_of(epoch).n, epoch.id)
        scribe.roster = (roster_of(roster).m, roster.id)

    def cite_all(self, epoch: Held) -> None:
        """Let every laptop cite an epoch from now on."""
        for scribe in self.scribes.values():
            scribe.epoch = (epoch_of(epoch).n, epoch.id)

    def _first_roster(self, trust: Trust) -> Held:
        devices = [device(scribe) for scribe in trust.laptops]
        keeper = trust is next(iter(self.trusts.values()))
        made = r.Roster(
            ws=Z,
            org=trust.org,
            m=0,
            prev=Z,
            persons=(r.Person(fixed(f"person {trust.name}"), trust.name),),
            devices=listed(*devices),
            cuts=(),
            lifts=(),
            terms=(r.Term(trust.laptops[0].public, None),) if keeper else (),
        )
        return self.add(made, *trust.admins)

    def _genesis(self) -> Held:
        first = r.Epoch(
            ws=Z,
            n=0,
            prev=Z,
            attempt=0,
            k=1,
            lead=self.lead.org,
            orgs=(self.entry(self.lead),),
            roles=ROLE_RIGHTS,
            thresholds=(),
            floor=1,
            cuts=(),
            lifts=(),
            landmarks=(),
            note="On paper",
        )
        return self.add(r.Genesis(first, fixed("salt")), *self.lead.admins)


def device(scribe: Scribe, roles: tuple[int, ...] = EVERY_ROLE) -> r.Device:
    """Return a laptop as its roster lists it; all of a trust's belong to one person."""
    person = fixed(f"person {scribe.name[:-1]}")
    return r.Device(scribe.public, None, person, scribe.name, roles, None)


def listed(*devices: r.Device) -> tuple[r.Device, ...]:
    """Return laptops as a roster lists them."""
    return tuple(sorted(devices, key=lambda one: one.key))


def _trust(name: str, count: int) -> Trust:
    laptops = [
        Scribe(f"{name}{i}", fixed(f"org {name}"), SigningKey(fixed(f"key {name}{i}", 32)))
        for i in range(1, count + 1)
    ]
    recovery = SigningKey(fixed(f"recovery {name}", 32))
    return Trust(name, laptops, recovery, admins=[laptops[0].key, recovery])
