"""The workspace's store inside one transaction: what the engine reads and writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from collabdesk.storage.judged_again import JudgedAgain
from collabdesk.storage.oplog import OperationLog
from collabdesk.storage.projector import Projector
from collabdesk.storage.queries import state
from collabdesk.storage.schema import RULES, clear_derived
from collabdesk.storage.statements import statements
from collabdesk.sync import codec, names
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.engine.ports import Forks, OpenSegment
from collabdesk.sync.operations import Dot
from collabdesk.sync.records import RecordFile, read_record, record_id, valid_signers
from collabdesk.sync.registry import REGISTRY, Registry
from collabdesk.sync.segment import Segment
from collabdesk.sync.workset import Workset


class SqliteReplica:
    """Implements the engine's replica over one SQLAlchemy connection."""

    def __init__(
        self, connection: Connection, slot: str = "", registry: Registry = REGISTRY
    ) -> None:
        """Work inside the transaction of a connection; `slot` is where own files go."""
        self._connection = connection
        self._registry = registry
        self._sql = statements(connection)
        self._projector = Projector(connection)
        self._slot = slot
        self._forks: Forks | None = None
        self.log = OperationLog(connection, registry)

    @property
    def again(self) -> JudgedAgain:
        """What was said before, where other records change it."""
        return JudgedAgain(self._connection, self.log)

    def project(self, work: Workset) -> Mapping[str, frozenset[bytes]]:
        """Bring the projections up to date; return the rows changed by table."""
        return self._projector.project(work)

    def state_root(self) -> bytes:
        """Return the state root over everything held."""
        return state.state_root(self._connection)

    def control_head(self, rulebook: Rulebook) -> bytes:
        """Return the digest of the control records that rule."""
        return state.control_head(self._connection, rulebook)

    # --- settings ------------------------------------------------------------------------

    def setting(self, key: str) -> bytes | None:
        """Return a value kept for this workspace on this laptop."""
        found = self._sql("SELECT value FROM setting WHERE key = ?", (key,)).first()
        return found[0] if found else None

    def set_setting(self, key: str, value: bytes) -> None:
        """Keep a value for this workspace on this laptop."""
        self._sql("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    # --- control records -------------------------------------------------------------------

    def records(self) -> list[Held]:
        """Return the records held, each with the keys whose signatures hold."""
        return [
            Held(record_id(file.record_bytes), read_record(file.record_bytes), valid_signers(file))
            for file in self.record_files()
        ]

    def record_files(self) -> list[RecordFile]:
        """Return the records held with every signature kept."""
        return [file for _, file in self.stored_records()]

    def stored_records(self) -> list[tuple[bytes, RecordFile]]:
        """Return the records held under the ids they were kept by."""
        signatures: dict[bytes, list[tuple[bytes, bytes]]] = {}
        for record, key, signature in self._sql("SELECT * FROM record_signature ORDER BY key"):
            signatures.setdefault(record, []).append((key, signature))
        found = self._sql("SELECT id, content FROM record ORDER BY id")
        return [
            (rid, RecordFile(content, tuple(signatures.get(rid, ())))) for rid, content in found
        ]

    def add_record(self, file: RecordFile) -> bool:
        """Keep a record and the signatures on it that hold; tell whether any was new."""
        rid = record_id(file.record_bytes)
        added = self._sql(
            "INSERT OR IGNORE INTO record VALUES (?, ?)", (rid, file.record_bytes)
        ).rowcount
        holding = valid_signers(file)
        for key, signature in file.signatures:
            if key in holding:
                added += self._sql(
                    "INSERT OR IGNORE INTO record_signature SELECT ?, ?, ? WHERE NOT EXISTS "
                    "(SELECT 1 FROM record_signature WHERE record = ? AND key = ?)",
                    (rid, key, signature, rid, key),
                ).rowcount
        if added:
            self.set_setting(RULES, b"changed")
        return added > 0

    def rules_changed(self) -> bool:
        """Tell whether records have arrived under which nothing was judged yet."""
        return self.setting(RULES) is not None

    def rules_settled(self) -> None:
        """Note that everything was judged under the records held."""
        self._sql("DELETE FROM setting WHERE key = ?", (RULES,))

    # --- segments --------------------------------------------------------------------------

    def has_segment(self, segment_id: bytes) -> bool:
        """Tell whether a segment is held."""
        query = "SELECT 1 FROM segment WHERE id = ?"
        return self._sql(query, (segment_id,)).first() is not None

    def segment_file(self, segment_id: bytes) -> bytes | None:
        """Return the file of a held segment."""
        found = self._sql("SELECT file FROM segment WHERE id = ?", (segment_id,)).first()
        return found[0] if found else None

    def add_segment(self, segment: Segment, file: bytes) -> None:
        """Keep a verified segment's file and raise the greatest head seen of its device."""
        header = segment.header
        dev = names.dev16(header.dev)
        query = "SELECT 1 FROM segment WHERE dev16 = ? AND seq = ? LIMIT 1"
        if self._sql(query, (dev, header.seq)).first() is not None:
            self._note_fork(dev, header.seq)
        self._sql(
            "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?)",
            (segment.id, dev, header.seq, header.lamport, header.wall_ms, file),
        )
        self._sql(
            "INSERT INTO greatest_head VALUES (?, ?, ?) ON CONFLICT (dev16) DO UPDATE "
            "SET seq = excluded.seq, id = excluded.id WHERE excluded.seq > seq",
            (dev, header.seq, segment.id),
        )

    def wait(self, segment_id: bytes, missing: bytes) -> None:
        """Note that a held segment waits for an ancestor; for nothing, if none can help."""
        self._sql("INSERT OR REPLACE INTO waiting VALUES (?, ?)", (segment_id, missing))

    def waiting(self) -> Mapping[bytes, Sequence[bytes]]:
        """Return the ids of the segments that wait, by the ancestor they wait for."""
        waiting: dict[bytes, list[bytes]] = {}
        for segment_id, missing in self._sql(
            "SELECT id, missing FROM waiting WHERE missing <> x''"
        ):
            waiting.setdefault(missing, []).append(segment_id)
        return waiting

    def stop_waiting(self, segment_id: bytes) -> None:
        """Note that a segment waits no longer."""
        self._sql("DELETE FROM waiting WHERE id = ?", (segment_id,))

    def in_order(self) -> Iterable[bytes]:
        """Return every held segment's file by (lamport, device, number, id)."""
        order = self._sql("SELECT id FROM segment ORDER BY lamport, dev16, seq, id").all()
        for (segment_id,) in order:
            file = self.segment_file(segment_id)
            if file is not None:
                yield file

    def heads(self) -> list[tuple[bytes, int, bytes]]:
        """Return the newest linked segment (device, number, id) of every device."""
        return [
            (dev, seq, segment_id)
            for dev, seq, segment_id in self._sql(
                "SELECT dev16, MAX(seq), id FROM place WHERE id <> x'' GROUP BY dev16"
            )
        ]

    def forks(self) -> Forks:
        """Return the least number under which a device signed two segments."""
        if self._forks is None:
            self._forks = {row[0]: row[1] for row in self._sql("SELECT dev16, seq FROM fork")}
        return self._forks

    def _note_fork(self, dev: bytes, seq: int) -> None:
        self._sql(
            "INSERT INTO fork VALUES (?, ?) ON CONFLICT (dev16) DO UPDATE "
            "SET seq = min(seq, excluded.seq)",
            (dev, seq),
        )
        self._forks = None

    # --- the open segment ---------------------------------------------------------------------

    def open_segment(self) -> OpenSegment | None:
        """Return the open segment's fixed header fields."""
        found = self._sql("SELECT seq, header FROM open_segment").first()
        if found is None:
            return None
        prev, parents, lamport, wall_ms, epoch, roster = codec.decode_kept(found[1])
        cited = tuple((dev, seq, parent) for dev, seq, parent in parents)
        return OpenSegment(
            found[0], prev, cited, lamport, wall_ms, (epoch[0], epoch[1]), (roster[0], roster[1])
        )

    def begin(self, opened: OpenSegment) -> None:
        """Open a segment."""
        header = codec.encode(
            [
                opened.prev,
                [list(parent) for parent in opened.parents],
                opened.lamport,
                opened.wall_ms,
                list(opened.epoch),
                list(opened.roster),
            ]
        )
        self._sql("INSERT INTO open_segment VALUES (?, ?)", (opened.seq, header))

    def append(self, contents: Sequence[bytes], start: int) -> None:
        """Add encoded operations, each with its devices, to the open segment."""
        self._sql("INSERT INTO open_operation VALUES (?, ?)", list(enumerate(contents, start)))

    def open_size(self) -> tuple[int, int]:
        """Return the number and bytes of the open segment's operations."""
        query = "SELECT COUNT(*), COALESCE(SUM(LENGTH(content)), 0) FROM open_operation"
        count, size = self._sql(query).one()
        return count, size

    def close(self, segment: Segment, file: bytes) -> None:
        """Replace the open segment by its sealed file and put that in the outbox."""
        self.add_segment(segment, file)
        self._sql("UPDATE place SET id = ? WHERE id = x''", (segment.id,))
        self._sql("DELETE FROM open_operation")
        self._sql("DELETE FROM open_segment")
        header = segment.header
        path = names.segment_path(self._slot, header.dev, header.seq, segment.id)
        self.put_out(path, file)
        self.log = OperationLog(self._connection, self._registry)

    # --- going out --------------------------------------------------------------------------

    def put_out(self, path: str, file: bytes) -> None:
        """Put a file in the outbox; publishing it again is harmless."""
        self._sql(
            "INSERT OR REPLACE INTO outbox VALUES (?, ?, "
            "(SELECT COALESCE(MAX(position), 0) + 1 FROM outbox))",
            (path, file),
        )

    def outbox(self) -> list[tuple[str, bytes]]:
        """Return the files that wait to go out, in order."""
        found = self._sql("SELECT path, file FROM outbox ORDER BY position")
        return [(path, file) for path, file in found]

    def sent(self, path: str) -> None:
        """Take a published file out of the outbox."""
        self._sql("DELETE FROM outbox WHERE path = ?", (path,))

    # --- blobs ------------------------------------------------------------------------------

    def add_blob(self, chunk_hash: bytes, content: bytes) -> None:
        """Keep one chunk."""
        self._sql("INSERT OR IGNORE INTO blob VALUES (?, ?)", (chunk_hash, content))

    def blob(self, chunk_hash: bytes) -> bytes | None:
        """Return a chunk, or None while it has not arrived."""
        found = self._sql("SELECT content FROM blob WHERE hash = ?", (chunk_hash,)).first()
        return found[0] if found else None

    # --- what went wrong, and what happened -----------------------------------------------------

    def refuse_file(self, path: str, code: str, words: str, at_ms: int) -> None:
        """Remember a file that was refused, by its place and reason."""
        self._sql(
            "INSERT INTO refused_file VALUES (?, ?, ?, ?, 0) ON CONFLICT (path) DO UPDATE "
            "SET code = excluded.code, words = excluded.words, healed = 0",
            (path, code, words, at_ms),
        )

    def segments_from(self, turn: int, count: int) -> list[tuple[bytes, bytes, int, bytes]]:
        """Return some held segments in rotation: id, device, number, file."""
        total = int(self._sql("SELECT COUNT(*) FROM segment").scalar_one())
        start = _page(turn, count, total)
        found = self._sql(
            "SELECT id, dev16, seq, file FROM segment ORDER BY dev16, seq LIMIT ? OFFSET ?",
            (count, start),
        )
        return [(sid, dev, seq, file) for sid, dev, seq, file in found]

    def blobs_from(self, turn: int, count: int) -> list[tuple[bytes, bytes]]:
        """Return some chunks in rotation: hash, content."""
        total = int(self._sql("SELECT COUNT(*) FROM blob").scalar_one())
        start = _page(turn, count, total)
        query = "SELECT hash, content FROM blob ORDER BY hash LIMIT ? OFFSET ?"
        return [(chunk, content) for chunk, content in self._sql(query, (count, start))]

    def refused_files(self) -> list[tuple[str, str, str, int, bool]]:
        """Return refused files: path, code, words, first seen, healed since."""
        found = self._sql("SELECT * FROM refused_file ORDER BY first_seen_ms, path")
        return [(path, code, words, at, bool(healed)) for path, code, words, at, healed in found]

    def mark_healed(self, path: str) -> None:
        """Note that a refused file is good again."""
        self._sql("UPDATE refused_file SET healed = 1 WHERE path = ?", (path,))

    def seen_paths(self) -> frozenset[str]:
        """Return the places whose files were read and need no second look."""
        return frozenset(path for (path,) in self._sql("SELECT path FROM seen_file"))

    def paths_of(self, content_id: bytes) -> list[str]:
        """Return the places where a segment, record or chunk was found."""
        query = "SELECT path FROM seen_file WHERE id = ? ORDER BY path"
        return [path for (path,) in self._sql(query, (content_id,))]

    def mark_seen(self, path: str, content_id: bytes) -> None:
        """Note what a place holds: it needs no second look."""
        self._sql("INSERT OR REPLACE INTO seen_file VALUES (?, ?)", (path, content_id))

    def forget_places(self) -> None:
        """Forget what was seen where: the folder has lost its content."""
        self._sql("DELETE FROM seen_file")
        self._sql("DELETE FROM missing_file")

    def missing_since(self, name: str, at_ms: int) -> int:
        """Return when a file was first found missing or damaged; now, if only now."""
        self._sql("INSERT OR IGNORE INTO missing_file VALUES (?, ?)", (name, at_ms))
        query = "SELECT since_ms FROM missing_file WHERE name = ?"
        return int(self._sql(query, (name,)).scalar_one())

    def found_again(self, name: str) -> None:
        """Note that a file is no longer missing."""
        self._sql("DELETE FROM missing_file WHERE name = ?", (name,))

    def add_event(self, at_ms: int, kind: str, words: str) -> None:
        """Note something a person may want to read later."""
        self._sql("INSERT INTO event (at_ms, kind, words) VALUES (?, ?, ?)", (at_ms, kind, words))

    # --- approvals, and starting again -----------------------------------------------------------

    def own_approvals(self, dev16: bytes) -> Mapping[bytes, Dot]:
        """Return a device's newest standing approval of each row."""
        found = self._sql(
            "SELECT row, dev16, seq, idx FROM approval WHERE dev16 = ? AND withdrawn = 0 "
            "ORDER BY seq, idx",
            (dev16,),
        )
        return {row: (dev, seq, idx) for row, dev, seq, idx in found}

    def clear_derived(self) -> None:
        """Drop everything that can be rebuilt; forks are found again."""
        clear_derived(self._connection)
        self._sql(
            "INSERT INTO fork SELECT dev16, MIN(seq) FROM (SELECT dev16, seq FROM segment "
            "GROUP BY dev16, seq HAVING COUNT(*) > 1) GROUP BY dev16"
        )
        self._forks = None
        self.log = OperationLog(self._connection, self._registry)


def _page(turn: int, count: int, total: int) -> int:
    """Return where a page of a rotation starts, so that every page has its turn."""
    pages = max(1, -(-total // count))
    return turn % pages * count
