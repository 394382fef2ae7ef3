"""Every store, behind one face that can also do what no store would."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from collabdesk.sync.stores.counting import CountingStore
from collabdesk.sync.stores.folder import FolderStore
from collabdesk.sync.stores.port import Store
from tests.support.memory_store import MemoryStore, Share


@dataclass
class Place:
    """A store, a way to write behind its back, and a way to make it vanish."""

    store: Store
    write: Callable[[str, bytes], None]
    vanish: Callable[[], None]


def folder_place(tmp_path: Path, *, synced: bool) -> Place:
    root = tmp_path / "share"
    root.mkdir()
    staging = tmp_path / "staging" if synced else None

    def write(path: str, content: bytes) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)

    store = FolderStore(root, synced=synced, staging=staging)
    return Place(store, write, lambda: shutil.rmtree(root))


def memory_place() -> Place:
    share = Share()

    def vanish() -> None:
        share.reachable = False

    return Place(MemoryStore(share), share.write, vanish)


def counted_place() -> Place:
    place = memory_place()
    return Place(CountingStore(place.store), place.write, place.vanish)


@pytest.fixture(params=["local", "synced", "memory", "counted"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "memory":
        return memory_place()
    if request.param == "counted":
        return counted_place()
    return folder_place(tmp_path, synced=request.param == "synced")
