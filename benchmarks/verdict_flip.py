"""What a late suspension costs, against taking in the operations whose verdict it changes.

A third of the segments of the apply benchmark are one laptop's. A suspension from its
middle on takes half of them away, and what others wrote on their rows; lifting it brings
all of it back. The baseline is the rate of taking in, measured in the same run.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.apply_segments import _segments
from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most, rate
from collabdesk.storage.database import Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import records as r
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.engine import BATCH, Engine, Rejudged
from collabdesk.sync.registry import REGISTRY
from tests.support.paper_alliance import PaperAlliance, Written, held

TARGET: Final = 3.0
HOW: Final = (
    "A suspension of one of three laptops from the middle of its chain on, and its end; against "
    "the time in which as many operations are taken in, at the rate of the same run."
)


def run(_: Options) -> Report:
    """Time taking in, then both flips."""
    alliance = PaperAlliance("a", "b")
    written = list(_segments(alliance))
    with tempfile.TemporaryDirectory() as home:
        database = Database(Path(home) / "flip.sqlite3")
        taken = _take_in(database, alliance, written)
        there, first = _flip(database, alliance.rulebook, _suspended(alliance, written))
        back, second = _flip(database, _suspended(alliance, written), alliance.rulebook)
        database.close()
    operations = sum(one.header.n_ops for one in written)
    flipped = first.operations + second.operations
    cost = (there + back) / (flipped * taken / operations)
    lines = [
        rate("taking in", operations, taken),
        Line("verdicts changed", f"{flipped:,}"),
        Line("operations looked at", f"{_looked_at(written, first, second):,}"),
        rate("judging again", flipped, there + back),
        at_most("times taking in the same", cost, TARGET),
    ]
    return Report("A late membership record", lines, HOW)


def _take_in(database: Database, alliance: PaperAlliance, written: list[Written]) -> float:
    began = time.perf_counter()
    for start in range(0, len(written), BATCH):
        with database.write() as connection:
            files = [one.file for one in written[start : start + BATCH]]
            replica = SqliteReplica(connection)
            Engine(replica, REGISTRY, alliance.rulebook, None, lambda: 0).receive(files)
    return time.perf_counter() - began


def _suspended(alliance: PaperAlliance, written: list[Written]) -> Rulebook:
    scribe = alliance["a"]
    chain = [one for one in written if one.dev == scribe.dev]
    middle = chain[len(chain) // 2]
    place = (scribe.public, middle.place[1], middle.id)
    made = r.Suspension(alliance.workspace, scribe.org, *place, 0, "lost", 1)
    known: list[Held] = [*alliance.records, held(made, scribe.key)]
    return Rulebook(alliance.workspace, known)


def _flip(database: Database, before: Rulebook, after: Rulebook) -> tuple[float, Rejudged]:
    began = time.perf_counter()
    with database.write() as connection:
        again = Engine(SqliteReplica(connection), REGISTRY, after, None, lambda: 0).rejudge(before)
    return time.perf_counter() - began, again


def _looked_at(written: list[Written], *again: Rejudged) -> int:
    return sum(one.segments for one in again) * (
        sum(w.header.n_ops for w in written) // len(written)
    )
