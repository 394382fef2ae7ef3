"""Crash reports tell the place and the kind of a fault, never figures or names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from collabdesk.host.crash_log import KEPT, CrashLog, report, scrubbed

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("cannot pay £1,234,567.89 to Some Person", "cannot pay # to … …"),
        ("no row for 'Lincolnshire Partnership' in budget_line", "no row for … in budget_line"),
        ('unknown "RP7"', "unknown …"),
        ("O’Person is not an approver", "… is not an approver"),
        ("write to someone@example.nhs.uk failed", "write to … failed"),
        ("open /home/someone/work/file.db failed", "open … failed"),
        (r"open C:\Users\someone\work.db failed", "open … failed"),
        ("UNIQUE constraint failed: post.journal", "UNIQUE constraint failed: post.journal"),
        ("expected QTableView, got NoneType", "expected QTableView, got NoneType"),
    ],
)
def test_messages_are_blotted(message: str, left: str) -> None:
    assert scrubbed(message) == left


def fault() -> Exception:
    """Make a fault with a cause, as a real one has."""
    approvers: dict[str, int] = {}
    try:
        approvers["Some Person"]
    except KeyError as cause:
        caught = ValueError(f"Some Person has {1234567}")
        caught.__cause__ = cause
        return caught
    raise AssertionError


def test_a_report_has_the_places_and_kinds_and_nothing_private() -> None:
    text = report(fault(), "reader 2", "0.1.0")
    assert "CollabDesk 0.1.0" in text
    assert "KeyError" in text
    assert "ValueError" in text
    assert "which led to:" in text
    assert "test_crash_log.py:" in text
    for private in ("Some", "Person", "1234567", str(ROOT.parent) + "/"):
        assert private not in text


def test_a_group_of_faults_reports_each() -> None:
    text = report(ExceptionGroup("two", [KeyError("a"), TypeError("b")]), "main", "0.1.0")
    assert "KeyError" in text
    assert "TypeError" in text


def test_five_reports_are_kept_newest_first(tmp_path: Path) -> None:
    told: list[str] = []
    log = CrashLog(tmp_path, "0.1.0", told.append)
    for number in range(KEPT + 2):
        log.record(ValueError("x" * number))
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [f"crash-{number}.txt" for number in range(1, KEPT + 1)]
    assert "ValueError: " + "x" * (KEPT + 1) in (tmp_path / "crash-1.txt").read_text("utf-8")
    assert len(told) == KEPT + 2


DYING = (
    "import sys, threading; from pathlib import Path\n"
    "from collabdesk.host.crash_log import CrashLog\n"
    "CrashLog(Path(sys.argv[1]), '0.1.0').install()\n"
)


@pytest.mark.parametrize(
    ("dies", "file", "says"),
    [
        ("raise RuntimeError('Person')", "crash-1.txt", "RuntimeError: …"),
        (
            "t = threading.Thread(target=lambda: 1 / 0, name='reader'); t.start(); t.join()",
            "crash-1.txt",
            "ZeroDivisionError",
        ),
        ("import faulthandler; faulthandler._sigabrt()", "crash-native.txt", "Fatal Python error"),
    ],
)
def test_every_way_of_dying_leaves_a_report(
    tmp_path: Path, dies: str, file: str, says: str
) -> None:
    subprocess.run(
        [sys.executable, "-c", DYING + dies, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert says in (tmp_path / file).read_text(encoding="utf-8")


def test_uninstalling_puts_pythons_own_behaviour_back(tmp_path: Path) -> None:
    before = sys.excepthook
    log = CrashLog(tmp_path, "0.1.0")
    log.install()
    assert sys.excepthook != before
    log.uninstall()
    assert sys.excepthook == sys.__excepthook__
    sys.excepthook = before
