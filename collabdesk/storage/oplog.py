"""The operation log in SQLite: what the judge reads of it, and how a batch is written back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from collabdesk.storage.packing import (
    name_of,
    pack_dots,
    pack_past,
    pack_seen,
    unpack_dots,
    unpack_past,
    unpack_seen,
)
from collabdesk.storage.statements import statements
from collabdesk.sync import codec
from collabdesk.sync.authority.cited import Citation
from collabdesk.sync.chain import Link, nearest
from collabdesk.sync.judging.reading import read_raw
from collabdesk.sync.operations import Dot, InsertRow, Operation
from collabdesk.sync.registry import REGISTRY, Registry
from collabdesk.sync.segment import open_body, read
from collabdesk.sync.verdicts import NEWER_REGISTRY
from collabdesk.sync.workset import (
    Columns,
    LedgerTail,
    OperationFacts,
    RowFacts,
    Sibling,
    Tombstone,
    Workset,
)

RawOperation = tuple[Sequence[bytes], list[Any]]
Segment = tuple[bytes, int, bytes]

_CHUNK = 500
_MOST_LINKS = 4_096
_MOST_BODIES = 64
_UNOPENED: RawOperation = ((), [-1, codec.MAX_INT])


class OperationLog:
    """Reads and writes verdicts, rows and live siblings over one connection."""

    def __init__(self, connection: Connection, registry: Registry = REGISTRY) -> None:
        """Work inside the transaction of a connection."""
        self._connection = connection
        self._sql = statements(connection)
        self._registry = registry
        self._links: dict[bytes, Link] = {}
        self._cited: dict[Citation, bytes] = {}
        self._bodies: dict[Segment, list[RawOperation]] = {}

    # --- what the judge asks ---------------------------------------------------------

    def rows(self, keys: Iterable[bytes]) -> Mapping[bytes, RowFacts]:
        """Return the facts of those rows that exist."""
        found = self._in_chunks("SELECT row, tbl, scope, dev16, seq, idx, verdict FROM row", keys)
        return {
            row: RowFacts(tbl, codec.decode_kept(scope), (dev, seq, idx), verdict)
            for row, tbl, scope, dev, seq, idx, verdict in found
        }

    def cells(self, rows: Iterable[bytes]) -> Mapping[bytes, Columns]:
        """Return the live siblings of every cell of the rows."""
        keys = list(rows)
        cells: dict[bytes, Columns] = {row: {} for row in keys}
        query = "SELECT row, col, dev16, seq, idx, value, lamport FROM cell"
        for row, col, dev, seq, idx, value, lamport in self._in_chunks(query, keys):
            live = cells[row].setdefault(col, {})
            live[(dev, seq, idx)] = Sibling(codec.decode_kept(value), lamport)
        return cells

    def tombstones(self, rows: Iterable[bytes]) -> Mapping[bytes, dict[Dot, Tombstone]]:
        """Return the accepted deletes of the rows."""
        stones: dict[bytes, dict[Dot, Tombstone]] = {}
        query = "SELECT row, dev16, seq, idx, seen, undone FROM tombstone"
        for row, dev, seq, idx, seen, undone in self._in_chunks(query, rows):
            stone = Tombstone(frozenset(unpack_dots(seen)), bool(undone))
            stones.setdefault(row, {})[(dev, seq, idx)] = stone
        return stones

    def operation(self, dot: Dot, branch: bytes = b"") -> OperationFacts | None:
        """Return what the operation at a dot (of a branch) names, or None if none is there."""
        dev, seq, idx = dot
        found = self._sql(
            "SELECT o.row, o.verdict, p.organisation, p.person FROM operation o "
            "LEFT JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
            "AND (o.branch = x'' OR o.branch = p.id) "
            "WHERE o.dev16 = ? AND o.seq = ? AND o.branch = ? AND o.idx = ?",
            (dev, seq, branch, idx),
        ).first()
        raw = self._raw(dot, branch) if found else None
        if found is None or raw is None:
            return None
        op, read = read_raw(raw[1], raw[0], self._registry)
        row, verdict, organisation, person = found
        author = (organisation, person) if organisation and person else None
        if op is None and read != NEWER_REGISTRY:
            return None
        return OperationFacts(op, row, verdict, author)

    def read(self, dot: Dot) -> Operation | None:
        """Return the operation at a dot, or None if this build cannot read it."""
        raw = self._raw(dot, b"") or self._raw(dot, self._accepted_branch(dot))
        return read_raw(raw[1], raw[0], self._registry)[0] if raw else None

    def _accepted_branch(self, dot: Dot) -> bytes:
        """Return the branch that stands where a device signed two ways; nothing elsewhere."""
        query = "SELECT branch FROM operation WHERE dev16 = ? AND seq = ? AND idx = ? "
        found = self._sql(query + "ORDER BY verdict LIMIT 1", dot).first()
        return found[0] if found else b""

    def _raw(self, dot: Dot, branch: bytes) -> RawOperation | None:
        body = self._body((dot[0], dot[1], branch))
        return body[dot[2]] if dot[2] < len(body) else None

    def forked_rows(self, row: bytes) -> Sequence[tuple[bytes, RowFacts]]:
        """Return branch and facts of every insert of a row that a forked device made."""
        found = self._sql(
            "SELECT dev16, seq, branch, idx, verdict FROM operation "
            "WHERE row = ? AND branch <> x'' AND (tbl IS NULL OR kind = 1) ORDER BY branch",
            (row,),
        ).all()
        facts = (
            (branch, self._forked_row((dev, seq, idx), branch, verdict))
            for dev, seq, branch, idx, verdict in found
        )
        return [(branch, row_facts) for branch, row_facts in facts if row_facts is not None]

    def _forked_row(self, dot: Dot, branch: bytes, verdict: int) -> RowFacts | None:
        facts = self.operation(dot, branch)
        op = facts.op if facts else None
        if isinstance(op, InsertRow):
            return RowFacts(op.table, op.scope, dot, verdict)
        return RowFacts(None, 0, dot, verdict) if op is None else None

    def segments_at(self, dev: bytes, seq: int) -> Sequence[bytes]:
        """Return the ids of the linked segments of a device under one number."""
        query = "SELECT id FROM place WHERE dev16 = ? AND seq = ? ORDER BY id"
        return [segment_id for (segment_id,) in self._sql(query, (dev, seq))]

    def ledger_tail(self) -> LedgerTail | None:
        """Return the last accepted post."""
        found = self._sql(
            "SELECT term, number, link FROM post ORDER BY term DESC, seq DESC, idx DESC LIMIT 1"
        ).first()
        return LedgerTail(*found) if found else None

    def released(self, dev: bytes, term: int) -> bool:
        """Tell whether a device has laid a term of the ledger down."""
        query = "SELECT 1 FROM released WHERE dev16 = ? AND term = ? LIMIT 1"
        return self._sql(query, (dev, term)).first() is not None

    def source_used(self, source: Dot) -> bool:
        """Tell whether an accepted post already carries out the source."""
        query = "SELECT 1 FROM post WHERE source = ? LIMIT 1"
        return self._sql(query, (pack_dots([source]),)).first() is not None

    def link(self, segment_id: bytes) -> Link | None:
        """Return a linked segment's place, or None."""
        known = self._links.get(segment_id)
        if known is not None:
            return known
        query = (
            "SELECT dev16, seq, lamport, past, seen, c.* FROM place p "
            "JOIN citation c ON c.name = p.cites WHERE p.id = ?"
        )
        found = self._sql(query, (segment_id,)).first()
        if found is None:
            return None
        dev, seq, lamport, past, seen, _, *cited = found
        cites = ((cited[0], cited[1]), (cited[2], cited[3]))
        after = unpack_seen(seen)
        link = Link(segment_id, dev, seq, lamport, unpack_past(past), cites, seen_after=after)
        self._remember(link)
        return link

    def ancestors(self, segment_id: bytes) -> tuple[bytes, ...]:
        """Return the ids of a linked segment's predecessor and parents."""
        found = self._sql("SELECT file FROM segment WHERE id = ?", (segment_id,)).first()
        return nearest(read(found[0]).header) if found else ()

    def _remember(self, link: Link) -> None:
        if len(self._links) >= _MOST_LINKS:
            self._links.clear()
        self._links[link.id] = link

    # --- what a batch leaves -----------------------------------------------------------

    def add_place(self, link: Link, author: tuple[bytes, bytes | None] | None) -> None:
        """Keep the place of a linked segment and who wrote it (organisation, person)."""
        self._remember(link)
        past, seen = pack_past(link.past), pack_seen(link.seen_after)
        cites, (organisation, person) = self._name(link.cites), author or (None, None)
        at = (link.id, link.dev16, link.seq, link.lamport)
        self._sql(
            "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*at, past, cites, seen, organisation, person),
        )

    def _name(self, cites: Citation) -> bytes:
        known = self._cited.get(cites)
        if known is None:
            known = self._cited[cites] = name_of(cites)
            self._sql(
                "INSERT OR IGNORE INTO citation VALUES (?, ?, ?, ?, ?)",
                (known, *cites[0], *cites[1]),
            )
        return known

    def save(self, work: Workset) -> None:
        """Write back what a batch judged and merged."""
        self._many(
            "INSERT INTO operation VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            work.judged,
        )
        self._many("INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?, ?, ?)", _row_values(work))
        self._many(
            "DELETE FROM cell WHERE row = ? AND col = ? AND dev16 = ? AND seq = ? AND idx = ?",
            [(row, column, *dot) for row, column, dot in work.removed],
        )
        self._many(
            "INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (row, column, *dot, codec.encode(sibling.value), sibling.lamport)
                for (row, column, dot), sibling in work.added.items()
            ],
        )
        self._save_tombstones(work)
        self._save_approvals(work)
        self.save_ledger(work)

    def save_ledger(self, work: Workset) -> None:
        """Write back the journals and releases a batch accepted."""
        self._many(
            "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (*dot, p.term, p.number, p.link, _packed(p.source), p.header)
                for dot, p in work.posts.items()
            ],
        )

        self._many(
            "INSERT INTO released VALUES (?, ?, ?, ?)",
            [(*dot, term) for dot, term in work.releases.items()],
        )

    def _save_tombstones(self, work: Workset) -> None:
        self._many(
            "INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?, ?, ?)",
            [
                (row, *dot, pack_dots(stone.seen), int(stone.undone))
                for row in work.touched
                for dot, stone in work.tombstones.get(row, {}).items()
            ],
        )

    def _save_approvals(self, work: Workset) -> None:
        self._many(
            "INSERT INTO approval VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            [
                (*dot, a.row, a.organisation, a.person, pack_dots(a.dots))
                for dot, a in work.approvals.items()
            ],
        )
        self._many(
            "UPDATE approval SET withdrawn = 1 WHERE dev16 = ? AND seq = ? AND idx = ?",
            list(work.withdrawn.values()),
        )

    # --- small parts -------------------------------------------------------------------

    def _many(self, query: str, values: Sequence[tuple[Any, ...]]) -> None:
        if values:
            self._sql(query, list(values))

    def _in_chunks(self, query: str, keys: Iterable[bytes]) -> Iterator[Any]:
        """Read on the driver's own cursor: rows by the thousand need no wrapping."""
        wanted, cursor = list(keys), self._connection.connection.cursor()
        for start in range(0, len(wanted), _CHUNK):
            chunk = tuple(wanted[start : start + _CHUNK])
            marks = ",".join("?" * len(chunk))
            cursor.execute(f"{query} WHERE row IN ({marks})", chunk)
            yield from cursor.fetchall()

    def _body(self, segment: Segment) -> list[RawOperation]:
        if segment not in self._bodies:
            if len(self._bodies) >= _MOST_BODIES:
                self._bodies.clear()
            self._bodies[segment] = self._read_body(*segment)
        return self._bodies[segment]

    def _read_body(self, dev: bytes, seq: int, branch: bytes) -> list[RawOperation]:
        found = self._sql(
            "SELECT p.id, s.file FROM place p LEFT JOIN segment s ON s.id = p.id "
            "WHERE p.dev16 = ? AND p.seq = ? AND (? = x'' OR p.id = ?)",
            (dev, seq, branch, branch),
        ).all()
        if len(found) != 1:
            return []  # there is none, or which branch of a fork is meant must be said
        ((segment_id, file),) = found
        if not segment_id:
            return list(self.open_operations())
        segment = read(file)
        if segment.header.enc_key_id is not None:
            return [_UNOPENED] * segment.header.n_ops
        body = open_body(segment)
        return [(body.devs, op) for op in body.ops]

    def open_operations(self) -> Iterator[RawOperation]:
        """Return the operations of the open segment, each with its device list."""
        for (content,) in self._sql("SELECT content FROM open_operation ORDER BY idx"):
            devs, op = codec.decode_kept(content)
            yield devs, op

    def held_newer(self) -> Iterator[list[Any]]:
        """Return the operations that need a newer registry, or wait with one that does."""
        query = f"SELECT dev16, seq, idx, branch FROM operation WHERE verdict = {NEWER_REGISTRY}"  # noqa: S608
        for *dot, branch in self._sql(query).all():
            raw = self._raw((dot[0], dot[1], dot[2]), branch)
            if raw is not None:
                yield raw[1]

    def forget(self, dev: bytes, seq: int) -> None:
        """Forget what was read of a segment that has just grown."""
        self._bodies.pop((dev, seq, b""), None)


def _packed(source: Dot | None) -> bytes | None:
    return None if source is None else pack_dots([source])


def _row_values(work: Workset) -> list[tuple[Any, ...]]:
    return [
        (row, facts.table, codec.encode(facts.scope), *facts.dot, facts.verdict)
        for row, facts in work.new_rows.items()
    ]
