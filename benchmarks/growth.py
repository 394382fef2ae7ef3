"""How a full rebuild grows with the history, and how much memory the work takes at each size.

`python -m benchmarks.growth --rebuild FILE` rebuilds one database in a process of its own.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.memory import peak_above
from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most
from benchmarks.workload import Workload, on_paper
from collabdesk.storage.database import Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.engine import BATCH, Engine
from collabdesk.sync.registry import REGISTRY

STEEPEST: Final = 1.10
MEMORY: Final = 64
OPERATIONS: Final = 100
FULL: Final = (10_000, 31_600, 100_000, 316_000, 1_000_000)
SHORT: Final = (10_000, 16_000, 25_000, 40_000, 63_000)
ROOT: Final = Path(__file__).parents[1]
HOW: Final = (
    "Each size is rebuilt from its signed bytes in a process of its own; the exponent is that of "
    "the line fitted to processor seconds over operations, both as logarithms. Memory is the peak "
    "above what the process held before the call: of the rebuild, and of 50 more change sets."
)


def run(options: Options) -> Report:
    """Let one history grow; rebuild it at five sizes."""
    sizes = FULL if options.full else SHORT
    alliance, workload = on_paper()
    book = alliance.rulebook
    lines, seconds, peaks = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "growing.sqlite3"
        for size in sizes:
            took = _grow(path, workload, book, size)
            more = [one.file for one in workload.segments(BATCH, OPERATIONS)]
            rebuilt = _rebuild(path, more)
            seconds.append(rebuilt["work"])
            peaks += [rebuilt["peak"], rebuilt["peak_of_more"]]
            rate = size / rebuilt["seconds"]
            lines.append(
                Line(
                    f"{size:,} operations",
                    f"rebuilt in {rebuilt['seconds']:,.1f} s, {rate:,.0f} a second",
                    note=f"memory +{rebuilt['peak']:.0f} MiB; 5,000 operations more: "
                    f"+{rebuilt['peak_of_more']:.0f} MiB, {rebuilt['more']:.2f} s; "
                    f"taken in at {took:,.0f} a second",
                )
            )
            _receive(path, book, more)
    exponent = _slope(sizes, seconds)
    lines += [
        at_most("fitted exponent of a rebuild", exponent, STEEPEST),
        at_most("peak memory above that before", max(peaks), MEMORY, " MiB"),
    ]
    return Report("Growth of a rebuild", lines, HOW)


def _grow(path: Path, workload: Workload, book: Rulebook, size: int) -> float:
    """Bring the database to a size; return how many operations a second it took in."""
    database = Database(path)
    with database.read() as reads:
        held = int(reads.exec_driver_sql("SELECT COUNT(*) FROM segment").scalar_one())
    database.close()
    count = size // OPERATIONS - held
    spent = 0.0
    for start in range(0, count, BATCH):
        turns = min(BATCH, count - start)
        files = [one.file for one in workload.segments(turns, OPERATIONS)]
        spent += _receive(path, book, files)
    return count * OPERATIONS / spent


def _receive(path: Path, book: Rulebook, files: Sequence[bytes]) -> float:
    database = Database(path)
    began = time.perf_counter()
    with database.write() as connection:
        Engine(SqliteReplica(connection), REGISTRY, book, None, lambda: 0).receive(files)
    spent = time.perf_counter() - began
    database.close()
    return spent


def _rebuild(path: Path, more: Sequence[bytes]) -> dict[str, float]:
    """Rebuild a copy elsewhere, then let it take in more."""
    copy = path.with_suffix(".copy.sqlite3")
    database = Database(path)
    database.copy_to(copy)
    database.close()
    extra = path.with_suffix(".more")
    extra.write_text(json.dumps([file.hex() for file in more]), encoding="ascii")
    ran = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-m", "benchmarks.growth", "--rebuild", str(copy), str(extra)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    copy.unlink()
    found = json.loads(ran.stdout)
    return {name: float(value) for name, value in found.items()}


def _slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Return the slope of the least-squares line through the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(spent) for spent in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )


def rebuild_once(path: Path, more: Path) -> None:
    """Rebuild a database and take in more; print seconds and memory."""
    alliance, _ = on_paper()
    book = alliance.rulebook
    files = [bytes.fromhex(file) for file in json.loads(more.read_text(encoding="ascii"))]
    database = Database(path)

    def rebuild() -> None:
        with database.write() as connection:
            Engine(SqliteReplica(connection), REGISTRY, book, None, lambda: 0).rebuild()

    def take_in() -> None:
        with database.write() as connection:
            Engine(SqliteReplica(connection), REGISTRY, book, None, lambda: 0).receive(files)

    began, working = time.perf_counter(), time.process_time()
    peak = peak_above(rebuild)
    rebuilt, worked = time.perf_counter(), time.process_time()
    peak_of_more = peak_above(take_in)
    ended = time.perf_counter()
    database.close()
    found = {
        "seconds": rebuilt - began,
        "work": worked - working,
        "peak": peak,
        "more": ended - rebuilt,
        "peak_of_more": peak_of_more,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    rebuild_once(Path(sys.argv[2]), Path(sys.argv[3]))
