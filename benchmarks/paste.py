"""10,000 cells pasted into the budget grid, against parsing them and bare inserts of the rows.

What SQLite is told to write is written down and told to a bare connection on a copy of the
database, in one transaction, after the same texts were cut and parsed.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import budget_world as world
from benchmarks.local_edit import bare_connection, noted, tell
from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most
from collabdesk.domain.money import parse_money
from collabdesk.services.budgets.commands import AmountEdit, SetPlannedAmounts
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries import budgets as stored

if TYPE_CHECKING:
    from collabdesk.ui.budgets import BudgetsPage

LINES: Final = 834
MONTHS: Final = 12
TURNS: Final = 5
WORLDS: Final = 5
TARGET: Final = 5.0
STALL_MS: Final = 100.0
HOW: Final = (
    f"{LINES} lines × {MONTHS} months as tab-separated text. *Parse, rules, operations, commit* is "
    "the command from the text to its acknowledgement; *bare* parses the same text and writes the "
    "same rows in one transaction, the median of "
    f"{TURNS}; processor time of both, and the workspace of the median ratio of {WORLDS}. "
    "The longest standstill is that of the "
    "way on the page: Ctrl+V, confirmed, the command, and the grid read again (wall-clock time); "
    "its own work is the processor time of its thread."
)

WHY_SLOW: Final = (
    "A fifth goes into the rules of each cell, the rest into encoding, signing, judging, merging "
    "and keeping 10,000 operations by Python; the bare insert is told what came of it."
)
WHY: Final = (
    "The window's own work in a turn is far less, as the next line says: the rest is waiting for "
    "the command, which holds the interpreter on its own thread, and for the processor."
)


def run(_: Options) -> Report:
    """Time both ways, then paste into a page and watch its event loop."""
    every: list[_Timed] = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(WORLDS):
            place = Path(folder) / str(turn)
            place.mkdir()
            workspace = world.found(place)
            version = world.drafted(workspace, LINES // 6, 6)
            every.append(_timed(workspace, version, place / "bare.sqlite3"))
            if turn + 1 < WORLDS:
                workspace.close()
        with world.budgets_page(workspace) as page:
            pasted = _pasted(page)
        workspace.close()
    found = sorted(every, key=lambda one: one.ours_s / one.bare_s)[WORLDS // 2]
    lines = [
        Line("cells", f"{found.cells:,}"),
        Line("rows written", f"{found.rows:,}"),
        Line("parse and bare insert", f"{found.bare_s * 1000:,.0f} ms"),
        Line("parse, rules, operations, commit", f"{found.ours_s * 1000:,.0f} ms"),
        at_most("ratio", found.ours_s / found.bare_s, TARGET, note=WHY_SLOW),
        Line("Ctrl+V to the grid read again", f"{pasted.whole_s * 1000:,.0f} ms"),
        at_most("longest standstill of the window", pasted.stall_s * 1000, STALL_MS, " ms", WHY),
        Line("of the window's own work, the longest turn", f"{pasted.busy_s * 1000:,.0f} ms"),
        Line("steps to undo", f"{pasted.steps}", "one", pasted.steps == 1),
    ]
    return Report("10,000 cells pasted into the budget grid", lines, HOW)


@dataclass(frozen=True)
class _Timed:
    cells: int
    rows: int
    ours_s: float
    bare_s: float


def _timed(workspace: Workspace, version: bytes, copy: Path) -> _Timed:
    plan = workspace.query(stored.plan_lines, version)
    text = _text(len(plan), 7_919)
    written: list[tuple[str, object]] = []
    with noted(workspace, written):
        workspace.database.copy_to(copy)
        gc.disable()
        began = time.process_time()
        amounts = _parsed(text)
        edits = tuple(
            AmountEdit(line.row, month, amount_p)
            for line, row in zip(plan, amounts, strict=True)
            for month, amount_p in enumerate(row, 1)
        )
        workspace.run(SetPlannedAmounts(edits))
        ours_s = time.process_time() - began
    bare_s = statistics.median(_bare(copy, turn, text, written) for turn in range(TURNS))
    gc.enable()
    rows = sum(len(values) if isinstance(values, list) else 1 for _, values in written)
    return _Timed(len(edits), rows, ours_s, bare_s)


def _bare(copy: Path, turn: int, text: str, written: list[tuple[str, object]]) -> float:
    fresh = copy.with_name(f"bare-{turn}.sqlite3")
    shutil.copyfile(copy, fresh)
    with closing(bare_connection(fresh)) as connection:
        began = time.process_time()
        _parsed(text)
        tell(connection, written)
        return time.process_time() - began


def _text(rows: int, step: int) -> str:
    amounts = (
        "\t".join(f"£{(row * MONTHS + month) * step:,}.50" for month in range(MONTHS))
        for row in range(rows)
    )
    return "\n".join(amounts)


def _parsed(text: str) -> list[list[int]]:
    return [[parse_money(cell) for cell in line.split("\t")] for line in text.split("\n")]


@dataclass(frozen=True)
class _Pasted:
    whole_s: float
    stall_s: float
    busy_s: float
    steps: int


def _pasted(page: BudgetsPage) -> _Pasted:
    """Paste over the whole grid as a person does, and confirm the preview."""
    from PySide6.QtGui import QGuiApplication

    # As the window does: what is garbage is collected between turns, not within them.
    gc.disable()
    pulse = world.Pulse()
    page.arrive()
    pulse.until(lambda: page.state == "full")
    grid = page.board.plan.grid
    first = next(
        one for one in grid.model.all_rows() if getattr(one.key, "level", "") == "provider"
    )
    pulse.until(grid.view.isVisible)
    QGuiApplication.clipboard().setText(_text(grid.model.rowCount(), 104_729))
    grid.select(first.key, "m1")
    stack = page.desk.workspace.undo_stack
    before, shown = stack.next_undo(), first.key
    was = _value(page, shown)
    settled = world.Pulse()
    settled.until(lambda: True)
    began = time.perf_counter()
    grid.confirm = lambda _plan: True
    settled.turn(grid.paste)
    settled.until(lambda: _value(page, shown) != was)
    whole_s = time.perf_counter() - began
    gc.enable()
    step = stack.next_undo()
    steps = int(step is not before and step is not None and len(step.back) >= LINES)
    return _Pasted(whole_s, settled.longest, settled.busiest, steps)


def _value(page: BudgetsPage, key: object) -> object:
    rows = page.board.plan.grid.model.all_rows()
    return next(row for row in rows if row.key == key).cells[1].value
