"""The power fails between any two steps of a publication."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collabdesk.sync import names
from collabdesk.sync.stores.folder import FolderStore
from tests.support.power_cut import PowerCut, PowerCutError

RECORD = f"{names.workspace_folder(bytes(32))}/{names.record_path('lincs', b'a record')}"
CONTENT = b"the whole of the content " * 400
DAMAGED = CONTENT[:-1] + b"?"

Opens = Callable[[Path, PowerCut], FolderStore]


def local(folder: Path, disk: PowerCut) -> FolderStore:
    return FolderStore(folder / "share", disk=disk)


def without_links(folder: Path, disk: PowerCut) -> FolderStore:
    disk.links = False
    return FolderStore(folder / "share", disk=disk)


def synced(folder: Path, disk: PowerCut) -> FolderStore:
    return FolderStore(folder / "share", synced=True, staging=folder / "staging", disk=disk)


def fresh(folder: Path, before: bytes | None) -> Path:
    file = folder / "share" / RECORD
    file.parent.mkdir(parents=True) if before is not None else (folder / "share").mkdir(
        parents=True
    )
    if before is not None:
        file.write_bytes(before)
    return file


@pytest.mark.parametrize("opens", [local, without_links, synced])
@pytest.mark.parametrize("before", [None, b"", DAMAGED, CONTENT])
def test_either_the_old_or_the_whole_new_file_is_seen(
    tmp_path: Path, opens: Opens, before: bytes | None
) -> None:
    whole = PowerCut()
    fresh(tmp_path / "whole", before)
    opens(tmp_path / "whole", whole).put_new(RECORD, CONTENT)
    assert whole.steps >= (1 if before == CONTENT else 8)
    for step in range(1, whole.steps + 1):
        folder = tmp_path / str(step)
        file = fresh(folder, before)
        with pytest.raises(PowerCutError):
            opens(folder, PowerCut(fails_at=step)).put_new(RECORD, CONTENT)
        seen = file.read_bytes() if file.exists() else None
        assert seen in {before, CONTENT}
        opens(folder, PowerCut()).put_new(RECORD, CONTENT)
        assert file.read_bytes() == CONTENT
