"""One running CollabDesk for each workspace of a person, kept by a lock the system lets go of.

The lock belongs to the open file, so a crash or a power cut leaves nothing to clear away.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from collabdesk.errors import NotPossible

NAME = "open.lock"


class Held:
    """The right to be the one program that has a folder open; given back by `release`."""

    def __init__(self, file: IO[bytes]) -> None:
        """Keep the open file whose lock is the right; use `hold`."""
        self._file = file

    def release(self) -> None:
        """Give the folder back; a second call does nothing."""
        self._file.close()

    def __enter__(self) -> Self:
        """Hold it for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the folder back."""
        self.release()


def hold(folder: Path) -> Held:
    """Take the folder for this program, or raise NotPossible naming the program that has it."""
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Opened for update without emptying: until the lock is ours the content is another's.
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
    except OSError as fault:
        raise NotPossible(
            code="folder-not-writable",
            words=f"{folder} cannot be opened for writing: {fault.strerror or fault}.",
            remedy="Check that this account may write there and that the disk has room.",
            field="folder",
        ) from fault
    if not _lock(file):
        holder = _holder(file)
        file.close()
        raise _taken(folder, holder)
    file.truncate(0)
    file.seek(0)
    file.write(str(os.getpid()).encode("ascii"))
    return Held(file)


def _lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far beyond the content, so that the number in it can still be read.
            file.seek(1 << 20)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(file: IO[bytes]) -> str:
    file.seek(0)
    number = file.read(20).decode("ascii", "replace").strip()
    return f" (process {number})" if number.isdecimal() else ""


def _taken(folder: Path, holder: str) -> NotPossible:
    return NotPossible(
        code="already-open",
        words=f"The workspace in {folder} is already open on this computer{holder}.",
        remedy="Go to the window that is open, or close it and try again.",
    )
