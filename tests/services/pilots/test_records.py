"""The pilots' room in one reading."""

from __future__ import annotations

from collabdesk.services.pilots.queries import figure_words
from collabdesk.services.pilots.records import first_pilot_of, pilots_seen
from collabdesk.services.workspace import Workspace


def test_every_pilot_has_its_page_and_every_programme_its_count(
    sample_workspace: Workspace,
) -> None:
    seen = sample_workspace.query(pilots_seen)
    assert set(seen.pages) == {line.pilot.row for line in seen.pilots}
    assert [one.pilots for one in seen.programmes] == [1, 1]
    first = seen.programmes[0].programme.row
    found = sample_workspace.query(first_pilot_of, first)
    assert found is not None
    assert seen.pages[found].programme.row == first
    assert sample_workspace.query(first_pilot_of, b"\0" * 16) is None


def test_one_of_a_unit_is_said_in_the_singular(sample_workspace: Workspace) -> None:
    seen = sample_workspace.query(pilots_seen)
    said = [figure_words(one.figure) for line in seen.programmes for one in line.figures]
    assert "1 year, stated" in said
    assert "12 projects, stated" in said
