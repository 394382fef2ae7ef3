"""A shared folder that this computer sees as a folder: local, mounted or kept by a sync client.

Nothing in it is followed or believed: only regular files are opened, below real folders,
under names that `paths` allows.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from collabdesk.sync.stores import paths
from collabdesk.sync.stores.disk import Disk, is_file, is_folder, patiently
from collabdesk.sync.stores.paths import Parts
from collabdesk.sync.stores.placing import Placing
from collabdesk.sync.stores.port import Entries, Entry, ProbeReport, TooLarge
from collabdesk.sync.stores.probing import probe_folder
from collabdesk.sync.stores.refusals import (
    folder_flooded,
    folder_not_readable,
    share_not_found,
    write_refusal,
)

MAX_ENTRIES: Final = 200_000
"""Names read from one folder: more would cost memory, and only a flood has as many."""

_MISSING: Final = (FileNotFoundError, NotADirectoryError)
# These say that this computer is in trouble, not the file.
_OURS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})


class FolderStore:
    """A store in a folder; `synced` where a client such as OneDrive carries it to others.

    A synced folder's files are made ready in `staging`, which lies outside the synced tree
    and best on the same volume; without one, in the system's folder for temporary files.
    """

    def __init__(
        self,
        root: Path,
        *,
        synced: bool = False,
        staging: Path | None = None,
        disk: Disk | None = None,
    ) -> None:
        """Keep the folder people chose; nothing is opened yet."""
        self._root = root
        self._disk = disk or Disk()
        outside = staging or Path(tempfile.gettempdir()) if synced else None
        self._placing = Placing(self._disk, root, outside)
        self._real: set[tuple[str, ...]] = set()

    def list(self, folder: str) -> Entries:
        """Return the regular files and real folders in a folder."""
        parts = paths.check_folder(folder)
        try:
            if self._is_real(parts):
                return self._entries(parts)
        except _MISSING:
            pass
        except OSError as error:
            self._require_root()
            reason = error.strerror or str(error)
            raise folder_not_readable(self._root, folder, reason) from error
        self._require_root()
        return []

    def get(self, path: str, limit: int) -> bytes | None:
        """Return a regular file's bytes, or None while it cannot be read."""
        parts = paths.check_found(path)
        try:
            content = self._read(parts, path, limit)
        except OSError as error:
            if error.errno in _OURS:
                raise
            content = b""
        if not content:
            self._require_root()
        return content or None

    def put_new(self, path: str, content: bytes) -> None:
        """Publish a file: made ready elsewhere, flushed, and given its name in one step."""
        parts = paths.check_own(path)
        self._require_root()
        self._placing.put(parts, content)

    def stat(self, path: str) -> Entry | None:
        """Return a regular file's entry."""
        parts = paths.check_found(path)
        try:
            if self._is_real(parts[:-1]):
                facts = self._disk.look(self._root.joinpath(*parts))
                if is_file(facts):
                    return Entry(parts[-1], facts.st_size, is_file=True)
        except OSError:
            pass
        self._require_root()
        return None

    def remove_own(self, path: str) -> None:
        """Remove a regular file of one's own slot."""
        parts = paths.check_removable(path)
        if self.stat(path) is None:
            return
        try:
            patiently(self._disk, lambda: self._disk.remove(self._root.joinpath(*parts)))
        except FileNotFoundError:
            return
        except OSError as error:
            raise write_refusal(error, self._root, path) from error

    def probe(self, folder: str = "") -> ProbeReport:
        """Try what the folder can do."""
        self._require_root()
        return probe_folder(self._disk, self._root.joinpath(*paths.check_folder(folder)))

    def _read(self, parts: Parts, path: str, limit: int) -> bytes:
        if not self._is_known_real(parts[:-1]):
            return b""
        facts, content = self._disk.read(self._root.joinpath(*parts), limit + 1)
        if is_file(facts) and max(facts.st_size, len(content)) > limit:
            raise TooLarge(path, limit)
        return content

    def _entries(self, parts: Parts) -> Entries:
        found: Entries = []
        for entry in self._scan(parts):
            if len(found) == MAX_ENTRIES:
                raise folder_flooded(self._root, "/".join(parts), MAX_ENTRIES)
            found.append(entry)
        return found

    def _scan(self, parts: Parts) -> Iterator[Entry]:
        for name, facts in self._disk.scan(self._root.joinpath(*parts)):
            if paths.is_found_name(name) and (is_file(facts) or is_folder(facts)):
                yield Entry(name, facts.st_size if is_file(facts) else 0, is_file(facts))

    def _is_known_real(self, parts: Parts) -> bool:
        # Asking anew for each file would cost more round trips than the file itself.
        return tuple(parts) in self._real or self._is_real(parts)

    def _is_real(self, parts: Parts) -> bool:
        """Tell whether every folder on the way is one, and none a link to another place."""
        for depth in range(1, len(parts) + 1):
            if not is_folder(self._disk.look(self._root.joinpath(*parts[:depth]))):
                self._real.discard(tuple(parts))
                return False
        self._real.add(tuple(parts))
        return True

    def _require_root(self) -> None:
        if not self._disk.is_root(self._root):
            raise share_not_found(self._root)
