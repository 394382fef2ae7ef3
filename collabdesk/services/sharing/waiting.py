"""How much of one's own has not gone out yet, and when was shared last."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.names import dev16
from collabdesk.sync.segment import MAGIC, read


@dataclass(frozen=True, slots=True)
class Waiting:
    """Changes not sent yet, and the time of the last exchange (0: never), in milliseconds."""

    changes: int
    last_shared_ms: int


def waiting(reads: Connection) -> Waiting:
    """Count the changes that wait in the open change set and in those not sent yet."""
    replica = SqliteReplica(reads)
    kept = replica.setting("last_shared")
    return Waiting(_open(reads) + _sealed(reads, replica), int(kept.decode() or "0") if kept else 0)


def _open(reads: Connection) -> int:
    return int(
        reads.exec_driver_sql(
            "SELECT COUNT(*) FROM operation o JOIN place p ON p.dev16 = o.dev16 "
            "AND p.seq = o.seq WHERE p.id = x'' AND o.kind <> 0"
        ).scalar_one()
    )


def _sealed(reads: Connection, replica: SqliteReplica) -> int:
    headers = [read(file).header for _, file in replica.outbox() if file.startswith(MAGIC)]
    query = "SELECT COUNT(*) FROM operation WHERE dev16 = ? AND seq = ? AND kind <> 0"
    return sum(
        int(reads.exec_driver_sql(query, (dev16(header.dev), header.seq)).scalar_one())
        for header in headers
    )
