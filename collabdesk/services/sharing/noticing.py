"""Reading and writing what this laptop has noticed of the shared folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog

Result = TypeVar("Result")


def look(workspace: Workspace, work: Callable[[ShareLog], Result]) -> Result:
    """Read here and now; never on the window's thread."""
    with workspace.database.read() as reads:
        return work(ShareLog(reads))


def keep(workspace: Workspace, work: Callable[[ShareLog, SqliteReplica], Result]) -> Result:
    """Write on the writer's thread in one transaction, and wait for it."""

    def run() -> Result:
        with workspace.database.write() as connection:
            return work(ShareLog(connection), SqliteReplica(connection, workspace.about.slot))

    return workspace.threads.write(run).result()


def number(setting: bytes | None) -> int:
    """Return a whole number kept as text; 0 where none is kept."""
    return int(setting.decode() or "0") if setting else 0
