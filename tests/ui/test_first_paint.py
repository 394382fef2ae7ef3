"""The window paints before anything heavy is imported."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from PySide6.QtWidgets import QApplication
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.messages import Explainer
from collabdesk.ui.navigation import PageEntry
from collabdesk.ui.page import Page, Surroundings
from collabdesk.ui.parts import words
from collabdesk.ui.theme import Look
from collabdesk.ui.window import Window
from collabdesk.ui.workers import Readers
import collabdesk.ui.charts_drawn, collabdesk.ui.contested, collabdesk.ui.grid
import collabdesk.ui.import_wizard, collabdesk.ui.inspector
application = QApplication([])
look = Look()
look.use()
mark = FocusMark(look, application)
around = Surroundings(look, Readers(ThreadPoolExecutor(1)), Explainer(str))
def build():
    page = Page(around, "Home")
    page.show_full(words("What needs me?", "heading"))
    return page
window = Window(look, [PageEntry("home", "Home", "home", build)])
window.go("home")
window.show()
application.processEvents()
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = ("pandas", "matplotlib", "keyring", "numpy", "sqlalchemy", "openpyxl")
UNWANTED = ("PySide6.QtQml", "PySide6.QtWebEngineCore", "PySide6.QtNetwork", "PySide6.QtSql")


def test_nothing_heavy_is_imported_at_first_paint() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True)
    modules = set(json.loads(run.stdout))
    assert "PySide6.QtWidgets" in modules
    assert modules.isdisjoint({*HEAVY, *UNWANTED})
