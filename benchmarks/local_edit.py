"""From a command to its acknowledgement, against one bare transaction of the same rows.

What SQLite is told to write by each command is written down and told to a bare connection on a
copy of the database, in one transaction (WAL, synchronous FULL), right after.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nacl import pwhash
from sqlalchemy import event

from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most
from collabdesk.app import KEY_FILE
from collabdesk.host.passphrase_store import PassphraseStore, Work
from collabdesk.services.budgets.commands import AmountEdit, SetPlannedAmounts
from collabdesk.services.membership import Founder
from collabdesk.services.sample import money
from collabdesk.services.workspace import Workspace
from collabdesk.storage.database import FILE_NAME
from collabdesk.storage.queries import budgets as stored

TARGET: Final = 4.0
EDITS: Final = 1_000
WARM: Final = 20
MONTHS: Final = 12
P95: Final = 94
_WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE")
HOW: Final = (
    f"{EDITS:,} planned amounts typed one after another in a workspace whose keys are in a sealed "
    "file and whose shared folder is on this disk; 95th percentiles. Every file that Python opens, "
    "lists or looks for between a command and its acknowledgement is counted."
)

Written = list[tuple[str, Any]]


def run(_: Options) -> Report:
    """Time both in turns and return the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = _workspace(Path(folder))
        # What opening a workspace does once a session.
        workspace.refuse_restored_copy()
        timed = _timed(workspace, Path(folder) / "bare.sqlite3")
        workspace.close()
    ours, bare, outside = _p95(timed.ours), _p95(timed.bare), len(timed.reached)
    lines = [
        Line("rows written by an edit", f"{timed.rows:.1f}"),
        Line("one bare transaction of the same rows", f"{bare * 1000:.2f} ms"),
        Line("command to acknowledged", f"{ours * 1000:.2f} ms"),
        at_most("ratio", ours / bare, TARGET),
        Line(
            "looks at shared folder or key store before",
            f"{outside}",
            "none",
            outside == 0,
            note=", ".join(sorted(set(timed.reached))[:3]),
        ),
    ]
    return Report("A local edit, until it is acknowledged", lines, HOW)


def _workspace(folder: Path) -> Workspace:
    home, share = folder / "laptop", folder / "share"
    home.mkdir()
    share.mkdir()
    little = Work(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
    workspace = Workspace.found(
        home,
        PassphraseStore.create(home / KEY_FILE, "a passphrase of several words", little),
        name="Alliance",
        founder=Founder("Nottinghamshire Healthcare", "RHA", "Finance lead", "Laptop 1"),
        store=str(share),
        slot="rha",
    )
    money.make_service_lines(workspace)
    money.make_version(workspace, "Draft")
    return workspace


def _timed(workspace: Workspace, copy: Path) -> _Timed:
    lines = workspace.query(stored.plan_lines, money.draft_version(workspace).row)
    written: Written = []
    ours, bare, rows = [], [], 0
    with noted(workspace, written), _watched(workspace.folder) as reached:
        workspace.database.copy_to(copy)
        with closing(bare_connection(copy)) as connection:
            for turn in range(WARM + EDITS):
                line = lines[turn % len(lines)].row
                edit = AmountEdit(line, 1 + turn % MONTHS, 1_000_000 + turn * 7_919)
                written.clear()
                reached.on = True
                began = time.perf_counter()
                workspace.run(SetPlannedAmounts((edit,)))
                ours.append(time.perf_counter() - began)
                reached.on = False
                bare.append(tell(connection, written))
                rows += sum(len(v) if isinstance(v, list) else 1 for _, v in written)
    return _Timed(ours[WARM:], bare[WARM:], reached.paths, rows / len(ours))


@dataclass(frozen=True)
class _Timed:
    """Seconds of each edit on both sides, what was reached, and rows an edit wrote."""

    ours: list[float]
    bare: list[float]
    reached: list[str]
    rows: float


@contextmanager
def noted(workspace: Workspace, written: Written) -> Iterator[None]:
    """Write down every statement that writes, with its values."""

    class Cursor(sqlite3.Cursor):
        def execute(self, statement: str, values: Any = (), /) -> Any:  # noqa: ANN401
            if statement.lstrip().upper().startswith(_WRITES):
                written.append((statement, values))
            return super().execute(statement, values)

        def executemany(self, statement: str, values: Any, /) -> Any:  # noqa: ANN401
            listed = list(values)
            written.append((statement, listed))
            return super().executemany(statement, listed)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = None) -> Any:  # noqa: ANN401, ARG002 - its own factory
            return super().cursor(Cursor)

        def execute(self, statement: str, values: Any = (), /) -> Any:  # noqa: ANN401
            return self.cursor().execute(statement, values)

        def executemany(self, statement: str, values: Any, /) -> Any:  # noqa: ANN401
            return self.cursor().executemany(statement, values)

    def connect(_: object, __: object, arguments: list[Any], named: dict[str, Any]) -> Any:  # noqa: ANN401
        return sqlite3.connect(*arguments, factory=Connection, **named)

    engine = workspace.database._writer  # noqa: SLF001 - a benchmark looks over its shoulder
    event.listen(engine, "do_connect", connect)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "do_connect", connect)


class _Reached:
    """What was reached outside the database, while it is watched."""

    def __init__(self, home: Path) -> None:
        self.on = False
        self.paths: list[str] = []
        self._database = str(home / FILE_NAME)
        self._code = sys.prefix, sys.base_prefix, str(Path(__file__).parents[1] / "collabdesk")

    def look(self, event_name: str, arguments: tuple[Any, ...]) -> None:
        if not self.on or event_name not in {"open", "os.listdir", "os.scandir", "os.rename"}:
            return
        path = str(arguments[0])
        if not path.startswith((self._database, *self._code)):
            self.paths.append(path)


@contextmanager
def _watched(home: Path) -> Iterator[_Reached]:
    """Note each file and folder that Python reaches for; modules it imports do not count."""
    reached = _Reached(home)
    sys.addaudithook(reached.look)
    yield reached
    reached.on = False


def bare_connection(path: Path) -> sqlite3.Connection:
    """Return a connection without a table library, that writes as ours does."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def tell(connection: sqlite3.Connection, written: Written) -> float:
    """Write what was written down in one transaction; return the seconds."""
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for statement, values in written:
        if isinstance(values, list):
            connection.executemany(statement, values)
        else:
            connection.execute(statement, values)
    connection.execute("COMMIT")
    return time.perf_counter() - began


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=100)[P95]
