"""A laptop put back from an older copy, or copied: stopped before it signs a number twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.sharing.verify import verify
from collabdesk.services.workspace import Workspace
from tests.support.alliance import Alliance, Desk, MemoryKeyStore
from tests.support.exchange import M1, a_line, an_edit


@contextmanager
def put_back(desk: Desk, kept: Path) -> Iterator[None]:
    """Copy a laptop's folder aside, let it work on, and put the copy back."""
    folder = desk.workspace.folder
    desk.workspace.close()
    shutil.copytree(folder, kept)
    desk.workspace = Workspace(folder, desk.keys, desk.clock)
    yield
    desk.workspace.close()
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
    desk.workspace = Workspace(folder, desk.keys, desk.clock)


def files(alliance: Alliance) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in alliance.share_folder.rglob("*") if p.is_file()}


def test_an_older_copy_neither_signs_nor_publishes(alliance: Alliance, tmp_path: Path) -> None:
    row = a_line(alliance)
    lead = alliance.desks["lead"]
    with put_back(lead, tmp_path / "kept"):
        an_edit(lead, row, 110)
        lead.share()
    before = files(alliance)
    with pytest.raises(NotPossible, match="older copy") as refused:
        an_edit(lead, row, 120)
    assert refused.value.code == "restored-copy"
    assert "enrol this laptop again" in refused.value.remedy
    with pytest.raises(NotPossible, match="has already signed change set"):
        lead.share()
    assert files(alliance) == before
    assert lead.live(row, M1) == {100}
    assert verify(lead.workspace).sound


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


def test_a_laptop_that_signed_two_ways_is_named_and_finished(
    alliance: Alliance, tmp_path: Path
) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    twin = a_twin(a, tmp_path / "twin")
    an_edit(a, row, 110)
    an_edit(twin, row, 120)
    a.share()
    twin.share()
    alliance.share_all(3)
    assert lead.live(row, M1) == {100}
    assert b.live(row, M1) == {100}
    assert (lead.root, verify(b.workspace).faults) == (b.root, [])
    with pytest.raises(Refusal, match="signed two different changes under one number"):
        an_edit(a, row, 130)
    with pytest.raises(Refusal):
        an_edit(twin, row, 130)
    an_edit(b, row, 140)
    alliance.share_all()
    assert lead.live(row, M1) == {140}
    assert len(alliance.roots) == 1
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
    an_edit(twin, row, 120)
    twin.share()
    a.share()
    with pytest.raises(NotPossible, match="Another copy of this laptop") as refused:
        an_edit(a, row, 130)
    assert refused.value.code == "copied-laptop"
    assert a.live(row, M1) == {120}
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
