"""Small sets kept in one column: pasts, dots, what a segment's past has seen."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

from collabdesk.sync.authority.cited import Citation, Seen
from collabdesk.sync.codec import Encodable, decode_kept, encode
from collabdesk.sync.hashing import sha256
from collabdesk.sync.operations import Dot

_ENTRY = struct.Struct(">16sI")
_DOT = struct.Struct(">16sII")


def pack_past(past: Mapping[bytes, int]) -> bytes:
    """Return a past as sorted (device, sequence number) entries."""
    return b"".join(_ENTRY.pack(dev, past[dev]) for dev in sorted(past))


def unpack_past(packed: bytes) -> dict[bytes, int]:
    """Return the past that was packed."""
    return dict(_ENTRY.iter_unpack(packed))


def pack_dots(dots: Iterable[Dot]) -> bytes:
    """Return dots in ascending order, 24 bytes each."""
    return b"".join(_DOT.pack(*dot) for dot in sorted(dots))


def unpack_dots(packed: bytes) -> tuple[Dot, ...]:
    """Return the dots that were packed."""
    return tuple(_DOT.iter_unpack(packed))


def name_of(citation: Citation) -> bytes:
    """Return the name under which the records that a segment cites are kept."""
    return sha256(encode([list(cited) for cited in citation]))[:16]


def pack_seen(seen: Seen) -> bytes:
    """Return what a past has seen of epochs and rosters."""
    rosters: list[Encodable] = [[org, number] for org, number in sorted(seen.rosters.items())]
    return encode([seen.epoch, rosters])


def unpack_seen(packed: bytes) -> Seen:
    """Return what was packed."""
    epoch, rosters = decode_kept(packed)
    return Seen(epoch, dict(rosters))
