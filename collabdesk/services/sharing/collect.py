"""Coming in: look, read what is new, give it to the engine, remember what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection

from collabdesk.errors import CollabDeskError
from collabdesk.services.membership import is_being_agreed, members
from collabdesk.services.notices import Notice
from collabdesk.services.sharing import signs
from collabdesk.services.sharing.known import Known, where_newest
from collabdesk.services.sharing.noticing import keep, look
from collabdesk.services.sharing.report import RefusedFile, SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.files import missing_chunks
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import blobs, names, records
from collabdesk.sync.codec import Malformed
from collabdesk.sync.engine import BATCH, Received
from collabdesk.sync.engine.linking import order_of
from collabdesk.sync.hashing import sha256
from collabdesk.sync.listing import Found, Kind, Listing
from collabdesk.sync.records import RecordFile
from collabdesk.sync.segment import MAGIC, Segment, read, verify
from collabdesk.sync.stores.port import Store, TooLarge

_TRY_AGAIN: Final = "try_again"


@dataclass(frozen=True, slots=True)
class Offered:
    """A file read from the folder, not yet judged."""

    found: Found
    content: bytes


@dataclass(frozen=True, slots=True)
class Named:
    """A change set that is what its name says, its signature not yet checked."""

    offered: Offered
    segment: Segment


class Collecting:
    """One look at the folder, for one workspace."""

    def __init__(  # noqa: PLR0913 - a look has that many sides
        self,
        workspace: Workspace,
        store: Store,
        report: SyncReport,
        *,
        turn: int,
        survey: bool,
        again: bool,
        cancelled: Callable[[], bool],
    ) -> None:
        """Prepare a look; nothing is read yet.

        A survey lists everything; `again` looks once more at what could not be read lately
        and at laptops that were retired.
        """
        self.workspace = workspace
        self.store = store
        self.report = report
        self.survey = survey
        self.again = again
        self.cancelled = cancelled
        self.own: list[bytes] = []
        self._newest = look(workspace, where_newest)
        self._known = Known(workspace, again=again)
        self.listing = Listing(
            store,
            names.ws26(workspace.about.workspace),
            self._known,
            homes=frozenset(place.slot for place in self._newest.values()),
            turn=turn,
        )
        self._known.listing = self.listing

    def records(self) -> bool:
        """Take in control records; tell whether the rules may have changed."""
        if self.workspace.query(_is_unjudged):
            # A full disk stopped the judging under records that were kept before.
            self.workspace.judge_again()
        if self.workspace.query(_was_cut_short):
            keep(self.workspace, _try_again)
        found = self.listing.records()
        if not self.workspace.founded:
            found = _both(self.listing.genesis(), found)
        added = False
        try:
            for offered in self._read(found):
                added = self._record(offered) or added
        finally:
            # What was kept rules from now on, even where the folder has just gone.
            if added:
                self.workspace.judge_again()
                keep(self.workspace, _try_again)
        return added

    def _record(self, offered: Offered) -> bool:
        try:
            file = records.read_file(offered.content)
            said = offered.found.name_says
            if said is not None and offered.found.kind is Kind.RECORD:
                _check_record_name(offered.content, said)
            if records.record_id(file.record_bytes) == self.workspace.about.workspace:
                _check_whole(file)
        except Malformed as error:
            self._refuse(offered, error)
            return False
        if not self._concerns_us(file):
            if offered.found.kind is Kind.GENESIS:
                # What lies in the founding record's place is looked at again: nothing is
                # known before it, and what replaces it may be as long.
                self._refuse(offered, Malformed("name"))
            else:
                self._set_aside([offered])
            return False
        added = keep(self.workspace, partial(_keep_record, file, offered.found.path))
        self.report.records += int(added)
        return added

    def _concerns_us(self, file: RecordFile) -> bool:
        """Keep genesis, what an admin of a known epoch signed, and proofs; set the rest aside."""
        rid = records.record_id(file.record_bytes)
        if rid == self.workspace.about.workspace:
            return True
        book = self.workspace.book
        if not book.epochs:
            return False
        record = records.read_record(file.record_bytes)
        if isinstance(record, records.Proof):
            return book.proves(record)
        if is_being_agreed(book, self.workspace.about.key, rid, record):
            return True
        return bool(records.valid_signers(file) & book.voices) or book.is_pinned(rid)

    def segments(self) -> None:
        """Take in segments of known devices and healed copies."""
        if not self.workspace.founded:
            return
        wanted, gaps = self._wanted()
        self._take_in(_both(self._chains(wanted, gaps), self.listing.healed()))
        # What came may build on change sets of a laptop that nobody listens to any more.
        while more := self._wanted()[0] - wanted:
            self._take_in(self._chains(more, more))
            wanted |= more

    def _take_in(self, found: Iterable[Found]) -> None:
        batch: list[Offered] = []
        for offered in self._read(found):
            batch.append(offered)
            if len(batch) == BATCH:
                self._segments(batch)
                batch = []
        if batch:
            self._segments(batch)

    def _wanted(self) -> tuple[frozenset[bytes], frozenset[bytes]]:
        """Return the laptops to look for, and which of their chains have gaps."""
        known = frozenset(self.workspace.book.known_devices)
        gaps = look(self.workspace, ShareLog.with_gaps) & known
        if self.survey or self.again:
            return known, gaps
        return gaps | (members(self.workspace.book).keys() & known), gaps

    def _chains(self, wanted: frozenset[bytes], gaps: frozenset[bytes]) -> Iterable[Found]:
        known = self.workspace.book.known_devices
        newest = {
            names.dev26(known[dev]): place
            for dev, place in self._newest.items()
            if dev in wanted and dev not in gaps and not self.survey
        }
        return self.listing.segments({names.dev26(known[dev]) for dev in wanted}, newest)

    def _segments(self, batch: list[Offered]) -> None:
        named = sorted(filter(None, map(self._named, batch)), key=lambda one: order_of(one.segment))
        held = self.workspace.query(_held, [one.segment.id for one in named])
        others = [one for one in named if not self._is_lost(one, held)]
        start = 0
        for cut in signs.fronts(self.workspace, [one.segment for one in others]):
            self._part(others[start:cut])
            signs.compare(self.workspace, others[cut].segment)
            start = cut
        self._part(others[start:])

    def _is_lost(self, named: Named, held: frozenset[bytes]) -> bool:
        """Tell whether this laptop signed a change set that this copy does not hold."""
        segment = named.segment
        if segment.header.dev != self.workspace.about.key or segment.id in held:
            return False
        if not verify(segment):
            return False
        self.own.append(named.offered.content)
        return True

    def _part(self, named: list[Named]) -> None:
        if not named:
            return
        waited = look(self.workspace, ShareLog.waiting)
        received = self.workspace.threads.write(lambda: self._receive(named)).result()
        for index, error in received.refused:
            self._refuse(named[index].offered, error)
        self._set_aside([named[index].offered for index in received.strangers])
        left = {index for index, _ in received.refused} | set(received.strangers)
        taken = [one for index, one in enumerate(named) if index not in left]
        found = [one.offered.found for one in taken]
        self.report.salvaged.extend(one.path for one in found if not one.strict)
        marked = {one.offered.found.path: one.segment.id for one in taken}
        self.workspace.write(partial(_mark_taken, marked))
        signs.note(self.workspace, [one.segment for one in taken], waited)
        self.report.segments += received.stored
        self.report.linked += received.linked

    def _receive(self, named: list[Named]) -> Received:
        with self.workspace.engine() as (engine, _, connection):
            received = engine.receive([one.offered.content for one in named])
            received.merge(self.workspace.derive(connection))
        if received.rebuilt:
            self.workspace.notices.tell(Notice("sync", {}, "A laptop signed two ways"))
        elif received.changed:
            changed = {table: frozenset(rows) for table, rows in received.changed.items()}
            self.workspace.notices.tell(Notice("sync", changed))
        return received

    def blobs(self) -> None:
        """Take in the chunks that accepted changes name and that are not here yet."""
        wanted = self.workspace.query(missing_chunks)
        if not wanted:
            return
        by_hash = dict.fromkeys(wanted)
        for offered in self._read(self.listing.blobs(by_hash)):
            self._blob(offered, by_hash)
        self.workspace.threads.write(self._derive).result()

    def _blob(self, offered: Offered, wanted: dict[bytes, None]) -> None:
        chunk_hash = sha256(offered.content)
        if chunk_hash not in wanted:
            self._refuse(offered, Malformed("blob", "This attached file"))
            return
        blobs.check_chunk(offered.content, chunk_hash)

        def take(replica: SqliteReplica) -> None:
            replica.add_blob(chunk_hash, offered.content)
            replica.mark_seen(offered.found.path, chunk_hash)

        self.workspace.write(take)
        self.report.blobs += 1

    def _derive(self) -> None:
        with self.workspace.engine() as (_, _, connection):
            changed = self.workspace.derive(connection)
        if changed:
            self.workspace.notices.tell(Notice("sync", changed))

    # --- small parts ---------------------------------------------------------------------

    def _read(self, found: Iterable[Found]) -> Iterator[Offered]:
        for item in found:
            if self.cancelled():
                return
            try:
                content = self.store.get(item.path, item.cap)
            except TooLarge as error:
                self._note(item, error)
                continue
            if content is None:
                self.report.not_yet.append(item.path)
                continue
            yield Offered(item, content)

    def _named(self, offered: Offered) -> Named | None:
        """Return a change set whose content is what its name says; all else is damaged."""
        try:
            return Named(offered, _as_named(offered))
        except Malformed as error:
            self._refuse(offered, error)
            return None

    def _set_aside(self, unknown: list[Offered]) -> None:
        """Leave unread, by name alone, what no membership record speaks of yet."""
        if not unknown:
            return

        def aside(log: ShareLog, _: SqliteReplica) -> None:
            for offered in unknown:
                log.set_aside(offered.found.path, offered.found.size, None)

        keep(self.workspace, aside)
        self.report.set_aside.extend(offered.found.path for offered in unknown)

    def _refuse(self, offered: Offered, error: Malformed) -> None:
        self._note(offered.found, error)

    def _note(self, found: Found, error: CollabDeskError) -> None:
        at = self.workspace.clock.now_ms()
        self.report.refused.append(RefusedFile(found.path, error.code, error.words))

        def note(log: ShareLog, replica: SqliteReplica) -> None:
            replica.refuse_file(found.path, error.code, error.words, at)
            log.set_aside(found.path, found.size, at + Known.RETRY_MS)

        keep(self.workspace, note)


def _keep_record(file: RecordFile, path: str, log: ShareLog, replica: SqliteReplica) -> bool:
    added = replica.add_record(file)
    replica.mark_seen(path, records.record_id(file.record_bytes))
    if added:
        log.try_again()
        replica.set_setting(_TRY_AGAIN, b"1")
    return added


def _try_again(log: ShareLog, replica: SqliteReplica) -> None:
    # What was read before the rules were worked out anew was set aside under the old ones.
    log.try_again()
    replica.set_setting(_TRY_AGAIN, b"")


def _is_unjudged(reads: Connection) -> bool:
    return SqliteReplica(reads).rules_changed()


def _was_cut_short(reads: Connection) -> bool:
    return bool(SqliteReplica(reads).setting(_TRY_AGAIN))


def _both(first: Iterable[Found], second: Iterable[Found]) -> Iterator[Found]:
    yield from first
    yield from second


def _as_named(offered: Offered) -> Segment:
    content, said = offered.content, offered.found.name_says
    if not content.startswith(MAGIC):
        raise Malformed("truncated" if MAGIC.startswith(content) else "magic")
    segment = read(content)
    claimed = said.id26 if isinstance(said, names.SegmentName) else said
    if claimed is not None and names.id26(segment.id) != claimed:
        raise Malformed("name")
    return segment


def _check_record_name(content: bytes, said: object) -> None:
    if names.file26(content) != said:
        raise Malformed("name")


def _check_whole(file: RecordFile) -> None:
    """Refuse the founding record with a damaged signature: its name tells of the record alone."""
    if len(records.valid_signers(file)) < len(file.signatures):
        raise Malformed("signature")


def _held(reads: Connection, ids: list[bytes]) -> frozenset[bytes]:
    replica = SqliteReplica(reads)
    return frozenset(segment_id for segment_id in ids if replica.has_segment(segment_id))


def _mark_taken(taken: Mapping[str, bytes], replica: SqliteReplica) -> None:
    """Note what each place holds; what was refused under the same name is good again."""
    good = {names.id26(segment_id) for segment_id in taken.values()}
    for path, segment_id in taken.items():
        replica.mark_seen(path, segment_id)
    for path, _, _, _, healed in replica.refused_files():
        if not healed and any(name in path for name in good):
            replica.mark_healed(path)
