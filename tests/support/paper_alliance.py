"""An alliance on paper: control records with fixed keys, and segments written by hand.

Nothing here judges anything. A `Scribe` signs whatever it is told to, honest or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from nacl.signing import SigningKey

from collabdesk.sync import records as r
from collabdesk.sync import segment as segments
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.derive import row_id
from collabdesk.sync.hashing import Z
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import (
    DeviceList,
    Dot,
    Group,
    InsertRow,
    Operation,
    SetRow,
    Value,
    write_operation,
)
from collabdesk.sync.registry import REGISTRY, ROLES

EVERY_ROLE = tuple(role.number for role in ROLES)
ROLE_RIGHTS = tuple(
    r.RoleRights(
        role.number,
        tuple(
            r.AreaRight(*area)
            for area in sorted(
                (REGISTRY.areas[g.area].number, int(g.verbs), int(g.reach)) for g in role.grants
            )
        ),
    )
    for role in ROLES
)
SHARED_PLAN = 1
Op = Operation | list[Any]


def fixed(text: str, size: int = 16) -> bytes:
    """Return bytes that are always the same for a text."""
    return sha256(text.encode()).digest()[:size]


def held(record: r.Record, *keys: SigningKey) -> Held:
    """Return a record signed by keys."""
    content = r.encode_record(record)
    signers = frozenset(bytes(key.verify_key) for key in keys)
    return Held(r.record_id(content), record, signers)


@dataclass(frozen=True)
class Written:
    """A segment as written."""

    file: bytes
    id: bytes
    header: segments.Header

    @property
    def dev(self) -> bytes:
        """The short name of its device."""
        return dev16(self.header.dev)

    @property
    def place(self) -> tuple[bytes, int, bytes]:
        """What a successor's parents say of it."""
        return (self.dev, self.header.seq, self.id)

    def dot(self, idx: int) -> Dot:
        """The name of one of its operations."""
        return (self.dev, self.header.seq, idx)

    def row(self, idx: int) -> bytes:
        """The id of the row that its insert at an index makes."""
        return row_id(self.header.dev, self.header.seq, idx)


@dataclass
class Scribe:
    """A laptop's hand: writes segments one after another, each following the last."""

    name: str
    org: bytes
    key: SigningKey
    workspace: bytes = Z
    epoch: tuple[int, bytes] = (0, Z)
    roster: tuple[int, bytes] = (0, Z)
    last: Written | None = None
    written: list[Written] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        """The public key."""
        return bytes(self.key.verify_key)

    @property
    def dev(self) -> bytes:
        """The short name."""
        return dev16(self.public)

    def write(
        self,
        *ops: Op,
        after: Iterable[Written] = (),
        keep: bool = True,
        devs: Sequence[bytes] = (),
        **changes: Any,  # noqa: ANN401 - any field of a header
    ) -> Written:
        """Sign the next segment; `changes` replace fields of its header."""
        seen = sorted(after, key=lambda written: written.dev)
        before = (self.last,) if self.last else ()
        lamport = 1 + max([w.header.lamport for w in (*before, *seen)], default=0)
        named = DeviceList([op for op in ops if not isinstance(op, list)])
        fields: dict[str, Any] = {
            "ws": self.workspace,
            "seq": self.last.header.seq + 1 if self.last else 1,
            "prev": self.last.id if self.last else Z,
            "parents": tuple(written.place for written in seen),
            "lamport": lamport,
            "wall_ms": 1_767_225_600_000,
            "app": "test",
            "schema": 1,
            "epoch": self.epoch,
            "roster": self.roster,
            "incarnation": fixed(self.name),
        }
        file = segments.seal(
            signing_key=self.key,
            devs=sorted(devs) or named.devs,
            ops=[op if isinstance(op, list) else write_operation(op, named) for op in ops],
            **{**fields, **changes},
        )
        read = segments.read(file)
        written = Written(file, read.id, read.header)
        if keep:
            self.last = written
            self.written.append(written)
        return written


class PaperAlliance:
    """Lead and partners: genesis, one epoch that admits all, and whatever a test adds."""

    def __init__(self, *partners: str, salt: str = "salt") -> None:
        """Found, and admit the partners at once."""
        self.scribes = {name: _scribe(name) for name in ("lead", *partners)}
        lead = self.scribes["lead"]
        self.rosters = {name: self._roster(scribe) for name, scribe in self.scribes.items()}
        self.genesis = held(r.Genesis(self._epoch_zero(lead), fixed(salt)), lead.key)
        self.workspace = self.genesis.id
        self.records = [self.genesis, *self.rosters.values()]
        self.epochs = [self.genesis]
        for name, scribe in self.scribes.items():
            scribe.workspace = self.workspace
            scribe.roster = (0, self.rosters[name].id)
        self.cite(self.genesis)
        if partners:
            self.cite(self.adopt())

    def __getitem__(self, name: str) -> Scribe:
        return self.scribes[name]

    @property
    def rulebook(self) -> Rulebook:
        """The rules under every record made so far."""
        return Rulebook(self.workspace, self.records)

    @property
    def head(self) -> r.Epoch:
        """The newest epoch."""
        found = self.epochs[-1].epoch
        assert found is not None
        return found

    def adopt(self, *, signers: Sequence[str] | None = None, **changes: Any) -> Held:  # noqa: ANN401
        """Make the next epoch, signed by all (or those named), with fields changed."""
        orgs = tuple(self.entry(name) for name in self.scribes)
        lead, others = orgs[0], sorted(orgs[1:], key=lambda entry: entry.org)
        epoch = replace(
            self.head,
            ws=self.workspace,
            n=self.head.n + 1,
            prev=self.epochs[-1].id,
            k=len(orgs) // 2 + 1,
            orgs=(lead, *others),
        )
        names = self.scribes if signers is None else signers
        made = held(replace(epoch, **changes), *(self.scribes[n].key for n in names))
        self.records.append(made)
        if signers is None:
            self.epochs.append(made)
        return made

    def cite(self, epoch: Held) -> None:
        """Let every scribe cite an epoch from now on."""
        assert epoch.epoch is not None
        for scribe in self.scribes.values():
            scribe.epoch = (epoch.epoch.n, epoch.id)

    def entry(self, name: str, grants: tuple[int, ...] = EVERY_ROLE) -> r.OrgEntry:
        """Return an organisation's entry in an epoch."""
        scribe = self.scribes[name]
        return r.OrgEntry(
            scribe.org, name, name.upper(), (scribe.public,), 1, grants, (0, self.rosters[name].id)
        )

    def orgs(self, **grants: tuple[int, ...]) -> tuple[r.OrgEntry, ...]:
        """Return the entries of all, those named with other grants."""
        made = [self.entry(name, grants.get(name, EVERY_ROLE)) for name in self.scribes]
        return (made[0], *sorted(made[1:], key=lambda entry: entry.org))

    def _epoch_zero(self, lead: Scribe) -> r.Epoch:
        return r.Epoch(
            ws=Z,
            n=0,
            prev=Z,
            attempt=0,
            k=1,
            lead=lead.org,
            orgs=(self.entry("lead"),),
            roles=ROLE_RIGHTS,
            thresholds=(),
            floor=1,
            cuts=(),
            lifts=(),
            landmarks=(),
            note="On paper",
        )

    def _roster(self, scribe: Scribe) -> Held:
        person = fixed(f"person {scribe.name}")
        device = r.Device(scribe.public, None, person, "Laptop", EVERY_ROLE, None)
        terms = (r.Term(scribe.public, None),) if scribe.name == "lead" else ()
        return held(
            r.Roster(
                ws=Z,
                org=scribe.org,
                m=0,
                prev=Z,
                persons=(r.Person(person, scribe.name),),
                devices=(device,),
                cuts=(),
                lifts=(),
                terms=terms,
            ),
            self.scribes["lead"].key,
            scribe.key,
        )


def _scribe(name: str) -> Scribe:
    return Scribe(name, fixed(f"org {name}"), SigningKey(fixed(f"key {name}", 32)))


# --- operations often written ---------------------------------------------------------------


def plan_line(*months: int, provider: str = "RHA", minimum: int = 1) -> InsertRow:
    """Return a shared plan line with amounts from month 1 on."""
    cells: list[tuple[int, Value]] = [(1, bytes(16)), (2, bytes(16)), (3, provider), (4, 1)]
    cells += [(11 + at, amount) for at, amount in enumerate(months)]
    return InsertRow(minimum, 13, SHARED_PLAN, tuple(cells))


def service_line(org: bytes, code: str = "A", name: str = "Adult secure") -> InsertRow:
    """Return a service line of an organisation."""
    return InsertRow(1, 11, org, ((1, code), (2, name), (3, 1)))


def amount(row: bytes, value: Value, *dots: Dot, month: int = 1) -> SetRow:
    """Return a new amount of a plan line in place of dots."""
    return SetRow(1, 13, row, ((10 + month, value, tuple(sorted(dots))),))


def renamed(row: bytes, name: str, *dots: Dot) -> SetRow:
    """Return a new name of a service line in place of dots."""
    return SetRow(1, 11, row, ((2, name, tuple(sorted(dots))),))


def group(*ops: Op) -> tuple[Op, ...]:
    """Return operations that stand or fall together."""
    return (Group(len(ops)), *ops)
