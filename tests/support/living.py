"""Laptops that live: the real engine over a database in memory each, and folders they share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from collabdesk.domain.changes import Change
from collabdesk.errors import CollabDeskError
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import segment as segments
from collabdesk.sync.authority.held import Held
from collabdesk.sync.registry import REGISTRY, Registry
from tests.support.bench import Bench
from tests.support.paper_alliance import Scribe, Written
from tests.support.reference import Reference

OLDER = Registry(1, REGISTRY.rooms)
"""What a laptop knows that was not upgraded yet."""


@dataclass
class Folder:
    """A shared folder: every record with the signatures it gathered, and every segment."""

    records: dict[bytes, Held] = field(default_factory=dict)
    segments: dict[bytes, bytes] = field(default_factory=dict)

    def put(self, *records: Held) -> None:
        """Keep records; signatures of one record are united."""
        for held in records:
            known = self.records.get(held.id, held)
            self.records[held.id] = replace(held, signers=held.signers | known.signers)

    def take(self, other: Folder) -> None:
        """Keep all that another folder keeps."""
        self.put(*other.records.values())
        self.segments.update(other.segments)


@dataclass
class Laptop:
    """One laptop: who it is, its replica, and the folder it reaches."""

    scribe: Scribe
    bench: Bench
    folder: Folder
    kept: bytes | None = None

    @classmethod
    def of(cls, scribe: Scribe, workspace: bytes, folder: Folder, registry: Registry) -> Laptop:
        """Return a new laptop that has read what membership records the folder holds."""
        bench = Bench(workspace, folder.records.values(), registry, scribe)
        return cls(scribe, bench, folder)

    def change(self, *changes: Change) -> bool:
        """Sign changes; tell whether the engine let it, and undo what it did if not."""
        self.raw.execute("SAVEPOINT change")
        try:
            self.bench.engine.commit(changes)
        except CollabDeskError:
            self.raw.execute("ROLLBACK TO change")
            self.bench.replica = SqliteReplica(self.bench.connection, "slot", self.bench.registry)
            return False
        finally:
            self.raw.execute("RELEASE change")
        return True

    def publish(self) -> None:
        """Seal what is open and put all that is held into the folder."""
        self.bench.engine.seal()
        for file in self.files:
            self.folder.segments[segments.read(file).id] = file
        self.folder.put(*self.bench.rulebook.records.values())

    def collect(self) -> None:
        """Take in what the folder holds: records first, then segments, strangers' again."""
        known = self.bench.rulebook.records
        new = [h for h in self.folder.records.values() if known.get(h.id) != h]
        if new:
            self.bench.learn(*new)
        self.bench.receive(*map(_written, self.folder.segments.values()))

    def share(self) -> None:
        """Publish and collect."""
        self.publish()
        self.collect()

    @property
    def files(self) -> list[bytes]:
        """The files of every segment held."""
        return list(self.bench.replica.in_order())

    @property
    def raw(self) -> sqlite3.Connection:
        """The database."""
        found = self.bench.connection.connection.driver_connection
        assert isinstance(found, sqlite3.Connection)
        return found

    def copied(self) -> bytes:
        """Return the database as it is."""
        self.bench.connection.commit()
        return self.raw.serialize()

    def restore(self, content: bytes) -> None:
        """Go back to a database kept earlier, with the records known now."""
        records, registry = self.bench.rulebook.records.values(), self.bench.registry
        workspace = self.bench.rulebook.workspace
        self.bench.close()
        self.bench = Bench(workspace, records, registry, self.scribe)
        self.raw.deserialize(content)
        self.bench.engine.rebuild()

    def upgrade(self, registry: Registry) -> None:
        """Go on with a newer registry, over the same database."""
        content = self.copied()
        records, workspace = self.bench.rulebook.records.values(), self.bench.rulebook.workspace
        self.bench.close()
        self.bench = Bench(workspace, records, registry, self.scribe)
        self.raw.deserialize(content)
        self.bench.engine.rebuild()

    def told(self) -> Reference:
        """Return what the reference model makes of all that this laptop holds."""
        book = self.bench.rulebook
        return Reference(book.workspace, book.records.values(), self.files, self.bench.registry)

    def check(self) -> None:
        """See that the engine says what the model says; nothing may be open."""
        model = self.told()
        assert self.bench.verdicts() == model.verdicts()
        assert self.bench.cells() == model.cells()
        assert (self.bench.root, self.bench.control) == (model.root, model.control_head)

    def rows(self, table: str) -> Sequence[bytes]:
        """Return the rows of a table that stand here."""
        number = self.bench.registry.table_names[table].number
        found = self.bench.connection.exec_driver_sql(
            "SELECT row FROM row WHERE tbl = ? AND verdict = 0 ORDER BY row", (number,)
        )
        return [row for (row,) in found]


def _written(file: bytes) -> Written:
    read = segments.read(file)
    return Written(file, read.id, read.header)


def settle(laptops: Iterable[Laptop]) -> None:
    """Let every laptop meet every other in one folder."""
    everybody = list(laptops)
    common = Folder()
    for laptop in everybody:
        common.take(laptop.folder)
    for laptop in everybody:
        laptop.folder = common
    for _ in range(3):
        for laptop in everybody:
            laptop.share()
