"""The worlds that are attacked: real workspaces over a real folder, and everybody's keys.

An attacker holds the keys of whoever the case says was robbed or is dishonest; laptops
that take no part stay closed, so that a case costs little.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nacl.signing import SigningKey

from collabdesk.domain.changes import OWN, Insert
from collabdesk.services.workspace import Workspace
from collabdesk.sync import codec, derive, names, segment
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.operations import InsertRow, read_operation
from collabdesk.sync.records import Genesis
from collabdesk.sync.stores.folder import FolderStore
from tests.attacks.signing import Hand, Signed
from tests.support.alliance import Alliance, Desk, GivenClock, MemoryKeyStore, found_alliance
from tests.support.exchange import LINE
from tests.support.paper_alliance import fixed

PARTNERS = {"one trust": (), "two trusts": ("a",), "three trusts": ("a", "b")}
PLAN_LINE = 13
SERVICE_LINE = 11
SLOTS = {"lead": "rha", "a": "rp7", "b": "rt5"}


@dataclass
class Template:
    """A world as founded, closed; cases work on copies."""

    folder: Path
    alliance: Alliance
    keys: dict[str, SigningKey]
    records: tuple[Held, ...]

    def copy_to(self, folder: Path) -> World:
        """Return a copy to attack."""
        shutil.copytree(self.folder, folder)
        return World(folder, self)


def found(folder: Path, kind: str) -> Template:
    """Found a world: an alliance in which every partner has published something."""
    alliance = found_alliance(folder, PARTNERS[kind])
    for name, desk in alliance.desks.items():
        service = {"code": name.upper(), "name": f"Service of {name}", "kind": "service"}
        desk.change(Insert("service_line", OWN, service, key="service"))
        if name == "lead":
            desk.change(LINE)
    alliance.share_all(3)
    lead = alliance.desks["lead"].workspace
    records = tuple(lead.book.records.values())
    keys = {name: desk.workspace.keys().signing for name, desk in alliance.desks.items()}
    alliance.close()
    return Template(folder, alliance, keys, records)


@dataclass
class World:
    """A world under attack."""

    folder: Path
    template: Template
    hands: dict[str, Hand] = field(default_factory=dict)
    signed: dict[str, Signed] = field(default_factory=dict)
    records: dict[str, Held] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    keys: dict[str, MemoryKeyStore] = field(default_factory=dict)
    clock_ms: int = 0

    def __post_init__(self) -> None:
        """Let everybody's hand stand where their laptop stopped."""
        book = self.book
        for name, key in self.template.keys.items():
            org = book.organisation_of(bytes(key.verify_key))
            assert org is not None
            tip = book.roster_of(org)
            assert tip is not None
            at = (book.epoch.n, book.head.id)
            self.hands[name] = Hand(name, key, org, book.workspace, at, tip)
        self.look()

    @property
    def share(self) -> Path:
        """The shared folder."""
        return self.folder / "share"

    @property
    def root(self) -> Path:
        """The workspace's own folder in it."""
        return self.share / names.workspace_folder(self.workspace)

    @property
    def workspace(self) -> bytes:
        """The workspace's id."""
        return self.book.workspace

    @cached_property
    def book(self) -> Rulebook:
        """The rules as everybody had them before the attack."""
        held = self.template.records
        (genesis,) = (item.id for item in held if isinstance(item.record, Genesis))
        return Rulebook(genesis, held)

    @property
    def control(self) -> bytes:
        """The digest of the membership that everybody works under."""
        book = self.book
        tips = ((entry.org, book.roster_of(entry.org)) for entry in book.epoch.orgs)
        rosters = sorted((org, *tip) for org, tip in tips if tip is not None)
        return derive.control_head((book.epoch.n, book.head.id), rosters, [], [])

    @cached_property
    def base(self) -> dict[str, str]:
        """Where the rows stand that every world begins with."""
        found: dict[str, str] = {}
        for name, signed in self.signed.items():
            for idx, op in enumerate(signed.ops):
                if isinstance(op, InsertRow) and op.table == PLAN_LINE:
                    found["line"] = f"{name}.{idx}"
                if isinstance(op, InsertRow) and op.table == SERVICE_LINE:
                    found[f"service {name.rstrip('0123456789')}"] = f"{name}.{idx}"
        return found

    def newest(self, name: str) -> Signed:
        """Return a laptop's newest change set."""
        last = self.hands[name].last
        assert last is not None
        return last

    def id_of(self, name: str) -> bytes:
        """Return the id of a change set or record by its name."""
        return self.signed[name].id if name in self.signed else self.records[name].id

    def person_of(self, name: str) -> bytes:
        """Return the person of a laptop."""
        hand = self.hand(name)
        roster = self.book.roster(hand.org)
        assert roster is not None
        return next(device.pid for device in roster.devices if device.key == hand.public)

    def hand(self, name: str) -> Hand:
        """Return somebody's hand; a stranger's is made when first named."""
        if name not in self.hands:
            key = SigningKey(fixed(f"key {name}", 32))
            known = next(iter(self.hands.values()))
            hand = Hand(name, key, fixed(f"org {name}"), known.workspace, known.epoch, known.roster)
            self.hands[name] = hand
        return self.hands[name]

    def keys_of(self, name: str) -> MemoryKeyStore:
        """Return a laptop's key store."""
        if name not in self.keys:
            kept = self.template.alliance.desks[name].keys.kept
            self.keys[name] = MemoryKeyStore(dict(kept))
        return self.keys[name]

    def past_of(self, signed: Signed | None) -> dict[bytes, int]:
        """Return the greatest number of each laptop that a change set has seen."""
        past: dict[bytes, int] = {}
        for before in self._before(signed):
            for dev, seq in (*self.past_of(before).items(), (before.dev, before.seq)):
                past[dev] = max(seq, past.get(dev, 0))
        return past

    def _before(self, signed: Signed | None) -> list[Signed]:
        if signed is None:
            return []
        fields = codec.decode_kept(signed.header)
        ids = {fields[4], *(parent[2] for parent in fields[5])}
        known = [s for hand in self.hands.values() for s in hand.chain]
        return [s for s in known if s.id in ids]

    def clock(self) -> GivenClock:
        """Return a clock that goes on where the world stopped."""
        clocks = (desk.clock.ms for desk in self.template.alliance.desks.values())
        return GivenClock(max(clocks) + self.clock_ms)

    def open(self, name: str) -> Desk:
        """Open a laptop."""
        keys, clock = self.keys_of(name), self.clock()
        workspace = Workspace(self.folder / name, keys, clock)
        workspace.use_store(str(self.share))
        return Desk(workspace, keys, FolderStore(self.share), clock)

    def close(self, desk: Desk) -> None:
        """Close a laptop, and let its hand go on from what it published."""
        desk.workspace.close()
        self.look()

    def look(self) -> None:
        """Take the change sets in the folder for what their authors' hands have signed."""
        by_dev = {hand.public: hand for hand in self.hands.values()}
        for path in sorted(self.share.rglob("d/*/*/*.cds")):
            read = segment.read(path.read_bytes())
            hand = by_dev[read.header.dev]
            if all(signed.id != read.id for signed in hand.chain):
                hand.went_on(_signed(path.read_bytes(), read))
                self.signed[f"{hand.name}{read.header.seq}"] = hand.chain[-1]


def _signed(file: bytes, read: segment.Segment) -> Signed:
    header, body = read.header, segment.open_body(read)
    return Signed(
        file,
        read.id,
        header.dev,
        header.seq,
        header.lamport,
        tuple(read_operation(op, body.devs) for op in body.ops),
        read.header_bytes,
        read.signature,
    )
