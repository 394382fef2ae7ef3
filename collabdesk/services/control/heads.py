"""How far each laptop's changes were verified here, and how much of that is in good standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import verdicts
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.hashing import Z
from collabdesk.sync.names import dev16
from collabdesk.sync.records import ChainPoint, Epoch, Roster
from collabdesk.sync.segment import read

_SET_ASIDE = (verdicts.PAST_A_CUT, verdicts.SUSPENDED, verdicts.FORKED)


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the two ways a laptop signed: its newest change set and how many it has."""

    head: ChainPoint
    changes: int


class Heads:
    """Reads how far laptops came, from the change sets that are linked here."""

    def __init__(self, reads: Connection, book: Rulebook) -> None:
        """Read on a connection under a rule book."""
        self._sql = reads.exec_driver_sql
        self._replica = SqliteReplica(reads)
        self._book = book

    def verified(self, key: bytes) -> ChainPoint:
        """Return the newest change set of a laptop that was verified here; number 0 if none."""
        return self._newest(key, (1 << 32) - 1)

    def standing(self, key: bytes) -> ChainPoint:
        """Return the newest change set of a laptop that nothing speaks against.

        Below a fork, at most at a suspension, at most at the cut of a retired laptop.
        """
        limits = [(1 << 32) - 1]
        forked = self.forked_at(key)
        if forked:
            limits.append(forked - 1)
        org = self._book.organisation_of(key)
        suspended = self._book.suspended_from(org, key) if org else None
        if suspended is not None:
            limits.append(suspended)
        if org is None:
            limits.append(self._cut(key))
        landmark = self._book.landmarks.get(key)
        if landmark is not None and landmark.seq >= min(limits):
            return landmark
        return self._newest(key, min(limits))

    def fixed(self) -> Mapping[bytes, ChainPoint]:
        """Return up to where each laptop's changes may be fixed: nothing set aside comes back."""
        found: dict[bytes, ChainPoint] = {}
        for key in self._book.known_keys:
            point = self._cited_well(key, self._before_set_aside(key))
            if point.seq:
                found[key] = point
        return found

    def brought_back(self, point: ChainPoint) -> int:
        """Return how many operations that were set aside would count again up to a point."""
        query = (
            "SELECT COUNT(*) FROM operation WHERE dev16 = ? AND seq > ? AND seq <= ? "
            "AND kind <> 0 AND verdict IN (?, ?, ?)"
        )
        upto = (dev16(point.key), self._landmark(point.key), point.seq)
        return int(self._sql(query, (*upto, *_SET_ASIDE)).scalar_one())

    def holds(self, point: ChainPoint) -> bool:
        """Tell whether a change set is here, linked, under that number of that laptop."""
        query = "SELECT 1 FROM place WHERE id = ? AND dev16 = ? AND seq = ?"
        return self._sql(query, (point.id, dev16(point.key), point.seq)).first() is not None

    def cites(self, point: ChainPoint) -> tuple[int, bytes] | None:
        """Return the list of laptops that a change set cites."""
        file = self._replica.segment_file(point.id)
        return read(file).header.roster if file else None

    def version(self, key: bytes) -> int:
        """Return the version of the data a laptop's newest change set was made with; 0 if none."""
        file = self._replica.segment_file(self.verified(key).id)
        return read(file).header.schema if file else 0

    def forked_at(self, key: bytes) -> int:
        """Return the number under which a laptop signed two ways; 0 if it never did."""
        return int(self._replica.forks().get(dev16(key), 0))

    def branches(self, key: bytes) -> tuple[Branch, ...]:
        """Return the ways a forked laptop went, the longest first."""
        forked = self.forked_at(key)
        query = "SELECT id, seq FROM place WHERE dev16 = ? AND seq >= ? AND id <> x''"
        held = {row.id: row.seq for row in self._sql(query, (dev16(key), forked or 1))}
        files = (self._replica.segment_file(sid) for sid in held)
        followed = {read(file).header.prev for file in files if file}
        ends = sorted((-seq, sid) for sid, seq in held.items() if sid not in followed)
        return tuple(Branch(ChainPoint(key, -less, sid), -less) for less, sid in ends)

    def _newest(self, key: bytes, at_most: int) -> ChainPoint:
        query = (
            "SELECT seq, id FROM place WHERE dev16 = ? AND seq <= ? AND id <> x'' "
            "ORDER BY seq DESC, id LIMIT 1"
        )
        found = self._sql(query, (dev16(key), at_most)).first()
        return ChainPoint(key, found[0], found[1]) if found else ChainPoint(key, 0, Z)

    def _before_set_aside(self, key: bytes) -> ChainPoint:
        head = self.standing(key)
        query = (
            "SELECT MIN(seq) FROM operation WHERE dev16 = ? AND seq > ? AND verdict IN (?, ?, ?)"
        )
        first = self._sql(query, (dev16(key), self._landmark(key), *_SET_ASIDE)).scalar_one()
        return head if first is None or first > head.seq else self._newest(key, first - 1)

    def _cited_well(self, key: bytes, point: ChainPoint) -> ChainPoint:
        """Step back to a change set that cites records in force: others cannot be fixed."""
        while point.seq:
            file = self._replica.segment_file(point.id)
            header = read(file).header if file else None
            if header and self._book.is_adopted(header.epoch, header.roster):
                return point
            point = self._newest(key, point.seq - 1)
        return point

    def _cut(self, key: bytes) -> int:
        rosters = (self._book.roster(entry.org) for entry in self._book.epoch.orgs)
        records: list[Epoch | Roster] = [self._book.epoch, *(r for r in rosters if r)]
        return max((c.seq for record in records for c in record.cuts if c.key == key), default=0)

    def _landmark(self, key: bytes) -> int:
        point = self._book.landmarks.get(key)
        return point.seq if point else 0
