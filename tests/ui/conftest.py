from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from collabdesk.ui.theme import Look

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look()
    made.use("light")
    yield made
    qapp.setStyleSheet("")
