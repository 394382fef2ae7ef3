"""The six kinds of control record, and the rules that make bytes one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from collabdesk.sync import shapes
from collabdesk.sync.codec import Encodable, Malformed, Wire
from collabdesk.sync.hashing import Z
from collabdesk.sync.record_parts import (
    ChainPoint,
    Device,
    OrgEntry,
    Person,
    RoleRights,
    Term,
    Threshold,
    chain_points,
    ids,
    key,
)
from collabdesk.sync.segment import SIGNATURE_LENGTH, read_header, segment_id, verify_header

FORMAT: Final = 1
GENESIS: Final = 0
EPOCH: Final = 1
ROSTER: Final = 2
SUSPENSION: Final = 3
VOID: Final = 4
PROOF: Final = 5
MAX_ATTEMPT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Epoch:
    """Who the partners are and what their roles may do, from one vote to the next."""

    ws: bytes
    n: int
    prev: bytes
    attempt: int
    k: int
    lead: bytes
    orgs: tuple[OrgEntry, ...]
    roles: tuple[RoleRights, ...]
    thresholds: tuple[Threshold, ...]
    floor: int
    cuts: tuple[ChainPoint, ...]
    lifts: tuple[bytes, ...]
    landmarks: tuple[ChainPoint, ...]
    note: str

    @classmethod
    def from_wire(cls, value: Wire) -> Epoch:
        """Read the array of 16 of an epoch, or raise `Malformed`."""
        return _epoch(_fields(value, EPOCH, 16))

    def to_wire(self) -> Encodable:
        """Return the array of 16 of an epoch."""
        return [FORMAT, EPOCH, *self.fields()]

    def fields(self) -> list[Encodable]:
        """Return what follows the format and kind."""
        return [
            self.ws,
            self.n,
            self.prev,
            self.attempt,
            self.k,
            self.lead,
            _wires(self.orgs),
            _wires(self.roles),
            _wires(self.thresholds),
            self.floor,
            _wires(self.cuts),
            self.lifts,
            _wires(self.landmarks),
            self.note,
        ]


@dataclass(frozen=True, slots=True)
class Genesis:
    """Epoch 0 of a workspace, whose record id is the workspace."""

    epoch: Epoch
    salt: bytes

    @classmethod
    def from_wire(cls, value: Wire) -> Genesis:
        """Read the array of 17 of a genesis, or raise `Malformed`."""
        fields = _fields(value, GENESIS, 17)
        epoch = _epoch(fields[:-1])
        fixed = (epoch.ws, epoch.n, epoch.prev, epoch.attempt, epoch.k, len(epoch.orgs))
        if fixed != (Z, 0, Z, 0, 1, 1) or epoch.cuts or epoch.lifts or epoch.landmarks:
            raise Malformed("shape")
        return cls(epoch, shapes.b16(fields[-1]))

    def to_wire(self) -> Encodable:
        """Return the array of 17 of a genesis."""
        return [FORMAT, GENESIS, *self.epoch.fields(), self.salt]


@dataclass(frozen=True, slots=True)
class Roster:
    """The people and laptops of one organisation."""

    ws: bytes
    org: bytes
    m: int
    prev: bytes
    persons: tuple[Person, ...]
    devices: tuple[Device, ...]
    cuts: tuple[ChainPoint, ...]
    lifts: tuple[bytes, ...]
    terms: tuple[Term, ...]

    @classmethod
    def from_wire(cls, value: Wire) -> Roster:
        """Read the array of 11 of a roster, or raise `Malformed`."""
        fields = _fields(value, ROSTER, 11)
        roster = cls(
            ws=shapes.b32(fields[0]),
            org=shapes.b16(fields[1]),
            m=shapes.uint(fields[2]),
            prev=shapes.b32(fields[3]),
            persons=shapes.array_of(fields[4], Person.from_wire),
            devices=shapes.array_of(fields[5], Device.from_wire),
            cuts=chain_points(fields[6]),
            lifts=ids(fields[7]),
            terms=shapes.array_of(fields[8], Term.from_wire),
        )
        shapes.ascending([person.pid for person in roster.persons])
        shapes.ascending([device.key for device in roster.devices])
        if roster.m == 0 and (roster.ws, roster.prev) != (Z, Z):
            raise Malformed("shape")
        return roster

    def to_wire(self) -> Encodable:
        """Return the array of 11 of a roster."""
        return [
            FORMAT,
            ROSTER,
            self.ws,
            self.org,
            self.m,
            self.prev,
            _wires(self.persons),
            _wires(self.devices),
            _wires(self.cuts),
            self.lifts,
            _wires(self.terms),
        ]


@dataclass(frozen=True, slots=True)
class Suspension:
    """A device's changes after one place in its chain are withheld."""

    ws: bytes
    org: bytes
    key: bytes
    seq: int
    id: bytes
    m: int
    reason: str
    serial: int

    @classmethod
    def from_wire(cls, value: Wire) -> Suspension:
        """Read the array of 10 of a suspension, or raise `Malformed`."""
        fields = _fields(value, SUSPENSION, 10)
        seq, segment = shapes.head(fields[3], fields[4])
        return cls(
            ws=shapes.b32(fields[0]),
            org=shapes.b16(fields[1]),
            key=key(fields[2]),
            seq=seq,
            id=segment,
            m=shapes.uint(fields[5]),
            reason=shapes.text(fields[6]),
            serial=shapes.uint(fields[7]),
        )

    def to_wire(self) -> Encodable:
        """Return the array of 10 of a suspension."""
        place = (self.key, self.seq, self.id)
        return [FORMAT, SUSPENSION, self.ws, self.org, *place, self.m, self.reason, self.serial]


@dataclass(frozen=True, slots=True)
class Void:
    """An organisation has not voted, and will not, in these attempts at the next epoch."""

    ws: bytes
    org: bytes
    prev: bytes
    first: int
    last: int

    @classmethod
    def from_wire(cls, value: Wire) -> Void:
        """Read the array of 7 of a void, or raise `Malformed`."""
        fields = _fields(value, VOID, 7)
        first = shapes.uint(fields[3], 0, MAX_ATTEMPT)
        return cls(
            ws=shapes.b32(fields[0]),
            org=shapes.b16(fields[1]),
            prev=shapes.b32(fields[2]),
            first=first,
            last=shapes.uint(fields[4], first, MAX_ATTEMPT),
        )

    def to_wire(self) -> Encodable:
        """Return the array of 7 of a void."""
        return [FORMAT, VOID, self.ws, self.org, self.prev, self.first, self.last]


@dataclass(frozen=True, slots=True)
class Proof:
    """Two headers of one device under one number, each with its signature."""

    ws: bytes
    header_a: bytes
    signature_a: bytes
    header_b: bytes
    signature_b: bytes

    @classmethod
    def from_wire(cls, value: Wire) -> Proof:
        """Read the array of 7 of a proof, or raise `Malformed`; signatures are not checked."""
        fields = _fields(value, PROOF, 7)
        proof = cls(
            ws=shapes.b32(fields[0]),
            header_a=shapes.any_bytes(fields[1]),
            signature_a=shapes.byte_string(fields[2], SIGNATURE_LENGTH),
            header_b=shapes.any_bytes(fields[3]),
            signature_b=shapes.byte_string(fields[4], SIGNATURE_LENGTH),
        )
        _check_clash(proof)
        return proof

    def to_wire(self) -> Encodable:
        """Return the array of 7 of a proof."""
        signed = (self.header_a, self.signature_a, self.header_b, self.signature_b)
        return [FORMAT, PROOF, self.ws, *signed]

    @property
    def dev(self) -> bytes:
        """The device that both headers name."""
        return read_header(self.header_a).dev

    @property
    def seq(self) -> int:
        """The number under which both were signed."""
        return read_header(self.header_a).seq

    def holds(self) -> bool:
        """Tell whether the device named in the headers signed both."""
        return verify_header(self.dev, self.header_a, self.signature_a) and verify_header(
            self.dev, self.header_b, self.signature_b
        )


Record = Genesis | Epoch | Roster | Suspension | Void | Proof

_KINDS: Final[Sequence[type[Record]]] = (Genesis, Epoch, Roster, Suspension, Void, Proof)


def record_from_wire(value: Wire) -> Record:
    """Return the record of whichever kind the value names, or raise `Malformed`."""
    items = shapes.array(value)
    if len(items) < 2:  # noqa: PLR2004 - the format and the kind
        raise Malformed("shape")
    return _KINDS[shapes.uint(items[1], GENESIS, PROOF)].from_wire(value)


def _fields(value: Wire, kind: int, length: int) -> list[Wire]:
    items = shapes.array(value, length)
    shapes.uint(items[0], FORMAT, FORMAT)
    shapes.uint(items[1], kind, kind)
    return items[2:]


def _epoch(fields: list[Wire]) -> Epoch:
    epoch = Epoch(
        ws=shapes.b32(fields[0]),
        n=shapes.uint(fields[1]),
        prev=shapes.b32(fields[2]),
        attempt=shapes.uint(fields[3], 0, MAX_ATTEMPT),
        k=shapes.uint(fields[4]),
        lead=shapes.b16(fields[5]),
        orgs=shapes.array_of(fields[6], OrgEntry.from_wire),
        roles=shapes.array_of(fields[7], RoleRights.from_wire),
        thresholds=shapes.array_of(fields[8], Threshold.from_wire),
        floor=shapes.uint(fields[9]),
        cuts=chain_points(fields[10]),
        lifts=ids(fields[11]),
        landmarks=chain_points(fields[12]),
        note=shapes.text(fields[13]),
    )
    shapes.ascending([rights.role for rights in epoch.roles])
    _check_orgs(epoch)
    return epoch


def _check_orgs(epoch: Epoch) -> None:
    orgs = [entry.org for entry in epoch.orgs]
    if not orgs or orgs[0] != epoch.lead or epoch.lead in orgs[1:]:
        raise Malformed("order")
    shapes.ascending(orgs[1:])
    admins = [admin for entry in epoch.orgs for admin in entry.admins]
    if len(set(admins)) != len(admins):
        raise Malformed("order")


def _check_clash(proof: Proof) -> None:
    a, b = read_header(proof.header_a), read_header(proof.header_b)
    if (a.ws, a.dev, a.seq) != (b.ws, b.dev, b.seq) or a.ws != proof.ws:
        raise Malformed("shape")
    key(a.dev)
    shapes.ascending([segment_id(proof.header_a), segment_id(proof.header_b)])


def _wires(
    parts: Sequence[ChainPoint | RoleRights | Threshold | OrgEntry | Person | Device | Term],
) -> list[Encodable]:
    return [part.to_wire() for part in parts]
