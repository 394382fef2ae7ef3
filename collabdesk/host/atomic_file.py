"""Write a small file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from collabdesk.errors import NotPossible

OWNER_ONLY = 0o600


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` by these bytes, readable by its owner alone; the old file stays on failure.

    A folder that is not there is not made: a mistyped place is said, not filled.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as fault:
        raise _cannot_write(path, fault) from fault
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(OWNER_ONLY)
        aside.replace(path)
        _settle(path.parent)
    except OSError as fault:
        aside.unlink(missing_ok=True)
        raise _cannot_write(path, fault) from fault


def _settle(folder: Path) -> None:
    """Make the new name survive a power cut, where the system lets a folder be opened."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot_write(path: Path, fault: OSError) -> NotPossible:
    return NotPossible(
        code="cannot-write",
        words=f"{path} could not be written: {fault.strerror or fault}. "
        "What was there is unchanged.",
        remedy="Check that the folder exists, can be written and has room, then try again.",
    )
