"""Change sets of one operation each, against a bare loop of PyNaCl over the same signatures."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from nacl.signing import VerifyKey

from benchmarks.options import Options
from benchmarks.table import Report, at_least, rate
from benchmarks.verify_stage import timed
from benchmarks.workload import on_paper
from collabdesk.storage.database import Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import segment
from collabdesk.sync.engine import BATCH, Engine
from collabdesk.sync.registry import REGISTRY

TARGET: Final = 0.35
SEGMENTS: Final = 3_000
HOW: Final = (
    "Six laptops in turn, one operation a change set, five heads moved each time: verified, "
    "linked, judged, merged, projected and kept (50 change sets a transaction, WAL, FULL), against "
    "`VerifyKey.verify` over the same headers."
)


def run(options: Options) -> Report:
    """Time both in turns and return the ratio."""
    count = options.size(SEGMENTS, SEGMENTS // 5)
    alliance, workload = on_paper()
    files = [one.file for one in workload.segments(count, 1)]
    bare = ours = 0.0
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "single.sqlite3")
        for start in range(0, count, BATCH):
            batch = files[start : start + BATCH]
            signed = [_signed(file) for file in batch]
            bare += min(timed(partial(_verify, signed)) for _ in range(3))
            with database.write() as connection:
                replica = SqliteReplica(connection)
                engine = Engine(replica, REGISTRY, alliance.rulebook, None, lambda: 0)
                ours += timed(partial(_receive, engine, batch))
        database.close()
    lines = [
        rate("bare PyNaCl verify", count, bare),
        rate("CollabDesk", count, ours),
        at_least("ratio", bare / ours, TARGET),
    ]
    return Report("Taking in change sets of one operation", lines, HOW)


def _receive(engine: Engine, files: Sequence[bytes]) -> None:
    engine.receive(files)


def _signed(file: bytes) -> tuple[VerifyKey, bytes, bytes]:
    read = segment.read(file)
    signed = segment.SIGNATURE_DOMAIN + read.header_bytes
    return VerifyKey(read.header.dev), signed, read.signature


def _verify(signed: Sequence[tuple[VerifyKey, bytes, bytes]]) -> None:
    for key, content, signature in signed:
        key.verify(content, signature)
