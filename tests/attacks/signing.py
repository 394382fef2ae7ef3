"""What an attacker signs: files of every kind, checked by nothing before they are written."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import nacl.bindings as sodium
from nacl.signing import SigningKey

from collabdesk.sync import codec, join, records, segment
from collabdesk.sync.derive import row_id
from collabdesk.sync.hashing import Z, sha256
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import (
    DeviceList,
    Dot,
    Group,
    InsertRow,
    Operation,
    SetRow,
    write_operation,
)
from tests.support.paper_alliance import fixed

FIELDS: Final = (
    *("format", "ws", "dev", "seq", "prev", "parents", "lamport", "wall_ms", "app", "schema"),
    *("epoch", "roster", "incarnation", "enc_key_id", "body_len", "body_hash", "plain_len"),
    *("plain_hash", "n_ops"),
)
WALL_MS: Final = 1_791_800_000_000
Op = Operation | list[Any]


@dataclass(frozen=True)
class Signed:
    """A change set as signed, well formed or not."""

    file: bytes
    id: bytes
    key: bytes
    seq: int
    lamport: int
    ops: tuple[Op, ...] = ()
    header: bytes = b""
    signature: bytes = b""

    @property
    def dev(self) -> bytes:
        """The short name of its laptop."""
        return dev16(self.key)

    @property
    def place(self) -> list[Any]:
        """What a successor's parents say of it."""
        return [self.dev, self.seq, self.id]

    def dot(self, idx: int) -> Dot:
        """The name of one of its operations."""
        return (self.dev, self.seq, idx)

    def row(self, idx: int) -> bytes:
        """The row that its insert at an index makes."""
        return row_id(self.key, self.seq, idx)

    def value(self, idx: int, column: int) -> Any:  # noqa: ANN401 - any value of a cell
        """Return what an operation wrote in a column."""
        op = self.ops[idx]
        assert isinstance(op, InsertRow | SetRow), op
        return next(cell[1] for cell in op.cells if cell[0] == column)


@dataclass
class Hand:
    """A laptop's key and place in its chain: signs whatever it is told to."""

    name: str
    key: SigningKey
    org: bytes = bytes(16)
    workspace: bytes = Z
    epoch: tuple[int, bytes] = (0, Z)
    roster: tuple[int, bytes] = (0, Z)
    last: Signed | None = None
    chain: list[Signed] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        """The public key."""
        return bytes(self.key.verify_key)

    def sign(
        self,
        ops: Sequence[Op],
        after: Iterable[Signed] = (),
        changes: Mapping[str, Any] | None = None,
        plain: bytes | None = None,
        body: bytes | None = None,
    ) -> Signed:
        """Sign the next change set; `changes` replace fields of its header."""
        packed = _plain(ops) if plain is None else plain
        packed_body = zlib.compress(packed, 0) if body is None else body
        fields = {**self._fields(sorted(after, key=lambda s: s.dev), len(ops))}
        fields |= {
            "body_len": len(packed_body),
            "body_hash": sha256(packed_body),
            "plain_len": len(packed),
            "plain_hash": sha256(packed),
        }
        fields |= changes or {}
        header = codec.encode([fields[name] for name in FIELDS])
        signature = self.key.sign(segment.SIGNATURE_DOMAIN + header).signature
        return Signed(
            frame(header, signature, packed_body),
            segment.segment_id(header),
            fields["dev"],
            fields["seq"],
            fields["lamport"],
            tuple(ops),
            header,
            signature,
        )

    def went_on(self, signed: Signed) -> None:
        """Let the next change set follow this one."""
        self.last = signed
        self.chain.append(signed)

    def _fields(self, seen: Sequence[Signed], count: int) -> dict[str, Any]:
        before = [self.last] if self.last else []
        return {
            "format": 1,
            "ws": self.workspace,
            "dev": self.public,
            "seq": self.last.seq + 1 if self.last else 1,
            "prev": self.last.id if self.last else Z,
            "parents": [signed.place for signed in seen],
            "lamport": 1 + max([s.lamport for s in (*before, *seen)], default=0),
            "wall_ms": WALL_MS,
            "app": "attack",
            "schema": 1,
            "epoch": list(self.epoch),
            "roster": list(self.roster),
            "incarnation": fixed(self.name),
            "enc_key_id": None,
            "n_ops": count,
        }


ORDER: Final = 2**252 + 27742317777372353535851937790883648493
WEAK: Final = {
    "identity": bytes([1]) + bytes(31),
    "small": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    "other form": bytes.fromhex("ee" + "ff" * 30 + "7f"),
    "mixed": sodium.crypto_core_ed25519_add(
        bytes(SigningKey(bytes(32)).verify_key), bytes([0xEC]) + b"\xff" * 30 + b"\x7f"
    ),
}
"""Points of the curve that no key may be: each would let one signature pass for several."""


def over_order(signature: bytes) -> bytes:
    """Return a signature whose second half is larger by the order of the group."""
    larger = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + larger.to_bytes(32, "little")


def again(hands: Mapping[str, Hand], signed: Signed) -> bytes:
    """Return another signature under the same header, as good as the first."""
    key = next(hand.key for hand in hands.values() if hand.public == signed.key)
    digest = hashlib.sha512(bytes(key)).digest()
    secret = sodium.crypto_core_ed25519_scalar_reduce(_clamped(digest[:32]) + bytes(32))
    nonce = sodium.crypto_core_ed25519_scalar_reduce(hashlib.sha512(b"another nonce").digest())
    point = sodium.crypto_scalarmult_ed25519_base_noclamp(nonce)
    message = segment.SIGNATURE_DOMAIN + signed.header
    challenge = hashlib.sha512(point + signed.key + message).digest()
    reduced = sodium.crypto_core_ed25519_scalar_reduce(challenge)
    product = sodium.crypto_core_ed25519_scalar_mul(reduced, secret)
    return point + sodium.crypto_core_ed25519_scalar_add(nonce, product)


def _clamped(half: bytes) -> bytes:
    return bytes([half[0] & 248]) + half[1:31] + bytes([half[31] & 127 | 64])


def frame(header: bytes, signature: bytes, body: bytes) -> bytes:
    """Return the bytes of a change set file."""
    return segment.MAGIC + struct.pack(">I", len(header)) + header + signature + body


def record_file(record: bytes, signatures: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the bytes of a membership record file."""
    pairs = list(signatures)
    head = records.MAGIC + struct.pack(">I", len(record)) + record
    return head + struct.pack(">H", len(pairs)) + b"".join(k + s for k, s in pairs)


def signatures(record: bytes, keys: Iterable[SigningKey]) -> list[tuple[bytes, bytes]]:
    """Return each key's signature under a record, ascending by key."""
    return sorted(
        (bytes(key.verify_key), key.sign(records.SIGNATURE_DOMAIN + record).signature)
        for key in keys
    )


def join_file(content: bytes, key: SigningKey) -> bytes:
    """Return the bytes of a join request."""
    signature = key.sign(join.SIGNATURE_DOMAIN + content).signature
    return join.MAGIC + struct.pack(">I", len(content)) + content + signature


def _plain(ops: Sequence[Op]) -> bytes:
    devices = DeviceList([op for op in ops if not isinstance(op, list)])
    return codec.encode([devices.devs, [wire(op, devices) for op in ops]])


def wire(op: Op, devices: DeviceList) -> list[Any]:
    """Return an operation as it stands in a body."""
    return op if isinstance(op, list) else write_operation(op, devices)


__all__ = ["FIELDS", "Group", "Hand", "Op", "Signed", "frame", "join_file", "record_file"]
