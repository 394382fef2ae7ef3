"""The two versions of a laptop that signed two ways, for the person who says which stands."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.services.control.heads import Heads
from collabdesk.services.control.laptops import retire_laptop, settle_branches
from collabdesk.services.control.roster_signing import Listed, own_roster
from collabdesk.services.control.signing import administered_here
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.segment import read


@dataclass(frozen=True, slots=True)
class Version:
    """One way a laptop went: the end of it, its number, when it was made, and its changes."""

    id: bytes
    number: int
    wall_ms: int
    changes: int


def versions(workspace: Workspace, key: bytes) -> tuple[Version, ...]:
    """Return the versions a laptop signed, the longest first; empty if it signed one way."""
    with workspace.database.read() as reads:
        heads, replica = Heads(reads, workspace.book), SqliteReplica(reads)
        if not heads.forked_at(key):
            return ()
        found = []
        for branch in heads.branches(key):
            file = replica.segment_file(branch.head.id)
            if file is not None:
                header = read(file).header
                found.append(Version(branch.head.id, header.seq, header.wall_ms, header.n_ops))
    return tuple(found)


def settle(workspace: Workspace, key: bytes, version: bytes) -> Listed:
    """Say which version stands, and take the laptop out of use; its key is finished."""
    entry = administered_here(workspace)
    in_use = any(device.key == key for device in own_roster(workspace, entry.org).devices)
    return (retire_laptop if in_use else settle_branches)(workspace, key, version)
