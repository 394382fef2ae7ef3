"""A file system that forgets what was not flushed: the calls below a real folder store.

Every call that lasts may be a laptop's last. Content that was written and not flushed is
torn when the laptop stops; calls fail as Linux and Windows make them fail.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from collabdesk.sync.stores.disk import Disk
from collabdesk.sync.stores.folder import FolderStore
from tests.simulation.faults import Fault, Weather
from tests.simulation.power import Power, PowerFailedError
from tests.simulation.share import SimShare

ROOT: Final = Path("/simulated-share")
_HELD: Final = {Fault.HELD_5: 5, Fault.HELD_32: 32, Fault.HELD_33: 33}
_NAMED: Final = {
    Fault.STORE_FULL: errno.ENOSPC,
    Fault.READ_ONLY: errno.EROFS,
    Fault.DENIED: errno.EACCES,
}


@dataclass
class SimDisk(Disk):
    """The share as one laptop's operating system shows it."""

    share: SimShare
    weather: Weather
    power: Power
    now_ms: Callable[[], int]
    links: bool = True
    _open: dict[int, str] = field(default_factory=dict)
    _unflushed: set[int] = field(default_factory=set)
    _storm: dict[str, int] = field(default_factory=dict)
    _dead: bool = False

    def start(self) -> None:
        """Let the laptop run again after a stop."""
        self._dead = False
        self._open.clear()
        self._unflushed.clear()

    def is_root(self, path: Path) -> bool:
        return path == ROOT or self.share.is_folder(_key(path))

    def look(self, path: Path) -> os.stat_result:
        key = _key(path)
        content = self.share.files.get(key)
        if content is not None:
            return _facts(stat.S_IFREG, len(content))
        if self.share.is_folder(key):
            return _facts(stat.S_IFDIR, 0)
        raise FileNotFoundError(errno.ENOENT, "not here", str(path))

    def scan(self, folder: Path) -> Iterator[tuple[str, os.stat_result]]:
        if not self.share.is_folder(_key(folder)):
            raise FileNotFoundError(errno.ENOENT, "not here", str(folder))
        for name, content in list(self.share.entries(_key(folder))):
            kind = stat.S_IFDIR if content is None else stat.S_IFREG
            yield name, _facts(kind, len(content or b""))

    def read(self, path: Path, limit: int) -> tuple[os.stat_result, bytes]:
        facts = self.look(path)
        content = self.share.files.get(_key(path), b"")
        return facts, content if len(content) <= limit else b""

    def make_folder(self, path: Path) -> None:
        with self._lasting("make_folder"):
            self.share.make_folder(_key(path))

    def create(self, path: Path) -> int:
        key = _key(path)
        if key in self.share.files:
            raise FileExistsError(errno.EEXIST, "is here", str(path))
        if not self.share.is_folder(key.rpartition("/")[0]):
            raise FileNotFoundError(errno.ENOENT, "no folder", str(path))
        with self._lasting("create"):
            self.share.write(key, b"")
        descriptor = 3 + len(self._open)
        self._open[descriptor] = key
        self._unflushed.add(descriptor)
        return descriptor

    def write(self, descriptor: int, content: bytes) -> None:
        key = self._open[descriptor]
        with self._lasting("write"):
            self.share.write(key, self.share.files.get(key, b"") + content)

    def size(self, descriptor: int) -> int:
        return len(self.share.files.get(self._open[descriptor], b""))

    def flush(self, descriptor: int) -> None:
        with self._lasting("flush"):
            self._unflushed.discard(descriptor)

    def close(self, descriptor: int) -> None:
        self._alive()

    def flush_folder(self, folder: Path) -> None:
        with self._lasting("flush_folder"):
            """The folder's names were never lost here."""

    def link(self, source: Path, target: Path) -> None:
        if not self.links:
            raise PermissionError(errno.EPERM, "no hard links here")
        if _key(target) in self.share.files:
            raise FileExistsError(errno.EEXIST, "is here", str(target))
        with self._lasting("link"):
            self.share.write(_key(target), self._content(source))

    def rename(self, source: Path, target: Path) -> None:
        self.replace(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self._held(_key(target))
        with self._lasting("replace"):
            self.share.write(_key(target), self._content(source))
            self.share.remove(_key(source))

    def remove(self, path: Path) -> None:
        self._content(path)
        self._held(_key(path))
        with self._lasting("remove"):
            self.share.remove(_key(path))

    def free(self, folder: Path) -> int:
        return 1 << 40

    def now(self) -> int:
        return self.now_ms() // 1_000

    def wait(self, seconds: float) -> None:
        """Nobody waits in a simulation."""

    # --- what goes wrong -----------------------------------------------------------------

    def _lasting(self, step: str) -> _Lasting:
        self._alive()
        fault = self.weather.one_of(*_NAMED) if step in {"create", "write"} else None
        if fault is not None:
            raise OSError(_NAMED[fault], "as the system says")
        return _Lasting(self, step)

    def _held(self, key: str) -> None:
        """Let another program hold the file for a while, as Windows tells it."""
        fault = self.weather.one_of(*_HELD) if key not in self._storm else None
        if fault is not None:
            self._storm[key] = self.weather.dice.randrange(1, 9)
        left = self._storm.get(key, 0)
        if left:
            self._storm[key] = left - 1
            error = OSError(errno.EACCES, "as Windows says")
            error.winerror = _HELD[fault or Fault.HELD_32]  # type: ignore[attr-defined, unused-ignore]
            raise error
        self._storm.pop(key, None)

    def _content(self, path: Path) -> bytes:
        self._alive()
        content = self.share.files.get(_key(path))
        if content is None:
            raise FileNotFoundError(errno.ENOENT, "not here", str(path))
        return content

    def _alive(self) -> None:
        if self._dead:
            raise PowerFailedError

    def stop(self) -> None:
        """Lose or tear what was not flushed; nothing runs from now on."""
        self._dead = True
        for descriptor in sorted(self._unflushed):
            path = self._open[descriptor]
            if self.share.files.get(path):
                self.weather.struck[Fault.TORN_WRITE] += 1
                self.share.cut(path, self.weather.dice)


class _Lasting:
    """One call that lasts; a laptop that stops in it tears what it had not flushed."""

    def __init__(self, disk: SimDisk, step: str) -> None:
        self.disk = disk
        self.step = step

    def __enter__(self) -> None:
        try:
            self.disk.power.before(self.step)
        except PowerFailedError:
            self.disk.stop()
            raise

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            return
        try:
            self.disk.power.after(self.step)
        except PowerFailedError:
            self.disk.stop()
            raise


class SimFolder(FolderStore):
    """The program's own folder store over the simulated file system."""

    def __init__(self, disk: SimDisk, *, synced: bool) -> None:
        self.sim = disk
        staging = ROOT / "staging" if synced else None
        if synced:
            disk.share.make_folder("staging")
        super().__init__(ROOT, disk=disk, synced=synced, staging=staging)

    def use(self, share: SimShare) -> None:
        """Reach another share from now on."""
        self.sim.share = share
        share.make_folder("staging")


def _key(path: Path) -> str:
    key = str(path)[len(str(ROOT)) :].lstrip("/")
    return "" if key == "." else key


def _facts(kind: int, size: int) -> os.stat_result:
    return os.stat_result((kind | 0o666, 1, 1, 1, 0, 0, size, 0, 0, 0))
