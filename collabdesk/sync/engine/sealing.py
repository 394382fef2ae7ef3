"""Signing the open segment: from then on its number is spent and its bytes never change."""

from __future__ import annotations

from collabdesk.sync import segment as segments
from collabdesk.sync.engine.ports import Session
from collabdesk.sync.operations import DeviceList, Wire, read_operation, write_operation


def body_of(session: Session) -> tuple[list[bytes], list[Wire]]:
    """Return the device list and operations of the open segment, under one numbering."""
    held = [read_operation(op, devs) for devs, op in session.replica.log.open_operations()]
    devices = DeviceList(held)
    return devices.devs, [write_operation(op, devices) for op in held]


def seal(session: Session) -> bytes | None:
    """Sign the open segment and put it in the outbox; return its id, None if none is open."""
    opened, me = session.replica.open_segment(), session.identity
    if opened is None or me is None:
        return None
    devs, ops = body_of(session)
    file = segments.seal(
        signing_key=me.unlock(),
        ws=session.rulebook.workspace,
        seq=opened.seq,
        prev=opened.prev,
        parents=opened.parents,
        lamport=opened.lamport,
        wall_ms=opened.wall_ms,
        app=me.app,
        schema=session.registry.version,
        epoch=opened.epoch,
        roster=opened.roster,
        incarnation=me.incarnation,
        devs=devs,
        ops=ops,
    )
    sealed = segments.read(file)
    session.replica.close(sealed, file)
    return sealed.id
