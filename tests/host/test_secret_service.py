"""The keyring adapter against a real Secret Service, in a D-Bus session nobody else sees."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINE = "sudo apt-get install --yes --no-install-recommends dbus gnome-keyring"
SESSION = Path(__file__).with_name("secret_service_session.py")
ROOT = Path(__file__).parents[2]


def program(name: str) -> str:
    """Find a program this test cannot do without; fail with the line that installs it."""
    found = shutil.which(name)
    if not found:
        pytest.fail(f"{name} is not installed. Run this line, then the tests again:\n    {LINE}")
    return found


def test_a_real_secret_service_keeps_replaces_and_forgets_secrets(tmp_path: Path) -> None:
    session = program("dbus-run-session")
    # A copy: the installed daemon carries a file capability that containers refuse to grant.
    daemon = shutil.copy(program("gnome-keyring-daemon"), tmp_path / "keyring-daemon")
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    run = subprocess.run(
        [session, "--", sys.executable, str(SESSION), str(daemon)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_DATA_HOME": str(tmp_path / "share"),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == {
        "described": "In the desktop's Secret Service keyring, unlocked when you log in to this "
        "computer",
        "before": None,
        "kept": True,
        "replaced": True,
        "forgotten": None,
        "other left": True,
    }


def test_without_any_desktop_session_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    ask = (
        "from collabdesk.errors import NotPossible\n"
        "from collabdesk.host.keyring_store import KeyringStore\n"
        "try: KeyringStore()\n"
        "except NotPossible as no: print(no.code, '|', no)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", ask],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/absent",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stdout.startswith("no-keyring |")
    assert "file sealed by a passphrase" in run.stdout
