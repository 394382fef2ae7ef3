from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.contested import KeepText
from collabdesk.services.figures import contested_cells, overtaken, siblings
from collabdesk.services.improvement.commands import EditProject, RegisterProject
from tests.support.alliance import Alliance, found_alliance


@pytest.fixture
def alliance(tmp_path: Path) -> Iterator[Alliance]:
    found = found_alliance(tmp_path)
    yield found
    found.close()


@pytest.fixture
def project(alliance: Alliance) -> bytes:
    """Two partners gave one joint project another title at the same time."""
    made = alliance.desks["lead"].run(RegisterProject("Restraint", "Halve it", joint=True))
    assert made.record is not None
    row = made.record[1]
    alliance.share_all()
    alliance.desks["a"].run(EditProject(row, {"title": "Less restraint"}))
    alliance.desks["b"].run(EditProject(row, {"title": "Safer wards"}))
    alliance.share_all()
    return row


def test_the_loser_of_a_text_is_told_and_can_have_it_back(
    alliance: Alliance, project: bytes
) -> None:
    desks = alliance.desks
    told = {
        name: desk.workspace.query(overtaken, desk.workspace.me().organisation)
        for name, desk in desks.items()
    }
    (loser,) = [name for name, lost in told.items() if lost]
    (lost,) = told[loser]
    assert (lost.table, lost.row, lost.column) == ("project", project, "title")
    assert {lost.mine.value, lost.now.value} == {"Less restraint", "Safer wards"}
    assert desks[loser].workspace.query(contested_cells) == ()
    desks[loser].run(KeepText("project", project, "title", lost.mine.value))
    alliance.share_all()
    for desk in desks.values():
        (standing,) = desk.workspace.query(siblings, project, "title")
        assert standing.value == lost.mine.value
        assert desk.workspace.query(overtaken, desk.workspace.me().organisation) == ()


def test_only_a_text_that_still_stands_is_kept(alliance: Alliance, project: bytes) -> None:
    with pytest.raises(Refusal, match="no longer stands"):
        alliance.desks["a"].run(KeepText("project", project, "title", "Something else"))
    with pytest.raises(Refusal, match="not here"):
        alliance.desks["a"].run(KeepText("pilot", project, "title", "Safer wards"))
