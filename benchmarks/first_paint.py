"""How long until navigation, title and Home's headings are painted, against a bare window.

Both are timed in fresh processes, in turns, from before Qt is imported to the end of the
first paint; so the ratio holds on a slow machine as on a fast one.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most

TARGET: Final = 2.5
RUNS: Final = 9

BARE: Final = """
import time
began = time.perf_counter()
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
window.show()
application.processEvents()
window.grab()
print(time.perf_counter() - began)
"""
OURS: Final = """
import sys, time
began = time.perf_counter()
from pathlib import Path
from collabdesk.host.paths import places
from collabdesk.ui.start import make_application, make_shell
def load():
    raise SystemExit
application = make_application()
shell = make_shell(application, places(), load)
shell.paint(Path(sys.argv[1]))
application.processEvents()
shell.window.grab()
print(time.perf_counter() - began)
"""


def run(_: Options) -> Report:
    """Time both in turns and return the ratio."""
    with tempfile.TemporaryDirectory() as home:
        surroundings = {
            **os.environ,
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
            "COLLABDESK_HOME": home,
            # Compiled as after any first start, whatever this session says of byte code.
            "PYTHONPYCACHEPREFIX": f"{home}/compiled",
        }
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
        for script in (BARE, OURS):
            _timed(script, home, surroundings)
        pairs = [
            (_timed(BARE, home, surroundings), _timed(OURS, home, surroundings))
            for _ in range(RUNS)
        ]
    bare = statistics.median(pair[0] for pair in pairs)
    ours = statistics.median(pair[1] for pair in pairs)
    lines = [
        Line("bare QMainWindow", f"{bare * 1000:,.0f} ms"),
        Line("navigation, title and Home's headings", f"{ours * 1000:,.0f} ms"),
        at_most("ratio", ours / bare, TARGET),
    ]
    return Report(f"First paint, median of {RUNS} starts", lines)


def _timed(script: str, home: str, surroundings: dict[str, str]) -> float:
    ran = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script, home],
        check=True,
        capture_output=True,
        text=True,
        env=surroundings,
        cwd=Path(__file__).resolve().parents[1],
    )
    return float(ran.stdout.split()[-1])
