"""A restored or copied database is noticed before it signs a number a second time."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.errors import NotPossible
from collabdesk.services.secrets import Anchor
from collabdesk.sync.names import dev16


def refuse_restored_copy(reads: Connection, key: bytes, anchor: Anchor | None) -> None:
    """Raise NotPossible unless the newest change set this laptop signed is here.

    The key store remembers it; a database without it was put back from an older copy.
    """
    if anchor is None or _holds(reads, key, anchor):
        return
    raise NotPossible(
        code="restored-copy",
        words=f"This workspace is an older copy: this laptop has already signed change set "
        f"{anchor.seq}, and the copy ends at {_newest(reads, key)}.",
        remedy="Nothing is signed or shared from it. Open the newest copy of the workspace. If "
        "that is lost, ask the administrator to enrol this laptop again; what was shared is safe.",
    )


def _holds(reads: Connection, key: bytes, anchor: Anchor) -> bool:
    query = "SELECT 1 FROM segment WHERE dev16 = ? AND seq = ? AND id = ?"
    found = reads.exec_driver_sql(query, (dev16(key), anchor.seq, anchor.id))
    return found.first() is not None


def _newest(reads: Connection, key: bytes) -> int:
    query = "SELECT COALESCE(MAX(seq), 0) FROM segment WHERE dev16 = ?"
    return int(reads.exec_driver_sql(query, (dev16(key),)).scalar_one())
