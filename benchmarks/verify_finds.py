"""Whether `verify` finds every kind of tampering, on a workspace of 100,000 operations.

Bytes are flipped in every change set at once, at another place each round: each must be named.
Whatever else is changed, is changed alone.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.large_workspace import LargeWorkspace, large_workspace
from benchmarks.options import Options
from benchmarks.table import Line, Report
from collabdesk.services.sharing.verify import Verification, verify
from collabdesk.storage.database import FILE_NAME
from collabdesk.storage.schema import DISPOSABLE
from collabdesk.sync import names

OPERATIONS: Final = 100_000
ROUNDS: Final = 10
SAMPLES: Final = 25
HOW: Final = (
    "Bytes are flipped in every change set at once, at another place each round, and every one "
    "must be named. Whatever else is changed, is changed alone."
)

Tried = tuple[int, int]


def run(options: Options) -> Report:
    """Tamper with a large workspace in every way, and count what is found."""
    operations = options.size(OPERATIONS, 5_000)
    with tempfile.TemporaryDirectory() as folder:
        large = large_workspace(Path(folder), operations)
        counts = Tampering(large, options.size(ROUNDS, 2), options.size(SAMPLES, 5)).counts()
        large.close()
    lines = [
        Line(kind, f"{found:,} of {tried:,}", "all", found == tried)
        for kind, (tried, found) in counts.items()
    ]
    return Report(f"What verify finds on {operations:,} operations", lines, HOW)


@dataclass
class Tampering:
    """Changes one thing after another behind the program's back, and puts it back."""

    large: LargeWorkspace
    rounds: int
    samples: int
    seed: int = 1
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Make every run alike."""
        self._chance = random.Random(self.seed)  # noqa: S311 - a run can be asked for again
        workspace = self.large.desk.workspace
        self._database = workspace.folder / FILE_NAME
        self._laptop = {one.dev: names.base32(one.dev)[:8] for one in self.large.written}

    def counts(self) -> dict[str, Tried]:
        """Return how much of each kind was tried and how much of it found."""
        ways: dict[str, Callable[[], Tried]] = {
            "a flipped byte of a change set in the database": self._flips_in_database,
            "a flipped byte of a change set in the folder": self._flips_in_folder,
            "a change set removed from the database": self._removed_from_database,
            "a change set removed from the folder": self._removed_from_folder,
            "two change sets swapped in the database": self._swapped_in_database,
            "two change sets swapped in the folder": self._swapped_in_folder,
            "a lowered head": self._lowered_heads,
            "an edited row of a derived table": self._edited_rows,
        }
        before = self._whole().sound
        counts = {kind: way() for kind, way in ways.items()}
        return {**counts, "nothing where nothing was changed": (2, before + self._whole().sound)}

    # --- the ways -------------------------------------------------------------------------

    def _flips_in_database(self) -> Tried:
        found = 0
        for _ in range(self.rounds):
            with self._tampered() as database:
                for one in self.large.written:
                    query = "UPDATE segment SET file = ? WHERE id = ?"
                    database.execute(query, (self._flipped(one.file), one.id))
                database.commit()
                found += self._named(self._bytes(folder=False))
        return self.rounds * len(self.large.written), found

    def _flips_in_folder(self) -> Tried:
        files = sorted(self.large.root.rglob(f"*.{names.SEGMENT}"))
        found = 0
        for _ in range(self.rounds):
            good = {path: path.read_bytes() for path in files}
            for path, content in good.items():
                path.write_bytes(self._flipped(content))
            told = " ".join(self._bytes().faults)
            found += sum(path.name in told for path in files)
            for path, content in good.items():
                path.write_bytes(content)
        return self.rounds * len(files), found

    def _removed_from_database(self) -> Tried:
        def remove(database: sqlite3.Connection, segment_id: bytes) -> None:
            database.execute("DELETE FROM segment WHERE id = ?", (segment_id,))

        chosen = [*self._chance.sample(self.large.written, self.samples), self.large.written[-1]]
        found = sum(self._found_in_database(remove, one.id) for one in chosen)
        return len(chosen), found

    def _removed_from_folder(self) -> Tried:
        files = sorted(self.large.root.rglob(f"*.{names.SEGMENT}"))
        chosen = self._chance.sample(files, self.samples)
        found = 0
        for path in chosen:
            content = path.read_bytes()
            path.unlink()
            found += len(self._bytes().faults) == 1
            path.write_bytes(content)
        return len(chosen), found

    def _swapped_in_database(self) -> Tried:
        def swap(database: sqlite3.Connection, pair: Sequence[bytes]) -> None:
            query = "SELECT id, file FROM segment WHERE id IN (?, ?)"
            (one, first), (other, second) = database.execute(query, tuple(pair)).fetchall()
            change = "UPDATE segment SET file = ? WHERE id = ?"
            database.executemany(change, [(first, other), (second, one)])

        pairs = [self._pair() for _ in range(self.samples)]
        found = sum(self._found_in_database(swap, pair, least=2) for pair in pairs)
        return len(pairs), found

    def _swapped_in_folder(self) -> Tried:
        files = sorted(self.large.root.rglob(f"*.{names.SEGMENT}"))
        found = 0
        for _ in range(self.samples):
            one, other = self._chance.sample(files, 2)
            first, second = one.read_bytes(), other.read_bytes()
            one.write_bytes(second)
            other.write_bytes(first)
            told = " ".join(self._bytes().faults)
            found += one.name in told and other.name in told
            one.write_bytes(first)
            other.write_bytes(second)
        return self.samples, found

    def _lowered_heads(self) -> Tried:
        def lower(database: sqlite3.Connection, head: tuple[bytes, int]) -> None:
            dev, seq = head
            query = "UPDATE greatest_head SET seq = ? WHERE dev16 = ?"
            database.execute(query, (seq, dev))

        heads = {one.dev: one.header.seq for one in self.large.written}
        lowered = [
            (dev, self._chance.randrange(newest))
            for dev, newest in heads.items()
            for _ in range(self.samples)
        ]
        return len(lowered), sum(self._found_in_database(lower, head) for head in lowered)

    def _edited_rows(self) -> Tried:
        """Edit one cell of each table that has rows: all at once, since each is told by name."""
        with self._tampered() as database:
            edited = [name for name in _derived() if _edit(database, name)]
            database.commit()
            told = " ".join(self._whole().faults)
        return len(edited), sum(f"The table {name} is" in told for name in edited)

    # --- small parts ----------------------------------------------------------------------

    def _found_in_database(
        self,
        change: Callable[[sqlite3.Connection, Any], None],
        what: object,
        least: int = 1,
    ) -> bool:
        with self._tampered() as database:
            change(database, what)
            database.commit()
            return len(self._bytes(folder=False).faults) >= least

    @contextmanager
    def _tampered(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to tamper through; everything is put back after."""
        kept = self._database.with_suffix(".kept")
        with closing(sqlite3.connect(self._database)) as database:
            with closing(sqlite3.connect(kept)) as copy:
                database.backup(copy)
            try:
                yield database
            finally:
                database.rollback()
                with closing(sqlite3.connect(kept)) as copy:
                    copy.backup(database)
                kept.unlink()

    def _flipped(self, content: bytes) -> bytes:
        at = self._chance.randrange(len(content))
        spoiled = content[at] ^ 1 << self._chance.randrange(8)
        return content[:at] + bytes([spoiled]) + content[at + 1 :]

    def _pair(self) -> tuple[bytes, bytes]:
        one, other = self._chance.sample(self.large.written, 2)
        return one.id, other.id

    def _named(self, found: Verification) -> int:
        """Count the change sets that are named as damaged."""
        told = {fault.split(":")[0] for fault in found.faults}
        wanted = {
            f"Change set {one.header.seq} of laptop {self._laptop[one.dev]}"
            for one in self.large.written
        }
        return len(told & wanted)

    def _bytes(self, *, folder: bool = True) -> Verification:
        """Check what was signed, and work nothing out again."""
        store = self.large.desk.store if folder else None
        return verify(self.large.desk.workspace, store=store, again=False)

    def _whole(self) -> Verification:
        return verify(self.large.desk.workspace, store=self.large.desk.store)


def _derived() -> list[str]:
    return [table.name for metadata in DISPOSABLE for table in metadata.sorted_tables]


def _edit(database: sqlite3.Connection, table: str) -> bool:
    """Change the last number or text of one row; tell whether there was a row."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if not row[5]]
    keys = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[5]]
    query = f"SELECT {', '.join(keys)} FROM {table} LIMIT 1"  # noqa: S608 - names of ours
    row = database.execute(query).fetchone()
    if row is None or not columns:
        return False
    where = " AND ".join(f"{key} = ?" for key in keys)
    change = f"UPDATE {table} SET {columns[-1]} = 12345 WHERE {where}"  # noqa: S608
    return database.execute(change, row).rowcount == 1
