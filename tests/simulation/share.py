"""The shared folder itself: files by path, and the damage done to them behind our backs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from tests.simulation.faults import Fault

PATTERNS: Mapping[Fault, str] = {
    Fault.CONFLICT_HOST: "{stem}-DESKTOP-AB12.{suffix}",
    Fault.CONFLICT_NUMBER: "{stem} (1).{suffix}",
    Fault.CONFLICT_SYNC: "{stem}.sync-conflict-20260301-101500-ABCDEFG.{suffix}",
    # A German sync client's copy, its umlaut in two code points.
    Fault.DECOMPOSED: "{stem} für später.{suffix}",
}


@dataclass
class SimShare:
    """Files by path below the folder people chose; folders are there as long as their files."""

    files: dict[str, bytes] = field(default_factory=dict)
    previous: dict[str, bytes] = field(default_factory=dict)
    unflushed: dict[str, bool] = field(default_factory=dict)
    folders: dict[str, dict[str, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the folders."""
        self._index()

    def write(self, path: str, content: bytes) -> None:
        """Put content under a path."""
        before = self.files.get(path)
        if before is None:
            self._add(path)
        elif before != content:
            self.previous[path] = before
        self.files[path] = content

    def remove(self, path: str) -> None:
        """Take a file away."""
        if self.files.pop(path, None) is not None:
            folder, _, name = path.rpartition("/")
            del self.folders[folder][name]

    def move(self, path: str, to: str) -> None:
        """Give a file another name."""
        self.write(to, self.files[path])
        self.remove(path)

    def entries(self, folder: str) -> Iterator[tuple[str, bytes | None]]:
        """Yield what stands in a folder: names with content, None for a folder."""
        prefix = f"{folder}/" if folder else ""
        for name, is_folder in self.folders.get(folder, {}).items():
            yield name, None if is_folder else self.files[prefix + name]

    def is_folder(self, path: str) -> bool:
        """Tell whether a folder is there."""
        return path in self.folders

    def paths(self, *suffixes: str) -> list[str]:
        """Return the paths of files with these suffixes, in order."""
        return sorted(path for path in self.files if path.endswith(suffixes))

    def replace_all(self, files: Mapping[str, bytes]) -> None:
        """Make the folder what it was, or what another copy of it is."""
        self.files = dict(files)
        self.unflushed.clear()
        self._index()

    # --- damage --------------------------------------------------------------------------

    def flip(self, path: str, dice: Random) -> None:
        """Change one bit."""
        content = bytearray(self.files[path])
        if content:
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        self.write(path, bytes(content))

    def cut(self, path: str, dice: Random) -> None:
        """Keep the beginning only."""
        content = self.files[path]
        self.write(path, content[: dice.randrange(len(content) + 1)])

    def rename(self, path: str, fault: Fault, *, keep: bool) -> None:
        """Leave a file under a sync client's name, beside its own or in its place."""
        folder, _, name = path.rpartition("/")
        stem, _, suffix = name.rpartition(".")
        other = name.upper()
        if fault is not Fault.FOLDED:
            other = PATTERNS[fault].format(stem=stem, suffix=suffix)
        self.write(f"{folder}/{other}", self.files[path])
        if not keep:
            self.remove(path)

    def lose_unflushed(self, dice: Random) -> int:
        """Let the file server start again, having lied about what it wrote."""
        lost = 0
        for path in [path for path in self.unflushed if path in self.files]:
            lost += 1
            match dice.randrange(3):
                case 0:
                    self.remove(path)
                case 1:
                    self.cut(path, dice)
                case _:
                    self.write(path, bytes(len(self.files[path])))
        self.unflushed.clear()
        return lost

    # --- folders -------------------------------------------------------------------------

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it; one that is emptied stays."""
        if path in self.folders:
            return
        self.folders[path] = {}
        if path:
            folder, _, name = path.rpartition("/")
            self.make_folder(folder)
            self.folders[folder][name] = True

    def _index(self) -> None:
        self.folders = {}
        self.make_folder("")
        for path in self.files:
            self._add(path)

    def _add(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self.make_folder(folder)
        self.folders[folder][name] = False
