"""A command of this laptop: drafted, judged as a stranger's would be, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from collabdesk.domain.changes import Beacon, Change
from collabdesk.errors import Refusal
from collabdesk.sync import codec
from collabdesk.sync import verdicts as v
from collabdesk.sync.chain import Link
from collabdesk.sync.drafting import Desk, Drafting
from collabdesk.sync.engine import opening
from collabdesk.sync.engine.applying import rows_in
from collabdesk.sync.engine.newer import refuse_rows_held
from collabdesk.sync.engine.opening import Own
from collabdesk.sync.engine.ports import Changed, Identity, OpenSegment, Session
from collabdesk.sync.engine.sealing import seal
from collabdesk.sync.judging.judge import Judge
from collabdesk.sync.operations import DeviceList, write_operation
from collabdesk.sync.segment import MAX_DEVS, MAX_OPS
from collabdesk.sync.workset import Columns, Workset

MOST_BYTES: Final = 1_000_000
"""Of a segment's operations: so that even what does not compress fits a stored body."""
FULL_OPERATIONS: Final = 2_500
FULL_BYTES: Final = 400_000
_RIGHTS: Final = frozenset((v.NO_RIGHT, v.NOT_THE_KEEPER))


@dataclass(frozen=True, slots=True)
class Committed:
    """What a command left: rows changed by table, ids of new rows by key."""

    changed: Changed
    new_rows: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A command's operations in the open segment, and the rows they make by key."""

    own: Own
    new_rows: Mapping[str, bytes]
    contents: Sequence[bytes]
    """Each operation with its devices as the open segment keeps it."""
    held: Mapping[bytes, Columns]
    """The live cells that were read to draft it: nothing is written before it is judged."""


def commit(session: Session, changes: Sequence[Change]) -> Committed:
    """Judge and keep one command's changes; Refusal if they would not be accepted."""
    me = opening.author(session)
    if not changes:
        return Committed({}, {})
    count, size = session.replica.open_size()
    # A beacon speaks of what lies before its segment, so it opens one.
    beacon = any(isinstance(change, Beacon) for change in changes)
    if (beacon and count) or count >= FULL_OPERATIONS or size >= FULL_BYTES:
        seal(session)
    draft = _draft(session, me, changes)
    fits = _fits(session, draft)
    if draft.own.start and not fits:
        seal(session)
        draft = _draft(session, me, changes)
        fits = _fits(session, draft)
    if not fits:
        raise Refusal(
            code="too-much-at-once",
            words="This is more than one change set can hold.",
            remedy="Do it in two or more parts. Nothing was changed.",
        )
    return _keep(session, me, draft)


def _draft(session: Session, me: Identity, changes: Sequence[Change]) -> _Draft:
    opened = session.replica.open_segment() or _open(session, me)
    link = opening.link_of(session, me, opened)
    start, _ = session.replica.open_size()
    desk = _desk(session, me, link, start)
    drafting = Drafting(session.registry, session.replica.log, desk)
    operations = drafting.draft(changes)
    refuse_rows_held(session, operations)
    devices = DeviceList(operations)
    wires = [write_operation(op, devices) for op in operations]
    contents = [codec.encode([list(devices.devs), wire]) for wire in wires]
    return _Draft(
        Own(opened, link, start, devices.devs, wires), drafting.new_rows, contents, drafting.held
    )


def _desk(session: Session, me: Identity, link: Link, start: int) -> Desk:
    return Desk(
        key=me.key,
        dev16=me.dev16,
        organisation=me.organisation,
        workspace=session.rulebook.workspace,
        seq=link.seq,
        first=start,
        past=link.past,
        term=session.rulebook.open_term,
        own_approval=session.replica.own_approvals(me.dev16),
        beacon=lambda: _beacon(session),
        sealer=session.sealer,
    )


def _beacon(session: Session) -> tuple[bytes, bytes]:
    return session.replica.state_root(), session.replica.control_head(session.rulebook)


def _open(session: Session, me: Identity) -> OpenSegment:
    while True:
        opened, left_out = opening.open_next(session, me)
        session.replica.begin(opened)
        if not left_out:
            return opened
        # More heads moved than one header holds: an empty segment cites some of them first.
        link = opening.link_of(session, me, opened)
        session.replica.log.add_place(link, _author(session, me, opened))
        seal(session)


def _fits(session: Session, draft: _Draft) -> bool:
    own, added = draft.own, draft.contents
    count, size = session.replica.open_size()
    total = size + sum(map(len, added))
    if count + len(own.ops) > MAX_OPS or total > MOST_BYTES:
        return False
    if total > codec.NEVER_HEAVY and _weight(session, added) > codec.MAX_WEIGHT:
        return False
    if len(session.rulebook.known_devices) <= MAX_DEVS:
        return True
    named = {dev for devs, _ in session.replica.log.open_operations() for dev in devs}
    return len(named | set(own.devs)) <= MAX_DEVS


def _weight(session: Session, added: Sequence[bytes]) -> int:
    """Return at least what the body will weigh, so that its readers take it."""
    held = (codec.encode([list(devs), op]) for devs, op in session.replica.log.open_operations())
    return sum(map(codec.weight, [*held, *added]))


def _keep(session: Session, me: Identity, draft: _Draft) -> Committed:
    replica, own = session.replica, draft.own
    work = Workset(replica.log)
    if len(own.ops) > 1:
        work.prefetch(rows_in(own.ops), draft.held)
    Judge(session.registry, session.rulebook, work).segment(opening.placed(session, me.key, own))
    worst = v.worst([judged.verdict for judged in work.judged])
    if worst != v.ACCEPTED:
        raise refusal(worst)
    replica.log.add_place(own.link, _author(session, me, own.opened))
    replica.append(draft.contents, own.start)
    replica.log.forget(me.dev16, own.opened.seq)
    replica.log.save(work)
    return Committed(replica.project(work), draft.new_rows)


def _author(session: Session, me: Identity, opened: OpenSegment) -> tuple[bytes, bytes | None]:
    cited = session.rulebook.cite(opened.epoch, opened.roster)
    return me.organisation, cited.person(me.key) if cited else None


def refusal(verdict: int) -> Refusal:
    """Return in words why a change of this laptop's own would not be accepted."""
    if verdict == v.NEEDS_RESOLVE:
        return Refusal(
            code="contested",
            words="Several people's figures stand in this cell, so it cannot simply be overtyped.",
            remedy="Settle it with Resolve, which keeps every figure and your reason.",
        )
    ask = " Ask the workspace administrator if you should have this right."
    return Refusal(
        code=f"verdict-{verdict}",
        words=f"This change would not be accepted by the partners: {v.WORDS[verdict]}.",
        remedy="Nothing was changed." + (ask if verdict in _RIGHTS else ""),
    )
