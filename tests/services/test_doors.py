"""The way in, without a window: what it refuses, and that a lost folder is filled again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.doors import Doors, Who
from tests.support.sample_desk import LEAD, BuiltSample
from tests.support.shell import House


@pytest.fixture
def doors(tmp_path: Path, sample: BuiltSample) -> Doors:
    house = House(tmp_path / "computer")
    house.live_in(sample)
    return house.doors()


def test_a_lost_folder_is_filled_again_and_sharing_goes_on(
    doors: Doors, sample: BuiltSample
) -> None:
    workspace = doors.open(sample.folder / LEAD)
    folder = sample.folder / "shared-folder"
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(NotPossible, match="holds nothing"):
        doors.share(workspace)
    assert doors.publish_again(workspace).sent > 10
    for _ in range(2):
        doors.share(workspace)
    doors.close_all()


def test_a_workspace_is_opened_once(doors: Doors, sample: BuiltSample) -> None:
    doors.open(sample.folder / LEAD)
    with pytest.raises(NotPossible, match="already open"):
        doors.open(sample.folder / LEAD)
    doors.close_all()
    doors.open(sample.folder / LEAD)
    doors.close_all()


def test_two_workspaces_of_one_name_stand_in_two_folders(doors: Doors, tmp_path: Path) -> None:
    who = Who("RHA", "Finance lead", "Laptop 1")
    for number in (1, 2):
        share = tmp_path / f"share-{number}"
        share.mkdir()
        assert doors.found("Mid / North", who, str(share)).name == f"mid-north-{number}"


@pytest.mark.parametrize(
    ("who", "field"),
    [
        (Who("RHA", "", "Laptop 1"), "role"),
        (Who("RHA", "Finance lead", ""), "laptop"),
        (Who("R!", "Finance lead", "Laptop 1"), "ods"),
        (Who("ZZZ", "Finance lead", "Laptop 1"), "ods"),
    ],
)
def test_what_is_missing_is_refused_at_its_field(doors: Doors, who: Who, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        doors.founder(who)
    assert refused.value.field == field


def test_a_folder_that_is_not_there_is_refused_at_its_field(doors: Doors, tmp_path: Path) -> None:
    for path in ("", str(tmp_path / "nowhere")):
        with pytest.raises((NotPossible, Refusal)) as refused:
            doors.try_folder(path)
        assert refused.value.field == "store"
