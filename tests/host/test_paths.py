"""Shipped files are found, and a person's folders are where they belong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from collabdesk.errors import NotPossible
from collabdesk.host.paths import places, resource

ROOT = Path(__file__).parents[2]


def test_a_checkout_finds_resources_at_its_root() -> None:
    assert resource("settings.toml") == ROOT / "resources" / "settings.toml"


def test_a_missing_resource_means_a_damaged_program() -> None:
    with pytest.raises(NotPossible) as refused:
        resource("no/such/file.toml")
    assert "resources/no/such/file.toml" in refused.value.words
    assert "install it again" in refused.value.remedy


def test_an_installed_or_frozen_copy_finds_them_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "collabdesk"
    for name in ("__init__.py", "errors.py", "host/__init__.py", "host/paths.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "collabdesk" / name, package / name)
    (package / "resources").mkdir()
    (package / "resources" / "settings.toml").touch()
    ask = "from collabdesk.host.paths import resource; print(resource('settings.toml'))"
    run = subprocess.run(
        [sys.executable, "-c", ask],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(run.stdout.strip()) == package / "resources" / "settings.toml"


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLABDESK_HOME", str(tmp_path))
    monkeypatch.setenv("COLLABDESK_POLICY", str(tmp_path / "policy"))
    mine = places()
    assert mine.machine == tmp_path / "policy"
    for folder in (mine.work, mine.settings, mine.cache, mine.logs, mine.keys, mine.workspaces):
        assert folder.is_relative_to(tmp_path)
    assert mine.workspace("east-midlands") == tmp_path / "workspaces" / "east-midlands"


def test_folders_are_not_made_by_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLABDESK_HOME", str(tmp_path / "home"))
    places()
    assert not (tmp_path / "home").exists()


def test_without_the_variable_folders_belong_to_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLLABDESK_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert places().work == tmp_path / ".local" / "share" / "CollabDesk"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "C:", 'say "x"'])
def test_a_workspace_folder_stays_in_its_place(name: str) -> None:
    with pytest.raises(NotPossible, match="name of a workspace"):
        places().workspace(name)
