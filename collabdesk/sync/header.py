"""A segment's header, and its bytes read at one look.

A header has one encoding, so a pattern over its bytes finds the parts of every header that is
well formed. Whatever the pattern does not find goes through the decoding gate, which alone says
what is wrong; the two never differ on what is accepted.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from collabdesk.sync.codec import Encodable, has_refused_code_point
from collabdesk.sync.hashing import Z
from collabdesk.sync.names import MAX_SEQ

FORMAT: Final = 1
MAX_BODY: Final = 1024 * 1024
MAX_PLAIN: Final = 8 * 1024 * 1024
MAX_RATIO: Final = 64
RATIO_FREE: Final = 65_536
MAX_OPS: Final = 5_000
MAX_PARENTS: Final = 256
MAX_WALL_MS: Final = 2**53
MAX_APP: Final = 32

_UINT: Final = (
    rb"[\x00-\x17]|\x18[\x18-\xff]|\x19(?!\x00).{2}|\x1a(?!\x00\x00).{4}"
    rb"|\x1b(?!\x00\x00\x00\x00)[\x00-\x7f].{7}"
)
"""A whole number from 0 to 2^63 − 1 in its shortest form."""
_B32: Final = rb"\x58\x20(.{32})"
_NUMBERED: Final = rb"\x82(" + _UINT + rb")" + _B32
_ONE_PARENT: Final = rb"\x83\x50(.{16})(" + _UINT + rb")" + _B32
_PARENTS: Final = (
    rb"([\x80-\x97]|\x98[\x18-\xff]|\x99\x01\x00)"
    rb"((?:\x83\x50.{16}(?:" + _UINT + rb")\x58\x20.{32})*)"
)
_FRONT: Final = re.compile(
    rb"\x93\x01" + _B32 + _B32 + rb"(" + _UINT + rb")" + _B32 + _PARENTS
    + rb"(" + _UINT + rb")(" + _UINT + rb")",
    re.DOTALL,
)  # fmt: skip
_BACK: Final = re.compile(
    rb"(" + _UINT + rb")" + _NUMBERED + _NUMBERED + rb"\x50(.{16})(\xf6|\x50.{16})"
    rb"(" + _UINT + rb")" + _B32 + rb"(" + _UINT + rb")" + _B32 + rb"(" + _UINT + rb")",
    re.DOTALL,
)  # fmt: skip
_PARENT: Final = re.compile(_ONE_PARENT, re.DOTALL)
_TEXT: Final = 0x60
_LONG_TEXT: Final = 0x78
_SHORT: Final = 24

Parent = tuple[bytes, int, bytes]


class Header(NamedTuple):
    """What the author signs; parents are (dev16, seq, id), epoch and roster (number, id)."""

    ws: bytes
    dev: bytes
    seq: int
    prev: bytes
    parents: tuple[Parent, ...]
    lamport: int
    wall_ms: int
    app: str
    schema: int
    epoch: tuple[int, bytes]
    roster: tuple[int, bytes]
    incarnation: bytes
    enc_key_id: bytes | None
    body_len: int
    body_hash: bytes
    plain_len: int
    plain_hash: bytes
    n_ops: int

    def to_wire(self) -> list[Encodable]:
        """Return the header's array of 19."""
        return [
            FORMAT,
            self.ws,
            self.dev,
            self.seq,
            self.prev,
            self.parents,
            self.lamport,
            self.wall_ms,
            self.app,
            self.schema,
            self.epoch,
            self.roster,
            self.incarnation,
            self.enc_key_id,
            self.body_len,
            self.body_hash,
            self.plain_len,
            self.plain_hash,
            self.n_ops,
        ]


def over_ratio(plain_len: int, body_len: int) -> bool:
    """Tell whether a body would unpack to far more than a change set may."""
    return plain_len > RATIO_FREE and plain_len > MAX_RATIO * body_len


def read_at_one_look(header: bytes) -> Header | None:
    """Return the header in these bytes, or None if the gate must look at it."""
    front = _FRONT.match(header)
    if front is None:
        return None
    start = front.end()
    end = _text_end(header, start)
    back, app = _BACK.fullmatch(header, end), _app(header[start:end])
    if back is None or app is None:
        return None
    ws, dev, seq_, prev, count, named, lamport_, wall = front.groups()
    schema_, n_, epoch, m_, roster, incarnation, enc, stored, body, unpacked, plain, ops = (
        back.groups()
    )
    seq, lamport, wall_ms, schema, n, m, body_len, plain_len, n_ops = [
        number[0] if len(number) == 1 else int.from_bytes(number[1:], "big")
        for number in (seq_, lamport_, wall, schema_, n_, m_, stored, unpacked, ops)
    ]
    parents = _parents(named, count)
    wanted = 1 <= seq <= MAX_SEQ and (seq == 1) == (prev == Z)
    if parents is None or not wanted or not lamport or wall_ms > MAX_WALL_MS:
        return None
    if body_len > MAX_BODY or plain_len > MAX_PLAIN or n_ops > MAX_OPS:
        return None
    if plain_len > RATIO_FREE and over_ratio(plain_len, body_len):
        return None
    epochs, rosters = (n, epoch), (m, roster)
    front_fields = (ws, dev, seq, prev, parents, lamport, wall_ms, app, schema, epochs, rosters)
    back_fields = (incarnation, enc[1:] or None, body_len, body, plain_len, plain, n_ops)
    # Made as the tuple it is: naming the fields once more costs as much as a hash.
    return tuple.__new__(Header, front_fields + back_fields)


def _count(encoded: bytes) -> int:
    return encoded[0] - 0x80 if len(encoded) == 1 else int.from_bytes(encoded[1:], "big")


def _parents(encoded: bytes, count: bytes) -> tuple[Parent, ...] | None:
    """Return the parents, if they are as many as stated, in order, and each numbered rightly."""
    found: list[Parent] = []
    before = b""
    for device, number, known in _PARENT.findall(encoded):
        seq = number[0] if len(number) == 1 else int.from_bytes(number[1:], "big")
        if device <= before or not 1 <= seq <= MAX_SEQ:
            return None
        found.append((device, seq, known))
        before = device
    return tuple(found) if len(found) == _count(count) <= MAX_PARENTS else None


def _text_end(header: bytes, start: int) -> int:
    """Return where a text that begins here ends, if its length stands in the shortest form."""
    kind = header[start] if start < len(header) else 0
    if _TEXT <= kind < _LONG_TEXT:
        return start + 1 + kind - _TEXT
    if kind == _LONG_TEXT and header[start + 1 : start + 2] >= bytes([_SHORT]):
        return start + 2 + header[start + 1]
    return start


@lru_cache(maxsize=256)
def _app(encoded: bytes) -> str | None:
    """Return a program's name, or None if it may be none; they come again and again."""
    start = 2 if encoded[:1] == bytes([_LONG_TEXT]) else 1
    if not encoded or len(encoded) - start > MAX_APP:
        return None
    try:
        app = encoded[start:].decode()
    except UnicodeDecodeError:
        return None
    return None if has_refused_code_point(app) else app
