"""Which line stands of a laptop that signed two ways.

Step 6 of the verdict procedure: below the clash everything; from it on, only the path to
a landmark of the newest epoch, or else to a cut that names a branch, and no further.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from collabdesk.sync.chain import Links
from collabdesk.sync.engine.ports import Forks, Session
from collabdesk.sync.records import ChainPoint
from collabdesk.sync.segment import Segment, read

Spines = Mapping[bytes, frozenset[bytes]]


class ForkView(NamedTuple):
    """Where devices signed two ways, and the segments from there on that stand."""

    forks: Forks
    spines: Spines


def forks_of(session: Session) -> Forks:
    """Return the least number under which a device signed two ways, by segments or proofs."""
    return session.rulebook.forks(session.replica.forks())


def fork_view(session: Session) -> ForkView:
    """Return the forks as the records and the linked segments now settle them."""
    forks = forks_of(session)
    return ForkView(forks, {dev: _spine(session, dev, clash) for dev, clash in forks.items()})


def _spine(session: Session, dev: bytes, clash: int) -> frozenset[bytes]:
    book, log = session.rulebook, session.replica.log
    key = book.known_devices.get(dev)
    if key is None:
        return frozenset()
    mark = book.landmarks.get(key)
    fixed = mark if mark and mark.seq >= clash else None
    cut = book.settled_cut(key, _organisation(session, dev, clash), clash)
    path = _path(log, dev, cut, clash)
    if path and (fixed is None or fixed.id in path):
        return path
    return _path(log, dev, fixed, clash)


def _path(links: Links, dev: bytes, point: ChainPoint | None, clash: int) -> frozenset[bytes]:
    """Return the segments from the clash up to a place; none unless that place is linked."""
    link = links.link(point.id) if point else None
    if link is None or point is None or (link.dev16, link.seq) != (dev, point.seq):
        return frozenset()
    found = {link.id}
    at = link.id
    for _ in range(clash, link.seq):
        at = links.ancestors(at)[0]
        found.add(at)
    return frozenset(found)


def _organisation(session: Session, dev: bytes, clash: int) -> bytes | None:
    """Return whose roster the last segment below the clash cites."""
    before = session.replica.log.segments_at(dev, clash - 1)
    segment = _segment(session, before[0]) if before else None
    held = session.rulebook.records.get(segment.header.roster[1]) if segment else None
    return held.roster.org if held and held.roster else None


def _segment(session: Session, segment_id: bytes) -> Segment | None:
    file = session.replica.segment_file(segment_id)
    return read(file) if file else None
