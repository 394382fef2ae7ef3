"""Linking: which segments have all their ancestors, and what their past is.

A segment is linked when its predecessor and every parent are; its Lamport number and
its parents are recomputed, never believed. Where the rules say a segment can never be
right, its chain ends there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from collabdesk.sync.authority.rulebook import Seen
from collabdesk.sync.hashing import Z
from collabdesk.sync.names import dev16
from collabdesk.sync.segment import Header


@dataclass(frozen=True, slots=True)
class Link:
    """A linked segment's place: who, which, and everything before it.

    `past` gives for each device the greatest sequence number among the ancestors,
    the segment itself not included.
    """

    id: bytes
    dev16: bytes
    seq: int
    lamport: int
    past: Mapping[bytes, int]
    seen: Seen = field(default_factory=Seen)


class Links(Protocol):
    """Where linked segments are found."""

    def link(self, segment_id: bytes) -> Link | None:
        """Return a linked segment's place, or None."""


class Waiting(Exception):  # noqa: N818 - a state, not an error
    """An ancestor is missing: the segment waits for it."""

    def __init__(self, missing: bytes) -> None:
        """Keep the id of the ancestor waited for."""
        super().__init__(missing.hex())
        self.missing = missing


class Broken(Exception):  # noqa: N818 - a verdict on a chain
    """The segment can never be linked; its chain ends here."""


def place(header: Header, segment_id: bytes, links: Links) -> Link:
    """Return the place of a segment whose ancestors are all linked.

    Raises Waiting if one is missing, Broken if the header contradicts them.
    """
    me = dev16(header.dev)
    before = _predecessor(header, me, links)
    past = dict(before.past) if before else {}
    seen = before.seen if before else Seen()
    if before:
        past[me] = before.seq
    floor = dict(past)
    lamport = before.lamport if before else 0
    for device, seq, parent_id in header.parents:
        parent = links.link(parent_id)
        if parent is None:
            raise Waiting(parent_id)
        if device == me or (parent.dev16, parent.seq) != (device, seq):
            raise Broken
        if seq <= floor.get(device, 0):
            raise Broken
        _join(past, parent)
        seen = seen.union(parent.seen)
        lamport = max(lamport, parent.lamport)
    if header.lamport != lamport + 1:
        raise Broken
    return Link(segment_id, me, header.seq, header.lamport, past, seen)


def _predecessor(header: Header, me: bytes, links: Links) -> Link | None:
    if header.seq == 1:
        if header.prev != Z:
            raise Broken
        return None
    before = links.link(header.prev)
    if before is None:
        raise Waiting(header.prev)
    if before.dev16 != me or before.seq != header.seq - 1:
        raise Broken
    return before


def _join(past: dict[bytes, int], parent: Link) -> None:
    for device, seq in parent.past.items():
        if seq > past.get(device, 0):
            past[device] = seq
    if parent.seq > past.get(parent.dev16, 0):
        past[parent.dev16] = parent.seq
