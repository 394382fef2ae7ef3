"""The whole window over a copy of the sample: shown, opened, and closed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from collabdesk.app import open_store
from collabdesk.host.key_store import KeyStore
from collabdesk.host.paths import Places
from collabdesk.host.recent import Recent
from collabdesk.host.settings import ThisComputer, this_computer
from collabdesk.services.doors import Doors
from collabdesk.ui.messages import Explainer
from collabdesk.ui.page import Page
from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look
from tests.support.alliance import MemoryKeyStore
from tests.support.sample_desk import BuiltSample

WAIT_MS = 20_000


@dataclass
class House:
    """One computer: its folders, key stores and settings."""

    root: Path
    keys: dict[Path, KeyStore] = field(default_factory=dict)

    @property
    def places(self) -> Places:
        """The folders CollabDesk keeps."""
        return Places(self.root, self.root / "settings", self.root / "cache", self.root / "machine")

    def settings(self, **chosen: str) -> ThisComputer:
        """Return the settings, with some chosen; sharing only when asked unless said."""
        found = this_computer(self.places)
        for key, text in {"automatic_sync_seconds": "0", "theme": "light", **chosen}.items():
            found.choose(key, text)
        return found

    def key_store(self, folder: Path, _passphrase: str = "") -> KeyStore:
        """Return the key store of a workspace's folder."""
        return self.keys.setdefault(folder, MemoryKeyStore())

    def doors(self) -> Doors:
        """Return the way in."""
        return Doors(self.places.workspaces, self.key_store, self.key_store, open_store)

    def live_in(self, sample: BuiltSample) -> None:
        """Know the keys of a copied sample."""
        for code, keys in sample.keys.items():
            self.keys[sample.folder / code] = keys


def no_crash(fault: BaseException) -> str:
    """Let a fault of ours fail the test."""
    raise AssertionError from fault


def make_shell(look: Look, house: House, **chosen: str) -> Shell:
    """Put the window together."""
    return Shell(
        look,
        house.settings(**chosen),
        Recent(house.root / "recent.json"),
        Explainer(no_crash),
        house.doors,
    )


def enter(qtbot: QtBot, shell: Shell, folder: Path) -> None:
    """Open a workspace and wait until Home is answered."""
    with qtbot.waitSignal(shell.opened, timeout=WAIT_MS):
        shell.start(folder)
    until(qtbot, lambda: loaded(shell.window.page))


def visit(qtbot: QtBot, shell: Shell, key: str) -> Any:  # noqa: ANN401 - each test knows its page
    """Go to a page and wait until it has loaded."""
    shell.window.go(key)
    until(qtbot, lambda: loaded(shell.window.page))
    return shell.window.page


def loaded(page: Page | None) -> bool:
    """Tell whether a page shows what it read."""
    if page is None or page.state == "loading":
        return False
    return bool(getattr(page, "answered", True) and getattr(page, "filled", True))


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    """Wait for a state."""
    qtbot.waitUntil(holds, timeout=WAIT_MS)
    QApplication.processEvents()
