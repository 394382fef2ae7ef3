"""Frozen worlds of released versions, unpacked for a test."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from collabdesk.host.passphrase_store import PassphraseStore
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.state import state_root
from collabdesk.sync.stores.folder import FolderStore

FROZEN: Final = Path(__file__).parents[1] / "data" / "frozen"
SHARE: Final = "shared-folder"


@dataclass(frozen=True)
class FrozenWorld:
    """What a version wrote, unpacked, and what it said of it."""

    folder: Path
    expected: Mapping[str, Any]

    @property
    def share(self) -> FolderStore:
        """The shared folder."""
        return FolderStore(self.folder / SHARE)

    def open(self, laptop: str) -> Workspace:
        """Open a laptop with the present code; whoever opens it closes it."""
        folder = self.folder / laptop
        keys = PassphraseStore.open(folder / "keys.sealed", self.expected["passphrase"])
        workspace = Workspace(folder, keys)
        workspace.use_store(str(self.folder / SHARE))
        return workspace

    def newer(self) -> list[bytes]:
        """Return the change sets that a later version wrote, in order."""
        return [path.read_bytes() for path in sorted((self.folder / "newer").rglob("*.cds"))]

    def publish_newer(self) -> None:
        """Put them in the shared folder."""
        shutil.copytree(self.folder / "newer", self.folder / SHARE, dirs_exist_ok=True)

    def segments(self) -> list[bytes]:
        """Return the change sets in the shared folder, by name."""
        return [path.read_bytes() for path in sorted((self.folder / SHARE).rglob("*.cds"))]


def unpack(version: str, folder: Path) -> FrozenWorld:
    """Unpack the world of a version into a folder."""
    kept = FROZEN / version
    with tarfile.open(kept / "world.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    return FrozenWorld(folder, json.loads((kept / "expected.json").read_text(encoding="utf-8")))


def read_state(reads: Connection, tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a replica holds, as the frozen figures tell it: columns of that version."""
    sql = reads.exec_driver_sql
    verdicts = sql("SELECT verdict, COUNT(*) FROM operation GROUP BY verdict ORDER BY verdict")
    return {
        "state_root": state_root(reads).hex(),
        "segments": sql("SELECT COUNT(*) FROM segment").scalar_one(),
        "records": sql("SELECT COUNT(*) FROM record").scalar_one(),
        "blobs": sql("SELECT COUNT(*) FROM blob").scalar_one(),
        "verdicts": {str(number): count for number, count in verdicts},
        "posts": list(sql("SELECT COUNT(*), MAX(number) FROM post").one()),
        "tables": {name: _digest(reads, name, kept["columns"]) for name, kept in tables.items()},
    }


def _digest(reads: Connection, table: str, columns: list[str]) -> dict[str, Any]:
    keys = ", ".join(_keys(reads, table))
    query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {keys}"  # noqa: S608 - names of ours
    rows = [[_plain(cell) for cell in row] for row in reads.exec_driver_sql(query)]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"columns": columns, "count": len(rows), "sha256": digest}


def _keys(reads: Connection, table: str) -> list[str]:
    found = reads.exec_driver_sql(f"PRAGMA table_info({table})")
    return [name for _, name in sorted((row.pk, row.name) for row in found if row.pk)]


def _plain(cell: object) -> object:
    return cell.hex() if isinstance(cell, bytes) else cell
