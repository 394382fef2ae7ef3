"""What the shared folder can do, tried now and then in the own slot and kept to be shown."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Connection

from collabdesk.errors import NotPossible
from collabdesk.services.sharing.publish import root_of
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.stores.port import Store

_KEY: Final = "folder_abilities"
_AGAIN_MS: Final = 30 * 24 * 3_600_000


def try_sometimes(workspace: Workspace, store: Store) -> None:
    """Try the own slot when the folder is new, and once a month; keep what was found."""
    now = workspace.clock.now_ms()
    kept = workspace.query(_kept)
    if kept.get("store") == workspace.about.store and 0 <= now - int(kept["at_ms"]) < _AGAIN_MS:
        return
    try:
        report = store.probe(f"{root_of(workspace)}/o/{workspace.about.slot}")
    except NotPossible:
        return
    found = {"store": workspace.about.store, "at_ms": now, "sentences": report.sentences}
    text = json.dumps(found).encode()
    workspace.write(lambda replica: replica.set_setting(_KEY, text))


def folder_abilities(reads: Connection) -> tuple[str, ...]:
    """Return in sentences what the shared folder can do, as it was last tried."""
    return tuple(_kept(reads).get("sentences", ()))


def _kept(reads: Connection) -> dict[str, Any]:
    kept = SqliteReplica(reads).setting(_KEY)
    found: dict[str, Any] = json.loads(kept) if kept else {}
    return found
