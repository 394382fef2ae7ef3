"""The parts that control records are made of, each with its one shape on the wire."""

from __future__ import annotations

from dataclasses import dataclass

from nacl.bindings import crypto_core_ed25519_is_valid_point

from collabdesk.sync import shapes
from collabdesk.sync.codec import Encodable, Malformed, Wire


def key(value: Wire) -> bytes:
    """Return an Ed25519 public key: canonical and of prime order, or no verdict would be one."""
    found = shapes.b32(value)
    if not crypto_core_ed25519_is_valid_point(found):
        raise Malformed("key")
    return found


@dataclass(frozen=True, slots=True)
class ChainPoint:
    """A place in a device's chain: a cut or a landmark."""

    key: bytes
    seq: int
    id: bytes

    @classmethod
    def from_wire(cls, value: Wire) -> ChainPoint:
        """Read `[key, seq, id]`."""
        items = shapes.array(value, 3)
        return cls(key(items[0]), *shapes.head(items[1], items[2]))

    def to_wire(self) -> Encodable:
        """Return `[key, seq, id]`."""
        return [self.key, self.seq, self.id]


@dataclass(frozen=True, slots=True)
class AreaRight:
    """What a role may do in one area of tables: bits of verbs, bits of reach."""

    area: int
    verbs: int
    reach: int

    @classmethod
    def from_wire(cls, value: Wire) -> AreaRight:
        """Read `[area, verbs, reach]`; bits without a meaning yet are kept."""
        items = shapes.array(value, 3)
        return cls(shapes.uint(items[0]), shapes.uint(items[1]), shapes.uint(items[2]))

    def to_wire(self) -> Encodable:
        """Return `[area, verbs, reach]`."""
        return [self.area, self.verbs, self.reach]


@dataclass(frozen=True, slots=True)
class RoleRights:
    """A role's number and its right in each area."""

    role: int
    areas: tuple[AreaRight, ...]

    @classmethod
    def from_wire(cls, value: Wire) -> RoleRights:
        """Read `[role, [area right…]]`."""
        items = shapes.array(value, 2)
        areas = shapes.array_of(items[1], AreaRight.from_wire)
        shapes.ascending([right.area for right in areas])
        return cls(shapes.uint(items[0]), areas)

    def to_wire(self) -> Encodable:
        """Return `[role, [area right…]]`."""
        return [self.role, [right.to_wire() for right in self.areas]]


@dataclass(frozen=True, slots=True)
class Threshold:
    """From this many pence on, how many approvals, by which role, of how many organisations."""

    pence: int
    approvals: int
    role: int
    orgs: int

    @classmethod
    def from_wire(cls, value: Wire) -> Threshold:
        """Read `[pence, approvals, role, orgs]`."""
        return cls(*[shapes.uint(item) for item in shapes.array(value, 4)])

    def to_wire(self) -> Encodable:
        """Return `[pence, approvals, role, orgs]`."""
        return [self.pence, self.approvals, self.role, self.orgs]


@dataclass(frozen=True, slots=True)
class OrgEntry:
    """An organisation in an epoch: its admin keys, how many vote, its grant, its roster."""

    org: bytes
    name: str
    ods: str
    admins: tuple[bytes, ...]
    k_org: int
    grants: tuple[int, ...]
    pin: tuple[int, bytes]

    @classmethod
    def from_wire(cls, value: Wire) -> OrgEntry:
        """Read `[org, name, ods, admins, k_org, grants, [m, roster id]]`."""
        items = shapes.array(value, 7)
        admins = shapes.array_of(items[3], key)
        shapes.ascending(admins)
        return cls(
            org=shapes.b16(items[0]),
            name=shapes.text(items[1]),
            ods=shapes.text(items[2]),
            admins=admins,
            k_org=shapes.uint(items[4], 1, len(admins)),
            grants=_roles(items[5]),
            pin=shapes.numbered_id(items[6]),
        )

    def to_wire(self) -> Encodable:
        """Return `[org, name, ods, admins, k_org, grants, [m, roster id]]`."""
        return [self.org, self.name, self.ods, self.admins, self.k_org, self.grants, self.pin]


@dataclass(frozen=True, slots=True)
class Person:
    """A person of an organisation, named by role."""

    pid: bytes
    name: str

    @classmethod
    def from_wire(cls, value: Wire) -> Person:
        """Read `[pid, name]`."""
        items = shapes.array(value, 2)
        return cls(shapes.b16(items[0]), shapes.text(items[1]))

    def to_wire(self) -> Encodable:
        """Return `[pid, name]`."""
        return [self.pid, self.name]


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled laptop, or a recovery key (no roles), of one person."""

    key: bytes
    seal_key: bytes | None
    pid: bytes
    label: str
    roles: tuple[int, ...]
    replaces: bytes | None

    @classmethod
    def from_wire(cls, value: Wire) -> Device:
        """Read `[key, seal key or null, pid, label, [role…], replaced key or null]`."""
        items = shapes.array(value, 6)
        return cls(
            key=key(items[0]),
            seal_key=shapes.optional(items[1], shapes.b32),
            pid=shapes.b16(items[2]),
            label=shapes.text(items[3]),
            roles=_roles(items[4]),
            replaces=shapes.optional(items[5], key),
        )

    def to_wire(self) -> Encodable:
        """Return `[key, seal key or null, pid, label, [role…], replaced key or null]`."""
        return [self.key, self.seal_key, self.pid, self.label, self.roles, self.replaces]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the ledger keeper: whose key, and where in its chain it ended."""

    key: bytes
    end: tuple[int, bytes] | None

    @classmethod
    def from_wire(cls, value: Wire) -> Term:
        """Read `[key, null]` or `[key, [seq, id]]`."""
        items = shapes.array(value, 2)
        return cls(key(items[0]), shapes.optional(items[1], _end))

    def to_wire(self) -> Encodable:
        """Return `[key, null]` or `[key, [seq, id]]`."""
        return [self.key, self.end]


def chain_points(value: Wire) -> tuple[ChainPoint, ...]:
    """Read a list of cuts or landmarks, ascending by key."""
    points = shapes.array_of(value, ChainPoint.from_wire)
    shapes.ascending([point.key for point in points])
    return points


def ids(value: Wire) -> tuple[bytes, ...]:
    """Read a list of record ids, ascending."""
    found = shapes.array_of(value, shapes.b32)
    shapes.ascending(found)
    return found


def _roles(value: Wire) -> tuple[int, ...]:
    roles = shapes.array_of(value, shapes.uint)
    shapes.ascending(roles)
    return roles


def _end(value: Wire) -> tuple[int, bytes]:
    return shapes.head(*shapes.array(value, 2))
