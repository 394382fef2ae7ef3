"""The demonstration: the whole main job, with faults, ending in one truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collabdesk.cli import run


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("demonstration")
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr("sys.stdout.write", lines.append, raising=False)
        code = run(
            ["demo", "--json", "--no-window", "--no-pictures", "--output", str(folder / "out")]
        )
    assert code == 0
    answer = json.loads("".join(lines))
    assert isinstance(answer, dict)
    return answer


def test_all_three_trusts_hold_one_truth(told: dict[str, Any]) -> None:
    replicas = told["replicas"].values()
    assert told["sound"] is True
    assert len(replicas) == 3
    assert len({replica["state_root"] for replica in replicas}) == 1
    assert len({replica["words"] for replica in replicas}) == 1
    assert all(replica["verified"] for replica in replicas)


def test_the_figure_was_contested_everywhere_and_is_settled(told: dict[str, Any]) -> None:
    for replica in told["replicas"].values():
        assert replica["contested_before"] == 1
        assert replica["contested_after"] == 0


def test_refused_files_are_named_with_reasons(told: dict[str, Any]) -> None:
    refused = [item for r in told["replicas"].values() for item in r["refused_files"]]
    assert {Path(item["path"]).suffix for item in refused} == {".cds"}
    assert all(item["words"] for item in refused)


def test_every_step_tells_its_seconds_and_what_was_seen(told: dict[str, Any]) -> None:
    assert len(told["steps"]) == 9
    assert all(step["seconds"] > 0 and step["seen"] for step in told["steps"])


def test_somebody_elses_folder_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.docx").write_text("mine", encoding="utf-8")
    assert run(["demo", "--no-window", "--output", str(tmp_path)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert (tmp_path / "report.docx").read_text(encoding="utf-8") == "mine"
