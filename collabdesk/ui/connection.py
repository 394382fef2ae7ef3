"""The truth about the connection, in words; working offline is normal and never red."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400


@dataclass(frozen=True)
class Connection:
    """Shared, offline, the shared folder not found, or not known before a workspace is open."""

    state: Literal["shared", "offline", "missing", "opening"]
    ago: dt.timedelta | None = None
    waiting: int = 0

    @property
    def words(self) -> str:
        """The state in words."""
        if self.state == "shared":
            return f"Shared {_ago(self.ago)}" if self.ago is not None else "Not shared yet"
        if self.state == "opening":
            return "Opening your workspace"
        if self.state == "missing":
            return "Shared folder not found: nothing is lost"
        if not self.waiting:
            return "Offline: nothing waiting"
        count = "1 change" if self.waiting == 1 else f"{self.waiting:,} changes"
        return f"Offline: {count} waiting"


def _ago(age: dt.timedelta) -> str:
    seconds = int(age.total_seconds())
    for size, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"
