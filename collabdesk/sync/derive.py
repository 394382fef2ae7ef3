"""What follows from operations by calculation: row ids, digests, roots."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from collabdesk.sync.codec import Encodable, Wire, encode
from collabdesk.sync.hashing import H

_STATE_DOMAIN: Final = b"collabdesk/state/1\0"

Ordered = TypeVar("Ordered", bound=tuple[Any, ...])

DotBytes = tuple[bytes, int, int]
"""A dot outside a segment: dev16, seq, idx."""

Sibling = tuple[bytes, int, int, Wire]
"""A live value of a cell: dev16, seq, idx, value."""

RowState = tuple[int, bytes, bytes | int, bool, Sequence[tuple[int, Sequence[Sibling]]]]
"""An accepted row: table, row, scope, deleted, and its cells (column, siblings)."""

SignedDot = tuple[bytes, int, bytes, int]
"""An accepted approve, withdraw, post or release: dev16, seq, segment id, idx."""

WithheldDot = tuple[bytes, int, bytes, int, int]
"""An operation that is not accepted: dev16, seq, segment id, idx, verdict number."""


def row_id(dev_key: bytes, seq: int, idx: int) -> bytes:
    """Return the id of the row that this insert makes."""
    return H("collabdesk/row/1", dev_key, struct.pack(">QI", seq, idx))[:16]


def approve_digest(table: int, row: bytes, cells: Sequence[tuple[int, *Sibling]]) -> bytes:
    """Return the digest of approved cells: (column, dev16, seq, idx, value), ascending."""
    return H("collabdesk/approve/1", encode([table, row, cells]))


def journal_hash(
    prev: bytes, term: int, number: int, source: DotBytes | None, inserts: Sequence[Encodable]
) -> bytes:
    """Return the hash of a posted journal, which the next one names."""
    return H("collabdesk/journal/1", encode([prev, term, number, source, inserts]))


def state_root(
    rows: Iterable[RowState], signed: Iterable[SignedDot], withheld: Iterable[WithheldDot]
) -> bytes:
    """Return the root over three streams, each already ascending as the format says."""
    digest = hashlib.sha256(_STATE_DOMAIN)
    for row in _ascending(rows, 2):
        digest.update(encode(row))
    for dot in _ascending(signed, 4):
        digest.update(encode(dot))
    for dev16, seq, _, idx, number in _ascending(withheld, 4):
        digest.update(encode([dev16, seq, idx, number]))
    return digest.digest()


def control_head(
    epoch: tuple[int, bytes],
    rosters: Sequence[tuple[bytes, int, bytes]],
    suspensions: Sequence[bytes],
    forks: Sequence[tuple[bytes, int]],
) -> bytes:
    """Return the digest of the control records that rule.

    Args:
        epoch: number and id of the newest adopted epoch.
        rosters: (org, m, roster id) of each organisation's adopted tip, ascending.
        suspensions: ids of the suspensions in force, ascending.
        forks: (dev16, first forked seq) of each known device that forked, ascending.
    """
    return H("collabdesk/control/1", encode([*epoch, rosters, suspensions, forks]))


def fingerprint(control: bytes, state: bytes) -> bytes:
    """Return the digest whose eight words partners compare: control head, then state root."""
    return H("collabdesk/fp/1", control, state)


def _ascending(items: Iterable[Ordered], width: int) -> Iterator[Ordered]:
    """Pass items on; a caller that feeds them out of order must not get a root."""
    before: tuple[Any, ...] = ()
    for item in items:
        key = tuple(item[:width])
        if key <= before:
            raise ValueError(f"out of order: {key!r} after {before!r}")
        before = key
        yield item
