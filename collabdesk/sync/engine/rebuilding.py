"""From scratch: everything derived is dropped and worked out again from the signed bytes."""

from __future__ import annotations

from collections.abc import Callable

from collabdesk.sync.engine import opening
from collabdesk.sync.engine.applying import apply
from collabdesk.sync.engine.linking import Linking, readable
from collabdesk.sync.engine.opening import Own
from collabdesk.sync.engine.ports import Session
from collabdesk.sync.engine.sealing import body_of
from collabdesk.sync.engine.spines import fork_view, forks_of
from collabdesk.sync.judging.judge import Judge
from collabdesk.sync.workset import Workset


def rebuild(session: Session, progress: Callable[[int], None] | None = None) -> int:
    """Rebuild; return how many segments are linked."""
    session.replica.clear_derived()
    if forks_of(session):
        _link_all(session)
    done, view = 0, fork_view(session)
    for batch in Linking(session).batches(readable(session.replica.in_order())):
        apply(session, batch, view)
        done += len(batch)
        if progress:
            progress(done)
    _reapply_open(session)
    return done


def _link_all(session: Session) -> None:
    """Give every segment its place: which branch of a fork stands depends on all of them."""
    for batch in Linking(session).batches(readable(session.replica.in_order())):
        for linked in batch:
            session.replica.log.add_place(linked.link, None)


def _reapply_open(session: Session) -> None:
    opened, me = session.replica.open_segment(), session.identity
    if opened is None or me is None:
        return
    log, work = session.replica.log, Workset(session.replica.log)
    link = opening.link_of(session, me, opened)
    placed = opening.placed(session, me.key, Own(opened, link, 0, *body_of(session)))
    cited = Judge(session.registry, session.rulebook, work).segment(placed)
    log.add_place(link, (me.organisation, cited.person(me.key) if cited else None))
    log.save(work)
    session.replica.project(work)
