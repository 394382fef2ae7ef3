"""Whether the recovery key that was made here was printed, saved or written down."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica

_KEPT: Final = "recovery_sheet_kept"


def note_sheet(workspace: Workspace, *, kept: bool) -> None:
    """Remember on this laptop whether the sheet of the newest key was kept; not on a window."""
    workspace.write(lambda replica: replica.set_setting(_KEPT, b"yes" if kept else b"no"))


def sheet_kept(workspace: Workspace) -> bool:
    """Tell whether a person kept the sheet; true where it was made on another laptop."""
    return workspace.query(_noted) != b"no"


def _noted(reads: Connection) -> bytes | None:
    return SqliteReplica(reads).setting(_KEPT)
