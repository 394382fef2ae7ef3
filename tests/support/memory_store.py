"""A share that lives in memory and behaves: one `Share`, any number of stores that see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from collabdesk.sync.stores import paths
from collabdesk.sync.stores.port import Entries, Entry, ProbeReport, TooLarge
from collabdesk.sync.stores.refusals import share_not_found

ROOT = Path("memory")
CONFLICTS = (
    "{stem}-DESKTOP-AB12.{suffix}",
    "{stem} (1).{suffix}",
    "{stem}.sync-conflict-20260301-101500-ABCDEFG.{suffix}",
)


@dataclass
class Share:
    """The files of a shared folder, and what damage may be done to them behind our backs."""

    files: dict[str, bytes] = field(default_factory=dict)
    previous: dict[str, bytes] = field(default_factory=dict)
    reachable: bool = True

    def write(self, path: str, content: bytes) -> None:
        """Write a file as nobody should: with any name and any content."""
        if path in self.files:
            self.previous[path] = self.files[path]
        self.files[path] = content

    def flip(self, path: str, bit: int) -> None:
        """Flip one bit of a file."""
        content = bytearray(self.files[path])
        content[bit // 8 % len(content)] ^= 1 << bit % 8
        self.files[path] = bytes(content)

    def cut(self, path: str, length: int) -> None:
        """Keep only the beginning of a file."""
        self.files[path] = self.files[path][:length]

    def copy_aside(self, path: str, pattern: str = CONFLICTS[0]) -> str:
        """Duplicate a file under a sync client's name for a conflict, and return that name."""
        stem, _, suffix = path.rpartition(".")
        copy = pattern.format(stem=stem, suffix=suffix)
        self.files[copy] = self.files[path]
        return copy

    def move_aside(self, path: str, pattern: str = CONFLICTS[0]) -> str:
        """Leave a file only under a sync client's name for a conflict, and return that name."""
        copy = self.copy_aside(path, pattern)
        del self.files[path]
        return copy

    def fold(self, path: str) -> str:
        """Leave a file only under its name in capitals, and return that path."""
        folder, _, name = path.rpartition("/")
        folded = f"{folder}/{name.upper()}"
        self.files[folded] = self.files.pop(path)
        return folded

    def snapshot(self) -> dict[str, bytes]:
        """Return the files as they are, for `roll_back`."""
        return dict(self.files)

    def roll_back(self, snapshot: dict[str, bytes]) -> None:
        """Put the share back to what it was."""
        self.files = dict(snapshot)

    def fork(self) -> Share:
        """Return a copy that lives on by itself."""
        return Share(dict(self.files), dict(self.previous))

    def merge(self, other: Share) -> None:
        """Take in what another copy holds; where both hold a file, one's own stays."""
        self.files = {**other.files, **self.files}


@dataclass
class MemoryStore:
    """A store that never fails while its share can be reached."""

    share: Share = field(default_factory=Share)

    def list(self, folder: str) -> Entries:
        """Return the files and folders directly below a folder."""
        paths.check_folder(folder)
        self._require_share()
        prefix = f"{folder}/" if folder else ""
        below = [path[len(prefix) :] for path in self.share.files if path.startswith(prefix)]
        folders = {name.partition("/")[0] for name in below if "/" in name}
        files = [self._entry(prefix, name) for name in below if "/" not in name]
        return [*(Entry(name, 0, is_file=False) for name in sorted(folders)), *files]

    def get(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes."""
        paths.check_found(path)
        self._require_share()
        content = self.share.files.get(path)
        if content is not None and len(content) > limit:
            raise TooLarge(path, limit)
        return content or None

    def put_new(self, path: str, content: bytes) -> None:
        """Publish a file, replacing a damaged one."""
        paths.check_own(path)
        self._require_share()
        if self.share.files.get(path) != content:
            self.share.write(path, content)

    def stat(self, path: str) -> Entry | None:
        """Return a file's entry."""
        paths.check_found(path)
        self._require_share()
        folder, _, name = path.rpartition("/")
        return self._entry(f"{folder}/", name) if path in self.share.files else None

    def remove_own(self, path: str) -> None:
        """Remove a file of one's own slot."""
        paths.check_removable(path)
        self._require_share()
        self.share.files.pop(path, None)

    def probe(self, folder: str = "") -> ProbeReport:
        """Report a share without limits."""
        paths.check_folder(folder)
        self._require_share()
        said = ("CollabDesk can write to this folder.",)
        return ProbeReport(
            creates=True,
            reads_back=True,
            renames=True,
            creates_once=True,
            folds_case=False,
            free=None,
            sentences=said,
        )

    def _entry(self, prefix: str, name: str) -> Entry:
        return Entry(name, len(self.share.files[prefix + name]), is_file=True)

    def _require_share(self) -> None:
        if not self.share.reachable:
            raise share_not_found(ROOT)
