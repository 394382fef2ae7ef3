"""The first exchange of a laptop that holds nothing yet, with a long history in the folder."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from benchmarks.large_workspace import OPERATIONS as TOGETHER
from benchmarks.large_workspace import large_workspace
from benchmarks.memory import peak_above
from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most, rate

OPERATIONS: Final = 1_000_000
SHORT: Final = 20_000
MEMORY: Final = 64
HOW: Final = (
    "A laptop that was enrolled and never shared since reads, verifies, judges and keeps all that "
    "the two others wrote, by the one command that a person gives."
)


def run(options: Options) -> Report:
    """Let the laptop share once."""
    operations = options.size(OPERATIONS, SHORT)
    spent = 0.0
    with tempfile.TemporaryDirectory() as folder:
        large = large_workspace(Path(folder), operations, take_in=False)

        def join() -> None:
            nonlocal spent
            began = time.perf_counter()
            large.desk.share(audit=False)
            spent = time.perf_counter() - began

        peak = peak_above(join)
        held = large.desk.workspace.query(_held)
        large.close()
    lines = [
        Line("operations held after", f"{held:,}", f"{operations:,}", held >= operations),
        Line("seconds", f"{spent:,.1f} s"),
        rate("rate", operations, spent),
        at_most("peak memory above that before", peak, MEMORY, " MiB"),
    ]
    title = f"First join: {operations:,} operations in {operations // TOGETHER:,} change sets"
    return Report(title, lines, HOW)


def _held(reads: Connection) -> int:
    return int(reads.exec_driver_sql("SELECT COUNT(*) FROM operation").scalar_one())
