"""One laptop's way to the shared folder: late, in part, out of order, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from collabdesk.sync.stores import paths
from collabdesk.sync.stores.port import Entries, Entry, ProbeReport, Store, TooLarge
from collabdesk.sync.stores.refusals import (
    share_busy,
    share_full,
    share_not_found,
    share_read_only,
)
from tests.simulation.disk import SimFolder
from tests.simulation.faults import Fault, Weather
from tests.simulation.power import Power
from tests.simulation.share import PATTERNS, SimShare

ROOT = Path("share")
HOUR_MS = 3_600_000
_OF_A_FILE = (
    Fault.DELAYED_HOURS,
    Fault.DELAYED_DAYS,
    Fault.RESUMED,
    Fault.PLACEHOLDER,
    Fault.NOT_HYDRATED,
)
_HIDDEN = frozenset({Fault.DELAYED_HOURS, Fault.DELAYED_DAYS})
_UNREADABLE = frozenset({*_HIDDEN, Fault.PLACEHOLDER, Fault.NOT_HYDRATED})
_OF_A_LISTING = (Fault.MISSING_ENTRY, Fault.EXTRA_ENTRY, Fault.REORDERED, Fault.DUPLICATED)
_DAMAGE = (
    Fault.LOST_FLUSH,
    Fault.PARTIAL,
    Fault.BIT_FLIP,
    Fault.TRUNCATED,
    Fault.FOLDED,
    *PATTERNS,
    Fault.LOST_FILE,
)


@dataclass
class PlainStore:
    """A share that is reached without a file system between: what is put is there."""

    share: SimShare

    def use(self, share: SimShare) -> None:
        """Reach another share from now on."""
        self.share = share

    def list(self, folder: str) -> Entries:
        """Return what stands in a folder."""
        paths.check_folder(folder)
        found = self.share.entries(folder)
        return [
            Entry(name, 0, is_file=False) if content is None else Entry(name, len(content), True)  # noqa: FBT003 - the tuple's third
            for name, content in found
        ]

    def get(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes."""
        paths.check_found(path)
        content = self.share.files.get(path)
        if content is not None and len(content) > limit:
            raise TooLarge(path, limit)
        return content or None

    def put_new(self, path: str, content: bytes) -> None:
        """Publish a file."""
        paths.check_own(path)
        self.share.write(path, content)

    def stat(self, path: str) -> Entry | None:
        """Return a file's entry."""
        paths.check_found(path)
        content = self.share.files.get(path)
        name = path.rpartition("/")[2]
        return None if content is None else Entry(name, len(content), is_file=True)

    def remove_own(self, path: str) -> None:
        """Remove a file of one's own slot."""
        paths.check_removable(path)
        self.share.remove(path)

    def probe(self, folder: str = "") -> ProbeReport:
        """Report a share without limits."""
        paths.check_folder(folder)
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


@dataclass
class Fate:
    """What a file suffers on its way to one laptop: for some looks, or until a time."""

    fault: Fault
    looks: int
    until_ms: int


class Way(Store, Protocol):
    """A store that can be led to another share."""

    def use(self, share: SimShare) -> None:
        """Reach another share from now on."""


@dataclass
class SimStore:
    """A laptop's view of a share, over whatever store reaches it."""

    share: SimShare
    inner: Way
    weather: Weather
    power: Power
    now_ms: Callable[[], int]
    put: Callable[[str, bytes], None]
    away: int = 0
    _fates: dict[str, Fate | None] = field(default_factory=dict)
    _listings: dict[str, Entries] = field(default_factory=dict)

    def use(self, share: SimShare) -> None:
        """Reach another share from now on."""
        self.share = share
        self.inner.use(share)
        self._listings.clear()

    def start(self) -> None:
        """Let the laptop run again after a stop."""
        self.power.start()
        if isinstance(self.inner, SimFolder):
            self.inner.sim.start()

    def calm(self) -> None:
        """End what passes by itself."""
        self.away = 0
        self._fates.clear()
        self._listings.clear()

    def list(self, folder: str) -> Entries:
        """List, perhaps what was, perhaps not all, perhaps too much."""
        self._reach()
        entries = self.inner.list(folder)
        if not self.weather.stormy:
            return entries
        if folder in self._listings and self.weather.hits(Fault.STALE_LISTING):
            return self._listings[folder]
        seen = [self._as_seen(folder, entry) for entry in entries]
        present = [entry for entry in seen if entry is not None]
        self._listings[folder] = present
        return self._disordered(present)

    def get(self, path: str, limit: int) -> bytes | None:
        """Read, perhaps nothing, perhaps half, perhaps what was."""
        self._reach()
        if not self.weather.stormy:
            return self.inner.get(path, limit)
        if path in self.share.previous and self.weather.hits(Fault.OLD_VERSION):
            return self.share.previous[path][:limit] or None
        fate = self._fate(path)
        if fate in _UNREADABLE:
            return None
        content = self.inner.get(path, limit)
        return content[: len(content) // 2] if content and fate else content

    def put_new(self, path: str, content: bytes) -> None:
        """Publish, perhaps in vain."""
        self._reach()
        self._refuse(path)
        self.power.before("put")
        self._tear(path, content)
        self.inner.put_new(path, content)
        self.put(path, content)
        self._damage(path)
        self.power.after("put")

    def stat(self, path: str) -> Entry | None:
        """Look a file up as it is listed."""
        self._reach()
        entry = self.inner.stat(path)
        folder = path.rpartition("/")[0]
        return self._as_seen(folder, entry) if entry and self.weather.stormy else entry

    def remove_own(self, path: str) -> None:
        """Remove, where the share allows it."""
        self._reach()
        self._refuse(path)
        self.power.before("remove")
        self.inner.remove_own(path)
        self.power.after("remove")

    def probe(self, folder: str = "") -> ProbeReport:
        """Report what the share does when nothing is wrong."""
        self._reach()
        return self.inner.probe(folder)

    # --- the way -------------------------------------------------------------------------

    def _reach(self) -> None:
        if self.away:
            self.away -= 1
            raise share_not_found(ROOT)
        if self.weather.hits(Fault.VANISHED):
            self.away = self.weather.dice.randrange(8)
            raise share_not_found(ROOT)

    def _as_seen(self, folder: str, entry: Entry) -> Entry | None:
        if not entry.is_file:
            return entry
        fate = self._fate(f"{folder}/{entry.name}")
        if fate is None:
            return entry
        if fate in _HIDDEN:
            return None
        if fate is Fault.PLACEHOLDER:
            return entry._replace(size=0)
        return entry._replace(size=entry.size // 2) if fate is Fault.RESUMED else entry

    def _fate(self, path: str) -> Fault | None:
        """Return what a file suffers now; each suffers one thing at most, and once."""
        if path not in self._fates:
            self._fates[path] = self._drawn()
        fate = self._fates[path]
        if fate is None:
            return None
        if fate.fault in _HIDDEN:
            over = self.now_ms() >= fate.until_ms
        else:
            fate.looks -= 1
            over = fate.looks < 0
        if over:
            self._fates[path] = None
            return None
        return fate.fault

    def _drawn(self) -> Fate | None:
        fault = self.weather.one_of(*_OF_A_FILE)
        if fault is None:
            return None
        dice = self.weather.dice
        hours = dice.randrange(1, 24) * (
            1 if fault is Fault.DELAYED_HOURS else dice.randrange(1, 9)
        )
        return Fate(fault, dice.randrange(1, 5), self.now_ms() + hours * HOUR_MS)

    def _disordered(self, entries: Entries) -> Entries:
        files = [entry for entry in entries if entry.is_file]
        fault = self.weather.one_of(*_OF_A_LISTING) if files else None
        dice = self.weather.dice
        match fault:
            case Fault.MISSING_ENTRY:
                gone = dice.choice(files)
                return [entry for entry in entries if entry != gone]
            case Fault.EXTRA_ENTRY:
                name = dice.choice(files).name
                other = f"a{name[1:]}" if name[0] != "a" else f"b{name[1:]}"
                return [*entries, Entry(other, 99, is_file=True)]
            case Fault.REORDERED:
                return dice.sample(entries, len(entries))
            case Fault.DUPLICATED:
                return [*entries, dice.choice(files)]
        return entries

    # --- the folder ----------------------------------------------------------------------

    def _refuse(self, path: str) -> None:
        if isinstance(self.inner, SimFolder):
            return
        match self.weather.one_of(Fault.READ_ONLY, Fault.STORE_FULL, Fault.DENIED):
            case Fault.READ_ONLY:
                raise share_read_only(ROOT, path)
            case Fault.STORE_FULL:
                raise share_full(ROOT)
            case Fault.DENIED:
                raise share_busy(ROOT, path)

    def _tear(self, path: str, content: bytes) -> None:
        """Stop while a file is written where nothing makes that one step."""
        if isinstance(self.inner, PlainStore) and self.weather.hits(Fault.TORN_WRITE):
            self.share.write(path, content[: self.weather.dice.randrange(len(content))])
            self.power.fail()

    def _damage(self, path: str) -> None:
        share, dice = self.share, self.weather.dice
        fault = self.weather.one_of(*_DAMAGE)
        if fault is None or path not in share.files:
            return
        match fault:
            case Fault.LOST_FLUSH:
                share.unflushed[path] = True
            case Fault.PARTIAL | Fault.TRUNCATED:
                share.cut(path, dice)
            case Fault.BIT_FLIP:
                share.flip(path, dice)
            case Fault.LOST_FILE:
                share.remove(path)
            case _:
                share.rename(path, fault, keep=dice.random() < 0.5)
