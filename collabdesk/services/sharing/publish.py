"""Going out: seal, remember in the key store, put, read back, and only then forget.

Each step may be the last before a crash; the next exchange sends the same bytes again.
"""

from __future__ import annotations

from functools import partial

from collabdesk.errors import NotPossible
from collabdesk.services.sharing import signs
from collabdesk.services.sharing.noticing import keep
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import names, records
from collabdesk.sync.hashing import sha256
from collabdesk.sync.segment import MAGIC, read
from collabdesk.sync.stores.port import Store

_README = (
    "This folder belongs to CollabDesk. Its files are signed change sets that the partners'\n"
    "laptops exchange. Nothing here is edited by hand; each organisation writes only into its\n"
    "own folder below 'o'. Deleting a file loses nothing: it is put back from a laptop.\n"
)


def root_of(workspace: Workspace) -> str:
    """Return the workspace's own folder in the shared folder."""
    return names.workspace_folder(workspace.about.workspace)


def publish(workspace: Workspace, store: Store, report: SyncReport) -> None:
    """Send everything that waits to go out, oldest first."""
    waiting = workspace.threads.write(lambda: _seal(workspace)).result()
    if waiting:
        store.put_new(f"{root_of(workspace)}/README.txt", _README.encode())
    for path, file in waiting:
        _remember(workspace, file)
        _put(store, f"{root_of(workspace)}/{path}", file)
        keep(workspace, partial(_sent, workspace, path, file))
        report.sent += 1


def seal(workspace: Workspace) -> None:
    """Sign what was changed since the last change set, so that it only has to be sent."""
    if workspace.enrolled:
        workspace.refuse_restored_copy()
        workspace.threads.write(lambda: _seal(workspace)).result()


def _seal(workspace: Workspace) -> list[tuple[str, bytes]]:
    with workspace.engine() as (engine, replica, _):
        engine.seal()
        return replica.outbox()


def _remember(workspace: Workspace, file: bytes) -> None:
    if not file.startswith(MAGIC):
        return
    segment = read(file)
    # A partner's change set that is put back says nothing of what this laptop signed.
    if segment.header.dev == workspace.about.key:
        workspace.secrets.raise_anchor(segment.header.seq, segment.id)


def _put(store: Store, path: str, file: bytes) -> None:
    store.put_new(path, file)
    if store.get(path, len(file)) != file:
        raise NotPossible(
            code="not-read-back",
            words=f"The shared folder took {path} but does not give it back.",
            remedy="Nothing is lost: it waits on this laptop and goes out at the next sharing. "
            "If this stays, ask whoever runs the folder to check it.",
        )


def _sent(
    workspace: Workspace, path: str, file: bytes, log: ShareLog, replica: SqliteReplica
) -> None:
    replica.sent(path)
    if path.endswith(names.JOIN):
        return
    replica.mark_seen(f"{root_of(workspace)}/{path}", _content(path, file))
    if file.startswith(MAGIC) and read(file).header.dev == workspace.about.key:
        signs.note_own(workspace, log, file)


def _content(path: str, file: bytes) -> bytes:
    """Return the id under which this laptop holds what it published."""
    if path.endswith(names.SEGMENT):
        return read(file).id
    if path.endswith(names.RECORD):
        return records.record_id(records.read_file(file).record_bytes)
    return sha256(file)
