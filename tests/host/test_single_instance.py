"""One program for one workspace; nothing to clear away after a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from collabdesk.errors import NotPossible
from collabdesk.host.single_instance import hold

ROOT = Path(__file__).parents[2]
HOLD_AND_TELL = (
    "import sys; from pathlib import Path; from collabdesk.host.single_instance import hold\n"
    "held = hold(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()\n"
)


def test_the_second_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(NotPossible) as refused:
        hold(tmp_path)
    assert refused.value.code == "already-open"
    assert f"process {os.getpid()}" in refused.value.words


def test_released_means_free(tmp_path: Path) -> None:
    first = hold(tmp_path)
    first.release()
    first.release()
    hold(tmp_path).release()


def test_a_program_that_was_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_AND_TELL, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(NotPossible, match=f"process {other.pid}"):
            hold(tmp_path)
        other.kill()
    hold(tmp_path).release()


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotPossible) as refused:
        hold(tmp_path / "file" / "workspace")
    assert refused.value.code == "folder-not-writable"
