"""Laptops of one to four trusts live through everything; whatever they hold, the model agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from nacl.signing import SigningKey

from collabdesk.domain.changes import (
    OWN,
    Adopt,
    Approve,
    Beacon,
    Cell,
    Change,
    Delete,
    Heed,
    Insert,
    NewRow,
    PostJournal,
    Release,
    Resolve,
    SetCells,
    Undelete,
    Withdraw,
)
from collabdesk.sync import records as r
from collabdesk.sync.authority.held import Held
from collabdesk.sync.hashing import Z
from collabdesk.sync.names import dev16
from collabdesk.sync.registry import REGISTRY
from tests.support.depth import examples
from tests.support.exchange import LINE
from tests.support.living import OLDER, Folder, Laptop, settle
from tests.support.paper_alliance import EVERY_ROLE, Scribe, fixed
from tests.support.paper_world import PaperWorld, Trust, device, listed, points, roster_of

WHICH = st.integers(0, 11)
SMALL = st.integers(-9, 9)
HEADER = Insert(
    "journal",
    OWN,
    {
        "fiscal_year": "2026/27",
        "kind": "opening",
        "posting_month": 1,
        "effective_month": 1,
        "words": "x",
    },
    key="header",
)


def journal(pence: int) -> PostJournal:
    line: dict[str, Cell] = {"journal": NewRow("header"), "account": "envelope"}
    both = (pence, -pence)
    return PostJournal(
        HEADER, tuple(Insert("journal_line", OWN, {**line, "amount_p": p}) for p in both)
    )


class Life(RuleBasedStateMachine):
    """Two to six laptops of one to four trusts, two folders, and whatever happens to them."""

    @initialize(sizes=st.lists(st.integers(1, 2), min_size=1, max_size=4))
    def found(self, sizes: list[int]) -> None:
        counts = dict(zip(("lead", "a", "b", "c"), sizes, strict=False))
        counts["lead"] += sum(sizes) == 1
        self.paper = PaperWorld(**counts)
        self.paper.admit_all()
        self.folders = [Folder(), Folder()]
        self.folders[0].put(*self.paper.records)
        self.folders[1].put(*self.paper.records)
        self.laptops: list[Laptop] = []
        self.serial = 0
        self.cloned = False
        self.doubtful: set[bytes] = set()
        for scribe in self.paper.scribes.values():
            self._start(scribe)

    def _start(self, scribe: Scribe) -> None:
        self.laptops.append(Laptop.of(scribe, self.paper.workspace, self.folders[0], REGISTRY))

    def _laptop(self, which: int) -> Laptop:
        return self.laptops[which % len(self.laptops)]

    def _trust(self, laptop: Laptop) -> Trust:
        return self.paper.trust_of(laptop.scribe)

    # --- work --------------------------------------------------------------------------------

    @rule(which=WHICH, pence=SMALL)
    def draft(self, which: int, pence: int) -> None:
        self._laptop(which).change(replace(LINE, cells={**LINE.cells, "m1": pence}))

    @rule(which=WHICH, row=WHICH, pence=SMALL, kind=st.integers(0, 7))
    def edit(self, which: int, row: int, pence: int, kind: int) -> None:
        laptop = self._laptop(which)
        rows = laptop.rows("plan_line")
        if not rows:
            return
        at = rows[row % len(rows)]
        changes: Sequence[Change] = (
            SetCells("plan_line", at, {"m1": pence}),
            SetCells("plan_line", at, {"m1": pence, "provider": str(pence)}),
            Resolve("plan_line", at, "m1", pence, "why"),
            Delete("plan_line", at),
            Undelete("plan_line", at),
            Approve("plan_line", at, ("m1",)),
            Withdraw("plan_line", at),
            SetCells("plan_line", at, {"m2": pence}),
        )
        laptop.change(changes[kind])

    @rule(which=WHICH, pence=SMALL)
    def post(self, which: int, pence: int) -> None:
        self._laptop(which).change(journal(pence))

    @rule(which=WHICH, kind=st.integers(0, 2))
    def say(self, which: int, kind: int) -> None:
        laptop = self._laptop(which)
        if laptop.bench.registry is OLDER:
            return
        heeded = tuple(sorted(laptop.bench.rulebook.records)[:2])
        if kind == 2:
            laptop.change(Adopt(fixed("from", 32), 0), replace(LINE, key="adopted"))
        else:
            laptop.change((Beacon(), Heed(heeded))[kind])

    # --- the folders -------------------------------------------------------------------------

    @rule(which=WHICH)
    def share(self, which: int) -> None:
        laptop = self._laptop(which)
        laptop.share()
        laptop.check()

    @rule(which=WHICH)
    def part(self, which: int) -> None:
        """Let a laptop reach the other folder only."""
        laptop = self._laptop(which)
        other = self.folders[laptop.folder is self.folders[0]]
        laptop.folder = other

    @rule()
    def join(self) -> None:
        self.folders[0].take(self.folders[1])
        self.folders[1].take(self.folders[0])

    # --- membership --------------------------------------------------------------------------

    def _adopted(self, laptop: Laptop, org: bytes) -> Held | None:
        line = laptop.bench.rulebook.rosters(org)
        return line[-1] if line else None

    def _roster(self, laptop: Laptop, key: SigningKey, **changes: object) -> None:
        trust = self._trust(laptop)
        tip = self._adopted(laptop, trust.org)
        if tip is not None:
            laptop.folder.put(self.paper.roster(trust, tip, [key], **changes))

    @rule(which=WHICH, by=st.booleans())
    def enrol(self, which: int, by: bool) -> None:
        laptop = self._laptop(which)
        trust = self._trust(laptop)
        tip = self._adopted(laptop, trust.org)
        if tip is None or len(self.laptops) >= 6:
            return
        name = f"{trust.name}{len(trust.laptops) + 1}"
        new = Scribe(name, trust.org, SigningKey(fixed(f"key {name}", 32)), self.paper.workspace)
        trust.laptops.append(new)
        self.paper.scribes[name] = new
        key = trust.admins[by]
        self._roster(laptop, key, devices=listed(*roster_of(tip).devices, device(new)))
        self._start(new)
        self.laptops[-1].folder = laptop.folder

    @rule(which=WHICH, gone=WHICH, by=st.booleans(), cut=st.booleans(), roles=st.booleans())
    def retire(self, which: int, gone: int, by: bool, cut: bool, roles: bool) -> None:
        """Retire a laptop of the same trust, or lessen its rights, at the head seen or at none."""
        laptop = self._laptop(which)
        trust = self._trust(laptop)
        tip = self._adopted(laptop, trust.org)
        if tip is None:
            return
        target = trust.laptops[gone % len(trust.laptops)]
        left = [d for d in roster_of(tip).devices if d.key != target.public]
        left += [device(target, (2,))] if roles else []
        cuts = points(self._head(laptop, target)) if cut else ()
        self._roster(laptop, trust.admins[by], devices=listed(*left), cuts=cuts)

    def _head(self, laptop: Laptop, scribe: Scribe) -> r.ChainPoint:
        """Return the newest segment of a laptop that another holds."""
        heads = {dev: (seq, at) for dev, seq, at in laptop.bench.replica.heads()}
        return r.ChainPoint(scribe.public, *heads.get(dev16(scribe.public), (0, Z)))

    @rule(which=WHICH, whom=WHICH, others=st.booleans())
    def suspend(self, which: int, whom: int, others: bool) -> None:
        laptop, scribe = self._laptop(which), self._laptop(whom).scribe
        place = self._head(laptop, scribe)
        trust = self.paper.trust_of(scribe)
        far = [t for t in self.paper.trusts.values() if t is not trust][:2]
        keys = [t.admins[0] for t in far] if others else [trust.recovery]
        self.serial += 1
        made = r.Suspension(
            self.paper.workspace, trust.org, place.key, place.seq, place.id, 0, "", self.serial
        )
        laptop.folder.put(self.paper.add(made, *keys))

    @rule(which=WHICH, attempt=st.integers(0, 3), kind=st.integers(0, 5), whom=WHICH)
    def propose(self, which: int, attempt: int, kind: int, whom: int) -> None:
        """Draft an epoch: landmarks, a cut, lifts, lessened grants, new pins, nothing.

        In two attempts of four all agree at once, as in a meeting.
        """
        agreed, attempt = attempt > 1, attempt % 2
        laptop = self._laptop(which)
        book = laptop.bench.rulebook
        scribe = self._laptop(whom).scribe
        changes: dict[str, object] = {"attempt": attempt}
        place = self._head(laptop, scribe)
        if kind == 0 and place.seq:
            kept = {p.key: p for p in book.epoch.landmarks}
            changes["landmarks"] = points(*{**kept, place.key: place}.values())
        if kind == 1:
            changes["cuts"] = points(place)
        if kind == 2:
            changes["lifts"] = tuple(sorted(s.id for s in book.suspensions))
        if kind in {3, 4}:
            entries = [
                replace(entry, grants=(2,) if kind == 3 and entry.org == scribe.org else EVERY_ROLE)
                for entry in book.epoch.orgs
            ]
            tips = {entry.org: self._adopted(laptop, entry.org) for entry in entries}
            changes["orgs"] = tuple(
                replace(entry, pin=(roster_of(tip).m, tip.id))
                if (tip := tips[entry.org])
                else entry
                for entry in entries
            )
        keys = self.paper.admins() if agreed else [self._trust(laptop).admins[0]]
        laptop.folder.put(self.paper.epoch(book.head, keys, **changes))

    @rule(which=WHICH, chosen=WHICH, together=st.booleans())
    def vote(self, which: int, chosen: int, together: bool) -> None:
        """Sign one of the drafts that wait, alone or with all the others."""
        laptop = self._laptop(which)
        drafts = laptop.bench.rulebook.drafts()
        if drafts:
            one = drafts[chosen % len(drafts)]
            trusts = self.paper.trusts.values() if together else [self._trust(laptop)]
            signed = {bytes(trust.admins[0].verify_key) for trust in trusts}
            laptop.folder.put(replace(one, signers=one.signers | signed))

    @rule(which=WHICH, first=st.integers(0, 1))
    def void(self, which: int, first: int) -> None:
        laptop = self._laptop(which)
        trust = self._trust(laptop)
        laptop.folder.put(self.paper.void(trust, laptop.bench.rulebook.head, first, first))

    @rule(which=WHICH, heir=WHICH, released=st.booleans())
    def hand_over(self, which: int, heir: int, released: bool) -> None:
        """Let the lead end the ledger's term where its keeper stands, and begin the next."""
        laptop = self._laptop(which)
        trust = self._trust(laptop)
        tip = self._adopted(laptop, trust.org)
        if trust is not self.paper.lead or tip is None or not roster_of(tip).terms:
            return
        *before, last = roster_of(tip).terms
        if released and laptop.scribe.public == last.key:
            laptop.change(Release())
            laptop.publish()
        keeper = next(s for s in trust.laptops if s.public == last.key)
        place = self._head(laptop, keeper)
        end = last.end or (place.seq, place.id)
        new = trust.laptops[heir % len(trust.laptops)].public
        terms = (*before, r.Term(last.key, end), r.Term(new, None))
        self._roster(laptop, trust.admins[0], terms=terms)

    # --- mishaps -----------------------------------------------------------------------------

    @rule(which=WHICH)
    def keep_a_copy(self, which: int) -> None:
        laptop = self._laptop(which)
        laptop.publish()
        laptop.kept = laptop.copied()

    @rule(which=WHICH, careful=st.booleans())
    def restore(self, which: int, careful: bool) -> None:
        """Put the copy back; who is careful reads its own chain again before it signs."""
        laptop = self._laptop(which)
        if laptop.kept is None:
            return
        laptop.publish()
        laptop.restore(laptop.kept)
        self.doubtful.add(laptop.scribe.public)
        if careful:
            laptop.share()
            laptop.check()

    @rule(which=WHICH)
    def clone(self, which: int) -> None:
        """Let a second laptop go on with the same key."""
        laptop = self._laptop(which)
        if len(self.laptops) < 6 and not self.cloned:
            self.cloned = True
            self.doubtful.add(laptop.scribe.public)
            laptop.publish()
            scribe = replace(laptop.scribe, name=f"{laptop.scribe.name} again")
            twin = Laptop.of(scribe, self.paper.workspace, laptop.folder, laptop.bench.registry)
            twin.restore(laptop.copied())
            self.laptops.append(twin)

    @rule(which=WHICH)
    def fall_behind(self, which: int) -> None:
        """Go on with an older program; a laptop that signed as the newer one never does."""
        laptop = self._laptop(which)
        if not laptop.bench.replica.own_approvals(laptop.scribe.dev):
            laptop.publish()
            laptop.upgrade(OLDER)

    @rule(which=WHICH)
    def upgrade(self, which: int) -> None:
        laptop = self._laptop(which)
        laptop.publish()
        laptop.upgrade(REGISTRY)
        laptop.check()

    def teardown(self) -> None:
        """Let all meet: one truth, the model's, from scratch too; nobody honest forked."""
        if not hasattr(self, "laptops"):
            return
        for laptop in self.laptops:
            laptop.publish()
            laptop.upgrade(REGISTRY)
        settle(self.laptops)
        roots = {(laptop.bench.root, laptop.bench.control) for laptop in self.laptops}
        assert len(roots) == 1
        forked = {key for key, seq in self.laptops[0].told().chains.clash.items() if seq}
        assert forked <= self.doubtful
        for laptop in self.laptops:
            laptop.check()
            laptop.bench.engine.rebuild()
            laptop.check()
            laptop.bench.close()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=examples(15), stateful_step_count=30)
