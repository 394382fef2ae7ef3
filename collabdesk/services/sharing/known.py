"""Which files of the folder need no reading, and where each laptop's newest change set lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from collabdesk.services.sharing.noticing import look
from collabdesk.services.workspace import Workspace
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import names
from collabdesk.sync.listing import Listing, Newest


class Known:
    """Tells of a path that its content was read, or is left aside as it stands.

    Looked up folder by folder, so that a quiet look costs what it lists.
    """

    RETRY_MS: Final = 10 * 60 * 1000
    """What could not be read is tried again after this time, or when its size changes."""

    def __init__(self, workspace: Workspace, *, again: bool) -> None:
        """Begin with nothing looked up; `again` tries at once what could not be read."""
        self._workspace = workspace
        self._again = again
        self._now = workspace.clock.now_ms()
        self._seen: dict[str, frozenset[str]] = {}
        self._aside: dict[str, Mapping[str, tuple[int, int | None]]] = {}
        self.listing: Listing | None = None

    def __call__(self, path: str) -> bool:
        """Tell whether a file needs no reading."""
        folder = path.rpartition("/")[0]
        if folder not in self._seen:
            self._look_up(folder)
        if path in self._seen[folder]:
            return True
        aside = self._aside[folder].get(path)
        return aside is not None and self._stays(path, *aside)

    def _look_up(self, folder: str) -> None:
        def find(log: ShareLog) -> None:
            self._seen[folder] = frozenset(log.seen_in(folder))
            self._aside[folder] = log.aside_in(folder)

        look(self._workspace, find)

    def _stays(self, path: str, size: int, until_ms: int | None) -> bool:
        if self.listing is None or self.listing.size_at(path) != size:
            return False
        if until_ms is None:
            return True
        # A clock that was wrong by years must not keep a file unread for years.
        return not self._again and 0 < until_ms - self._now <= self.RETRY_MS


def where_newest(log: ShareLog) -> Mapping[bytes, Newest]:
    """Return where the newest change set of each laptop lies in its own folder, by dev16."""
    found: dict[bytes, Newest] = {}
    for dev, seq, path in log.newest_places():
        slot = slot_of(path)
        if slot and "/d/" in path:
            found.setdefault(dev, Newest(slot, seq))
    return found


def slot_of(path: str) -> str:
    """Return the organisation's folder a path lies in; nothing outside them."""
    _, o, slot, *rest = [*path.split("/"), "", "", ""]
    return slot if o == "o" and any(rest) and names.is_slot(slot) else ""
