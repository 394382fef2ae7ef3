"""The workspaces opened on this computer, and what each held when its window was last closed.

What was held is a head for each laptop, so that “what changed since” needs no clock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collabdesk.host.atomic_file import write_whole

KEPT = 30


@dataclass(frozen=True, slots=True)
class Visit:
    """One workspace: its folder, its words in the list, when it was left and what it held.

    `heads` gives the newest change set seen of each laptop (its 16-byte short name in hex).
    """

    folder: Path
    name: str
    detail: str
    left_ms: int = 0
    heads: Mapping[str, int] = field(default_factory=dict)


class Recent:
    """Reads and keeps the list; the workspace opened last stands first."""

    def __init__(self, path: Path) -> None:
        """Keep the list in a file."""
        self._path = path

    def all(self) -> tuple[Visit, ...]:
        """Return the workspaces whose folders are still there."""
        return tuple(visit for visit in self._read() if visit.folder.is_dir())

    def of(self, folder: Path) -> Visit | None:
        """Return the last visit to a folder."""
        return next((visit for visit in self._read() if visit.folder == folder), None)

    def keep(self, visit: Visit) -> None:
        """Put a visit first."""
        others = [known for known in self._read() if known.folder != visit.folder]
        listed = [_written(one) for one in (visit, *others)[:KEPT]]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, json.dumps(listed, indent=1, ensure_ascii=False).encode())

    def _read(self) -> list[Visit]:
        if not self._path.exists():
            return []
        try:
            return [_visit(entry) for entry in json.loads(self._path.read_text("utf-8"))]
        except (ValueError, TypeError, KeyError):
            self._path.replace(self._path.with_suffix(".damaged"))
            return []


def _written(visit: Visit) -> dict[str, object]:
    return {
        "folder": str(visit.folder),
        "name": visit.name,
        "detail": visit.detail,
        "left_ms": visit.left_ms,
        "heads": dict(visit.heads),
    }


def _visit(entry: dict[str, Any]) -> Visit:
    return Visit(
        Path(entry["folder"]),
        str(entry["name"]),
        str(entry["detail"]),
        int(entry["left_ms"]),
        {str(device): int(seq) for device, seq in entry["heads"].items()},
    )
