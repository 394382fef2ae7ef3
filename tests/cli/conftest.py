"""What every test of the command line begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabdesk.app import PASSPHRASE
from tests.support.typed import WORDS, Typed, key_file


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, WORDS)


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    (tmp_path / "share").mkdir()
    for name in ("lead", "partner"):
        key_file(tmp_path / name)
    return Typed(tmp_path, capsys)
