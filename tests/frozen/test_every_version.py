"""What every version wrote is read by the present one to the same figures, and gone on with."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from collabdesk.services.membership import Founder
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.verify import verify
from collabdesk.services.workspace import Workspace
from collabdesk.sync.registry import REGISTRY, REGISTRY_VERSION, Registry
from tests.support.alliance import GivenClock, MemoryKeyStore
from tests.support.frozen import FROZEN, FrozenWorld, Reader, read_state, told, unpack

VERSIONS = sorted((folder.name for folder in FROZEN.iterdir()), key=lambda name: int(name[1:]))
# Whoever finds a laptop signing two ways keeps a proof of it, which changes no figure.
PROOFS = {"v1": 1, "v2": 0}


def test_every_version_of_the_registry_is_kept() -> None:
    assert [f"v{number}" for number in range(1, REGISTRY_VERSION + 1)] == VERSIONS


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def frozen(version: str, tmp_path: Path) -> FrozenWorld:
    return unpack(version, tmp_path / version)


def state(workspace: Workspace, expected: Mapping[str, Any]) -> dict[str, Any]:
    return workspace.query(lambda reads: read_state(reads, expected["tables"]))


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


def test_its_shared_folder_is_read_afresh_to_the_same_figures(
    frozen: FrozenWorld, version: str
) -> None:
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
        found = state(workspace, frozen.expected["world"])
        found["records"] -= PROOFS[version]
        assert found == frozen.expected["world"]
    finally:
        workspace.close()


def test_a_reader_of_its_version_holds_what_is_newer_in_any_order(
    frozen: FrozenWorld, version: str
) -> None:
    all_files = frozen.all_files()
    random.Random(1).shuffle(all_files)  # noqa: S311 - any order will do
    registry = Registry(int(version[1:]), REGISTRY.rooms)
    reader = Reader(frozen, "older")
    for at in range(0, len(all_files), 4):
        reader.receive(registry, all_files[at : at + 4])
    assert reader.figures == told(frozen.expected["holding"])
    reader.database.close()


def test_what_it_held_is_held_or_judged_and_never_dropped(frozen: FrozenWorld) -> None:
    holding = frozen.expected["holding"]
    workspace = frozen.open("lead-holding")
    try:
        found = state(workspace, holding)
        assert found["segments"] == holding["segments"]
        assert sum(found["verdicts"].values()) == sum(holding["verdicts"].values())
        if frozen.expected["version"] == REGISTRY_VERSION:
            assert found == holding
        assert verify(workspace).faults == []
    finally:
        workspace.close()
