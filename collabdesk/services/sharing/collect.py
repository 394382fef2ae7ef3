"""Coming in: look, read what is new, give it to the engine, remember what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from collabdesk.errors import CollabDeskError
from collabdesk.services.membership import is_being_agreed
from collabdesk.services.notices import Notice
from collabdesk.services.sharing.report import RefusedFile, SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.files import missing_chunks
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import blobs, names, records
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.codec import Malformed
from collabdesk.sync.engine import BATCH, Received
from collabdesk.sync.hashing import sha256
from collabdesk.sync.listing import Found, Kind, Listing
from collabdesk.sync.records import RecordFile
from collabdesk.sync.segment import MAGIC, read
from collabdesk.sync.stores.port import Store, TooLarge


@dataclass(frozen=True, slots=True)
class Offered:
    """A file read from the folder, not yet judged."""

    found: Found
    content: bytes


class Collecting:
    """One look at the folder, for one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        store: Store,
        report: SyncReport,
        *,
        turn: int,
        cancelled: Callable[[], bool],
    ) -> None:
        """Prepare a look; nothing is read yet."""
        self.workspace = workspace
        self.store = store
        self.report = report
        self.cancelled = cancelled
        seen = workspace.query(_seen_paths)
        self.listing = Listing(
            store, names.ws26(workspace.about.workspace), seen.__contains__, turn=turn
        )

    def records(self) -> bool:
        """Take in control records; tell whether the rules may have changed."""
        found = self.listing.records()
        if not self.workspace.founded:
            found = _both(self.listing.genesis(), found)
        added = False
        for offered in self._read(found):
            added = self._record(offered) or added
        if added:
            self.workspace.judge_again()
        return added

    def _record(self, offered: Offered) -> bool:
        try:
            file = records.read_file(offered.content)
            self._check_name(offered)
        except Malformed as error:
            self._refuse(offered, error)
            return False
        if not self._concerns_us(file):
            return False
        added = self.workspace.write(partial(self._keep_record, file, offered.found.path))
        self.report.records += int(added)
        return added

    def _keep_record(self, file: RecordFile, path: str, replica: SqliteReplica) -> bool:
        """Keep a record; NotPossible, keeping nothing, if it needs a newer version."""
        added = replica.add_record(file)
        if added:
            Rulebook(self.workspace.about.workspace, replica.records())
        replica.mark_seen(path, records.record_id(file.record_bytes))
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
        devices = {names.dev26(key) for key in self.workspace.book.known_keys}
        found = _both(self.listing.segments(devices), self.listing.healed())
        batch: list[Offered] = []
        for offered in self._read(found):
            batch.append(offered)
            if len(batch) == BATCH:
                self._segments(batch)
                batch = []
        if batch:
            self._segments(batch)

    def _segments(self, batch: list[Offered]) -> None:
        named = [offered for offered in batch if self._right_name(offered)]
        received = self.workspace.threads.write(lambda: self._receive(named)).result()
        for index, error in received.refused:
            self._refuse(named[index], error)
        refused = {index for index, _ in received.refused} | set(received.strangers)
        taken = [offered for index, offered in enumerate(named) if index not in refused]
        self.report.salvaged.extend(o.found.path for o in taken if not o.found.strict)
        self.workspace.write(partial(_mark_taken, {o.found.path: _id(o) for o in taken}))
        self.report.segments += received.stored
        self.report.linked += received.linked
        for table, rows in received.changed.items():
            self.report.changed.setdefault(table, set()).update(rows)

    def _receive(self, named: list[Offered]) -> Received:
        with self.workspace.engine() as (engine, _, connection):
            received = engine.receive([offered.content for offered in named])
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

        def keep(replica: SqliteReplica) -> None:
            replica.add_blob(chunk_hash, offered.content)
            replica.mark_seen(offered.found.path, chunk_hash)

        self.workspace.write(keep)
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
                self._note(item.path, error)
                continue
            if content is None:
                self.report.not_yet.append(item.path)
                continue
            yield Offered(item, content)

    def _right_name(self, offered: Offered) -> bool:
        content = offered.content
        if not content.startswith(MAGIC):
            reason = "truncated" if MAGIC.startswith(content) else "magic"
            self._refuse(offered, Malformed(reason))
            return False
        try:
            self._check_name(offered)
        except Malformed as error:
            self._refuse(offered, error)
            return False
        return True

    def _check_name(self, offered: Offered) -> None:
        """Refuse a file whose content is not what its name says: it is damaged."""
        said = offered.found.name_says
        if said is None:
            return
        if offered.found.kind in (Kind.SEGMENT, Kind.HEALED):
            claimed = said if isinstance(said, str) else said.id26
            if names.id26(read(offered.content).id) != claimed:
                raise Malformed("name")
        if offered.found.kind is Kind.RECORD and names.file26(offered.content) != said:
            raise Malformed("name")

    def _refuse(self, offered: Offered, error: Malformed) -> None:
        self._note(offered.found.path, error)

    def _note(self, path: str, error: CollabDeskError) -> None:
        at = self.workspace.clock.now_ms()
        self.report.refused.append(RefusedFile(path, error.code, error.words))
        self.workspace.write(lambda replica: replica.refuse_file(path, error.code, error.words, at))


def _both(first: Iterable[Found], second: Iterable[Found]) -> Iterator[Found]:
    yield from first
    yield from second


def _id(offered: Offered) -> bytes:
    return read(offered.content).id


def _mark_taken(taken: Mapping[str, bytes], replica: SqliteReplica) -> None:
    """Note what each place holds; what was refused under the same name is good again."""
    good = {names.id26(segment_id) for segment_id in taken.values()}
    for path, segment_id in taken.items():
        replica.mark_seen(path, segment_id)
    for path, _, _, _, healed in replica.refused_files():
        if not healed and any(name in path for name in good):
            replica.mark_healed(path)


def _seen_paths(reads: Connection) -> frozenset[str]:
    return SqliteReplica(reads).seen_paths()
