"""A laptop put back from an older copy, or copied: stopped before it signs a number twice."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from collabdesk.errors import NotPossible
from collabdesk.services.sharing.alarms import alarms
from collabdesk.services.sharing.publish import publish
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.sharing.verify import verify
from collabdesk.services.workspace import Workspace
from tests.support.alliance import Alliance, Desk, MemoryKeyStore
from tests.support.exchange import M1, a_line, an_edit, in_memory, put_back


def files(alliance: Alliance) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in alliance.share_folder.rglob("*") if p.is_file()}


def test_an_older_copy_signs_nothing_until_it_has_read_its_own_changes_back(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    lead = alliance.desks["lead"]
    with put_back(lead, tmp_path / "kept"):
        an_edit(lead, row, 110)
        lead.share()
    before = files(alliance)
    with pytest.raises(NotPossible, match="older copy") as refused:
        an_edit(lead, row, 120)
    assert refused.value.code == "restored-copy"
    assert "Share now" in refused.value.remedy
    assert lead.live(row, M1) == {100}
    report = lead.share()
    assert report.reread == 1
    assert "own change set read again" in report.sentence()
    assert files(alliance) == before
    assert lead.live(row, M1) == {110}
    an_edit(lead, row, 120)
    alliance.share_all()
    assert alliance.desks["b"].live(row, M1) == {120}
    assert len(alliance.roots) == 1
    assert verify(lead.workspace).sound


def test_what_was_being_written_when_the_copy_was_made_is_found_signed(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    lead = alliance.desks["lead"]
    an_edit(lead, row, 110)
    with put_back(lead, tmp_path / "kept"):
        an_edit(lead, row, 111)
        lead.share()
    assert lead.share().reread == 1
    an_edit(lead, row, 120)
    alliance.share_all()
    assert alliance.desks["b"].live(row, M1) == {120}
    assert len(alliance.roots) == 1
    assert verify(lead.workspace).faults == []


def test_an_older_copy_whose_changes_nobody_shows_is_only_read(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    kept = in_memory(alliance)
    lead, a, _ = alliance.desks.values()
    with put_back(lead, tmp_path / "kept"):
        snapshot = kept.snapshot()
        an_edit(lead, row, 110)
        lead.share()
    kept.roll_back(snapshot)
    an_edit(a, row, 130)
    a.share()
    before = dict(kept.files)
    with pytest.raises(NotPossible, match="does not hold what is missing") as refused:
        lead.share()
    assert refused.value.code == "restored-lost"
    assert "own successor" in refused.value.remedy
    assert kept.files == before
    assert lead.live(row, M1) == {130}
    with pytest.raises(NotPossible) as refused:
        an_edit(lead, row, 140)
    assert refused.value.code == "restored-lost"
    assert ("restored", "enrol-successor") in [(a.kind, a.action) for a in alarms(lead.workspace)]


def test_what_can_be_read_back_is_although_the_rest_is_lost(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    kept = in_memory(alliance)
    lead, _, b = alliance.desks.values()
    an_edit(lead, row, 110)
    with put_back(lead, tmp_path / "kept"):
        lead.share()
        snapshot = kept.snapshot()
        b.share()
        an_edit(lead, row, 111)
        lead.share()
    kept.roll_back(snapshot)
    with pytest.raises(NotPossible, match="does not hold what is missing") as refused:
        lead.share()
    assert refused.value.code == "restored-lost"
    b.share()
    with pytest.raises(NotPossible):
        lead.share()
    assert (lead.live(row, M1), lead.root) == ({110}, b.root)
    (fault,) = verify(lead.workspace).faults
    assert fault.startswith("This laptop signed change set")


def test_a_restored_computer_reads_back_although_its_key_store_is_old_too(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    lead = alliance.desks["lead"]
    secrets = dict(lead.keys.kept)
    with put_back(lead, tmp_path / "kept"):
        an_edit(lead, row, 110)
        lead.share()
    lead.keys.kept.clear()
    lead.keys.kept.update(secrets)
    lead.reopen()
    assert lead.share().reread == 1
    an_edit(lead, row, 120)
    alliance.share_all()
    assert alliance.desks["b"].live(row, M1) == {120}
    assert len(alliance.roots) == 1


def test_an_older_copy_whose_edit_was_never_signed_goes_on(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    lead = alliance.desks["lead"]
    with put_back(lead, tmp_path / "kept"):
        pass
    an_edit(lead, row, 120)
    alliance.share_all()
    assert alliance.desks["b"].live(row, M1) == {120}


def a_twin(desk: Desk, folder: Path) -> Desk:
    """Copy a laptop with its keys, as a virtual machine is copied."""
    source = desk.workspace.folder
    desk.workspace.close()
    shutil.copytree(source, folder)
    desk.workspace = Workspace(source, desk.keys, desk.clock)
    keys = MemoryKeyStore(dict(desk.keys.kept))
    return Desk(Workspace(folder, keys, desk.clock), keys, desk.store, desk.clock)


def test_a_copy_that_would_sign_the_same_number_is_stopped(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    twin = a_twin(a, tmp_path / "twin")
    an_edit(a, row, 110)
    an_edit(twin, row, 120)
    a.share()
    before = files(alliance)
    with pytest.raises(NotPossible, match="Another copy of this laptop") as refused:
        twin.share()
    assert refused.value.code == "copied-laptop"
    assert files(alliance) == before
    with pytest.raises(NotPossible, match="Another copy of this laptop"):
        an_edit(twin, row, 130)
    (alarm,) = alarms(twin.workspace)
    assert (alarm.kind, alarm.action) == ("copied-laptop", "enrol-successor")
    an_edit(a, row, 140)
    alliance.share_all()
    assert lead.live(row, M1) == b.live(row, M1) == {140}
    assert len(alliance.roots) == 1
    assert [alarm.kind for alarm in alarms(lead.workspace)] == []
    twin.workspace.close()


def published_at_once(desk: Desk) -> None:
    """Publish what a laptop signed as if it had looked before its twin published."""
    report = SyncReport()
    publish(desk.workspace, desk.store, report)
    assert report.sent


def test_a_laptop_that_signed_two_ways_is_named_and_finished(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    twin = a_twin(a, tmp_path / "twin")
    an_edit(a, row, 110)
    an_edit(twin, row, 120)
    a.share()
    published_at_once(twin)
    for desk in (lead, b, lead, b):
        desk.share()
    assert lead.live(row, M1) == {100}
    assert b.live(row, M1) == {100}
    assert (lead.root, verify(b.workspace).faults) == (b.root, [])
    for finished in (a, twin):
        with pytest.raises(NotPossible, match="Another copy"):
            finished.share()
        with pytest.raises(NotPossible, match="Another copy"):
            an_edit(finished, row, 130)
    an_edit(b, row, 140)
    for desk in (b, lead):
        desk.share()
    assert lead.live(row, M1) == {140}
    assert lead.root == b.root
    (alarm,) = alarms(lead.workspace)
    assert alarm.kind == "equivocation"
    assert "Lincolnshire Partnership" in alarm.words
    twin.workspace.close()


def test_a_copy_that_worked_on_under_another_name_is_noticed(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    a = alliance.desks["a"]
    twin = a_twin(a, tmp_path / "twin")
    about = replace(twin.workspace.about, incarnation=bytes(16))
    twin.workspace.write(lambda replica: replica.set_setting("about", about.to_json()))
    twin.reopen()
    with pytest.raises(NotPossible, match="Another copy of this laptop") as refused:
        an_edit(twin, row, 120)
    assert refused.value.code == "copied-laptop"
    assert a.live(row, M1) == {100}
    an_edit(a, row, 130)
    alliance.share_all()
    assert alliance.desks["b"].live(row, M1) == {130}
    twin.workspace.close()


def test_without_its_key_a_laptop_still_reads(alliance: Alliance) -> None:
    row = a_line(alliance)
    a = alliance.desks["a"]
    a.keys.kept.clear()
    a.reopen()
    assert a.live(row, M1) == {100}
    with pytest.raises(NotPossible, match="not in its key store") as refused:
        an_edit(a, row, 1)
    assert refused.value.code == "key-lost"
