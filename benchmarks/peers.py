"""The same edits in two libraries for shared documents: how fast they merge, how much they send.

They stand beside CollabDesk for scale. Neither signs, judges who may change what, or keeps a
database; both hold the whole document in memory.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import automerge.core as automerge
from pycrdt import Doc, Map

from benchmarks.options import Options
from benchmarks.table import Line, Report, rate
from benchmarks.workload import on_paper
from collabdesk.storage.database import Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.engine import BATCH, Engine
from collabdesk.sync.operations import InsertRow, SetRow, Value, read_operation
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.segment import open_body, read
from tests.support.paper_alliance import PaperAlliance, Written

SEGMENTS: Final = 300
OPERATIONS: Final = 100
HOW: Final = (
    "The committed workload of six laptops, 100 operations a change set: each row is a map of its "
    "columns, each insert or set an assignment. A reader takes in every laptop's changes in turn. "
    "The peers keep nothing on disk, sign nothing and judge nothing; CollabDesk does."
)

Edit = tuple[str, Mapping[str, Value]]
Measured = tuple[float, int]
"""Seconds of taking in, and bytes sent."""


def run(options: Options) -> Report:
    """Let each take in the same edits."""
    count = options.size(SEGMENTS, SEGMENTS // 5)
    alliance, workload = on_paper()
    written = list(workload.segments(count, OPERATIONS))
    edits = [(one.dev, list(_edits(one))) for one in written]
    ways: dict[str, Callable[[], Measured]] = {
        "pycrdt": lambda: _pycrdt(edits),
        "automerge": lambda: _automerge(edits),
        "CollabDesk": lambda: _collabdesk(alliance, written),
    }
    lines: list[Line] = []
    operations = count * OPERATIONS
    for name, way in ways.items():
        seconds, size = way()
        lines += [
            rate(f"{name}: taking in", operations, seconds),
            Line(f"{name}: sent", f"{size / operations:.1f} B an operation"),
        ]
    return Report(f"Peers on the same {operations:,} operations", lines, HOW)


def _edits(written: Written) -> Iterator[Edit]:
    """Yield row and new cells of each insert and set."""
    body = open_body(read(written.file))
    for idx, raw in enumerate(body.ops):
        op = read_operation(raw, body.devs)
        if isinstance(op, InsertRow):
            yield written.row(idx).hex(), {str(column): value for column, value in op.cells}
        elif isinstance(op, SetRow):
            yield op.row.hex(), {str(column): value for column, value, _ in op.cells}


def _collabdesk(alliance: PaperAlliance, written: Sequence[Written]) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "peer.sqlite3")
        files = [one.file for one in written]
        began = time.perf_counter()
        for start in range(0, len(files), BATCH):
            with database.write() as connection:
                replica = SqliteReplica(connection)
                engine = Engine(replica, REGISTRY, alliance.rulebook, None, lambda: 0)
                engine.receive(files[start : start + BATCH])
        spent = time.perf_counter() - began
        database.close()
    return spent, sum(map(len, files))


def _pycrdt(edits: Sequence[tuple[bytes, Sequence[Edit]]]) -> Measured:
    authors: dict[bytes, Doc[Any]] = {dev: Doc() for dev, _ in edits}
    reader: Doc[Any] = Doc()
    for doc in (reader, *authors.values()):
        doc["rows"] = Map()
    spent, sent = 0.0, 0
    for dev, some in edits:
        doc = authors[dev]
        before = doc.get_state()
        rows: Any = doc["rows"]
        with doc.transaction():
            for row, cells in some:
                if row not in rows:
                    rows[row] = Map(dict(cells))
                else:
                    for column, value in cells.items():
                        rows[row][column] = value
        update = doc.get_update(before)
        sent += len(update)
        for other in authors.values():
            if other is not doc:
                other.apply_update(update)
        began = time.perf_counter()
        reader.apply_update(update)
        spent += time.perf_counter() - began
    return spent, sent


def _automerge(edits: Sequence[tuple[bytes, Sequence[Edit]]]) -> Measured:
    authors = {dev: automerge.Document(dev) for dev, _ in edits}
    reader = automerge.Document()
    spent, sent = 0.0, 0
    for dev, some in edits:
        doc = authors[dev]
        before = doc.get_heads()
        with doc.transaction() as change:
            for row, cells in some:
                _assign(change, row, cells)
        sent += sum(len(made.bytes) for made in doc.get_changes(before))
        for other in authors.values():
            if other is not doc:
                other.merge(doc)
        began = time.perf_counter()
        reader.merge(doc)
        spent += time.perf_counter() - began
    return spent, sent


def _assign(change: automerge.Transaction, row: str, cells: Mapping[str, Value]) -> None:
    found = change.get(automerge.ROOT, row)
    place = found[1] if found else change.put_object(automerge.ROOT, row, automerge.ObjType.Map)
    for column, value in cells.items():
        change.put(place, column, *_scalar(value))


def _scalar(value: Value) -> tuple[automerge.ScalarType, Any]:
    kinds = automerge.ScalarType
    match value:
        case bool():
            return kinds.Boolean, value
        case int():
            return kinds.Int, value
        case bytes():
            return kinds.Bytes, value
        case str():
            return kinds.Str, value
        case _:
            return kinds.Null, None
