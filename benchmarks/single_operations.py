"""Change sets of one operation each, against a bare loop of PyNaCl over the same signatures."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from nacl.signing import VerifyKey

from benchmarks.options import Options
from benchmarks.table import Report, at_least, rate
from benchmarks.workload import on_paper
from collabdesk.storage.database import Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import segment
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.engine import BATCH, Engine
from collabdesk.sync.registry import REGISTRY

TARGET: Final = 0.35
SEGMENTS: Final = 3_000
TURNS: Final = 5
WHY: Final = (
    "Beside the signature, each change set is parsed, unpacked, re-encoded by the gate, linked, "
    "judged and written to seven tables by Python and SQLite; one operation carries all of it."
)
HOW: Final = (
    "Six laptops in turn, one operation a change set, five heads moved each time: verified, "
    "linked, judged, merged, projected and kept (50 change sets a transaction, WAL, FULL), against "
    f"`VerifyKey.verify` over the same headers; processor time, batch by batch in turns, "
    f"the best of {TURNS} each."
)


def run(options: Options) -> Report:
    """Time both in turns and return the ratio."""
    count = options.size(SEGMENTS, SEGMENTS // 5)
    alliance, workload = on_paper()
    files = [one.file for one in workload.segments(count, 1)]
    bare = ours = kept = 0.0
    with tempfile.TemporaryDirectory() as folder:
        databases = [Database(Path(folder) / f"{turn}.sqlite3") for turn in range(TURNS)]
        for start in range(0, count, BATCH):
            batch = files[start : start + BATCH]
            signed = [_signed(file) for file in batch]
            turns = [
                (_verified(signed), _received(database, alliance.rulebook, batch))
                for database in databases
            ]
            bare += min(turn[0] for turn in turns)
            ours += min(turn[1][0] for turn in turns)
            kept += min(turn[1][1] for turn in turns)
        for database in databases:
            database.close()
    lines = [
        rate("bare PyNaCl verify", count, bare),
        rate("CollabDesk, until judged and written", count, ours),
        rate("CollabDesk, until the disk has it", count, kept),
        at_least("ratio, before the disk", bare / ours, TARGET, WHY),
    ]
    return Report("Taking in change sets of one operation", lines, HOW)


def _received(database: Database, book: Rulebook, files: Sequence[bytes]) -> tuple[float, float]:
    """Take a batch in; return processor seconds of judging, and seconds until the disk has it."""
    began, working = time.perf_counter(), time.thread_time()
    with database.write() as connection:
        Engine(SqliteReplica(connection), REGISTRY, book, None, lambda: 0).receive(files)
        judged = time.thread_time()
    return judged - working, time.perf_counter() - began


def _signed(file: bytes) -> tuple[VerifyKey, bytes, bytes]:
    read = segment.read(file)
    signed = segment.SIGNATURE_DOMAIN + read.header_bytes
    return VerifyKey(read.header.dev), signed, read.signature


def _verified(signed: Sequence[tuple[VerifyKey, bytes, bytes]]) -> float:
    """Verify and return processor seconds."""
    began = time.thread_time()
    for key, content, signature in signed:
        key.verify(content, signature)
    return time.thread_time() - began
