"""What version 1 could not read yet is held, and judged by a later version as if never held."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collabdesk.services.sharing.verify import verify
from collabdesk.services.workspace import Workspace
from collabdesk.sync.registry import REGISTRY, REGISTRY_VERSION, Registry
from tests.support.frozen import FrozenWorld, Reader, read_state, told, unpack

VERSION_1 = Registry(1, REGISTRY.rooms)
HELD = {10, 11, 12}
# Of the nine that version 2 can judge all stand but one: the release is not RP1's to make.
AFTER_UPGRADE = {0: 517, 11: 1, 27: 6}


@pytest.fixture
def frozen(tmp_path: Path) -> FrozenWorld:
    return unpack("v1", tmp_path / "v1")


def state(workspace: Workspace, expected: Mapping[str, Any]) -> dict[str, Any]:
    return workspace.query(lambda reads: read_state(reads, expected["tables"]))


def test_what_was_held_is_replayed_after_an_upgrade_as_if_never_held(frozen: FrozenWorld) -> None:
    older, newer = Reader(frozen, "older"), Reader(frozen, "newer")
    older.receive(VERSION_1, frozen.all_files())
    older.rebuild(REGISTRY)
    newer.receive(REGISTRY, frozen.all_files())
    assert older.figures == newer.figures
    assert older.figures[1] == {
        **{n: c for n, c in told(frozen.expected["holding"])[1].items() if n not in {11, 12}},
        **AFTER_UPGRADE,
    }
    older.database.close()
    newer.database.close()


def test_a_database_that_held_newer_operations_replays_them_when_it_is_opened(
    frozen: FrozenWorld,
) -> None:
    holding = frozen.expected["holding"]
    workspace = frozen.open("lead-holding")
    try:
        found = state(workspace, holding)
        assert found["segments"] == holding["segments"]
        counts = {int(n): c for n, c in found["verdicts"].items()}
        assert counts == {
            **{n: c for n, c in told(holding)[1].items() if n not in {11, 12}},
            **AFTER_UPGRADE,
        }
        assert sum(counts.values()) == sum(told(holding)[1].values())
        assert verify(workspace).faults == []
    finally:
        workspace.close()


def test_nothing_held_was_dropped(frozen: FrozenWorld) -> None:
    with closing(sqlite3.connect(frozen.folder / "lead-holding" / "workspace.sqlite3")) as kept:
        files = {file for (file,) in kept.execute("SELECT file FROM segment")}
        marks = ",".join(map(str, HELD))
        query = f"SELECT COUNT(*) FROM operation WHERE verdict IN ({marks})"  # noqa: S608
        (count,) = kept.execute(query).fetchone()
    assert files.issuperset(frozen.newer())
    assert count == 11
    assert REGISTRY_VERSION >= 1
