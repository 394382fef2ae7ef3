"""A store that counts what is asked of it, for the page that shows a sync's cost and for tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from collabdesk.sync.stores.port import Entries, Entry, ProbeReport, Store

Folders = list[str]


@dataclass
class CountingStore:
    """Passes every verb on, and remembers which folders were listed and how much was read."""

    inner: Store
    listed: Folders = field(default_factory=list)
    reads: int = 0
    bytes_read: int = 0
    puts: int = 0

    @property
    def lists(self) -> int:
        """Return how many folders were listed."""
        return len(self.listed)

    def list(self, folder: str) -> Entries:
        """List, and count."""
        self.listed.append(folder)
        return self.inner.list(folder)

    def get(self, path: str, limit: int) -> bytes | None:
        """Read, and count."""
        self.reads += 1
        content = self.inner.get(path, limit)
        self.bytes_read += len(content or b"")
        return content

    def put_new(self, path: str, content: bytes) -> None:
        """Publish, and count."""
        self.puts += 1
        self.inner.put_new(path, content)

    def stat(self, path: str) -> Entry | None:
        """Pass on."""
        return self.inner.stat(path)

    def remove_own(self, path: str) -> None:
        """Pass on."""
        self.inner.remove_own(path)

    def probe(self, folder: str = "") -> ProbeReport:
        """Pass on."""
        return self.inner.probe(folder)
