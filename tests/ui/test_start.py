"""What `collabdesk` without arguments imports before its first paint, and that it can end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from collabdesk.ui import shell
from collabdesk.__main__ import main

def painted(self):
    self.window.grab() if self.first_run is None else self.first_run.grab()
    print(json.dumps(sorted(sys.modules)))
    QTimer.singleShot(0, self.window.close)
    QTimer.singleShot(0, lambda: self.first_run and self.first_run.close())

shell.Shell._begin_loading = painted
sys.argv[1:] = []
sys.exit(main())
"""
HEAVY = ("pandas", "matplotlib", "keyring", "numpy", "sqlalchemy", "openpyxl", "nacl")


def modules_at_first_paint(home: Path) -> set[str]:
    surroundings = {
        **os.environ,
        "COLLABDESK_HOME": str(home),
        "COLLABDESK_POLICY": str(home / "machine"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        check=True,
        capture_output=True,
        text=True,
        env=surroundings,
    )
    return set(json.loads(ran.stdout.splitlines()[0]))


@pytest.mark.parametrize("known", [False, True])
def test_nothing_heavy_is_imported_for_first_run_or_for_home(tmp_path: Path, known: bool) -> None:
    if known:
        tmp_path.joinpath("recent.json").write_text(
            json.dumps(
                [
                    {
                        "folder": str(tmp_path),
                        "name": "East Midlands Alliance",
                        "detail": "Sample",
                        "left_ms": 0,
                        "heads": {},
                    }
                ]
            ),
            encoding="utf-8",
        )
    found = modules_at_first_paint(tmp_path)
    assert "collabdesk.ui.shell" in found
    assert ("collabdesk.ui.first_run.window" in found) is not known
    assert found.isdisjoint(HEAVY)
    assert "collabdesk.services.workspace" not in found
