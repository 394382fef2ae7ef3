"""Every further view when it cannot read, when reading takes long, and when nothing is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.errors import NotPossible
from collabdesk.services.budgets.room import read_room
from collabdesk.services.workspace import Workspace
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.more import MORE
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.places import VIEWS, Where
from collabdesk.ui.grid import Grid
from collabdesk.ui.grid.view import GridView
from collabdesk.ui.messages import ErrorState
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import Elided, children
from collabdesk.ui.states import EmptyView, LoadingView
from tests.services.budgets.office import Office
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import CONTROL
from tests.ui.hands import key, press, settle, texts
from tests.ui.rooms import opened as in_window

T = TypeVar("T")
WAIT_MS = 20_000
_FAULT = NotPossible(
    code="file_locked", words="The workspace is locked by another program.", remedy="Close it."
)


class Readings:
    """A workspace whose readings for a view fail, or wait, as long as they are told to."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self._query = workspace.query
        self.failing = False
        self.flowing = threading.Event()
        self.flowing.set()
        monkeypatch.setattr(workspace, "query", self.query)

    def query(self, query: Callable[..., T], *args: object) -> T:
        if query is not read_room:
            self.flowing.wait(WAIT_MS / 1000)
            if self.failing:
                raise _FAULT
        return self._query(query, *args)


def shows(page: BudgetsPage, view: str, *kinds: type[QWidget]) -> bool:
    part = page.board.parts.get(view)
    return part is not None and any(
        one.isVisible() for kind in kinds for one in children(part, kind)
    )


def opened_part(qtbot: QtBot, page: BudgetsPage, view: str, *kinds: type[QWidget]) -> PartView:
    page.go_to(Where(view, page.where.version))
    qtbot.waitUntil(partial(shows, page, view, *kinds), timeout=WAIT_MS)
    return page.board.parts[view]


def test_a_view_that_cannot_read_says_so_and_tries_again(
    qtbot: QtBot, opened: Open, midyear: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a reading takes long the window answers; the reason of a failure stands in words."""
    workspace = midyear.alliance.desks["lead"].workspace
    page = opened(workspace)
    readings = Readings(workspace, monkeypatch)
    for one in MORE:
        readings.flowing.clear()
        readings.failing = True
        part = opened_part(qtbot, page, one.key, LoadingView)
        assert any(said.endswith("…") for said in texts(part)), f"{one.key} says what it reads"
        page.go_to(Where("plan", page.where.version))
        qtbot.waitUntil(page.board.plan.isVisible, timeout=WAIT_MS)
        page.go_to(Where(one.key, page.where.version))
        readings.flowing.set()
        qtbot.waitUntil(partial(shows, page, one.key, ErrorState), timeout=WAIT_MS)
        assert {_FAULT.words, _FAULT.remedy} <= set(texts(part)), one.key
        assert page.heading.status == (), f"{one.key} adds nothing up"
        readings.failing = False
        press(part, "Try again")
        qtbot.waitUntil(partial(shows, page, one.key, Grid, EmptyView), timeout=WAIT_MS)


def test_a_view_without_anything_says_what_goes_there_and_how_to_begin(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    for one in MORE:
        part = opened_part(qtbot, page, one.key, Grid, EmptyView)
        for empty in children(part, EmptyView):
            assert len(texts(empty)) > 1, f"{one.key} says what goes there"
            first = [shown for shown in children(empty, QPushButton) if shown.isVisible()]
            assert first, f"{one.key} offers the first thing to do"


def test_keys_lead_from_view_to_view_and_round(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    order = [*VIEWS, *(one.key for one in MORE)]
    for view in [*order[1:4], order[4]]:
        key(page.board.headline.views, Qt.Key.Key_PageDown, CONTROL)
        qtbot.waitUntil(partial(_is_at, page, view), timeout=WAIT_MS)
    for view in [*reversed(order[:4]), order[-1]]:
        key(page.board.headline.views, Qt.Key.Key_PageUp, CONTROL)
        qtbot.waitUntil(partial(_is_at, page, view), timeout=WAIT_MS)


def test_every_view_fits_a_small_screen_at_twice_the_text_size(
    qtbot: QtBot, around: Surroundings, sample_workspace: Workspace
) -> None:
    with in_window(qtbot, around, sample_workspace, "budgets", BudgetsPage) as room:
        around.look.use("light", 200)
        for view in (*VIEWS, *(one.key for one in MORE)):
            room.window.go("budgets", Where(view))
            room.until(partial(_is_at, room.page, view))
            room.until(partial(_has_read, room.page, view))
            settle()
            least = room.window.minimumSizeHint()
            assert (least.width() <= 1366, least.height() <= 768) == (True, True), (view, least)
            assert _clipped(room.window) == [], view
        room.window.go("budgets", Where("plan"))
        room.until(room.page.board.plan.isVisible)
        grid = room.page.board.plan.grid.view
        room.until(lambda: not _seen(grid).isEmpty())


def _has_read(page: BudgetsPage, view: str) -> bool:
    part = page.board.parts.get(view)
    return view in VIEWS or (part is not None and not shows(page, view, LoadingView))


def _clipped(window: QWidget) -> list[str]:
    """Return the words that have less room than they need; those that end in dots may."""
    lines = [
        one
        for one in children(window, QLabel)
        if one.isVisible() and not one.wordWrap() and not isinstance(one, Elided)
    ]
    shut = [one.text() for one in lines if one.text() and _too_small(one)]
    buttons = [one for one in children(window, QPushButton) if one.isVisible()]
    return [*shut, *(one.text() for one in buttons if _too_small(one))]


def _too_small(one: QLabel | QPushButton) -> bool:
    room, need = one.size(), one.fontMetrics()
    return need.horizontalAdvance(one.text()) > room.width() or need.height() > room.height()


def _seen(grid: GridView) -> QRegion:
    """Return what can be seen of the current cell."""
    return grid.viewport().visibleRegion() & grid.visualRect(grid.currentIndex())


def _is_at(page: BudgetsPage, view: str) -> bool:
    return page.where.view == view and page.state == "full"
