"""From nothing to a painted window; what is heavy is loaded after that, off its thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from collabdesk import __version__
from collabdesk.host.crash_log import CrashLog
from collabdesk.host.paths import Places, places
from collabdesk.host.recent import Recent
from collabdesk.host.settings import ThisComputer, this_computer
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.garbage import CollectHere
from collabdesk.ui.messages import Explainer
from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.doors import Doors

LoadDoors = Callable[[], "Doors"]


def run(load: LoadDoors, folder: Path | None = None) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    application = make_application()
    where = places()
    log = CrashLog(where.logs, __version__)
    log.install()
    garbage = CollectHere(application)
    shell = make_shell(application, where, load, log)
    shell.start(folder)
    try:
        return application.exec()
    finally:
        shell.close()
        garbage.stop()
        log.uninstall()


def make_application() -> QApplication:
    """Return the application, scaled as each screen asks."""
    present = QApplication.instance()
    if isinstance(present, QApplication):
        return present
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    made = QApplication(sys.argv[:1])
    made.setApplicationName("CollabDesk")
    made.setApplicationDisplayName("")
    return made


def make_shell(
    application: QApplication, where: Places, load: LoadDoors, log: CrashLog | None = None
) -> Shell:
    """Put the window together in the chosen colours; nothing is shown yet."""
    settings = this_computer(where)
    look = Look(parent=application)
    wear(look, settings)
    FocusMark(look, application)
    kept = log or CrashLog(where.logs, __version__)
    explainer = Explainer(lambda fault: f"The report is in {kept.record(fault)}.")
    return Shell(look, settings, Recent(where.work / "recent.json"), explainer, load)


def wear(look: Look, settings: ThisComputer) -> None:
    """Put the chosen colours and text size on."""
    chosen = settings.text("theme")
    look.use(computer_theme() if chosen == "system" else chosen, settings.number("text_size"))


def computer_theme() -> str:
    """Return the colours this computer prefers."""
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return "dark" if dark else "light"
