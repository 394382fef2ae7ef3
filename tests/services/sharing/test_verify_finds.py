"""Verify names whatever is tampered with, in the database and in the folder alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.large_workspace import LargeWorkspace, large_workspace
from benchmarks.verify_finds import Tampering
from collabdesk.services.sharing.verify import verify


@pytest.fixture
def large(tmp_path: Path) -> LargeWorkspace:
    return large_workspace(tmp_path, 1_000)


def test_every_kind_of_tampering_is_found(large: LargeWorkspace) -> None:
    counts = Tampering(large, rounds=3, samples=3).counts()
    assert counts == {kind: (tried, tried) for kind, (tried, _) in counts.items()}
    assert all(tried for tried, _ in counts.values())
    large.close()


def test_a_folder_out_of_reach_is_told_and_is_no_fault(large: LargeWorkspace) -> None:
    shutil.rmtree(large.alliance.share_folder)
    found = verify(large.desk.workspace, store=large.desk.store, again=False)
    assert (found.faults, found.files) == ([], 0)
    assert "cannot be reached" in found.folder
    large.close()


def test_files_of_every_kind_are_read_back(large: LargeWorkspace) -> None:
    for suffix in ("cdc", "cdj"):
        for path in large.root.rglob(f"*.{suffix}"):
            good = path.read_bytes()
            for at in range(0, len(good), 61):
                path.write_bytes(good[:at] + bytes([good[at] ^ 4]) + good[at + 1 :])
                found = verify(large.desk.workspace, store=large.desk.store, again=False)
                assert any(path.name in fault for fault in found.faults), (path, at)
            path.write_bytes(good)
    assert verify(large.desk.workspace, store=large.desk.store).faults == []
    large.close()


def test_a_placeholder_is_not_here_yet_and_is_no_fault(large: LargeWorkspace) -> None:
    next(large.root.rglob("*.cds")).write_bytes(b"")
    found = verify(large.desk.workspace, store=large.desk.store, again=False)
    assert found.faults == []
    large.close()
