"""Random worlds: one to four trusts that enrol, vote, void, suspend, cut, fork, post and err.

Whatever a world holds was well signed by somebody; hardly anybody is always honest. What is
sensible at a moment is asked of the reference model, so that most of it has authority.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from hypothesis import strategies as st
from nacl.signing import SigningKey

from collabdesk.sync import records as r
from collabdesk.sync.authority.held import Held
from collabdesk.sync.hashing import Z
from collabdesk.sync.registry import REGISTRY_VERSION
from tests.support.paper_alliance import EVERY_ROLE, Scribe, Written, fixed
from tests.support.paper_world import PaperWorld, Trust, at, device, epoch_of, points, roster_of
from tests.support.random_changes import Pen
from tests.support.reference import Control

One = TypeVar("One")
SOME_ROLES = ((), (1,), (1, 2), (5,), EVERY_ROLE)


@dataclass(frozen=True)
class World:
    """What one replica holds of a world: its records and segments."""

    workspace: bytes
    records: tuple[Held, ...]
    segments: tuple[Written, ...]
    genesis: Held
    seed: tuple[int, int] = (0, 0)

    def __repr__(self) -> str:
        """Say in short where it comes from; all of it would fill pages."""
        seed, steps = self.seed
        return f"random_world({seed}, {steps})"

    @property
    def files(self) -> list[bytes]:
        """The segments' files."""
        return [written.file for written in self.segments]


class Fate:
    """Draws what happens in a world, one step after another."""

    def __init__(self, random: Random) -> None:
        """Found a workspace, and mostly admit everybody at once."""
        self.random = random
        names = ("lead", "a", "b", "c")[: random.choice((1, 2, 3, 3, 4))]
        self.paper = PaperWorld(**{name: random.choice((1, 1, 2)) for name in names})
        for trust in self.paper.trusts.values():
            if self.chance(4):
                trust.k_org = 2
        self.pen = Pen(random, self.paper)
        self.serial = 0
        self._learn()
        if self.chance(8, 9):
            self.paper.admit_all()
        else:
            self._epoch()
        self._learn()
        for scribe in self.paper.scribes.values():
            self._catch_up(scribe)

    def chance(self, one: int, of: int | None = None) -> bool:
        """Tell whether something happens, once in so many times (or `one` times `of` so many)."""
        often, times = (1, one) if of is None else (one, of)
        return self.random.randrange(times) < often

    def pick(self, items: Sequence[One]) -> One:
        """Choose one."""
        return self.random.choice(items)

    def some(self, items: Sequence[One]) -> list[One]:
        """Choose any number."""
        return [item for item in items if self.chance(2)]

    # --- what is known at a moment ----------------------------------------------------------

    def _learn(self) -> None:
        self.control = Control(self.paper.workspace, self.paper.records)
        self.head = self.control.epochs[-1]

    def _tip(self, trust: Trust) -> Held:
        line = self.control.rosters.get(trust.org) or []
        found = line[-1] if line else trust.rosters[-1]
        return next((h for h in self.paper.records if h.id == found.id), trust.rosters[0])

    def _head(self) -> Held:
        return next(h for h in self.paper.records if h.id == self.head.id)

    def _catch_up(self, scribe: Scribe) -> None:
        self.paper.cite(scribe, self._head(), self._tip(self.paper.trust_of(scribe)))

    def _trust(self) -> Trust:
        return self.pick(list(self.paper.trusts.values()))

    def _scribe(self) -> Scribe:
        return self.pick(list(self.paper.scribes.values()))

    def _epochs(self) -> list[Held]:
        kinds = (r.Genesis, r.Epoch)
        return [held for held in self.paper.records if isinstance(held.record, kinds)]

    def _of(self, kind: type[r.Record]) -> list[Held]:
        return [held for held in self.paper.records if isinstance(held.record, kind)]

    def _somewhere(self, scribe: Scribe) -> r.ChainPoint:
        """Return a place in a laptop's chain, the beginning and the end included."""
        if not scribe.written or self.chance(5):
            return r.ChainPoint(scribe.public, 0, Z)
        return at(self.pick(scribe.written[-4:]))

    # --- steps ---------------------------------------------------------------------------

    def step(self) -> None:
        """Let one thing happen."""
        kind = self.random.randrange(100)
        if kind < 62:
            self._segment()
            return
        steps = (
            (73, self._epoch),
            (77, self._later_attempt),
            (79, self._split),
            (89, self._roster),
            (93, self._suspension),
            (95, self._twin),
            (99, self._hand_over),
            (100, self._proof),
        )
        next(step for limit, step in steps if kind < limit)()
        self._learn()

    def _segment(self, scribe: Scribe | None = None, *, twin: bool = False) -> Written:
        scribe = scribe or self._scribe()
        if self.chance(2, 3):
            self._catch_up(scribe)
        stray = {}
        if self.chance(15):
            stray["epoch"] = self._stray(self._epochs())
        if self.chance(15):
            stray["roster"] = self._stray(self._of(r.Roster))
        schema = 1 if self.chance(12) else REGISTRY_VERSION
        return self.pen.write(scribe, twin=twin, schema=schema, **stray)

    def _stray(self, held: Sequence[Held]) -> tuple[int, bytes]:
        one = self.pick(held)
        number = roster_of(one).m if isinstance(one.record, r.Roster) else epoch_of(one).n
        return (number + self.chance(9), one.id)

    def _signers(self) -> list[SigningKey]:
        """Choose who signs an epoch: mostly every admin of every trust."""
        if self.chance(3, 4):
            return self.paper.admins()
        return self.some(self.paper.admins())

    def _epoch(self, prev: Held | None = None, **changes: object) -> Held:
        parent = prev or (self.pick(self._epochs()) if self.chance(8) else self._head())
        before = epoch_of(parent)
        fields: dict[str, object] = {"orgs": self._entries(before)}
        fields["landmarks"] = self._landmarks(before)
        if self.chance(3):
            fields["cuts"] = points(*(self._somewhere(s) for s in self._several()))
        suspended = sorted(held.id for held in self._of(r.Suspension))
        if suspended and self.chance(3):
            fields["lifts"] = tuple(self.some(suspended))
        if self.chance(12):
            fields["floor"] = REGISTRY_VERSION
        if self.chance(20):
            fields["k"] = self.pick((1, 2, 3))
        return self.paper.epoch(parent, self._signers(), **{**fields, **changes})

    def _several(self) -> list[Scribe]:
        return self.some(list(self.paper.scribes.values()))

    def _entries(self, before: r.Epoch) -> tuple[r.OrgEntry, ...]:
        entries = []
        for trust in self.paper.trusts.values():
            old = next((one for one in before.orgs if one.org == trust.org), None)
            if old is None:
                if self.chance(2, 3):
                    entries.append(self.paper.entry(trust))
                continue
            if trust is not self.paper.lead and self.chance(20):
                continue
            entry = old
            if self.chance(2):
                tip = self._tip(trust) if self.chance(5, 6) else self.pick(trust.rosters)
                entry = replace(entry, pin=(roster_of(tip).m, tip.id))
            if self.chance(10):
                entry = replace(entry, grants=self.pick(SOME_ROLES))
            if self.chance(15):
                entry = self._other_admins(trust, entry)
            entries.append(entry)
        return self.paper.entries(*entries)

    def _other_admins(self, trust: Trust, entry: r.OrgEntry) -> r.OrgEntry:
        keys = [laptop.key for laptop in trust.laptops]
        chosen = self.some([*keys, trust.recovery]) or [trust.recovery]
        trust.admins = [*dict.fromkeys([*trust.admins, *chosen])]
        admins = tuple(sorted(bytes(key.verify_key) for key in chosen))
        return replace(entry, admins=admins, k_org=self.random.randint(1, len(admins)))

    def _landmarks(self, before: r.Epoch) -> tuple[r.ChainPoint, ...]:
        fixed_at = {point.key: point for point in before.landmarks}
        for scribe in self._several() if self.chance(3) else ():
            place = self._somewhere(scribe)
            old = fixed_at.get(place.key)
            if place.seq and (old is None or place.seq > old.seq or self.chance(8)):
                fixed_at[place.key] = place
        return points(*fixed_at.values())

    def _later_attempt(self) -> None:
        """Let some void an attempt, and one propose in the next."""
        parent = self._head()
        orgs = epoch_of(parent).orgs
        attempt = self.pick((1, 1, 2))
        for trust in self.paper.trusts.values():
            if self.chance(5, 6):
                self.paper.void(trust, parent, 0, attempt - 1)
        if self.chance(4):
            self.paper.void(self._trust(), parent, attempt, attempt + 1)
        if orgs and self.chance(3, 4):
            self._epoch(parent, attempt=attempt)

    def _split(self) -> None:
        """Let two epochs of one number win, and mostly let one of them be continued."""
        parent = self._head()
        both = [self._epoch(parent, note=note) for note in ("one", "other")]
        if self.chance(2, 3):
            self._epoch(self.pick(both))

    def _roster(self, trust: Trust | None = None, **changes: object) -> Held:
        trust = trust or self._trust()
        prev = self._tip(trust) if self.chance(5, 6) else self.pick(trust.rosters)
        before = roster_of(prev)
        fields: dict[str, object] = {"devices": self._devices(trust, before)}
        if self.chance(2):
            fields["cuts"] = points(*(self._somewhere(s) for s in self._several()))
        suspended = sorted(held.id for held in self._of(r.Suspension))
        if suspended and self.chance(2):
            fields["lifts"] = tuple(self.some(suspended))
        if self.chance(12):
            fields["terms"] = (*before.terms, r.Term(self._scribe().public, None))
        by = trust.admins if self.chance(2) else [self.pick(trust.admins)]
        return self.paper.roster(trust, prev, by, **{**fields, **changes})

    def _devices(self, trust: Trust, before: r.Roster) -> tuple[r.Device, ...]:
        devices = {d.key: d for d in before.devices}
        if self.chance(3) and len(trust.laptops) < 3:
            self._newcomer(trust)
        for laptop in trust.laptops:
            match self.random.randrange(10):
                case 0 if laptop.public in devices:
                    del devices[laptop.public]
                case 1:
                    devices[laptop.public] = device(laptop, self.pick(SOME_ROLES))
                case 2 | 3:
                    devices[laptop.public] = device(laptop)
        return tuple(sorted(devices.values(), key=lambda d: d.key))

    def _newcomer(self, trust: Trust) -> None:
        name = f"{trust.name}{len(trust.laptops) + 1}"
        key = SigningKey(fixed(f"key {name}", 32))
        first = trust.rosters[0]
        made = Scribe(
            name, trust.org, key, self.paper.workspace, (0, self.paper.genesis.id), (0, first.id)
        )
        trust.laptops.append(made)
        self.paper.scribes[name] = made

    def _suspension(self) -> None:
        scribe = self._scribe()
        trust = self.paper.trust_of(scribe)
        others = [t for t in self.paper.trusts.values() if t is not trust]
        by = {0: [self.pick(trust.admins)], 1: [t.admins[0] for t in others[:2]]}
        after = self.pick(scribe.written) if scribe.written and self.chance(2, 3) else None
        self.serial += 1
        m = self.random.randrange(3)
        signers = by.get(self.random.randrange(3)) or self.some(self.paper.admins())
        self.paper.suspend(scribe, signers, after, m, self.serial)

    def _twin(self) -> None:
        """Let a laptop sign two ways, and go on along one of them or the other."""
        scribe = self._scribe()
        twin = self._segment(scribe, twin=True)
        other = self._segment(scribe)
        scribe.last = self.pick((twin, other))

    def _proof(self) -> None:
        chains = [s.written for s in self.paper.scribes.values()]
        pairs = [
            (one, other)
            for chain in chains
            for i, one in enumerate(chain)
            for other in chain[i + 1 :]
            if one.header.seq == other.header.seq and one.id != other.id
        ]
        if not pairs:
            self._twin()
            return
        one, other = self.pick(pairs)
        self.paper.prove(one, other)
        if self.chance(2):
            # … and one of the two is never seen but in the proof.
            self.paper.scribes[self._name_of(one)].written.remove(one)

    def _name_of(self, written: Written) -> str:
        return next(s.name for s in self.paper.scribes.values() if written in s.written)

    def _hand_over(self) -> None:
        """End the ledger's term, mostly where its keeper stands, and mostly start the next."""
        lead = self.paper.lead
        terms = list(roster_of(self._tip(lead)).terms)
        keeper = next(
            (s for s in self.paper.scribes.values() if terms and s.public == terms[-1].key),
            lead.laptops[0],
        )
        if terms and terms[-1].end is None:
            if self.chance(2):
                self.pen.release(keeper, len(terms))
            place = self._somewhere(keeper)
            terms[-1] = r.Term(keeper.public, (place.seq, place.id))
        if self.chance(4, 5):
            terms.append(r.Term(self.pick(lead.laptops).public, None))
        self._roster(lead, terms=tuple(terms))

    # --- what a replica holds of it -----------------------------------------------------------

    def world(self) -> World:
        """Return all that was made, now and then with a few records or segments missing."""
        records, segments = list(self.paper.records), list(self.paper.written)
        if self.chance(4):
            missing = self.some(records[-6:])
            records = [one for one in records if one not in missing or one == self.paper.genesis]
        if segments and self.chance(5):
            segments.remove(self.pick(segments))
        return World(self.paper.workspace, tuple(records), tuple(segments), self.paper.genesis)


def random_world(seed: int, steps: int) -> World:
    """Return what comes of so many steps; the first of them are the same for one seed."""
    fate = Fate(Random(seed))  # noqa: S311 - a seed, no secret
    for _ in range(steps):
        fate.step()
    return replace(fate.world(), seed=(seed, steps))


@st.composite
def worlds(draw: st.DrawFn, most: int = 25) -> World:
    """Draw a world; one of fewer steps is the simpler one."""
    steps = draw(st.integers(1, most))
    return random_world(draw(st.integers(0, 2**32)), steps)
