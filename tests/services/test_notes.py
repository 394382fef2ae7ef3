"""Long notes written at the same time by two partners: both kept, one proposed, one settled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.improvement.commands import EditProject, RegisterProject
from collabdesk.services.notes import KeepNote, NoteVersions, note_versions, proposed
from tests.support.alliance import Alliance, Desk, found_alliance

BEFORE = "Why it matters\nNobody knows\nNext"


@pytest.fixture
def alliance(tmp_path: Path) -> Iterator[Alliance]:
    found = found_alliance(tmp_path)
    yield found
    found.close()


@pytest.fixture
def project(alliance: Alliance) -> bytes:
    made = alliance.desks["lead"].run(RegisterProject("Restraint", "Halve it", joint=True))
    assert made.record is not None
    row = made.record[1]
    alliance.desks["lead"].run(EditProject(row, {"rationale": BEFORE}))
    alliance.share_all()
    alliance.desks["a"].run(EditProject(row, {"rationale": BEFORE.replace("Why", "Where")}))
    alliance.desks["b"].run(EditProject(row, {"rationale": BEFORE + "\nWard B first"}))
    alliance.share_all()
    return row


def note(desk: Desk) -> NoteVersions:
    (found,) = desk.workspace.query(note_versions)
    return found


def test_both_versions_stand_and_one_text_is_proposed_everywhere_alike(
    alliance: Alliance, project: bytes
) -> None:
    found = [note(desk) for desk in alliance.desks.values()]
    assert {one.cell.row for one in found} == {project}
    assert {one.base for one in found} == {BEFORE}
    wanted = BEFORE.replace("Why", "Where") + "\nWard B first"
    assert {(proposed(one).text, proposed(one).clashes) for one in found} == {(wanted, 0)}


def test_settling_replaces_both_at_every_partner(alliance: Alliance, project: bytes) -> None:
    lead = alliance.desks["lead"]
    cell = note(lead).cell
    seen = tuple(str(one.value) for one in cell.siblings)
    lead.run(KeepNote(cell.table, project, cell.column, "One text", seen))
    alliance.share_all()
    assert all(desk.workspace.query(note_versions) == () for desk in alliance.desks.values())


def test_a_note_that_changed_meanwhile_is_not_overwritten(
    alliance: Alliance, project: bytes
) -> None:
    with pytest.raises(Refusal, match="changed since"):
        alliance.desks["lead"].run(KeepNote("project", project, "rationale", "x", ("old",)))
    assert len(note(alliance.desks["lead"]).cell.siblings) == 2
