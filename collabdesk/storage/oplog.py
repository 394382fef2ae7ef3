"""The operation log in SQLite: what the judge reads of it, and how a batch is written back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from collabdesk.storage.packing import (
    pack_dots,
    pack_past,
    pack_seen,
    unpack_dots,
    unpack_past,
    unpack_seen,
)
from collabdesk.sync import codec
from collabdesk.sync.chain import Link
from collabdesk.sync.judge import facts_of
from collabdesk.sync.operations import Dot, Operation, ShapeError, read_operation
from collabdesk.sync.segment import open_body, read
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

_CHUNK = 500
_VALUE_BYTES = 1 << 18


class OperationLog:
    """Reads and writes verdicts, rows and live siblings over one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of a connection."""
        self._sql = connection.exec_driver_sql
        self._links: dict[bytes, Link] = {}
        self._bodies: dict[tuple[bytes, int], list[RawOperation]] = {}

    # --- what the judge asks ---------------------------------------------------------

    def rows(self, keys: Iterable[bytes]) -> Mapping[bytes, RowFacts]:
        """Return the facts of those rows that exist."""
        found = self._in_chunks("SELECT row, tbl, scope, dev16, seq, idx, verdict FROM row", keys)
        return {
            row: RowFacts(tbl, _value(scope), (dev, seq, idx), verdict)  # type: ignore[arg-type]
            for row, tbl, scope, dev, seq, idx, verdict in found
        }

    def cells(self, rows: Iterable[bytes]) -> Mapping[bytes, Columns]:
        """Return the live siblings of every cell of the rows."""
        keys = list(rows)
        cells: dict[bytes, Columns] = {row: {} for row in keys}
        query = "SELECT row, col, dev16, seq, idx, value, lamport FROM cell"
        for row, col, dev, seq, idx, value, lamport in self._in_chunks(query, keys):
            live = cells[row].setdefault(col, {})
            live[(dev, seq, idx)] = Sibling(_value(value), lamport)
        return cells

    def tombstones(self, rows: Iterable[bytes]) -> Mapping[bytes, dict[Dot, Tombstone]]:
        """Return the accepted deletes of the rows."""
        stones: dict[bytes, dict[Dot, Tombstone]] = {}
        query = "SELECT row, dev16, seq, idx, seen, undone FROM tombstone"
        for row, dev, seq, idx, seen, undone in self._in_chunks(query, rows):
            stone = Tombstone(frozenset(unpack_dots(seen)), bool(undone))
            stones.setdefault(row, {})[(dev, seq, idx)] = stone
        return stones

    def operation(self, dot: Dot) -> OperationFacts | None:
        """Return what the operation at a dot names, or None if none is held there."""
        found = self._sql(
            "SELECT o.row, o.verdict, p.organisation, p.person FROM operation o "
            "LEFT JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
            "WHERE o.dev16 = ? AND o.seq = ? AND o.idx = ?",
            dot,
        ).first()
        if found is None:
            return None
        row, verdict, organisation, person = found
        author = (organisation, person) if organisation and person else None
        return facts_of(self.read(dot), row, verdict, author)

    def read(self, dot: Dot) -> Operation | None:
        """Return the operation at a dot, or None if this build cannot read it."""
        body = self._body(dot[0], dot[1])
        if dot[2] >= len(body):
            return None
        devs, op = body[dot[2]]
        try:
            return read_operation(op, devs)
        except (ShapeError, ValueError, IndexError, KeyError):
            return None

    def ledger_tail(self) -> LedgerTail | None:
        """Return the last accepted post."""
        found = self._sql(
            "SELECT term, number, link FROM post ORDER BY term DESC, seq DESC, idx DESC LIMIT 1"
        ).first()
        return LedgerTail(*found) if found else None

    def source_used(self, source: Dot) -> bool:
        """Tell whether an accepted post already carries out the source."""
        query = "SELECT 1 FROM post WHERE source = ? LIMIT 1"
        return self._sql(query, (pack_dots([source]),)).first() is not None

    def link(self, segment_id: bytes) -> Link | None:
        """Return a linked segment's place, or None."""
        known = self._links.get(segment_id)
        if known is not None:
            return known
        query = "SELECT dev16, seq, lamport, past, seen FROM place WHERE id = ?"
        found = self._sql(query, (segment_id,)).first()
        if found is None:
            return None
        dev, seq, lamport, past, seen = found
        link = Link(segment_id, dev, seq, lamport, unpack_past(past), unpack_seen(seen))
        self._links[segment_id] = link
        return link

    # --- what a batch leaves -----------------------------------------------------------

    def add_place(
        self, link: Link, organisation: bytes | None, person: bytes | None
    ) -> None:
        """Keep the place of a linked segment and who wrote it."""
        self._links[link.id] = link
        self._sql(
            "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                link.id,
                link.dev16,
                link.seq,
                link.lamport,
                pack_past(link.past),
                pack_seen(link.seen),
                organisation,
                person,
            ),
        )

    def save(self, work: Workset) -> None:
        """Write back what a batch judged and merged."""
        self._many(
            "INSERT INTO operation VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*j.dot, j.kind, j.table, j.row, j.verdict) for j in work.judged],
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
        self._many(
            "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (*dot, p.term, p.number, p.link, _packed(p.source), p.header)
                for dot, p in work.posts.items()
            ],
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

    def _many(self, query: str, values: list[tuple[Any, ...]]) -> None:
        if values:
            self._sql(query, values)

    def _in_chunks(self, query: str, keys: Iterable[bytes]) -> Iterator[Any]:
        wanted = list(keys)
        for start in range(0, len(wanted), _CHUNK):
            chunk = tuple(wanted[start : start + _CHUNK])
            marks = ",".join("?" * len(chunk))
            yield from self._sql(f"{query} WHERE row IN ({marks})", chunk)

    def _body(self, dev: bytes, seq: int) -> list[RawOperation]:
        key = (dev, seq)
        if key not in self._bodies:
            self._bodies.clear()
            self._bodies[key] = self._read_body(dev, seq)
        return self._bodies[key]

    def _read_body(self, dev: bytes, seq: int) -> list[RawOperation]:
        found = self._sql(
            "SELECT s.file FROM segment s JOIN place p ON p.id = s.id "
            "WHERE p.dev16 = ? AND p.seq = ?",
            (dev, seq),
        ).first()
        if found is None:
            return list(self.open_operations())
        segment = read(found[0])
        if segment.header.enc_key_id is not None:
            return []
        body = open_body(segment)
        return [(body.devs, op) for op in body.ops]

    def open_operations(self) -> Iterator[RawOperation]:
        """Return the operations of the open segment, each with its device list."""
        for (content,) in self._sql("SELECT content FROM open_operation ORDER BY idx"):
            devs, op = codec.decode(content, max_bytes=1 << 23)  # type: ignore[misc]
            yield devs, op  # type: ignore[misc]

    def forget(self, dev: bytes, seq: int) -> None:
        """Forget what was read of a segment that has just grown."""
        self._bodies.pop((dev, seq), None)


def _value(packed: bytes) -> Any:  # noqa: ANN401 - a wire value of any kind
    return codec.decode(packed, max_bytes=_VALUE_BYTES)


def _packed(source: Dot | None) -> bytes | None:
    return None if source is None else pack_dots([source])


def _row_values(work: Workset) -> list[tuple[Any, ...]]:
    return [
        (row, facts.table, codec.encode(facts.scope), *facts.dot, facts.verdict)
        for row in work.new_rows
        for facts in (work.rows[row],)
    ]
