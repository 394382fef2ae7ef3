from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from collabdesk.ui.messages import Explainer
from collabdesk.ui.page import Surroundings
from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look
from collabdesk.ui.workers import Readers
from tests.support.sample_desk import LEAD, BuiltSample
from tests.support.shell import House, enter, make_shell

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _collect_here() -> Iterator[None]:
    """Let no reader destroy a widget: rings of objects are collected on this thread."""
    gc.disable()
    _collect()
    # What is still there stays: collecting need not look through it after every test.
    gc.freeze()
    yield
    _collect()


def _collect() -> None:
    """Destroy what nobody needs: windows left alive are styled anew with every theme."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def look(qapp: QApplication) -> Look:
    # Left on afterwards: taking a style sheet off destroys a style that Python still knows.
    made = Look(parent=qapp)
    made.use("light")
    return made


@pytest.fixture
def around(look: Look) -> Iterator[Surroundings]:
    def no_crash(fault: BaseException) -> str:
        raise AssertionError from fault

    with ThreadPoolExecutor(2) as pool:
        yield Surroundings(look, Readers(pool), Explainer(no_crash))


@pytest.fixture
def house(tmp_path: Path, sample: BuiltSample) -> House:
    """This computer, which knows the sample's laptops."""
    made = House(tmp_path / "computer")
    made.live_in(sample)
    return made


@pytest.fixture
def shell(qtbot: QtBot, look: Look, house: House, sample: BuiltSample) -> Iterator[Shell]:
    """The window, open on the lead provider's sample workspace, with Home answered."""
    made = make_shell(look, house)
    qtbot.addWidget(made.window)
    enter(qtbot, made, sample.folder / LEAD)
    yield made
    made.close()
