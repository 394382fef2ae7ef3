"""A store with faults, drawn from a seed: the same seed and the same calls, the same faults.

Each laptop of a test has a `FaultyStore` of its own over one `Share`. Faults of the way
(delay, half-written, stale listing …) pass after a few looks of that laptop; faults of the
folder (flipped bit, lost file, conflict copy …) stay, for everybody, until somebody puts
the file back. `calm()` ends all that pass by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from collabdesk.sync.stores.port import Entries, Entry, ProbeReport
from collabdesk.sync.stores.refusals import (
    share_busy,
    share_full,
    share_not_found,
    share_read_only,
)
from tests.support.memory_store import CONFLICTS, ROOT, MemoryStore, Share


class Fault(StrEnum):
    """What may go wrong between a laptop and a share."""

    DELAYED = "a file arrives late"
    HALF_WRITTEN = "a file is seen before it is whole"
    EMPTY = "a file is seen as a placeholder of no bytes"
    NOT_HYDRATED = "a file is listed in full and cannot be read yet"
    OLD_VERSION = "a file's former content is read"
    STALE_LISTING = "a folder is listed as it was"
    MISSING_ENTRY = "a listing leaves a file out"
    EXTRA_ENTRY = "a listing names a file that is not there"
    VANISHED = "the share cannot be reached for a while"
    READ_ONLY = "nothing may be written"
    FULL = "there is no space"
    BUSY = "another program holds the file"
    CRASH_BEFORE = "the laptop stops before it publishes"
    CRASH_AFTER = "the laptop stops after it published"
    LOST = "a published file is not kept"
    CUT_SHORT = "a published file keeps its beginning only"
    BIT_FLIP = "a published file changes by one bit"
    CONFLICT_COPY = "a published file is doubled under a conflict name"
    RENAMED = "a published file is there under a conflict name only"
    FOLDED = "a published file is there under its name in capitals only"


class Crashed(BaseException):
    """The laptop stopped here; nothing of the call's caller runs on."""


OF_A_FILE = (Fault.DELAYED, Fault.HALF_WRITTEN, Fault.EMPTY, Fault.NOT_HYDRATED)
REFUSALS = (Fault.READ_ONLY, Fault.FULL, Fault.BUSY)
OF_THE_FOLDER = (
    Fault.LOST,
    Fault.CUT_SHORT,
    Fault.BIT_FLIP,
    Fault.CONFLICT_COPY,
    Fault.RENAMED,
    Fault.FOLDED,
)
LONGEST = 3
"""Looks after which a passing fault is over."""


@dataclass
class FaultyStore:
    """A laptop's view of a share; `rates` gives each fault's chance in a thousand."""

    share: Share
    seed: int
    rates: Mapping[Fault, int]
    struck: Counter[Fault] = field(default_factory=Counter)
    _asked: Counter[tuple[Fault, str]] = field(default_factory=Counter)
    _passing: dict[tuple[Fault, str], int] = field(default_factory=dict)
    _listings: dict[str, Entries] = field(default_factory=dict)
    _calls: int = 0

    def calm(self) -> None:
        """End every fault that passes by itself; what the folder has lost stays lost."""
        self.rates = {}
        self._passing.clear()

    def list(self, folder: str) -> Entries:
        """List, perhaps what was, perhaps not all, perhaps too much."""
        self._reach()
        now = self._seen(folder)
        before = self._listings.get(folder)
        if before is not None and self._passes(Fault.STALE_LISTING, folder):
            return before
        self._listings[folder] = now
        return now

    def get(self, path: str, limit: int) -> bytes | None:
        """Read, perhaps nothing, perhaps half, perhaps what was."""
        self._reach()
        if path in self.share.previous and self._passes(Fault.OLD_VERSION, path):
            return self.share.previous[path][:limit]
        fault = self._fault_of(path)
        if fault in {Fault.DELAYED, Fault.EMPTY, Fault.NOT_HYDRATED}:
            return None
        content = self._inner.get(path, limit)
        return content[: len(content) // 2] if content and fault else content

    def put_new(self, path: str, content: bytes) -> None:
        """Publish, perhaps in vain."""
        self._reach()
        self._refuse(path)
        if self._strikes(Fault.CRASH_BEFORE, path):
            raise Crashed
        self._inner.put_new(path, content)
        self._damage(path)
        if self._strikes(Fault.CRASH_AFTER, path):
            raise Crashed

    def stat(self, path: str) -> Entry | None:
        """Look a file up as it is listed."""
        self._reach()
        folder, _, name = path.rpartition("/")
        entries = (entry for entry in self._seen(folder) if entry.is_file)
        return next((entry for entry in entries if entry.name == name), None)

    def remove_own(self, path: str) -> None:
        """Remove, where the share allows it."""
        self._reach()
        self._refuse(path)
        self._inner.remove_own(path)

    def probe(self, folder: str = "") -> ProbeReport:
        """Report what the share does when nothing is wrong."""
        self._reach()
        return self._inner.probe(folder)

    @property
    def _inner(self) -> MemoryStore:
        return MemoryStore(self.share)

    def _reach(self) -> None:
        self._calls += 1
        if self._passes(Fault.VANISHED, "") or not self.share.reachable:
            raise share_not_found(ROOT)

    def _seen(self, folder: str) -> Entries:
        seen = [self._as_seen(folder, entry) for entry in self._inner.list(folder)]
        entries = [entry for entry in seen if entry is not None]
        files = [entry for entry in entries if entry.is_file]
        if files and self._strikes(Fault.EXTRA_ENTRY, folder):
            name = files[0].name
            entries.append(Entry(f"a{name[1:]}" if name[0] != "a" else f"b{name[1:]}", 99, True))  # noqa: FBT003 - the tuple's third field
        return entries

    def _as_seen(self, folder: str, entry: Entry) -> Entry | None:
        if not entry.is_file:
            return entry
        path = f"{folder}/{entry.name}"
        fault = self._fault_of(path)
        if fault is Fault.DELAYED or self._strikes(Fault.MISSING_ENTRY, path):
            return None
        if fault is Fault.EMPTY:
            return entry._replace(size=0)
        return entry._replace(size=entry.size // 2) if fault is Fault.HALF_WRITTEN else entry

    def _fault_of(self, path: str) -> Fault | None:
        """Return the fault a file is under; a file suffers one at a time, and once."""
        return next((fault for fault in OF_A_FILE if self._passes(fault, path)), None)

    def _refuse(self, path: str) -> None:
        if self._strikes(Fault.READ_ONLY, path):
            raise share_read_only(ROOT, path)
        if self._strikes(Fault.FULL, path):
            raise share_full(ROOT)
        if self._strikes(Fault.BUSY, path):
            raise share_busy(ROOT, path)

    def _damage(self, path: str) -> None:
        fault = next((fault for fault in OF_THE_FOLDER if self._strikes(fault, path)), None)
        draw = self._draw("damage", path, self._calls)
        match fault:
            case Fault.LOST:
                del self.share.files[path]
            case Fault.CUT_SHORT:
                self.share.cut(path, draw % len(self.share.files[path]))
            case Fault.BIT_FLIP:
                self.share.flip(path, draw)
            case Fault.CONFLICT_COPY:
                self.share.copy_aside(path, CONFLICTS[draw % len(CONFLICTS)])
            case Fault.RENAMED:
                self.share.move_aside(path, CONFLICTS[draw % len(CONFLICTS)])
            case Fault.FOLDED:
                self.share.fold(path)
            case _:
                return

    def _strikes(self, fault: Fault, subject: str) -> bool:
        """Draw whether a fault happens now."""
        if not self.rates.get(fault):
            return False
        visit = self._asked[fault, subject]
        self._asked[fault, subject] += 1
        struck = self._draw(fault, subject, visit) % 1_000 < self.rates[fault]
        self.struck[fault] += struck
        return struck

    def _passes(self, fault: Fault, subject: str) -> bool:
        """Tell whether a fault lasts, drawing it anew for a share, and once for a file."""
        left = self._passing.get((fault, subject), 0)
        if left > 0:
            self._passing[fault, subject] = left - 1
            return True
        once = fault in OF_A_FILE and self._asked[fault, subject] > 0
        if once or not self._strikes(fault, subject):
            return False
        draw = self._draw("looks", f"{fault}{subject}", self._asked[fault, subject])
        self._passing[fault, subject] = draw % LONGEST
        return True

    def _draw(self, what: str, subject: str, visit: int) -> int:
        text = f"{self.seed}\0{what}\0{subject}\0{visit}"
        return int.from_bytes(sha256(text.encode()).digest()[:8], "big")
