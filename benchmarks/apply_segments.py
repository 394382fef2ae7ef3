"""How fast change sets are taken in, against bare SQLite writing the rows they leave behind.

Three laptops' segments of 100 operations each: plan lines, service lines, and amounts set
on lines that somebody entered before. The engine verifies, links, judges, merges and
projects them; bare `executemany` then writes exactly the rows the engine left, into the
same tables and indexes, in the same transactions of 50 segments (WAL, synchronous FULL).
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.options import Options
from benchmarks.table import Line, Report, at_least, rate
from collabdesk.storage.database import Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.engine import BATCH, Engine
from collabdesk.sync.operations import Dot, SetRow
from collabdesk.sync.registry import REGISTRY
from tests.support.paper_alliance import (
    Op,
    PaperAlliance,
    Scribe,
    Written,
    amount,
    plan_line,
    service_line,
)

TARGET: Final = 0.20
HOW: Final = (
    "The workload of the first issue, under full authority, against bare `executemany` writing "
    "exactly the rows the engine left behind, in the same transactions of 50 change sets."
)
SEGMENTS: Final = 400
OPERATIONS: Final = 100
PLAN_LINES: Final = 20
SERVICE_LINES: Final = 30
MONTHS: Final = range(100_000, 112_000, 1_000)

Rows = dict[str, list[tuple[Any, ...]]]


def run(_: Options) -> Report:
    """Time both in turns and return the ratio."""
    alliance = PaperAlliance("a", "b")
    written = list(_segments(alliance))
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for batch in _Applying(folder / "first.sqlite3", alliance).batches(written):
            batch()
        rows = _rows_left(folder / "first.sqlite3", written)
        applying = _Applying(folder / "again.sqlite3", alliance).batches(written)
        writing = _Writing(folder / "bare.sqlite3").batches(rows)
        pairs = [(_timed(ours), _timed(bare)) for ours, bare in zip(applying, writing, strict=True)]
    ours, bare = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    left = sum(len(found) for batch in rows for found in batch.values())
    operations = SEGMENTS * OPERATIONS
    lines = [
        Line("rows left", f"{left:,}"),
        rate("bare executemany", operations, bare),
        rate("CollabDesk", operations, ours),
        at_least("ratio", bare / ours, TARGET),
    ]
    return Report(f"Taking in {SEGMENTS} change sets of {OPERATIONS} operations", lines, HOW)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# --- what is written ------------------------------------------------------------------------


def _segments(alliance: PaperAlliance) -> Iterator[Written]:
    """Yield segments of each laptop in turn; each has seen the one before."""
    scribes = list(alliance.scribes.values())
    rows: list[bytes] = []
    standing: dict[tuple[bytes, int], Dot] = {}
    last: Written | None = None
    for turn in range(SEGMENTS):
        scribe = scribes[turn % len(scribes)]
        ops = _work(scribe, rows, standing, turn)
        after = [last] if last and last.dev != scribe.dev else []
        last = scribe.write(*ops, after=after)
        for idx, op in enumerate(ops):
            if isinstance(op, SetRow):
                standing[op.row, op.cells[0][0]] = last.dot(idx)
        for idx in range(PLAN_LINES):
            rows.append(last.row(idx))
            standing.update({(rows[-1], 11 + month): last.dot(idx) for month in range(12)})
        yield last


def _work(
    scribe: Scribe, rows: Sequence[bytes], standing: Mapping[tuple[bytes, int], Dot], turn: int
) -> list[Op]:
    ops: list[Op] = [plan_line(*MONTHS) for _ in range(PLAN_LINES)]
    ops += [service_line(scribe.org, f"L{n}", "Adult secure") for n in range(SERVICE_LINES)]
    for n in range(OPERATIONS - len(ops) if rows else 0):
        row, month = rows[(turn * 7_919 + n * 104_729) % len(rows)], 1 + (turn + n) % 12
        ops.append(amount(row, n, standing[row, 10 + month], month=month))
    return ops


# --- both sides -----------------------------------------------------------------------------


class _Applying:
    """The engine over a database of its own, one transaction at a time."""

    def __init__(self, path: Path, alliance: PaperAlliance) -> None:
        self._path = path
        self._book = alliance.rulebook

    def batches(self, written: Sequence[Written]) -> Iterator[Callable[[], None]]:
        database = Database(self._path)
        for start in range(0, len(written), BATCH):
            files = [one.file for one in written[start : start + BATCH]]
            yield partial(self._receive, database, files)
        database.close()

    def _receive(self, database: Database, files: Sequence[bytes]) -> None:
        with database.write() as connection:
            Engine(SqliteReplica(connection), REGISTRY, self._book, None, lambda: 0).receive(files)


def _rows_left(path: Path, written: Sequence[Written]) -> list[Rows]:
    """Return the rows of each transaction, by table: those that stem from its segments."""
    batch_of = {one.place[:2]: at // BATCH for at, one in enumerate(written)}
    batches: list[Rows] = [defaultdict(list) for _ in range(-(-len(written) // BATCH))]
    connection = sqlite3.connect(path)
    inserts = connection.execute("SELECT row, dev16, seq FROM row")
    made = {row: (dev, seq) for row, dev, seq in inserts}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
        found = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of its own
        names = [column[0] for column in found.description]
        for row in found:
            place = _place(dict(zip(names, row, strict=True)), made)
            batches[batch_of.get(place, 0)][table].append(row)
    connection.close()
    return batches


def _place(row: dict[str, Any], made: dict[bytes, tuple[bytes, int]]) -> tuple[bytes, int]:
    if "dev16" in row and "seq" in row:
        return (row["dev16"], row["seq"])
    return made.get(row.get("row", b""), (b"", 0))


class _Writing:
    """SQLite alone, over a database of the same tables and indexes."""

    def __init__(self, path: Path) -> None:
        Database(path).close()
        self._connection = sqlite3.connect(path, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
            self._connection.execute(f"PRAGMA {setting}")
        for table in ("alembic_version", "setting"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - two fixed names

    def batches(self, batches: Sequence[Rows]) -> Iterator[Callable[[], None]]:
        for batch in batches:
            yield partial(self._write, batch)
        self._connection.close()

    def _write(self, batch: Rows) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for table, rows in batch.items():
            marks = ",".join("?" * len(rows[0]))
            query = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - names of its own
            self._connection.executemany(query, rows)
        self._connection.execute("COMMIT")
