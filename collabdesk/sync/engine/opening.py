"""The open segment: its place is fixed by its first operation and never moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from collabdesk.errors import NotPossible, Refusal
from collabdesk.sync.authority.cited import Seen
from collabdesk.sync.chain import Link
from collabdesk.sync.engine.ports import Identity, OpenSegment, Session
from collabdesk.sync.engine.spines import fork_view
from collabdesk.sync.hashing import Z
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.operations import Wire
from collabdesk.sync.segment import MAX_PARENTS, MAX_WALL_MS, Header, read

Head = tuple[bytes, int, bytes]

_NOT_ENROLLED: Final = "not-enrolled"


@dataclass(frozen=True, slots=True)
class Own:
    """Operations of the open segment, from index `start` on, with its place."""

    opened: OpenSegment
    link: Link
    start: int
    devs: Sequence[bytes]
    ops: Sequence[Wire]


def author(session: Session) -> Identity:
    """Return who signs here; Refusal before enrolment."""
    me = session.identity
    if me is None or session.rulebook.organisation_of(me.key) is None:
        raise Refusal(
            code=_NOT_ENROLLED,
            words="This laptop is not enrolled in the workspace yet, so it cannot sign.",
            remedy="Read its eight words to the administrator and share again.",
        )
    return me


def open_next(session: Session, me: Identity) -> tuple[OpenSegment, tuple[Head, ...]]:
    """Return the next segment's fixed fields, and the moved heads that found no room in it."""
    log = session.replica.log
    heads = session.replica.heads()
    mine = next((head for head in heads if head[0] == me.dev16), None)
    _refuse_a_twin(session, me, mine)
    before = log.link(mine[2]) if mine else None
    past = before.past if before else {}
    moved = sorted(
        head
        for found in heads
        if found[0] != me.dev16
        for head in _citable(session, found, past.get(found[0], 0))
    )
    parents = tuple(moved[:MAX_PARENTS])
    lamports = [link.lamport for link in _links(session, parents)]
    opened = OpenSegment(
        seq=mine[1] + 1 if mine else 1,
        prev=mine[2] if mine else Z,
        parents=parents,
        lamport=1 + max([before.lamport if before else 0, *lamports]),
        wall_ms=min(max(session.now_ms(), 0), MAX_WALL_MS),
        epoch=(session.rulebook.epoch.n, session.rulebook.head.id),
        roster=_roster(session, me),
    )
    return opened, tuple(moved[MAX_PARENTS:])


def _citable(session: Session, head: Head, seen: int) -> Iterable[Head]:
    """Return the newest segment of a chain that cites adopted records, if it has moved.

    So nobody is dragged to a rule book that never existed.
    """
    dev, seq, segment_id = head
    while seq > seen:
        header = _header(session, segment_id)
        if session.rulebook.is_adopted(header.epoch, header.roster):
            yield (dev, seq, segment_id)
            return
        seq, segment_id = seq - 1, header.prev


def _header(session: Session, segment_id: bytes) -> Header:
    file = session.replica.segment_file(segment_id)
    if file is None:
        raise KeyError(segment_id.hex())
    return read(file).header


def _refuse_a_twin(session: Session, me: Identity, mine: Head | None) -> None:
    if mine is None or _header(session, mine[2]).incarnation == me.incarnation:
        return
    raise NotPossible(
        code="copied-laptop",
        words="Another copy of this laptop's workspace has signed changes with its key.",
        remedy="Nothing more is signed here. Work on in the other copy, or ask the "
        "administrator to enrol this laptop anew; what was shared is safe.",
    )


def _roster(session: Session, me: Identity) -> tuple[int, bytes]:
    tip = session.rulebook.roster_of(me.organisation)
    if tip is None:
        raise Refusal(code=_NOT_ENROLLED, words="Your organisation is not a partner here.")
    return tip


def _links(session: Session, parents: Iterable[Head]) -> list[Link]:
    found = (session.replica.log.link(parent[2]) for parent in parents)
    return [link for link in found if link is not None]


def link_of(session: Session, me: Identity, opened: OpenSegment) -> Link:
    """Return the place of the open segment; it has no id before it is sealed."""
    before = session.replica.log.link(opened.prev) if opened.seq > 1 else None
    past = dict(before.past) if before else {}
    seen = before.seen_after if before else Seen()
    if before:
        past[me.dev16] = before.seq
    for parent in _links(session, opened.parents):
        for device, seq in (*parent.past.items(), (parent.dev16, parent.seq)):
            past[device] = max(seq, past.get(device, 0))
        seen = seen.union(parent.seen_after)
    after = seen.after(session.rulebook.cite(opened.epoch, opened.roster))
    cites = (opened.epoch, opened.roster)
    return Link(b"", me.dev16, opened.seq, opened.lamport, past, cites, seen, after)


def placed(session: Session, key: bytes, own: Own) -> Placed:
    """Return operations of the open segment as the judge takes them."""
    opened, link, view = own.opened, own.link, fork_view(session)
    parents = tuple(parent_id for _, _, parent_id in opened.parents)
    return Placed(
        id=b"",
        key=key,
        dev16=link.dev16,
        seq=opened.seq,
        lamport=opened.lamport,
        schema=session.registry.version,
        epoch=opened.epoch,
        roster=opened.roster,
        past=link.past,
        seen=link.seen,
        ancestors=parents if opened.prev == Z else (opened.prev, *parents),
        devs=own.devs,
        ops=own.ops,
        n_ops=len(own.ops),
        start=own.start,
        forks=view.forks,
        spines=view.spines,
    )
