"""Linking: which segments have all their ancestors, and what their past is.

A segment is linked when its predecessor and every parent are; its Lamport number and
its parents are recomputed, never believed. Where the rules say a segment can never be
right, its chain ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from collabdesk.sync.authority.cited import Citation, Cited, Seen
from collabdesk.sync.hashing import Z
from collabdesk.sync.names import dev16
from collabdesk.sync.segment import Header


@dataclass(frozen=True, slots=True)
class Link:
    """A linked segment's place: who, which, and everything before it.

    `past` gives for each device the greatest sequence number among the ancestors, the
    segment itself not included; `cites` is the epoch and roster it cites, `seen` what its
    ancestors cite, and `seen_after` that with its own.
    """

    id: bytes
    dev16: bytes
    seq: int
    lamport: int
    past: Mapping[bytes, int]
    cites: Citation
    seen: Seen = field(default_factory=Seen)
    seen_after: Seen = field(default_factory=Seen)


class Links(Protocol):
    """Where linked segments are found."""

    def link(self, segment_id: bytes) -> Link | None:
        """Return a linked segment's place, or None."""

    def ancestors(self, segment_id: bytes) -> tuple[bytes, ...]:
        """Return the ids of a linked segment's predecessor and parents."""


class Waiting(Exception):
    """An ancestor is missing: the segment waits for it."""

    def __init__(self, missing: bytes) -> None:
        """Keep the id of the ancestor waited for."""
        super().__init__(missing.hex())
        self.missing = missing


class Broken(Exception):
    """The segment can never be linked; its chain ends here."""


def place(header: Header, segment_id: bytes, links: Links, cited: Cited | None) -> Link:
    """Return the place of a segment whose ancestors are all linked, and what it cites.

    Raises Waiting if an ancestor is missing, Broken if the header contradicts them.
    """
    me = dev16(header.dev)
    before = _predecessor(header, me, links)
    past = dict(before.past) if before else {}
    seen = before.seen_after if before else Seen()
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
        seen = seen.union(parent.seen_after)
        lamport = max(lamport, parent.lamport)
    if header.lamport != lamport + 1:
        raise Broken
    cites = (header.epoch, header.roster)
    after = seen.after(cited)
    return Link(segment_id, me, header.seq, header.lamport, past, cites, seen, after)


def nearest(header: Header) -> tuple[bytes, ...]:
    """Return the ids of a segment's predecessor, if it has one, and of its parents."""
    parents = tuple(parent_id for _, _, parent_id in header.parents)
    return parents if header.prev == Z else (header.prev, *parents)


def is_ancestor(links: Links, wanted: bytes, ancestors: Iterable[bytes]) -> bool:
    """Tell whether a linked segment is one of these or in the past of one."""
    target = links.link(wanted)
    if target is None:
        return False
    waiting, met = list(ancestors), set[bytes]()
    while waiting:
        at = waiting.pop()
        link = links.link(at)
        if at == wanted:
            return True
        if link is None or at in met or link.past.get(target.dev16, 0) < target.seq:
            continue
        met.add(at)
        waiting.extend(links.ancestors(at))
    return False


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
