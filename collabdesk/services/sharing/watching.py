"""Sharing again and again: on an interval, and soon after the folder changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

from collabdesk.errors import CollabDeskError
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.sync.stores.port import Store

LOOK_SECONDS: Final = 3.0
"""Between two glances at the folders' times of change; a glance lists and reads nothing."""

Told = Callable[[SyncReport], None]
Failed = Callable[[CollabDeskError], None]
_Glance = tuple[tuple[str, int], ...]


@dataclass
class Watching:
    """Shares one workspace until it is stopped; a fault is told and the next turn tries again."""

    workspace: Workspace
    store: Store
    told: Told
    failed: Failed
    seconds: float
    stop: Event
    look_seconds: float = LOOK_SECONDS
    exchanges: int = 0

    def run(self) -> None:
        """Share until stopped; what is under way ends at its next safe point."""
        known: Sequence[str] = ()
        while not self.stop.is_set():
            # Taken before the exchange, so that nothing put meanwhile is overlooked.
            before = self._glance(known)
            folders = self._share()
            if folders == known or not folders:
                self._wait(folders, before)
            known = folders

    def _share(self) -> Sequence[str]:
        try:
            report = share(self.workspace, self.store, cancelled=self.stop.is_set)
        except CollabDeskError as fault:
            self.failed(fault)
            return ()
        self.exchanges += 1
        self.told(report)
        return report.looked_into

    def _wait(self, folders: Sequence[str], before: _Glance) -> None:
        """Wait for the interval's end, the stop, or a change in the folders looked into."""
        left = self.seconds
        while left > 0 and not self.stop.wait(min(left, self.look_seconds)):
            left -= self.look_seconds
            if folders and self._glance(folders) != before:
                return

    def _glance(self, folders: Sequence[str]) -> _Glance:
        """Return when each folder last changed; only a hint, and none where it cannot be told."""
        root = Path(self.workspace.about.store)
        found = []
        for folder in folders:
            try:
                found.append((folder, (root / folder).stat().st_mtime_ns))
            except OSError:
                continue
        return tuple(found)
