"""The calls on the operating system that a folder store makes, in one place.

A test puts its own in this place and cuts the power between any two of them.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

ACCESS_DENIED: Final = 5
SHARING: Final = frozenset({32, 33})
WAITS: Final = (0.05, 0.1, 0.2, 0.4, 0.75, 1.0)
"""Seconds between tries while a scanner or sync client holds a file: 2.5 in all."""

# Network file systems that cannot flush a folder say so in these ways.
_FOLDER_NOT_FLUSHED: Final = frozenset(
    {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOENT, errno.EACCES}
)
_NOT_FLUSHED: Final = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP})
_BINARY: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0)
# A pipe put there since we looked must not hold us up.
_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0)
_READ: Final = os.O_RDONLY | _BINARY | _NO_LINKS | _NO_WAIT
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _NO_LINKS
_JUNCTION: Final = 0xA0000003


class Disk:
    """The file system of this computer."""

    renames_without_replacing = os.name == "nt"

    def is_root(self, path: Path) -> bool:
        """Tell whether the folder people chose is there; it may be a link."""
        try:
            return path.is_dir()
        except OSError:
            return False

    def look(self, path: Path) -> os.stat_result:
        """Return what stands at a path, following no link."""
        return path.lstat()

    def scan(self, folder: Path) -> Iterator[tuple[str, os.stat_result]]:
        """Yield the names in a folder and what they are, following no link."""
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    yield entry.name, entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue

    def read(self, path: Path, limit: int) -> tuple[os.stat_result, bytes]:
        """Return what stands there and, of a regular file that is no longer, its bytes."""
        facts = path.lstat()
        if not _is_readable(facts, limit):
            return facts, b""
        with os.fdopen(os.open(path, _READ), "rb") as file:
            facts = os.fstat(file.fileno())
            return facts, file.read(limit) if _is_readable(facts, limit) else b""

    def make_folder(self, path: Path) -> None:
        """Make one folder."""
        path.mkdir()

    def create(self, path: Path) -> int:
        """Create a file that must not exist, and return its descriptor."""
        return os.open(path, _CREATE, 0o666)

    def write(self, descriptor: int, content: bytes) -> None:
        """Write all of the content."""
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    def size(self, descriptor: int) -> int:
        """Return the length of an open file in bytes."""
        return os.fstat(descriptor).st_size

    def flush(self, descriptor: int) -> None:
        """Wait until an open file is on the disk, where the file system can tell."""
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _NOT_FLUSHED:
                raise

    def close(self, descriptor: int) -> None:
        """Close a file."""
        os.close(descriptor)

    def flush_folder(self, folder: Path) -> None:
        """Wait until a folder's names are on the disk, where the file system can tell."""
        if os.name == "nt":
            return
        try:
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            if error.errno not in _FOLDER_NOT_FLUSHED:
                raise

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name, which must not exist."""
        os.link(source, target, follow_symlinks=False)

    def rename(self, source: Path, target: Path) -> None:
        """Move a file; on Windows the target must not exist."""
        source.rename(target)

    def replace(self, source: Path, target: Path) -> None:
        """Move a file over another in one step."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        path.rmdir()

    def free(self, folder: Path) -> int:
        """Return the free bytes of the volume."""
        return shutil.disk_usage(folder).free

    def now(self) -> int:
        """Return this computer's clock in whole seconds; it decides about litter alone."""
        return int(time.time())

    def wait(self, seconds: float) -> None:
        """Let another program finish with a file."""
        time.sleep(seconds)


def is_file(facts: os.stat_result) -> bool:
    """Tell whether it is a regular file."""
    return stat.S_ISREG(facts.st_mode)


def _is_readable(facts: os.stat_result, limit: int) -> bool:
    return is_file(facts) and facts.st_size <= limit


def is_folder(facts: os.stat_result) -> bool:
    """Tell whether it is a folder of its own, not a door to another place."""
    return stat.S_ISDIR(facts.st_mode) and getattr(facts, "st_reparse_tag", 0) != _JUNCTION


def patiently(disk: Disk, act: Callable[[], T]) -> T:
    """Do it again for a while where Windows says that another program holds the file."""
    for seconds in WAITS:
        try:
            return act()
        except OSError as error:
            if getattr(error, "winerror", None) not in {ACCESS_DENIED, *SHARING}:
                raise
        disk.wait(seconds)
    return act()
