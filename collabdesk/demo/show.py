"""Running the demonstration: a fresh folder, the story, the account, pictures, the window."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from collabdesk.demo.account import Account
from collabdesk.errors import NotPossible
from collabdesk.voice import Voice

_MARK = "made-by-collabdesk-demo"


def show(
    *, output: Path, workspaces: Path | None, window: bool, pictures: bool, voice: Voice
) -> int:
    """Run the demonstration; 0 if everything was as it should be, 1 if not."""
    from collabdesk.demo.story import Story

    folder = _fresh(output)
    home = _fresh(workspaces) if workspaces else folder / "workspaces"
    voice.line("Sample: figures invented. Real trusts; people are roles.")
    account = Account(voice)
    desks = Story(home.absolute(), account).run()
    lead = desks.lead.workspace.folder
    desks.close()
    taken: list[str] = []
    if pictures:
        from collabdesk.demo.pictures import SIZES, take

        with account.step("Taking pictures of every page") as step:
            # Both kinds of screen are in docs/screens; here the smaller one tells enough.
            taken = take(lead, folder, sizes=SIZES[:1])
            step.seen.append(f"{len(taken)} pictures")
    account.tell(taken, str(output))
    if window and account.sound and _has_display():
        from collabdesk.app import start_window

        return start_window(lead)
    return 0 if account.sound else 1


def _fresh(folder: Path) -> Path:
    """Return an empty folder; an earlier demonstration's is replaced, nobody else's is."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise NotPossible(
                code="folder-not-empty",
                words=f"{folder} is not empty and was not made by an earlier demonstration.",
                remedy="Name another folder with --output.",
                field="output",
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).write_text("Everything here may be deleted.\n", encoding="utf-8")
    return folder


def _has_display() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
