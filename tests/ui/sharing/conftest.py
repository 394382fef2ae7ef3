from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look
from tests.support.alliance import Alliance, found_alliance
from tests.support.shell import House, make_shell
from tests.ui.sharing.hall import Hall, sit_down

SitDown = Callable[[str], Hall]


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Alliance:
    """Three partners that have seen everything; never opened, only copied."""
    alliance = found_alliance(tmp_path_factory.mktemp("original") / "alliance")
    alliance.close()
    return alliance


@pytest.fixture
def alliance(original: Alliance, tmp_path: Path) -> Iterator[Alliance]:
    """This test's own alliance."""
    copy = original.copy_to(tmp_path / "alliance")
    yield copy
    copy.close()


@pytest.fixture
def window(qtbot: QtBot, look: Look, computer: House) -> Iterator[Shell]:
    """The window, with nothing open in it yet."""
    made = make_shell(look, computer)
    qtbot.addWidget(made.window)
    yield made
    made.close()


@pytest.fixture
def computer(tmp_path: Path) -> House:
    """The computer the window runs on."""
    return House(tmp_path / "computer")


@pytest.fixture
def sit(qtbot: QtBot, computer: House, window: Shell, alliance: Alliance) -> SitDown:
    """Open one laptop of the alliance in the window."""
    return lambda name: sit_down(qtbot, computer, window, alliance, name)
