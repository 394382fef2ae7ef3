"""How long a run may take: the short sizes of every day, or the full ones of a release."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    full: bool = False

    def size(self, full: int, short: int) -> int:
        """Return a size: that of a full run, or that of a short one."""
        return full if self.full else short
