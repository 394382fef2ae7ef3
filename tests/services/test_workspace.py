"""Opening and founding a workspace: what it refuses, and what it works out again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from collabdesk.domain.changes import SetCells
from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.membership import Founder
from collabdesk.services.policy import SetPolicy, policy_text
from collabdesk.services.workspace import Workspace
from collabdesk.storage.database import FILE_NAME
from collabdesk.storage.queries.state import projection_digests
from tests.support.alliance import Alliance, Desk, GivenClock, MemoryKeyStore, ask, found_alliance
from tests.support.exchange import M1, a_line

FOUNDER = Founder("A trust", "RXX", "Finance lead", "Finance laptop 1")


def found(folder: Path, store: Path) -> Workspace:
    return Workspace.found(
        folder,
        MemoryKeyStore(),
        name="An alliance",
        founder=FOUNDER,
        store=str(store),
        slot="rxx",
        clock=GivenClock(),
    )


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alliance]:
    alliance = found_alliance(tmp_path / "alliance", ())
    yield alliance
    alliance.close()


@pytest.fixture
def lead(alone: Alliance) -> Desk:
    return alone.desks["lead"]


def test_a_folder_without_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="There is no CollabDesk workspace") as refused:
        Workspace(tmp_path, MemoryKeyStore())
    assert (refused.value.code, refused.value.field) == ("not-a-workspace", "workspace")


def test_a_database_of_something_else(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("CREATE TABLE letters (words TEXT)")
    connection.close()
    with pytest.raises(NotPossible, match="is not a CollabDesk workspace") as refused:
        Workspace(tmp_path, MemoryKeyStore())
    assert refused.value.code == "not-a-workspace"


def test_a_workspace_is_not_founded_over_another(lead: Desk) -> None:
    with pytest.raises(NotPossible, match="There is a workspace") as refused:
        found(lead.workspace.folder, Path("share"))
    assert refused.value.code == "workspace-exists"


def test_nor_in_the_shared_folder(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="lies inside the shared folder") as refused:
        found(tmp_path / "share" / "mine", tmp_path / "share")
    assert (refused.value.code, refused.value.field) == ("inside-shared-folder", "folder")


def test_nor_where_a_cloud_program_copies_files(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="belongs to OneDrive") as refused:
        found(tmp_path / "OneDrive - A trust" / "workspace", tmp_path / "share")
    assert refused.value.code == "synced-folder"


def test_a_workspace_moved_there_is_not_opened(lead: Desk, tmp_path: Path) -> None:
    lead.workspace.close()
    moved = tmp_path / "Dropbox" / "workspace"
    moved.parent.mkdir()
    lead.workspace.folder.rename(moved)
    with pytest.raises(NotPossible, match="belongs to Dropbox"):
        Workspace(moved, lead.keys)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotPossible, match="cannot be made") as refused:
        found(tmp_path / "file" / "workspace", tmp_path / "share")
    assert refused.value.code == "cannot-make-folder"


def digests(desk: Desk) -> dict[str, str]:
    return dict(desk.workspace.query(projection_digests))


def test_another_version_of_the_projections_is_worked_out_again(
    alone: Alliance, lead: Desk
) -> None:
    row = a_line(alone)
    lead.change(SetCells("plan_line", row, {"m1": 7}))
    before = digests(lead)
    lead.workspace.close()
    connection = sqlite3.connect(lead.workspace.folder / FILE_NAME)
    with connection:
        connection.execute("UPDATE setting SET value = x'00' WHERE key = 'derived_schema'")
        connection.execute("DROP TABLE budgets_plan_line")
        connection.execute("CREATE TABLE budgets_plan_line (old TEXT)")
    connection.close()
    lead.reopen()
    assert digests(lead) == before
    assert lead.live(row, M1) == {7}


def test_a_rebuild_gives_what_was_there(alone: Alliance, lead: Desk) -> None:
    row = a_line(alone)
    lead.change(SetCells("plan_line", row, {"m1": 7}))
    before = digests(lead)
    lead.workspace.rebuild().result()
    assert digests(lead) == before


def test_a_laptop_that_only_asked_reads_and_does_not_sign(alone: Alliance) -> None:
    asked = ask(alone, "a")
    assert asked.workspace.founded
    assert not asked.workspace.enrolled
    with pytest.raises(Refusal, match="not enrolled yet") as refused:
        asked.run(SetPolicy("suppress_below", "7"))
    assert refused.value.code == "not-enrolled"


def test_policy_is_set_by_the_lead_undone_and_redone(lead: Desk) -> None:
    lead.run(SetPolicy("suppress_below", "7"))
    assert lead.workspace.query(policy_text, "suppress_below") == "7"
    words = lead.workspace.undo().result()
    assert words
    assert lead.workspace.undo_stack.redo_words == words
    assert lead.workspace.query(policy_text, "suppress_below") == "5"
    assert lead.workspace.redo().result() == words
    assert lead.workspace.query(policy_text, "suppress_below") == "7"


def test_there_is_nothing_to_undo_or_redo_at_first(lead: Desk) -> None:
    with pytest.raises(Refusal, match="nothing of yours to undo"):
        lead.workspace.undo().result()
    with pytest.raises(Refusal, match="nothing to redo"):
        lead.workspace.redo().result()
