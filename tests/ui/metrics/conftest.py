from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from collabdesk.services.workspace import Workspace
from collabdesk.ui.metrics.page import MetricsPage
from collabdesk.ui.page import Surroundings
from tests.support.alliance import found_alliance
from tests.ui.rooms import Room, opened


@pytest.fixture
def room(
    qtbot: QtBot, around: Surroundings, sample_workspace: Workspace
) -> Iterator[Room[MetricsPage]]:
    """The room on the sample, at the lead provider."""
    with opened(qtbot, around, sample_workspace, "metrics", MetricsPage) as made:
        yield made


@pytest.fixture
def empty_room(qtbot: QtBot, around: Surroundings, tmp_path: Path) -> Iterator[Room[MetricsPage]]:
    """The room in a workspace in which nothing was done yet."""
    alliance = found_alliance(tmp_path, ())
    with opened(qtbot, around, alliance.desks["lead"].workspace, "metrics", MetricsPage) as made:
        yield made
    alliance.close()
