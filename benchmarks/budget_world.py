"""A workspace with a draft budget of any size, and the Budgets page on it, off the screen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nacl import pwhash

from collabdesk.app import KEY_FILE
from collabdesk.host.passphrase_store import PassphraseStore, Work
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.planning.year_commands import KeepProvider
from collabdesk.services.membership import Founder
from collabdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from collabdesk.ui.budgets import BudgetsPage

YEAR: Final = "2026/27"
PATIENCE_S: Final = 300
SIZE: Final = (1366, 648)
"""The page's part of a window of 1366 × 768."""


def found(folder: Path) -> Workspace:
    """Found a workspace of one laptop whose keys are in a sealed file."""
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
    workspace.refuse_restored_copy()
    return workspace


def drafted(workspace: Workspace, service_lines: int, providers: int) -> bytes:
    """Draft a version of that many lines, each planned at each provider; return its row."""
    codes = [f"R{place:02}" for place in range(providers)]
    for code in codes:
        workspace.run(KeepProvider(code, f"Provider {code}"))
    version = _made(workspace, c.CreateBudgetVersion(YEAR, "Opening", "0.5"))
    lines = [
        _made(workspace, c.AddServiceLine(f"L{n:03}", f"Service line {n}"))
        for n in range(service_lines)
    ]
    opening = 100_000_000 * service_lines * providers
    workspace.run(c.AddAllocationMove(version, "Opening allocation", opening))
    planned = tuple(
        c.PlannedLine(line, code, 1_200_000 + 1_200 * n, "equal")
        for n, line in enumerate(lines)
        for code in codes
    )
    workspace.run(c.LoadPlan(version, planned))
    return version


def _made(workspace: Workspace, command: object) -> bytes:
    (row,) = workspace.run(command).new_rows.values()
    return row


def application() -> QApplication:
    """Return the one application of this process, drawing into memory."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    made = QApplication.instance()
    return made if isinstance(made, QApplication) else QApplication([])


@contextmanager
def budgets_page(workspace: Workspace) -> Iterator[BudgetsPage]:
    """Show the Budgets page on a workspace, not yet arrived at."""
    import shiboken6

    from collabdesk.ui.budgets import BudgetsPage
    from collabdesk.ui.desk import Desk
    from collabdesk.ui.messages import Explainer
    from collabdesk.ui.page import Surroundings
    from collabdesk.ui.theme import Look
    from collabdesk.ui.workers import Readers

    app = application()
    with ThreadPoolExecutor(2) as pool:
        look = Look(parent=app)
        look.use("light", 100)
        around = Surroundings(look, Readers(pool), Explainer(str))
        desk = Desk(workspace, app)
        page = BudgetsPage(around, desk)
        page.go.connect(lambda _key, where: page.arrive(where))
        page.resize(*SIZE)
        page.show()
        yield page
        desk.close()
        inspector = page.inspector()
        if inspector is not None:
            shiboken6.delete(inspector)
        shiboken6.delete(page)


@dataclass
class Pulse:
    """Turns the event loop and remembers the longest time that it stood still, in seconds.

    `busiest` is the longest time that the window's own thread was at work in a turn.
    """

    longest: float = 0.0
    busiest: float = 0.0

    def turn(self, do: Callable[[], object]) -> None:
        """Time one turn."""
        turned, worked = time.perf_counter(), time.thread_time()
        do()
        self.busiest = max(self.busiest, time.thread_time() - worked)
        self.longest = max(self.longest, time.perf_counter() - turned)

    def until(self, there: Callable[[], bool]) -> None:
        """Turn the loop until something is so; each turn is timed."""
        app, began = application(), time.perf_counter()
        while not there():
            self.turn(app.processEvents)
            if time.perf_counter() - began > PATIENCE_S:
                raise TimeoutError("the window never got there")
            time.sleep(0.001)
