"""A disk on which chosen calls fail in chosen ways, as other systems' disks do."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from collabdesk.sync.stores.disk import Disk

T = TypeVar("T")

ALWAYS = 1_000
DAY = 24 * 3600


def posix(number: int) -> OSError:
    """Return the error of a system call."""
    return OSError(number, os.strerror(number))


def windows(number: int) -> OSError:
    """Return an error as Windows numbers it."""
    error = OSError(errno.EACCES, "as Windows says")
    error.winerror = number  # type: ignore[attr-defined, unused-ignore]
    return error


@dataclass
class OddDisk(Disk):
    """The file system of this computer, where `faults` gives each call its next errors."""

    faults: dict[str, list[OSError]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    clock: int = 1_800_000_000
    shortens: int = 0
    like_windows: bool = False
    between: dict[str, Callable[[], object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Rename as Windows does, if asked."""
        self.renames_without_replacing = self.like_windows

    def look(self, path: Path) -> os.stat_result:
        return self._call("look", lambda: Disk.look(self, path))

    def scan(self, folder: Path) -> Iterator[tuple[str, os.stat_result]]:
        return self._call("scan", lambda: Disk.scan(self, folder))

    def read(self, path: Path, limit: int) -> tuple[os.stat_result, bytes]:
        return self._call("read", lambda: Disk.read(self, path, limit))

    def make_folder(self, path: Path) -> None:
        self._call("make_folder", lambda: Disk.make_folder(self, path))

    def create(self, path: Path) -> int:
        return self._call("create", lambda: Disk.create(self, path))

    def write(self, descriptor: int, content: bytes) -> None:
        self._call("write", lambda: Disk.write(self, descriptor, content))

    def size(self, descriptor: int) -> int:
        return Disk.size(self, descriptor) - self.shortens

    def flush(self, descriptor: int) -> None:
        self._call("flush", lambda: Disk.flush(self, descriptor))

    def link(self, source: Path, target: Path) -> None:
        self._call("link", lambda: Disk.link(self, source, target))

    def rename(self, source: Path, target: Path) -> None:
        if self.like_windows and target.exists():
            raise FileExistsError(errno.EEXIST, "as Windows says")
        self._call("rename", lambda: Disk.rename(self, source, target))

    def replace(self, source: Path, target: Path) -> None:
        self._call("replace", lambda: Disk.replace(self, source, target))

    def remove(self, path: Path) -> None:
        self._call("remove", lambda: Disk.remove(self, path))

    def free(self, folder: Path) -> int:
        return self._call("free", lambda: Disk.free(self, folder))

    def now(self) -> int:
        return self.clock

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def _call(self, name: str, act: Callable[[], T]) -> T:
        self.calls.append(name)
        self.between.pop(name, lambda: None)()
        if self.faults.get(name):
            raise self.faults[name].pop(0)
        return act()
