"""Roots and digests: what two replicas compare to know that they hold the same truth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from collabdesk.storage.schema import DISPOSABLE
from collabdesk.sync import codec, derive
from collabdesk.sync.authority.rulebook import Rulebook


def state_root(reads: Connection) -> bytes:
    """Return the state root over everything accepted and every other verdict."""
    return derive.state_root(_rows(reads), _signed(reads), _withheld(reads))


def control_head(reads: Connection, book: Rulebook) -> bytes:
    """Return the digest of the control records that rule."""
    held = {row.dev16: row.seq for row in reads.exec_driver_sql("SELECT * FROM fork")}
    tips = ((entry.org, book.roster_of(entry.org)) for entry in book.epoch.orgs)
    rosters = sorted((org, *tip) for org, tip in tips if tip is not None)
    suspended = sorted(item.id for item in book.suspensions)
    forks = sorted(book.forks(held).items())
    return derive.control_head((book.epoch.n, book.head.id), rosters, suspended, forks)


def projection_digests(reads: Connection) -> Mapping[str, str]:
    """Return SHA-256 over the rows of every derived table, sorted by key, as hex."""
    digests = {}
    for metadata in DISPOSABLE:
        for table in metadata.sorted_tables:
            keys = [column.name for column in table.primary_key.columns]
            digest = hashlib.sha256()
            # place holds the unsealed segment under an empty id; it has no file yet.
            for row in reads.execute(table.select().order_by(*keys)):
                digest.update(codec.encode(list(row)))
            digests[table.name] = digest.hexdigest()
    return digests


def _rows(reads: Connection) -> Iterator[derive.RowState]:
    cells = _cells(reads)
    current = next(cells, None)
    deleted = {
        row
        for (row,) in reads.exec_driver_sql("SELECT DISTINCT row FROM tombstone WHERE undone = 0")
    }
    found = reads.exec_driver_sql(
        "SELECT tbl, row, scope FROM row WHERE verdict = 0 ORDER BY tbl, row"
    )
    for tbl, row, scope in found:
        columns: dict[int, list[derive.Sibling]] = {}
        while current is not None and current[0] == (tbl, row):
            _, column, sibling = current
            columns.setdefault(column, []).append(sibling)
            current = next(cells, None)
        yield (
            tbl,
            row,
            codec.decode_kept(scope),
            row in deleted,
            [[column, siblings] for column, siblings in columns.items()],  # type: ignore[misc]
        )


def _cells(reads: Connection) -> Iterator[tuple[tuple[int, bytes], int, derive.Sibling]]:
    found = reads.exec_driver_sql(
        "SELECT r.tbl, c.row, c.col, c.dev16, c.seq, c.idx, c.value FROM cell c "
        "JOIN row r ON r.row = c.row ORDER BY r.tbl, c.row, c.col, c.dev16, c.seq, c.idx"
    )
    for tbl, row, column, dev, seq, idx, value in found:
        yield (tbl, row), column, (dev, seq, idx, codec.decode_kept(value))


def _signed(reads: Connection) -> Iterator[derive.SignedDot]:
    found = reads.exec_driver_sql(
        "SELECT o.dev16, o.seq, p.id, o.idx FROM operation o "
        "JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
        "AND (o.branch = x'' OR o.branch = p.id) "
        "WHERE o.verdict = 0 AND o.kind IN (6, 7, 8, 9) ORDER BY o.dev16, o.seq, p.id, o.idx"
    )
    yield from ((dev, seq, segment, idx) for dev, seq, segment, idx in found)


def _withheld(reads: Connection) -> Iterator[derive.WithheldDot]:
    found = reads.exec_driver_sql(
        "SELECT o.dev16, o.seq, p.id, o.idx, o.verdict FROM operation o "
        "JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
        "AND (o.branch = x'' OR o.branch = p.id) WHERE o.verdict <> 0 "
        "ORDER BY o.dev16, o.seq, p.id, o.idx"
    )
    yield from ((dev, seq, segment, idx, number) for dev, seq, segment, idx, number in found)
