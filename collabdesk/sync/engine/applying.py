"""One batch of placed segments: judged, merged, saved and projected together."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from collabdesk.sync.chain import nearest
from collabdesk.sync.engine.linking import Arrived, Linked
from collabdesk.sync.engine.ports import Changed, Session
from collabdesk.sync.engine.spines import ForkView
from collabdesk.sync.judging.judge import Judge
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.operations import ROW_ID
from collabdesk.sync.registry import kinds
from collabdesk.sync.workset import Workset

_NAMING_A_ROW: Final = frozenset(
    (kinds.SET, kinds.DELETE, kinds.UNDELETE, kinds.RESOLVE, kinds.APPROVE)
)
_ROW_AT: Final = 3


def apply(session: Session, batch: Sequence[Linked], view: ForkView) -> Changed:
    """Judge a batch in order and keep what comes of it; return the rows changed by table."""
    with uncollected():
        work = Workset(session.replica.log)
        work.prefetch(rows_named([linked.arrived for linked in batch]))
        _judge(session, batch, work, view)
        session.replica.log.save(work)
        return session.replica.project(work)


@contextmanager
def uncollected() -> Iterator[None]:
    """Let no search for cycles run: a batch makes none, and to look costs a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _judge(session: Session, batch: Sequence[Linked], work: Workset, view: ForkView) -> None:
    log = session.replica.log
    judge = Judge(session.registry, session.rulebook, work)
    for linked in batch:
        cited = judge.segment(placed(linked, view))
        key = linked.arrived.segment.header.dev
        log.add_place(linked.link, (cited.organisation, cited.person(key)) if cited else None)


def placed(linked: Linked, view: ForkView) -> Placed:
    """Return a linked segment as the judge takes it."""
    header, body, link = linked.arrived.segment.header, linked.arrived.body, linked.link
    return Placed(
        id=link.id,
        key=header.dev,
        dev16=link.dev16,
        seq=link.seq,
        lamport=link.lamport,
        schema=header.schema,
        epoch=header.epoch,
        roster=header.roster,
        past=link.past,
        seen=link.seen,
        ancestors=nearest(header),
        devs=body.devs if body else (),
        ops=body.ops if body else None,
        n_ops=header.n_ops,
        forks=view.forks,
        spines=view.spines,
    )


def rows_named(batch: Iterable[Arrived]) -> set[bytes]:
    """Return the rows that the operations of some segments name, so that all load at once."""
    bodies = (arrived.body for arrived in batch)
    return rows_in(op for body in bodies if body for op in body.ops)


def rows_in(operations: Iterable[list[Any]]) -> set[bytes]:
    """Return the rows that operations name, as they are on the wire."""
    return {row for op in operations if (row := _row_named(op)) is not None}


def _row_named(op: list[Any]) -> bytes | None:
    if op[0] not in _NAMING_A_ROW or len(op) <= _ROW_AT:
        return None
    row = op[_ROW_AT]
    return row if type(row) is bytes and len(row) == ROW_ID else None
