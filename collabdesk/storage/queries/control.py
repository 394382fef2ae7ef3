"""What the services of membership ask of the operation log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.operations import AdoptOperation, ReleaseLedger
from collabdesk.sync.registry import kinds


@dataclass(frozen=True, slots=True)
class Adopted:
    """That an accepted group re-issues what stood at a place of a change set."""

    source: tuple[bytes, int]
    device: bytes
    seq: int
    idx: int


def released_at(reads: Connection, device: bytes, term: int) -> tuple[int, bytes] | None:
    """Return number and id of the change set that laid a term down; the id is empty unsealed."""
    replica = SqliteReplica(reads)
    found = reads.exec_driver_sql(
        "SELECT o.seq, o.idx, p.id FROM operation o JOIN place p ON p.dev16 = o.dev16 "
        "AND p.seq = o.seq WHERE o.dev16 = ? AND o.kind = ? AND o.verdict = 0 "
        "AND o.branch = x'' ORDER BY o.seq, o.idx",
        (device, kinds.RELEASE),
    ).all()
    for seq, idx, segment in found:
        op = replica.log.read((device, seq, idx))
        if isinstance(op, ReleaseLedger) and op.term == term:
            return seq, segment
    return None


def adoptions(reads: Connection) -> Iterator[Adopted]:
    """Yield every accepted statement that a change was adopted."""
    replica = SqliteReplica(reads)
    found = reads.exec_driver_sql(
        "SELECT dev16, seq, idx FROM operation WHERE kind = ? AND verdict = 0 "
        "AND branch = x'' ORDER BY dev16, seq, idx",
        (kinds.ADOPT,),
    ).all()
    for device, seq, idx in found:
        op = replica.log.read((device, seq, idx))
        if isinstance(op, AdoptOperation):
            yield Adopted((op.segment, op.idx), device, seq, idx)


def first_seen(reads: Connection, kind: str) -> dict[bytes, int]:
    """Return when each membership record was first seen on this laptop."""
    found = reads.exec_driver_sql(
        "SELECT words, MIN(at_ms) FROM event WHERE kind = ? GROUP BY words", (kind,)
    )
    return {bytes.fromhex(words): at for words, at in found}
