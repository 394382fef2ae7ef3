"""Who signed an operation, on which laptop, and when; for histories and counts of approvals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.changes import Cell, Sealed
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.tables.projections import shown
from collabdesk.sync.operations import Dot, Value
from collabdesk.sync.registry.model import Column, Kind


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote: ids as signed. `wall_ms` is that laptop's clock; `segment` is empty until sealed.

    `device` is the laptop's 16-byte short name; people's and trusts' names come from membership.
    `doubtful` says that the clock was set wrong, as far as whoever asked has looked.
    """

    organisation: bytes | None
    person: bytes | None
    device: bytes
    lamport: int
    wall_ms: int
    segment: bytes
    doubtful: bool = False


class Authors:
    """Finds the authors of dots over one connection; each change set is looked up once."""

    def __init__(self, reads: Connection) -> None:
        """Read on a connection."""
        self._reads = reads
        self._known: dict[tuple[bytes, int], Author] = {}

    def of(self, dot: Dot) -> Author:
        """Return who signed the operation at a dot."""
        place = (dot[0], dot[1])
        if place not in self._known:
            self._known[place] = self._find(*place)
        return self._known[place]

    def _find(self, device: bytes, seq: int) -> Author:
        found = self._reads.exec_driver_sql(
            "SELECT p.organisation, p.person, p.dev16, p.lamport, s.wall_ms, p.id FROM place p "
            "LEFT JOIN segment s ON s.id = p.id WHERE p.dev16 = ? AND p.seq = ? ORDER BY p.id",
            (device, seq),
        ).first()
        if found is None:
            return Author(None, None, device, 0, 0, b"")
        organisation, person, dev16, lamport, wall_ms, segment = found
        return Author(organisation, person, dev16, lamport, self._wall(segment, wall_ms), segment)

    def _wall(self, segment: bytes, wall_ms: int | None) -> int:
        opened = None if segment else SqliteReplica(self._reads).open_segment()
        return opened.wall_ms if opened else wall_ms or 0


def in_order(dots: Iterable[Dot], authors: Authors) -> list[Dot]:
    """Return dots in the order every replica agrees on: (lamport, device, number, index)."""
    return sorted(dots, key=lambda dot: (authors.of(dot).lamport, dot))


def cell(column: Column, value: Value) -> Cell:
    """Return a wire value in the terms of the domain: members by name, dates as dates.

    What is sealed stays so.
    """
    if column.read.restricted and isinstance(value, bytes):
        return Sealed(value)
    if column.kind is Kind.DATE and isinstance(value, str):
        return dt.date.fromisoformat(value)
    return value if column.kind is Kind.BOOL else shown(column, value)
