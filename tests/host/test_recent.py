from __future__ import annotations

from pathlib import Path

from collabdesk.host.recent import Recent, Visit


def test_the_workspace_opened_last_stands_first_and_is_listed_once(tmp_path: Path) -> None:
    recent = Recent(tmp_path / "recent.json")
    for name in ("one", "two", "one"):
        (tmp_path / name).mkdir(exist_ok=True)
        recent.keep(Visit(tmp_path / name, name, "Sample", 5, {"ab": 3}))
    assert [visit.name for visit in recent.all()] == ["one", "two"]
    assert recent.of(tmp_path / "two") == Visit(tmp_path / "two", "two", "Sample", 5, {"ab": 3})


def test_a_folder_that_is_gone_is_not_listed(tmp_path: Path) -> None:
    recent = Recent(tmp_path / "recent.json")
    recent.keep(Visit(tmp_path / "gone", "gone", ""))
    assert recent.all() == ()


def test_a_damaged_list_is_kept_aside_and_starts_empty(tmp_path: Path) -> None:
    path = tmp_path / "recent.json"
    path.write_text('[{"folder": 3}]', encoding="utf-8")
    recent = Recent(path)
    assert recent.all() == ()
    assert (tmp_path / "recent.damaged").exists()
