"""The accessibility contract over every page of the window, in every theme."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from collabdesk.ui.first_run.window import FirstRun
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.page import Surroundings
from collabdesk.ui.pages import PLACES
from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import THEMES
from tests.support.shell import visit
from tests.ui.accessibility import faults
from tests.ui.hands import settle, show


@pytest.fixture
def mark(look: Look, qapp: QApplication) -> Iterator[FocusMark]:
    made = FocusMark(look, qapp)
    yield made
    shiboken6.delete(made)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("place", [place.key for place in PLACES])
@pytest.mark.usefixtures("mark")
def test_every_page_speaks_and_shows_its_focus(
    qtbot: QtBot, shell: Shell, place: str, theme: str
) -> None:
    shell.look.use(theme)
    visit(qtbot, shell, place)
    show(shell.window)
    assert faults(shell.window) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.usefixtures("mark")
def test_first_run_speaks_and_shows_its_focus(
    qtbot: QtBot, around: Surroundings, theme: str
) -> None:
    around.look.use(theme)
    run = FirstRun(around)
    qtbot.addWidget(run)
    run.resize(1366, 768)
    show(run)
    for step in range(3):
        run.show_step(step)
        settle()
        assert faults(run) == []
