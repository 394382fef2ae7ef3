"""Frozen worlds of released versions, unpacked for a test."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from collabdesk.host.passphrase_store import PassphraseStore
from collabdesk.services.workspace import Workspace
from collabdesk.storage.database import Database
from collabdesk.storage.queries.state import state_root
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.engine import Engine
from collabdesk.sync.registry import Registry
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

    def all_files(self) -> list[bytes]:
        """Return the change sets of this version and of the later one."""
        return [*self.segments(), *self.newer()]


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


def told(expected: Mapping[str, Any]) -> tuple[str, dict[int, int]]:
    """Return what a version said of a world, as `Reader.figures` does."""
    return expected["state_root"], {int(n): c for n, c in expected["verdicts"].items()}


def _verdicts(replica: SqliteReplica) -> dict[int, int]:
    found = replica._sql("SELECT verdict, COUNT(*) FROM operation GROUP BY verdict")  # noqa: SLF001
    return dict(tuple(row) for row in found)


class Reader:
    """A replica that judges with a registry of its choice, under a frozen world's membership."""

    def __init__(self, frozen: FrozenWorld, name: str) -> None:
        """Start empty, in a database of that name."""
        lead = frozen.open("lead")
        self.book = lead.book
        lead.close()
        self.database = Database(frozen.folder / f"{name}.sqlite3")

    @contextmanager
    def _engine(self, registry: Registry) -> Iterator[tuple[Engine, SqliteReplica]]:
        with self.database.write() as connection:
            replica = SqliteReplica(connection, registry=registry)
            yield Engine(replica, registry, self.book, None, lambda: 0), replica

    def receive(self, registry: Registry, files: Sequence[bytes]) -> None:
        """Take change sets in."""
        with self._engine(registry) as (engine, _):
            engine.receive(files)

    def rebuild(self, registry: Registry) -> None:
        """Judge everything anew."""
        with self._engine(registry) as (engine, _):
            engine.rebuild()

    @property
    def figures(self) -> tuple[str, dict[int, int]]:
        """The state root, and how many operations have each verdict."""
        with self.database.write() as connection:
            root = state_root(connection).hex()
            return root, _verdicts(SqliteReplica(connection))
