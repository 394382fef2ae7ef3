"""A real workspace with a long history, and the shared folder it came through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.workload import Workload
from collabdesk.services.sharing.publish import root_of
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names, segment
from collabdesk.sync.engine import BATCH, Engine
from collabdesk.sync.registry import REGISTRY
from tests.support.alliance import Alliance, Desk, found_alliance
from tests.support.paper_alliance import Scribe, Written

OPERATIONS: Final = 100
"""In each change set."""
_MANY: Final = 1 << 40


@dataclass
class LargeWorkspace:
    """The laptop that reads, and what the two others wrote by hand."""

    alliance: Alliance
    desk: Desk
    written: list[Written]

    @property
    def root(self) -> Path:
        """The workspace's folder in the shared folder."""
        return self.alliance.share_folder / root_of(self.desk.workspace)

    def close(self) -> None:
        """Close every laptop."""
        self.alliance.close()


def large_workspace(folder: Path, operations: int, *, take_in: bool = True) -> LargeWorkspace:
    """Found an alliance of three; let two write that many operations and the third take them in."""
    alliance = found_alliance(folder / "alliance")
    writers = [alliance.desks["lead"], alliance.desks["a"]]
    reader = alliance.desks["b"]
    hands = [_hand(name, desk) for name, desk in alliance.desks.items() if desk is not reader]
    heads = [hand.last for hand in hands if hand.last]
    workload = Workload(hands, reader.workspace.about.workspace, heads=heads)
    written = list(workload.segments(operations // OPERATIONS, OPERATIONS))
    slots = {desk.workspace.about.key: desk.workspace.about.slot for desk in writers}
    made = LargeWorkspace(alliance, reader, written)
    for one in written:
        _publish(made.root, slots[one.header.dev], one)
    for start in range(0, len(written) if take_in else 0, BATCH):
        receive(reader, [one.file for one in written[start : start + BATCH]])
    return made


def receive(desk: Desk, files: Sequence[bytes]) -> None:
    """Take change sets in, in one transaction."""
    workspace = desk.workspace
    with workspace.database.write() as connection:
        replica = SqliteReplica(connection, workspace.about.slot)
        Engine(replica, REGISTRY, workspace.book, None, lambda: 0).receive(files)


def _hand(name: str, desk: Desk) -> Scribe:
    """Take the hand of a laptop: its own chain goes on."""
    workspace = desk.workspace
    book = workspace.book
    scribe = Scribe(name, workspace.me().organisation, workspace.keys().signing)
    scribe.workspace = workspace.about.workspace
    scribe.roster = book.roster_of(scribe.org) or scribe.roster
    scribe.epoch = (book.epoch.n, book.head.id)
    kept = workspace.write(lambda replica: replica.segments_from(0, _MANY))
    own = [segment.read(file) for _, dev, _, file in kept if dev == scribe.dev]
    if own:
        last = max(own, key=lambda read: read.header.seq)
        scribe.last = Written(b"", last.id, last.header)
    return scribe


def _publish(root: Path, slot: str, one: Written) -> None:
    path = root / names.segment_path(slot, one.header.dev, one.header.seq, one.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(one.file)
