"""Checking everything again from the signed bytes, as an auditor would.

Every signature, hash and chain is re-checked, and every file of the shared folder read back;
then all projections are rebuilt in a copy of the database, by the same code, and compared.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from collabdesk.errors import NotPossible
from collabdesk.services.sharing.verify_bytes import check_bytes, published
from collabdesk.services.sharing.verify_folder import check_folder, missing
from collabdesk.services.workspace import Workspace
from collabdesk.storage.database import FILE_NAME, Database
from collabdesk.storage.queries.state import projection_digests, state_root
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names
from collabdesk.sync.engine import Engine
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.stores.port import Store


@dataclass(slots=True)
class Verification:
    """What was checked and what was found wrong."""

    segments: int = 0
    records: int = 0
    chunks: int = 0
    tables: int = 0
    files: int = 0
    folder: str = ""
    """Why the shared folder was not checked, or nothing if it was."""
    state_root: bytes = b""
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


def verify(
    workspace: Workspace,
    *,
    store: Store | None = None,
    again: bool = True,
    progress: Callable[[str], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Verification:
    """Re-check every signature and chain, rebuild every projection and compare.

    With a store its files are read back too; one out of reach is no fault, and told. Without
    `again` nothing is worked out anew: what was signed is checked, and no more.
    """
    found = Verification()
    progress("Checking signatures and chains")
    check = workspace.query(check_bytes, workspace)
    found.segments, found.records, found.chunks = check.segments, check.records, check.chunks
    found.faults += check.faults
    if store is not None and not cancelled():
        progress("Reading the shared folder")
        _check_store(workspace, store, found, cancelled)
    if not again or cancelled():
        return found
    if check.damaged:
        found.faults.append("Nothing was worked out again: damaged change sets give no figures.")
        return found
    progress("Working everything out again")
    with tempfile.TemporaryDirectory(prefix="collabdesk-verify-") as folder:
        _compare(workspace, Path(folder) / FILE_NAME, found)
    return found


def _check_store(
    workspace: Workspace, store: Store, found: Verification, cancelled: Callable[[], bool]
) -> None:
    try:
        check = check_folder(store, names.ws26(workspace.about.workspace), cancelled)
    except NotPossible as error:
        found.folder = error.words
        return
    found.files = check.files
    found.faults += check.faults
    if not cancelled():
        found.faults += missing(check, workspace.query(published))


def _compare(workspace: Workspace, copy: Path, found: Verification) -> None:
    with workspace.database.read() as reads:
        before = projection_digests(reads)
        found.state_root = state_root(reads)
    workspace.database.copy_to(copy)
    database = Database(copy)
    try:
        after, root = _rebuilt(workspace, database)
    finally:
        database.close()
    found.tables = len(after)
    found.faults.extend(
        f"The table {name} is not what the signed changes give."
        for name, digest in after.items()
        if before[name] != digest
    )
    if root != found.state_root:
        found.faults.append("The state is not what the signed changes give.")


def _rebuilt(workspace: Workspace, database: Database) -> tuple[dict[str, str], bytes]:
    with database.write() as connection:
        replica = SqliteReplica(connection, workspace.about.slot)
        engine = Engine(
            replica, REGISTRY, workspace.book, workspace.identity(), workspace.clock.now_ms
        )
        engine.rebuild()
        workspace.derive(connection)
        return dict(projection_digests(connection)), state_root(connection)
