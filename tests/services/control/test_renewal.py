"""New keys for a laptop: it stays whose it was, and what the old keys could not sign is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from collabdesk.domain.changes import Approve, NewRow, SetCells
from collabdesk.errors import NotPossible
from collabdesk.services.control import laptops
from collabdesk.services.control.renewal import ask_anew
from collabdesk.services.workspace import Workspace
from collabdesk.storage.tables.projections import PROJECTIONS
from tests.services.control.desks import LINE, enrolled, key_of, verdicts_of
from tests.support.alliance import Alliance, Desk, MemoryKeyStore


@pytest.fixture
def second(alliance: Alliance) -> Desk:
    return enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")


def test_a_laptop_changes_its_keys_and_nothing_else(alliance: Alliance, second: Desk) -> None:
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    row = second.change(LINE)["line"]
    old, person = key_of(second), second.workspace.me().person
    words = " ".join(ask_anew(second.workspace, second.store))
    assert key_of(second) != old
    assert not second.workspace.enrolled
    a.share()
    laptops.replace_laptop(a.workspace, a.store, words, old)
    alliance.share_all(2)
    assert second.workspace.me().person == person
    second.reopen()
    second.change(SetCells("plan_line", row, {"m1": 5}))
    alliance.share_all(2)
    assert lead.live(row, 11) == {5}
    assert lead.live(row, 3) == {"RHA"}
    assert not verdicts_of(lead)


def test_a_copy_that_may_sign_no_more_asks_anew_and_its_work_is_kept(
    alliance: Alliance, second: Desk, tmp_path: Path
) -> None:
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    row = second.change(LINE)["line"]
    alliance.share_all(2)
    place = second.workspace.folder
    second.workspace.close()
    shutil.copytree(place, tmp_path / "copy")
    second.workspace = Workspace(place, second.keys, second.clock)
    copy = Desk(
        Workspace(tmp_path / "copy", MemoryKeyStore(dict(second.keys.kept)), second.clock),
        second.keys,
        second.store,
        second.clock,
    )
    second.change(SetCells("plan_line", row, {"m1": 5}))
    second.share()
    copy.change(
        LINE,
        SetCells("plan_line", NewRow("line"), {"m2": 7}),
        Approve("plan_line", row, ("provider",)),
    )
    with pytest.raises(NotPossible, match="Another copy"):
        copy.share()
    words = " ".join(ask_anew(copy.workspace, copy.store))
    a.share()
    laptops.enrol_laptop(a.workspace, a.store, words, new_person="Ward clerk")
    alliance.desks["copy"] = copy
    alliance.share_all(3)
    assert copy.workspace.me().role == "Ward clerk"
    for desk in (lead, second, copy):
        rows = [r for r in desk.workspace.query(_rows) if r != row]
        assert len(rows) == 1
        assert desk.live(rows[0], 12) == {7}
        assert desk.live(row, 11) == {5}
    assert len(alliance.roots) == 1


def _rows(reads: Connection) -> list[bytes]:
    return [row.row for row in reads.execute(select(PROJECTIONS["plan_line"]))]
