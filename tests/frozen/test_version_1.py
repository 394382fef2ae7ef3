"""What version 1 wrote is read by every later version to the same figures."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from collabdesk.services.membership import Founder
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.verify import verify
from collabdesk.services.workspace import Workspace
from collabdesk.storage.database import Database
from collabdesk.storage.queries.state import state_root
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.engine import Engine
from collabdesk.sync.registry import REGISTRY, REGISTRY_VERSION, Registry
from tests.support.alliance import GivenClock, MemoryKeyStore
from tests.support.frozen import FrozenWorld, read_state, unpack

VERSION_1 = Registry(1, REGISTRY.rooms)
HELD = {10, 11, 12}
# Of the nine that version 2 can judge all stand but one: the release is not RP1's to make.
AFTER_UPGRADE = {0: 517, 11: 1, 27: 6}


@pytest.fixture
def frozen(tmp_path: Path) -> FrozenWorld:
    return unpack("v1", tmp_path / "v1")


def state(workspace: Workspace, expected: Mapping[str, Any]) -> dict[str, Any]:
    return workspace.query(lambda reads: read_state(reads, expected["tables"]))


# --- as it was ------------------------------------------------------------------------------


def test_its_database_opens_with_the_same_roots_and_figures(frozen: FrozenWorld) -> None:
    workspace = frozen.open("lead")
    try:
        assert state(workspace, frozen.expected["world"]) == frozen.expected["world"]
        assert workspace.enrolled
        assert workspace.me().keeps_ledger
        assert verify(workspace).faults == []
    finally:
        workspace.close()


def test_its_figures_come_again_from_the_signed_bytes(frozen: FrozenWorld) -> None:
    workspace = frozen.open("lead")
    try:
        workspace.rebuild().result()
        assert state(workspace, frozen.expected["world"]) == frozen.expected["world"]
    finally:
        workspace.close()


def test_its_laptop_goes_on_where_it_stood(frozen: FrozenWorld) -> None:
    workspace = frozen.open("lead")
    try:
        share(workspace, frozen.share, grace_ms=0)
        assert (
            state(workspace, frozen.expected["world"])["tables"]
            == (frozen.expected["world"]["tables"])
        )
        assert verify(workspace).faults == []
    finally:
        workspace.close()


def test_its_shared_folder_is_read_afresh_to_the_same_figures(frozen: FrozenWorld) -> None:
    lead = frozen.open("lead")
    about = lead.about
    lead.close()
    workspace = Workspace.ask_to_join(
        frozen.folder / "newcomer",
        MemoryKeyStore(),
        workspace=about.workspace,
        name=about.name,
        founder=Founder("Northamptonshire Healthcare", "RP1", "QI lead", "Laptop 9"),
        store=str(frozen.folder / "shared-folder"),
        slot="newcomer",
        clock=GivenClock(),
    )
    try:
        share(workspace, frozen.share, grace_ms=0)
        # Whoever finds a laptop signing two ways keeps a proof of it, which changes no figure.
        found = state(workspace, frozen.expected["world"])
        assert {**found, "records": 5} == frozen.expected["world"]
    finally:
        workspace.close()


# --- what it could not read -----------------------------------------------------------------


def verdicts(replica: SqliteReplica) -> dict[int, int]:
    found = replica._sql("SELECT verdict, COUNT(*) FROM operation GROUP BY verdict")  # noqa: SLF001
    return dict(tuple(row) for row in found)


class Reader:
    """A replica that judges with a registry of its choice."""

    def __init__(self, frozen: FrozenWorld, name: str) -> None:
        lead = frozen.open("lead")
        self.book = lead.book
        lead.close()
        self.database = Database(frozen.folder / f"{name}.sqlite3")

    @contextmanager
    def engine(self, registry: Registry) -> Iterator[tuple[Engine, SqliteReplica]]:
        with self.database.write() as connection:
            replica = SqliteReplica(connection, registry=registry)
            yield Engine(replica, registry, self.book, None, lambda: 0), replica

    def receive(self, registry: Registry, files: Sequence[bytes]) -> None:
        with self.engine(registry) as (engine, _):
            engine.receive(files)

    def rebuild(self, registry: Registry) -> None:
        with self.engine(registry) as (engine, _):
            engine.rebuild()

    @property
    def figures(self) -> tuple[str, dict[int, int]]:
        with self.database.write() as connection:
            root = state_root(connection).hex()
            return root, verdicts(SqliteReplica(connection))


@pytest.fixture
def all_files(frozen: FrozenWorld) -> list[bytes]:
    return [*frozen.segments(), *frozen.newer()]


def told(expected: Mapping[str, Any]) -> tuple[str, dict[int, int]]:
    return expected["state_root"], {int(n): c for n, c in expected["verdicts"].items()}


def test_a_reader_of_version_1_holds_what_is_newer_in_any_order(
    frozen: FrozenWorld, all_files: list[bytes]
) -> None:
    random.Random(1).shuffle(all_files)  # noqa: S311 - any order will do
    reader = Reader(frozen, "older")
    for at in range(0, len(all_files), 4):
        reader.receive(VERSION_1, all_files[at : at + 4])
    assert reader.figures == told(frozen.expected["holding"])
    reader.database.close()


def test_what_was_held_is_replayed_after_an_upgrade_as_if_never_held(
    frozen: FrozenWorld, all_files: list[bytes]
) -> None:
    older, newer = Reader(frozen, "older"), Reader(frozen, "newer")
    older.receive(VERSION_1, all_files)
    older.rebuild(REGISTRY)
    newer.receive(REGISTRY, all_files)
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
