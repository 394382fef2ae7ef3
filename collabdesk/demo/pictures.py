"""Pictures of every page of the window, as a person at two kinds of screen would see them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collabdesk.errors import NotPossible
from collabdesk.host.paths import Places

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from collabdesk.ui.shell import Shell

# A full HD laptop is set to 125 % when it leaves the shop.
SIZES: Final = ((1366, 768, 100), (1920, 1080, 125))
Size = tuple[int, int, int]
"""Width and height in pixels, text size in per cent."""

Sizes = tuple[Size, ...]
THEMES: Final = ("light", "dark")
PARTS: Final[Mapping[str, Mapping[str | None, str]]] = {
    "budgets": {
        "plan": "budgets",
        "virements": "budgets-virements",
        "forecast": "budgets-forecast",
        "contracts": "budgets-contracts",
        "close": "budgets-close",
        "share": "budgets-share",
        "audit": "budgets-audit",
    },
    "sharing": {
        "alliance": "sharing",
        "decisions": "sharing-decisions",
        "aside": "sharing-kept-aside",
        "readers": "sharing-readers",
        "history": "sharing-decisions-made",
    },
}
"""The parts of a page that are taken one by one, and what each picture is called."""
_STILL_MS: Final = 250
_PATIENCE: Final = 400


def take(workspace: Path, output: Path, *, sizes: Sizes = SIZES) -> list[str]:
    """Save pictures of first run and of every page; return their names.

    The window draws into memory where there is no display. Settings and recent workspaces
    of the person at this computer are neither read nor changed.
    """
    from PySide6.QtCore import qInstallMessageHandler

    from collabdesk.ui.start import make_application

    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    output.mkdir(parents=True, exist_ok=True)
    application = make_application()
    qInstallMessageHandler(_pass_on)
    with tempfile.TemporaryDirectory(prefix="collabdesk-pictures-") as home:
        first = list(_first_run(application, _places(Path(home) / "first"), output, sizes[0]))
        rest = list(_pages(application, _places(Path(home) / "rest"), workspace, output, sizes))
    return [*first, *rest]


def _pass_on(_kind: object, _where: object, said: str) -> None:
    """Pass Qt's messages on, but not that memory has no window manager to hint sizes to."""
    if "propagateSizeHints" not in said:
        sys.stderr.write(f"{said}\n")


def _places(root: Path) -> Places:
    return Places(root, root / "settings", root / "cache", root / "machine")


def _first_run(application: QApplication, where: Places, output: Path, size: Size) -> Iterator[str]:
    from collabdesk.app import load_doors
    from collabdesk.ui.start import make_shell

    shell = make_shell(application, where, load_doors)
    shell.start()
    _until(lambda: shell.first_run is not None and shell.doors is not None, "first run")
    for theme in THEMES:
        shell.look.use(theme, 100)
        if shell.first_run is not None:
            yield _save(shell.first_run, output, "first-run", theme, size)
    shell.close()


def _pages(
    application: QApplication,
    where: Places,
    workspace: Path,
    output: Path,
    sizes: Sizes,
) -> Iterator[str]:
    from collabdesk.app import load_doors
    from collabdesk.ui.pages import PLACES
    from collabdesk.ui.start import make_shell

    shell = make_shell(application, where, load_doors)
    shell.start(workspace)
    _until(lambda: shell.desk is not None, "the workspace")
    for theme in THEMES:
        for size in sizes:
            shell.look.use(theme, size[2])
            for place in PLACES:
                for part, name in PARTS.get(place.key, {None: place.key}).items():
                    shell.window.go(place.key, part)
                    _until(lambda: _shown(shell), place.title)
                    yield _save(shell.window, output, name, theme, size)
    shell.close()


def _shown(shell: Shell) -> bool:
    page = shell.window.page
    return page is not None and page.state in {"full", "empty"}


def _save(window: QWidget, output: Path, name: str, theme: str, size: Size) -> str:
    window.resize(size[0], size[1])
    window.show()
    window.setFocus()
    file = f"{name}-{size[0]}-{theme}.png"
    before = window.grab().toImage()
    for _ in range(_PATIENCE):
        _let_pass()
        now = window.grab().toImage()
        if now == before:
            break
        before = now
    before.save(str(output / file))
    return file


def _until(true: Callable[[], bool], what: str) -> None:
    for _ in range(_PATIENCE):
        if true():
            return
        _let_pass()
    raise NotPossible(
        code="picture-not-ready",
        words=f"{what} did not appear in the window, so no picture of it was taken.",
        remedy="Open the window with “collabdesk” and look at the page itself.",
    )


def _let_pass() -> None:
    """Let the window do what it has to for a moment."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(_STILL_MS, loop.quit)
    loop.exec()
