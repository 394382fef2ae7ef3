"""Changes that are quarantined, group by group, with the operations they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import verdicts
from collabdesk.sync.operations import Group, Operation
from collabdesk.sync.registry import kinds

_OF_THE_PROTOCOL: Final = frozenset((kinds.BEACON, kinds.HEED, kinds.ADOPT, kinds.RELEASE))


@dataclass(frozen=True, slots=True)
class Part:
    """One operation that is set aside: its place, what it says, the row it makes or names."""

    idx: int
    op: Operation
    row: bytes | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """Operations that were set aside together, with who wrote them and why they are."""

    segment: bytes
    device: bytes
    seq: int
    organisation: bytes | None
    person: bytes | None
    wall_ms: int
    verdict: int
    parts: tuple[Part, ...]

    @property
    def id(self) -> tuple[bytes, int]:
        """The change set and the place of its first operation."""
        return self.segment, self.parts[0].idx


@dataclass(frozen=True, slots=True)
class _Row:
    device: bytes
    seq: int
    idx: int
    branch: bytes
    kind: int
    verdict: int
    row: bytes | None
    organisation: bytes | None
    person: bytes | None
    segment: bytes
    wall_ms: int


def set_aside(reads: Connection) -> tuple[SetAside, ...]:
    """Return what is quarantined, in the order in which verdicts are given."""
    found = reads.exec_driver_sql(
        "SELECT o.dev16, o.seq, o.idx, o.branch, o.kind, o.verdict, o.row, p.organisation, "
        "p.person, p.id, COALESCE(s.wall_ms, 0) FROM operation o "
        "JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
        "AND (o.branch = x'' OR o.branch = p.id) LEFT JOIN segment s ON s.id = p.id "
        "WHERE o.verdict BETWEEN ? AND ? AND p.id <> x'' "
        "ORDER BY p.lamport, o.dev16, o.seq, p.id, o.idx",
        (verdicts.QUARANTINED.start, verdicts.QUARANTINED.stop - 1),
    )
    rows = [_Row(*row) for row in found]
    replica = SqliteReplica(reads)
    together = groupby(rows, key=lambda row: row.segment)
    return tuple(item for _, members in together for item in _grouped(replica, list(members)))


def _grouped(replica: SqliteReplica, rows: Sequence[_Row]) -> Iterator[SetAside]:
    waiting = list(rows)
    while waiting:
        first = waiting.pop(0)
        op = _read(replica, first)
        members = [first]
        if isinstance(op, Group):
            last = first.idx + op.size
            members = [row for row in waiting if row.idx <= last]
            waiting = [row for row in waiting if row.idx > last]
        item = _item(replica, members)
        if item is not None:
            yield item


def _item(replica: SqliteReplica, rows: Iterable[_Row]) -> SetAside | None:
    read = [(row, _read(replica, row)) for row in rows if row.kind not in _OF_THE_PROTOCOL]
    parts = tuple(
        Part(row.idx, op, row.row)
        for row, op in read
        if op is not None and not isinstance(op, Group)
    )
    if not parts:
        return None
    first = read[0][0]
    return SetAside(
        first.segment,
        first.device,
        first.seq,
        first.organisation,
        first.person,
        first.wall_ms,
        first.verdict,
        parts,
    )


def _read(replica: SqliteReplica, row: _Row) -> Operation | None:
    facts = replica.log.operation((row.device, row.seq, row.idx), row.branch)
    return facts.op if facts else None
