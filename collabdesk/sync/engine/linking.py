"""From held segments to placed ones: each linked as soon as its ancestors are."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from collabdesk.sync import segment as segments
from collabdesk.sync.chain import Broken, Link, Waiting, nearest, place
from collabdesk.sync.codec import Malformed
from collabdesk.sync.engine.ports import Order, Session
from collabdesk.sync.names import dev16 as short_name

BATCH: Final = 50
BATCH_OPERATIONS: Final = 5_000
"""Change sets and operations that are worked on at a time."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A verified segment with its body, which is None where it cannot be opened."""

    segment: segments.Segment
    body: segments.Body | None


@dataclass(frozen=True, slots=True)
class Linked:
    """A segment with its place."""

    link: Link
    arrived: Arrived


def order_of(segment: segments.Segment) -> Order:
    """Return where a segment stands in the order in which verdicts are given."""
    header = segment.header
    return (header.lamport, short_name(header.dev), header.seq, segment.id)


def opened(segment: segments.Segment) -> Arrived:
    """Return a verified segment with its body, or raise Malformed."""
    sealed = segment.header.enc_key_id is not None
    return Arrived(segment, None if sealed else segments.open_body(segment))


class Linking:
    """Links what arrives, and what waited for it; ancestors always come first."""

    def __init__(self, session: Session) -> None:
        """Start with what waits in the store."""
        self._session = session
        self._waiting = {key: list(ids) for key, ids in session.replica.waiting().items()}
        self._fresh: dict[bytes, Linked] = {}
        self._operations = 0
        self.broken: list[bytes] = []

    def batches(self, arrivals: Iterable[Arrived]) -> Iterator[list[Linked]]:
        """Yield what can be linked now, some at a time; each must be kept before the next."""
        for arrived in arrivals:
            queue = [(order_of(arrived.segment), arrived)]
            while queue:
                self._settle(queue)
                if len(self._fresh) >= BATCH or self._operations >= BATCH_OPERATIONS:
                    yield self._batch()
        if self._fresh:
            yield self._batch()

    def _batch(self) -> list[Linked]:
        batch = list(self._fresh.values())
        self._fresh.clear()
        self._operations = 0
        return batch

    def link(self, segment_id: bytes) -> Link | None:
        """Return a linked segment's place, kept or about to be."""
        fresh = self._fresh.get(segment_id)
        return fresh.link if fresh else self._session.replica.log.link(segment_id)

    def ancestors(self, segment_id: bytes) -> tuple[bytes, ...]:
        """Return the ids of a linked segment's predecessor and parents."""
        fresh = self._fresh.get(segment_id)
        if fresh:
            return nearest(fresh.arrived.segment.header)
        return self._session.replica.log.ancestors(segment_id)

    def _settle(self, queue: list[tuple[Order, Arrived]]) -> None:
        """Place the first of a queue, and queue what waited for it."""
        _, now = heapq.heappop(queue)
        link = self._place(now.segment)
        if link is not None:
            self._fresh[link.id] = Linked(link, now)
            self._operations += now.segment.header.n_ops
            for freed in self._freed(link.id):
                heapq.heappush(queue, (order_of(freed.segment), freed))

    def _place(self, segment: segments.Segment) -> Link | None:
        cited = self._session.rulebook.cite(segment.header.epoch, segment.header.roster)
        try:
            return place(segment.header, segment.id, self, cited)
        except Waiting as waiting:
            self._session.replica.wait(segment.id, waiting.missing)
            self._waiting.setdefault(waiting.missing, []).append(segment.id)
        except Broken:
            self._session.replica.wait(segment.id, b"")
            self.broken.append(segment.id)
        return None

    def _freed(self, segment_id: bytes) -> Iterator[Arrived]:
        for waiting in self._waiting.pop(segment_id, ()):
            self._session.replica.stop_waiting(waiting)
            file = self._session.replica.segment_file(waiting)
            if file is not None:
                yield opened(segments.read(file))


def readable(files: Iterable[bytes]) -> Iterator[Arrived]:
    """Yield the stored segments that can still be read; a damaged one is as if not held."""
    for file in files:
        try:
            yield opened(segments.read(file))
        except Malformed:
            continue
