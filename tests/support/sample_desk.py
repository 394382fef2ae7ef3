"""The sample alliance, built once and copied for each test: three laptops and a shared folder."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from collabdesk.services.sample import partners
from collabdesk.services.sample.build import build_sample
from collabdesk.services.sample.partners import Seat
from collabdesk.services.workspace import Workspace
from collabdesk.sync.stores.folder import FolderStore
from tests.support.alliance import MemoryKeyStore

LEAD = "RHA"
SHARE = "shared-folder"


@dataclass(frozen=True)
class BuiltSample:
    """A built sample: its folder, and the keys of each laptop by ODS code."""

    folder: Path
    keys: Mapping[str, MemoryKeyStore]

    def copy_to(self, folder: Path) -> BuiltSample:
        """Copy the laptops and the shared folder, for a test to spoil."""
        shutil.copytree(self.folder, folder)
        copied = {code: MemoryKeyStore() for code in self.keys}
        for code, keys in copied.items():
            keys.kept.update(self.keys[code].kept)
            _point_at(folder / code, self.folder / SHARE, folder / SHARE)
        return BuiltSample(folder, copied)

    def share(self) -> FolderStore:
        """Return the shared folder of this copy."""
        return FolderStore(self.folder / SHARE)

    def open(self, code: str = LEAD) -> Workspace:
        """Open a laptop's workspace; whoever opens it closes it."""
        return Workspace(self.folder / code, self.keys[code])


def _point_at(laptop: Path, before: Path, now: Path) -> None:
    """Let a copied laptop share through the copied folder."""
    with closing(sqlite3.connect(laptop / "workspace.sqlite3")) as database, database:
        database.execute(
            "UPDATE setting SET value = CAST(replace(CAST(value AS TEXT), ?, ?) AS BLOB) "
            "WHERE key = 'about'",
            (str(before), str(now)),
        )


def build(folder: Path) -> BuiltSample:
    """Build the sample under a folder and close it."""
    keys = {partner.code: MemoryKeyStore() for partner in partners.seated()}
    share = folder / SHARE
    share.mkdir(parents=True)

    def seat(code: str) -> Seat:
        return Seat(folder / code, keys[code], FolderStore(share), str(share))

    for desk in build_sample(seat):
        desk.workspace.close()
    return BuiltSample(folder, keys)
