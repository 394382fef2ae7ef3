from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from collabdesk.charts.font_cache import VARIABLE, keep_font_cache_in


def test_the_cache_goes_where_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "elsewhere")
    monkeypatch.delitem(sys.modules, "matplotlib", raising=False)
    assert keep_font_cache_in(tmp_path / "fonts")
    assert os.environ[VARIABLE] == str(tmp_path / "fonts")
    assert (tmp_path / "fonts").is_dir()


def test_once_matplotlib_is_there_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", sys)
    assert not keep_font_cache_in(tmp_path / "fonts")
    assert not (tmp_path / "fonts").exists()


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(' '.join(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_the_light_modules_bring_no_matplotlib() -> None:
    names = loaded_after("import collabdesk.charts.font_cache, collabdesk.charts.words")
    assert "matplotlib" not in names


def test_no_chart_brings_pyplot_or_a_toolkit() -> None:
    names = loaded_after(
        "import collabdesk.charts.drawn, collabdesk.charts.run_chart, collabdesk.charts.xmr_chart,"
        " collabdesk.charts.league_chart, collabdesk.charts.envelope_chart"
    )
    assert "matplotlib" in names
    assert not names & {"matplotlib.pyplot", "PySide6", "pandas"}
