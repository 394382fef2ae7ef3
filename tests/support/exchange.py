"""What tests of sharing begin with: a plan line that everybody holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collabdesk.domain.changes import Insert, SetCells, Shared
from collabdesk.services.workspace import Workspace
from tests.support.alliance import Alliance, Desk
from tests.support.memory_store import MemoryStore, Share

M1 = 11
LINE = Insert(
    "plan_line",
    Shared("draft_plan"),
    {
        "version": bytes(16),
        "service_line": bytes(16),
        "provider": "RHA",
        "profile": "equal",
        "m1": 100,
    },
    key="line",
)


def a_line(alliance: Alliance) -> bytes:
    row = alliance.desks["lead"].change(LINE)["line"]
    alliance.share_all()
    return row


def an_edit(desk: Desk, row: bytes, pence: int) -> None:
    """Sign another amount for the line's first month."""
    desk.change(SetCells("plan_line", row, {"m1": pence}))


def in_memory(alliance: Alliance) -> Share:
    """Put what the folder holds into a share in memory, for all to use."""
    kept = Share()
    for path in sorted(p for p in alliance.share_folder.rglob("*") if p.is_file()):
        kept.files[path.relative_to(alliance.share_folder).as_posix()] = path.read_bytes()
    for desk in alliance.desks.values():
        desk.store = MemoryStore(kept)
    return kept


@contextmanager
def put_back(desk: Desk, kept: Path) -> Iterator[None]:
    """Copy a laptop's folder aside, let it work on, and put the copy back."""
    folder = desk.workspace.folder
    desk.workspace.close()
    shutil.copytree(folder, kept)
    desk.workspace = Workspace(folder, desk.keys, desk.clock)
    yield
    desk.workspace.close()
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
    desk.workspace = Workspace(folder, desk.keys, desk.clock)
