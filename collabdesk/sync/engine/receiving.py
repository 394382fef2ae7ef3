"""Segments of others: verified, kept, linked and judged, in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from collabdesk.sync import segment as segments
from collabdesk.sync.codec import Malformed
from collabdesk.sync.engine.applying import apply, uncollected
from collabdesk.sync.engine.linking import (
    BATCH_OPERATIONS,
    Arrived,
    Linking,
    opened,
    order_of,
)
from collabdesk.sync.engine.ports import Changed, Session
from collabdesk.sync.engine.rebuilding import rebuild
from collabdesk.sync.engine.sealing import seal
from collabdesk.sync.engine.spines import ForkView, fork_view, forks_of


@dataclass(slots=True)
class Received:
    """What became of the files offered; `refused` and `strangers` are indices of files."""

    changed: dict[str, set[bytes]] = field(default_factory=dict)
    stored: int = 0
    linked: int = 0
    rebuilt: bool = False
    refused: list[tuple[int, Malformed]] = field(default_factory=list)
    strangers: list[int] = field(default_factory=list)
    broken: list[bytes] = field(default_factory=list)

    def merge(self, changed: Changed) -> None:
        """Add rows changed."""
        for table, rows in changed.items():
            self.changed.setdefault(table, set()).update(rows)


def receive(session: Session, files: Sequence[bytes]) -> Received:
    """Verify, link, judge and merge segment files."""
    with uncollected():
        return _receive(session, files)


def _receive(session: Session, files: Sequence[bytes]) -> Received:
    received = Received()
    seal(session)
    view = fork_view(session)
    for arrivals in _held(session, files, received):
        view = _take_in(session, arrivals, view, received)
    return received


def _held(session: Session, files: Sequence[bytes], received: Received) -> Iterator[list[Arrived]]:
    """Verify and keep files; yield what is new, so many operations at a time."""
    arrivals: list[Arrived] = []
    operations = 0
    for index, file in enumerate(files):
        arrived = _hold(session, index, file, received)
        if arrived is not None:
            arrivals.append(arrived)
            operations += arrived.segment.header.n_ops
        if operations >= BATCH_OPERATIONS:
            yield arrivals
            arrivals, operations = [], 0
    if arrivals:
        yield arrivals


def _take_in(
    session: Session, arrivals: Sequence[Arrived], before: ForkView, received: Received
) -> ForkView:
    """Link and judge what is new; return which branches stand after."""
    if forks_of(session) != before.forks:
        # A fork takes away what was accepted, and what followed from it.
        received.linked = rebuild(session)
        received.rebuilt = True
        return fork_view(session)
    linking = Linking(session)
    for batch in linking.batches(sorted(arrivals, key=lambda a: order_of(a.segment))):
        received.linked += len(batch)
        received.merge(apply(session, batch, before))
    received.broken += linking.broken
    after = fork_view(session) if before.forks else before
    if after != before:
        # The branch that a record names has arrived only now.
        rebuild(session)
        received.rebuilt = True
    return after


def _hold(session: Session, index: int, file: bytes, received: Received) -> Arrived | None:
    try:
        segment = segments.read(file)
        if _is_new(session, segment, index, received):
            arrived = _verified(segment)
            session.replica.add_segment(segment, file)
            received.stored += 1
            return arrived
    except Malformed as error:
        received.refused.append((index, error))
    return None


def _is_new(session: Session, segment: segments.Segment, index: int, received: Received) -> bool:
    if segment.header.ws != session.rulebook.workspace:
        raise Malformed("workspace")
    if session.replica.has_segment(segment.id):
        return False
    if segment.header.dev in session.rulebook.known_keys:
        return True
    received.strangers.append(index)
    return False


def _verified(segment: segments.Segment) -> Arrived:
    if not segments.verify(segment):
        raise Malformed("signature")
    return opened(segment)
