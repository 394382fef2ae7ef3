from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from collabdesk.services.workspace import Workspace
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.desk import Desk
from collabdesk.ui.page import Surroundings
from tests.services.budgets.office import Office
from tests.services.budgets.outturn import under_way
from tests.support.alliance import found_alliance
from tests.ui.budgets.room import arrived, close

Open = Callable[[Workspace], BudgetsPage]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication, around: Surroundings) -> Iterator[Open]:
    """Opens the page on a workspace; it goes before the workspace closes, as in the window."""
    pages: list[BudgetsPage] = []

    def make(workspace: Workspace) -> BudgetsPage:
        pages.append(BudgetsPage(around, Desk(workspace, qapp)))
        arrived(qtbot, pages[-1])
        return pages[-1]

    yield make
    for page in pages:
        close(page)


@pytest.fixture
def page(opened: Open, sample_workspace: Workspace) -> BudgetsPage:
    """The page on the sample: an agreed budget, and a draft with a contested amount."""
    return opened(sample_workspace)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two laptops that share, and a workspace without a budget."""
    alliance = found_alliance(tmp_path, ("a",))
    yield Office(alliance)
    alliance.close()


@pytest.fixture(scope="session")
def half_year_closed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Three laptops after six closed months; copied for each test."""
    office = under_way(found_alliance(tmp_path_factory.mktemp("half-year") / "alliance"))
    office.alliance.close()
    return office


@pytest.fixture
def midyear(half_year_closed: Office, tmp_path: Path) -> Iterator[Office]:
    """Three laptops after six closed months, for a test to change."""
    copy = half_year_closed.alliance.copy_to(tmp_path / "alliance")
    yield replace(half_year_closed, alliance=copy)
    copy.close()


@pytest.fixture
def drafting(office: Office) -> Office:
    """A first draft of two lines, known to both."""
    office.begin()
    office.plan("ASL", "RHA", 24_000_000)
    office.plan("PER", "RHA", 12_000_000)
    office.share()
    return office
