"""A restored or copied database is noticed before it signs a number a second time."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from collabdesk.errors import NotPossible
from collabdesk.services.secrets import Anchor
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.names import dev16

COPIED: Final = "copied_laptop"
LOST: Final = "own_chain_lost"


def refuse_restored_copy(reads: Connection, key: bytes, anchor: Anchor | None) -> None:
    """Raise NotPossible unless the newest change set this laptop signed is here.

    The key store remembers it; a database without it was put back from an older copy.
    """
    replica = SqliteReplica(reads)
    if replica.setting(COPIED):
        raise copied_laptop()
    if anchor is None or holds(reads, key, anchor):
        return
    raise older_copy(reads, key, anchor, lost=replica.setting(LOST) == anchor.id)


def holds(reads: Connection, key: bytes, anchor: Anchor) -> bool:
    """Tell whether the change set the key store remembers is here, with all before it."""
    query = "SELECT 1 FROM place WHERE id = ? AND dev16 = ? AND seq = ?"
    found = reads.exec_driver_sql(query, (anchor.id, dev16(key), anchor.seq))
    return found.first() is not None


def newest(reads: Connection, key: bytes) -> int:
    """Return the number of this laptop's newest sealed change set here."""
    query = "SELECT COALESCE(MAX(seq), 0) FROM segment WHERE dev16 = ?"
    return int(reads.exec_driver_sql(query, (dev16(key),)).scalar_one())


def older_copy(reads: Connection, key: bytes, anchor: Anchor, *, lost: bool) -> NotPossible:
    """Return the refusal of a copy that lacks what this laptop has signed."""
    words = (
        f"This workspace is an older copy: this laptop has already signed change set "
        f"{anchor.seq}, and the copy ends at {newest(reads, key)}."
    )
    if lost:
        return NotPossible(
            code="restored-lost",
            words=f"{words} The shared folder does not hold what is missing.",
            remedy="Nothing is signed here, and everything can be read. Open the newest copy of "
            "the workspace; if that is lost, ask the administrator to retire this laptop's key "
            "and to enrol it again as its own successor.",
        )
    return NotPossible(
        code="restored-copy",
        words=words,
        remedy="Nothing is signed until this laptop's own changes are here again: choose Share "
        "now, and they are read back from the shared folder.",
    )


def copied_laptop() -> NotPossible:
    """Return the refusal of a copy of a laptop that works on elsewhere."""
    return NotPossible(
        code="copied-laptop",
        words="Another copy of this laptop's workspace has signed changes with its key.",
        remedy="Nothing more is signed here. Work on in the other copy, or ask the "
        "administrator to enrol this laptop anew; what was shared is safe.",
    )
