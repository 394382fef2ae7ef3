"""Keeping the folder whole: what is missing or damaged there is put back from this laptop.

The own organisation's files go back to their place at once, by their author first. Another
trust's go into this trust's slot, once they have been missing at two looks for the grace the
policy sets; laptops take turns, so that one copy normally suffices. Nothing is believed
missing because one listing leaves it out: the file itself is asked for too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

from sqlalchemy import Connection

from collabdesk.services.about import About
from collabdesk.services.sharing.good_copies import Copy, content_named, held_copy, named_copy
from collabdesk.services.sharing.known import slot_of
from collabdesk.services.sharing.noticing import keep, look
from collabdesk.services.sharing.publish import root_of
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import names, records
from collabdesk.sync.listing import Listing
from collabdesk.sync.stores.port import Store, TooLarge

AT_A_TIME: Final = 64
TOGETHER: Final = 8
"""Copies that are in memory at once while some are read back."""

TURN_MS: Final = 60 * 1000
"""Between one laptop's turn to put a partner's file back and the next one's."""

OFTEN: Final = 3
"""Times after which a folder that damages one file is reported."""

_LARGEST: Final = records.MAX_FILE + (8 << 20)


@dataclass(frozen=True, slots=True)
class Look:
    """What a healing has before it: the folder, what was listed of it, and how to go about it."""

    store: Store
    listing: Listing
    report: SyncReport
    grace_ms: int
    turn: int
    survey: bool
    cancelled: Callable[[], bool]


def heal(workspace: Workspace, now: Look, *, audit: bool) -> None:
    """Put back what the listings lack; with `audit` also read some files back."""
    healing = _Healing(workspace, now)
    healing.missing()
    healing.damaged()
    if audit:
        healing.audit()


class _Healing:
    def __init__(self, workspace: Workspace, now: Look) -> None:
        self.workspace = workspace
        self.now = now
        self.root = root_of(workspace)
        self.slot = workspace.about.slot
        self.genesis = f"{self.root}/{names.genesis_path(workspace.about.workspace)}"
        self.own_folder = f"/o/{self.slot}/d/{names.dev26(workspace.about.key)}/"

    # --- what the listings lack ------------------------------------------------------------

    def missing(self) -> None:
        """Put back what was seen once and is listed no more."""
        gone = dict(self._gone())
        for path, content in gone.items():
            if self.now.cancelled():
                return
            copy = self._copy(content)
            if copy is None or self._is_there(path):
                continue
            others = (place for place in self._places(content) if place not in gone)
            lost = not any(map(self._is_shown, others))
            if self._is_ours(path):
                self._put_back(path, copy, lost=lost)
            elif lost:
                self._put_elsewhere(copy)
            else:
                self._forget(path, copy)
        self._found_by_themselves(gone)

    def _found_by_themselves(self, gone: Mapping[str, bytes]) -> None:
        for name in self._known_missing:
            missed = self.workspace.query(content_named, name)
            places = self._places(missed) if missed else []
            if any(self._is_shown(place) for place in places if place not in gone):
                self.workspace.write(partial(SqliteReplica.found_again, name=name))

    def _gone(self) -> Iterator[tuple[str, bytes]]:
        listing = self.now.listing
        gone = {folder for folder in self._folders() if listing.is_gone(folder)}
        for folder, shown in {**listing.shown, **{folder: {} for folder in gone}}.items():
            seen = look(self.workspace, partial(ShareLog.seen_in, folder=folder))
            yield from ((path, content) for path, content in seen.items() if path not in shown)

    def _folders(self) -> Iterable[str]:
        """Return the folders that should be there: in a quiet look, those of what is newest."""
        if self.now.survey:
            return look(self.workspace, ShareLog.folders_seen)
        newest = look(self.workspace, ShareLog.newest_places)
        return {path.rpartition("/")[0] for _, _, path in newest}

    def _is_there(self, path: str) -> bool:
        """Ask for the file itself: a listing may be old, or leave something out."""
        entry = self.now.store.stat(path)
        return entry is not None and entry.size > 0

    def _is_shown(self, path: str) -> bool:
        if self.now.listing.listed(path):
            return self.now.listing.size_at(path) is not None
        return self._is_there(path)

    def _is_ours(self, path: str) -> bool:
        if path == self.genesis:
            return self.workspace.join_request() is None
        return slot_of(path) == self.slot and "/h/" not in path

    def _put_back(self, path: str, copy: Copy, *, lost: bool) -> None:
        """Put a file of the own organisation back; a colleague's, after its author had a turn."""
        if lost:
            self._raise_rollback(copy)
        mine = self.own_folder in path or "/d/" not in path
        if not mine and not self._waited(copy, self._turn_among_colleagues * self._turn_ms):
            return
        self._put(path, copy, self.now.report.put_back)

    def _put_elsewhere(self, copy: Copy) -> None:
        if self._waited(copy, self.now.grace_ms):
            self._raise_rollback(copy)
        if self._waited(copy, self.now.grace_ms + self._turn_among_partners * self._turn_ms):
            self._put(f"{self.root}/{copy.elsewhere}", copy, self.now.report.healed)

    def _forget(self, path: str, copy: Copy) -> None:
        def write(log: ShareLog, replica: SqliteReplica) -> None:
            log.forget_place(path)
            replica.found_again(copy.name)

        keep(self.workspace, write)

    def _waited(self, copy: Copy, wait_ms: int) -> bool:
        now = self.workspace.clock.now_ms()
        since = self.workspace.write(lambda replica: replica.missing_since(copy.name, now))
        return now - since >= wait_ms

    @property
    def _turn_ms(self) -> int:
        return min(TURN_MS, self.now.grace_ms)

    @cached_property
    def _turn_among_partners(self) -> int:
        """Return after how many others this laptop has its turn: lowest short name first."""
        book = self.workspace.book
        enrolled = [d for d, key in book.known_devices.items() if book.organisation_of(key)]
        return sorted(enrolled).index(self._me) if self._me in enrolled else len(enrolled)

    @cached_property
    def _turn_among_colleagues(self) -> int:
        book = self.workspace.book
        mine = book.organisation_of(self.workspace.about.key)
        ours = [d for d, key in book.known_devices.items() if book.organisation_of(key) == mine]
        return 1 + (sorted(ours).index(self._me) if self._me in ours else len(ours))

    @property
    def _me(self) -> bytes:
        return names.dev16(self.workspace.about.key)

    # --- what is damaged -------------------------------------------------------------------

    def damaged(self) -> None:
        """Mend what was refused in this look or has another size than it was signed with."""
        for refused in self.now.report.refused:
            copy = self.workspace.query(named_copy, self.workspace.about, refused.path)
            if copy is not None:
                self._mend(refused.path, copy)
        for path, content, size in self._of_another_size():
            copy = self._copy(content)
            if copy is not None and not copy.is_record and len(copy.file) != size:
                self._mend(path, copy)

    def _of_another_size(self) -> Iterator[tuple[str, bytes, int]]:
        for folder, shown in self.now.listing.shown.items():
            sizes = look(self.workspace, partial(ShareLog.sizes_in, folder=folder))
            for path, (content, size) in sizes.items():
                if shown.get(path, size) != size:
                    yield path, content, shown[path]

    def _mend(self, path: str, copy: Copy) -> None:
        """Replace a damaged file of the own slot; of another's, keep one good copy somewhere."""
        if self._is_ours(path) or slot_of(path) == self.slot:
            self._count_damage(path)
            self._put(path, copy, self.now.report.put_back)
            return
        keep(self.workspace, lambda log, _: log.forget_place(path))
        if not any(map(self._is_shown, self._places(copy.content))):
            self._put_elsewhere(copy)

    def _count_damage(self, path: str) -> None:
        self.now.report.damaged.append(path)
        at = self.workspace.clock.now_ms()

        def write(log: ShareLog, _: SqliteReplica) -> None:
            times = log.damaged(path, at)
            if times >= OFTEN:
                log.alarm("damaged-folder", self.slot.encode(), at, [path, times])

        keep(self.workspace, write)

    # --- reading some back -------------------------------------------------------------------

    def audit(self) -> None:
        """Read some of what this laptop holds back from the folder, and mend what is not there."""
        some = self.workspace.query(_some, self.now.turn)
        for start in range(0, len(some), TOGETHER):
            held = self.workspace.query(_held, self.workspace.about, some[start : start + TOGETHER])
            for copy, places in held:
                if self.now.cancelled():
                    return
                self._check(copy, places)

    def _copy(self, content: bytes) -> Copy | None:
        return self.workspace.query(held_copy, self.workspace.about, content)

    def _check(self, copy: Copy, seen: list[str]) -> None:
        """Keep one good copy somewhere, and none that is damaged in one's own slot."""
        home = f"{self.root}/{copy.home}" if copy.home else ""
        ours = [place for place in seen if slot_of(place) == self.slot]
        kept = [home, f"{self.root}/{copy.elsewhere}", *ours]
        good = [place for place in dict.fromkeys(filter(None, kept)) if self._keep(place, copy)]
        if home and home not in good:
            self._put(home, copy, self.now.report.put_back)
        elif good or any(self._is_good(place, copy) for place in seen if place not in ours):
            self._found_again(copy)
            self._check_signatures(copy, {*seen, *kept})
        elif ours:
            self._put(ours[0], copy, self.now.report.put_back)
        else:
            self._put_elsewhere(copy)

    def _keep(self, place: str, copy: Copy) -> bool:
        """Tell whether a place of the own slot holds the file, mending it if it is damaged."""
        content = self._get(place)
        if content is None:
            return self._is_there(place)
        if not copy.is_good(content):
            self._mend(place, copy)
        return True

    def _is_good(self, place: str, copy: Copy) -> bool:
        content = self._get(place)
        return self._is_there(place) if content is None else copy.is_good(content)

    def _check_signatures(self, copy: Copy, places: Iterable[str]) -> None:
        """See that the folder holds every signature of a record that this laptop holds.

        Copies of a record bear what had been signed when they were laid down: all of them can
        be whole while the one that made the record rule is gone. One that is there but not
        to be read yet may hold them.
        """
        if not copy.is_record:
            return
        signed = replace(copy, name=f"{copy.name}-signatures")
        shown: set[bytes] = set()
        for place in filter(None, places):
            file = self._get(place)
            if file is None and self._is_there(place):
                return
            if file and copy.is_good(file):
                shown |= _signers(file)
        if _signers(copy.file) <= shown:
            self._found_again(signed)
        else:
            self._put_elsewhere(signed)

    def _found_again(self, copy: Copy) -> None:
        if copy.name in self._known_missing:
            self.workspace.write(partial(SqliteReplica.found_again, name=copy.name))

    @cached_property
    def _known_missing(self) -> frozenset[str]:
        return look(self.workspace, ShareLog.missing)

    # --- small parts -------------------------------------------------------------------------

    def _raise_rollback(self, copy: Copy) -> None:
        if copy.head_of is None:
            return
        at, dev, seq = self.workspace.clock.now_ms(), *copy.head_of
        keep(self.workspace, lambda log, _: log.alarm("rollback", dev, at, [seq]))

    def _places(self, content: bytes) -> list[str]:
        return self.workspace.query(_paths, content)

    def _get(self, path: str) -> bytes | None:
        try:
            return self.now.store.get(path, _LARGEST)
        except TooLarge:
            return b""

    def _put(self, path: str, copy: Copy, told: list[str]) -> None:
        place = path
        if not names.is_own_file(path):
            # Somebody's program had renamed it; we give it its own name again.
            place = f"{self.root}/{copy.home or copy.elsewhere}"
        elif copy.is_record and path != self.genesis:
            # A record's file is named by its signatures too, and these have grown in number.
            place = f"{self.root}/{copy.elsewhere}"
            if place != path and slot_of(path) == self.slot:
                self.now.store.remove_own(path)
        self.now.store.put_new(place, copy.file)
        told.append(place)

        def write(log: ShareLog, replica: SqliteReplica) -> None:
            if place != path:
                log.forget_place(path)
            replica.mark_seen(place, copy.content)
            replica.found_again(copy.name)
            replica.mark_healed(path)

        keep(self.workspace, write)


def _signers(file: bytes) -> frozenset[bytes]:
    return frozenset(records.valid_signers(records.read_file(file)))


def _some(reads: Connection, turn: int) -> list[bytes]:
    """Return the ids of what is read back in this turn: some of everything, and every record."""
    replica = SqliteReplica(reads)
    held = [segment_id for segment_id, *_ in replica.segments_from(turn, AT_A_TIME)]
    held += [chunk_hash for chunk_hash, _ in replica.blobs_from(turn, AT_A_TIME)]
    return held + [rid for (rid,) in reads.exec_driver_sql("SELECT id FROM record ORDER BY id")]


def _held(reads: Connection, about: About, contents: list[bytes]) -> list[tuple[Copy, list[str]]]:
    """Return the copies held of these contents, each with the places where it was seen."""
    replica = SqliteReplica(reads)
    copies = (held_copy(reads, about, content) for content in contents)
    return [(copy, replica.paths_of(copy.content)) for copy in copies if copy is not None]


def _paths(reads: Connection, content_id: bytes) -> list[str]:
    return SqliteReplica(reads).paths_of(content_id)
