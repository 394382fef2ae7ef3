from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtWidgets import QApplication

from collabdesk.ui.messages import Explainer
from collabdesk.ui.page import Surroundings
from collabdesk.ui.theme import Look
from collabdesk.ui.workers import Readers

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look()
    made.use("light")
    yield made
    qapp.setStyleSheet("")


@pytest.fixture
def around(look: Look) -> Iterator[Surroundings]:
    def no_crash(fault: BaseException) -> str:
        raise AssertionError from fault

    with ThreadPoolExecutor(2) as pool:
        yield Surroundings(look, Readers(pool), Explainer(no_crash))
