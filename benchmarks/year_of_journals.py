"""A year of 50,000 journals: what each screen of Budgets reads, against its bare SQL.

The journals are written straight into the rows that the projector would leave, since signing
50,000 of them takes an hour; what is timed only reads.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert

from benchmarks import budget_world as world
from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most
from collabdesk.services.budgets.closing.close_board import close_board
from collabdesk.services.budgets.closing.restated import restated
from collabdesk.services.budgets.commands import AgreeBudgetVersion
from collabdesk.services.budgets.forecast.outturn import outturn
from collabdesk.services.budgets.papers.audit_stops import Level, Stop
from collabdesk.services.budgets.papers.audit_trail import audit_level
from collabdesk.services.budgets.papers.board_figures import board_figures
from collabdesk.services.budgets.position import position
from collabdesk.services.budgets.room import read_room
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.positions import LedgerFilter
from collabdesk.storage.tables.derived import POST
from collabdesk.storage.tables.projections import PROJECTIONS

JOURNALS: Final = 50_000
FEW: Final = 5_000
LINES: Final = 20
PROVIDERS: Final = 12
TARGET: Final = 3.0
TURNS: Final = 3
HOW: Final = (
    f"{LINES} lines × {PROVIDERS} providers. *Bare* is the SQL that fetches the rows a screen is "
    "made from, by `sqlite3` alone; processor time of both, the best of "
    f"{TURNS} in turns; *first* is the first reading after the start, before anything that was "
    "read is kept: after a posting only the journals behind those are read. "
    f"`make bench` takes {FEW:,} journals, the full size {JOURNALS:,}."
)
WHY: Final = (
    "It asks of every command of the close whether it would be allowed; what is wrong with the "
    "ledger is looked for once for all of them."
)
_JOIN: Final = (
    "FROM budgets_journal_line l JOIN budgets_journal j ON j.row = l.journal "
    "JOIN post p ON p.header = j.row WHERE j.fiscal_year = '2026/27'"
)
_SUMS: Final = (
    "SELECT l.account, l.service_line, l.provider, coalesce(l.month, j.effective_month), "
    f"sum(l.amount_p) {_JOIN} GROUP BY 1, 2, 3, 4"
)
_ROWS: Final = (
    "SELECT p.number, j.kind, j.words, j.posting_month, j.effective_month, p.dev16, p.seq, p.idx, "
    "l.row, l.account, l.amount_p, l.service_line, l.provider, l.month, l.recurrence, l.reference "
    f"{_JOIN} ORDER BY p.number, l.account, l.service_line, l.provider"
)
_OF_LINE: Final = _ROWS.replace("ORDER BY", "AND l.account = ? AND l.service_line = ? ORDER BY")
_POSTED: Final = (
    "SELECT l.account, l.service_line, l.provider, coalesce(l.month, j.effective_month), "
    f"j.posting_month, sum(l.amount_p) {_JOIN} GROUP BY 1, 2, 3, 4, 5"
)


def run(options: Options) -> Report:
    """Time each screen's reading and the bare SQL in turns."""
    count = JOURNALS if options.full else FEW
    with tempfile.TemporaryDirectory() as folder:
        workspace = world.found(Path(folder))
        version = world.drafted(workspace, LINES, PROVIDERS)
        workspace.run(AgreeBudgetVersion(version))
        with workspace.database.write() as connection:
            filled = _fill(connection, count)
        lines = [Line("ledger lines", f"{filled:,}"), *_screens(workspace, version)]
        workspace.close()
    return Report(f"Screens of a year of {count:,} journals", lines, HOW)


def _screens(workspace: Workspace, version: bytes) -> list[Line]:
    year, today = world.YEAR, workspace.clock.today()
    one = workspace.query(_a_line)
    months = Stop(Level.MONTHS, "", LedgerFilter("spend", one))
    entries = Stop(Level.ENTRIES, "", LedgerFilter("spend", one))
    screens: tuple[tuple[str, Callable[[Connection], object], str, tuple[Any, ...]], ...] = (
        ("plan, envelope and journals", _room(workspace, version), _ROWS, ()),
        ("position of every line", lambda reads: position(reads, year), _SUMS, ()),
        ("forecast", lambda reads: outturn(reads, year), _SUMS, ()),
        ("figures of the board", lambda reads: board_figures(reads, year), _SUMS, ()),
        ("as reported and restated", lambda reads: restated(reads, year), _POSTED, ()),
        ("close", _close(workspace, today), _POSTED, ()),
        ("audit: months of a line", lambda reads: audit_level(reads, year, months), _SUMS, ()),
        (
            "audit: ledger lines of a line",
            lambda reads: audit_level(reads, year, entries),
            _OF_LINE,
            ("spend", one),
        ),
    )
    return [_against(workspace, *screen) for screen in screens]


def _room(workspace: Workspace, version: bytes) -> Callable[[Connection], object]:
    return lambda reads: read_room(reads, workspace.me, version)


def _close(workspace: Workspace, today: Any) -> Callable[[Connection], object]:  # noqa: ANN401
    return lambda reads: close_board(reads, workspace.me, world.YEAR, 6, today)


def _against(
    workspace: Workspace,
    said: str,
    query: Callable[[Connection], object],
    sql: str,
    values: tuple[Any, ...],
) -> Line:
    ours, bare = [], []
    with workspace.database.read() as reads:
        raw: Any = reads.connection.dbapi_connection
        for _ in range(TURNS):
            began = time.process_time()
            query(reads)
            ours.append(time.process_time() - began)
            began = time.process_time()
            raw.execute(sql, values).fetchall()
            bare.append(time.process_time() - began)
    took, least = min(ours), min(bare)
    line = at_most(said, took / least, TARGET)
    said_ms = f"{took * 1000:,.0f} against {least * 1000:,.0f} ms; first {ours[0] * 1000:,.0f}"
    figure = f"{line.figure} ({said_ms})"
    note = WHY if said == "close" and not line.met else ""
    if ours[0] > TARGET * least and line.met:
        note = f"Read for the first time: {ours[0] / least:.1f} times the bare SQL."
    return Line(said, figure, line.target, line.met, note)


def _a_line(reads: Connection) -> bytes:
    table = PROJECTIONS["service_line"]
    row: bytes = reads.execute(table.select().order_by(table.c.code)).first().row  # type: ignore[union-attr]
    return row


def _fill(connection: Connection, count: int) -> int:
    """Write journals of two lines each as the projector would leave them."""
    last = connection.execute(POST.select().order_by(POST.c.number.desc())).first()
    header = connection.execute(PROJECTIONS["journal"].select()).first()
    lines = [row.row for row in connection.execute(PROJECTIONS["service_line"].select())]
    if last is None or header is None:
        raise LookupError("the opening journal is missing")
    kept = dict(zip(POST.c.keys(), last, strict=True))
    drawn = random.Random(1)  # noqa: S311 - a made-up year
    posts, headers, rows = [], [], []
    for number in range(last.number + 1, last.number + count):
        name, month = number.to_bytes(16, "big"), 1 + number * 12 // (count + 2)
        kind = "actual" if number % 3 else "correction"
        common = {"scope": header.scope, "shared": "", "kept": 0}
        posts.append({**kept, "idx": number * 8, "number": number, "header": name, "source": None})
        headers.append(
            common
            | {
                "row": name,
                "fiscal_year": world.YEAR,
                "kind": kind,
                "posting_month": month,
                "effective_month": month,
                "words": f"Journal {number} of a long year",
            }
        )
        accounts = ("spend", "general_ledger") if number % 3 else ("line", "line")
        amount = drawn.randrange(1, 500_000)
        for side, account in enumerate(accounts):
            rows.append(
                common
                | {
                    "row": (number * 2 + side).to_bytes(16, "little"),
                    "journal": name,
                    "account": account,
                    "amount_p": amount if side == 0 else -amount,
                    "service_line": drawn.choice(lines) if account != "general_ledger" else None,
                    "provider": f"R{drawn.randrange(PROVIDERS):02}",
                    "month": month,
                    "recurrence": "recurrent",
                    "reference": f"T{number}",
                    "source_row": number,
                }
            )
    for table, values in (
        (POST, posts),
        (PROJECTIONS["journal"], headers),
        (PROJECTIONS["journal_line"], rows),
    ):
        connection.execute(insert(table), values)
    return len(rows)
