"""What each process of a race does."""

from __future__ import annotations

from pathlib import Path

from collabdesk.sync.stores.folder import FolderStore


def race(root: Path, paths: list[str], content: bytes) -> int:
    """Publish the same files as every other process, and return how many succeeded."""
    for path in paths:
        FolderStore(root).put_new(path, content)
    return len(paths)
