"""What was said of the operations held, where other control records change it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from collabdesk.storage.oplog import OperationLog
from collabdesk.storage.packing import name_of, unpack_past
from collabdesk.storage.statements import Row, statements
from collabdesk.sync.authority.cited import Citation
from collabdesk.sync.engine.ports import Accepted, Order, Told
from collabdesk.sync.registry import kinds
from collabdesk.sync.verdicts import ACCEPTED
from collabdesk.sync.workset import Judged, Workset

_ORDER: Final = "SELECT DISTINCT p.lamport, p.dev16, p.seq, p.id FROM place p "
_OF_OPERATIONS: Final = _ORDER + "JOIN operation o ON o.dev16 = p.dev16 AND o.seq = p.seq "
_CHUNK: Final = 500
_OF_A_ROW: Final = ("cell", "tombstone", "approval", "contested")


class JudgedAgain:
    """Implements the engine's port over one connection; no device has signed two ways."""

    def __init__(self, connection: Connection, log: OperationLog) -> None:
        """Work inside the transaction of a connection, beside its log."""
        self._sql = statements(connection)
        self._log = log

    def citations(self) -> list[tuple[Citation, bytes]]:
        """Return the records cited by linked segments, with the devices that cite them."""
        found = self._sql(
            "SELECT DISTINCT c.epoch_number, c.epoch, c.roster_number, c.roster, p.dev16 "
            "FROM place p JOIN citation c ON c.name = p.cites ORDER BY c.name, p.dev16"
        )
        return [(((n, epoch), (m, roster)), dev) for n, epoch, m, roster, dev in found]

    def citing(self, citation: Citation, dev: bytes, after: int) -> list[Order]:
        """Return a device's segments above a number that cite two records."""
        where = "WHERE p.cites = ? AND p.dev16 = ? AND p.seq > ?"
        return self._orders(_ORDER + where, (name_of(citation), dev, after))

    def after_citing(self, citations: Collection[Citation]) -> Iterator[Order]:
        """Return the segments that cite any of these, and all whose past holds one of them."""
        names = {name_of(citation) for citation in citations}
        first: dict[bytes, int] = {}
        found = self._sql(
            "SELECT lamport, dev16, seq, id, past, cites FROM place ORDER BY lamport, dev16, seq"
        )
        for lamport, dev, seq, segment_id, past, cites in found:
            if cites in names:
                first.setdefault(dev, seq)
            elif not first or not _reaches(unpack_past(past), first):
                continue
            yield (lamport, dev, seq, segment_id)

    def with_posts(self) -> list[Order]:
        """Return the segments with journals or releases of the ledger."""
        where = "WHERE o.kind IN (?, ?)"
        return self._orders(_OF_OPERATIONS + where, (kinds.POST, kinds.RELEASE))

    def naming(self, rows: Collection[bytes]) -> list[Order]:
        """Return the segments with operations on rows, or withdrawals of their approvals."""
        found: list[Order] = []
        for chunk in _chunks(list(rows)):
            where = f"WHERE o.row IN ({_marks(chunk)})"
            found += self._orders(_OF_OPERATIONS + where, tuple(chunk))
        return found

    def told(self, order: Order) -> list[Told]:
        """Return what was said of a segment's operations."""
        query = "SELECT idx, kind, tbl, row, verdict FROM operation WHERE dev16 = ? AND seq = ?"
        return [Told(*one) for one in self._sql(query, (order[1], order[2]))]

    def keep(self, work: Workset, flipped: Sequence[Judged]) -> None:
        """Keep new verdicts, with the journals accepted."""
        changed = [(one.verdict, one.dev16, one.seq, one.idx) for one in flipped]
        self._many(
            "UPDATE operation SET verdict = ? WHERE dev16 = ? AND seq = ? AND idx = ?", changed
        )
        self._many(
            "UPDATE row SET verdict = ? WHERE row = ? AND dev16 = ? AND seq = ? AND idx = ?",
            [(one.verdict, one.row, one.dev16, one.seq, one.idx) for one in flipped if one.row],
        )
        self._log.save_ledger(work)

    def forget_ledger_from(self, order: Order) -> None:
        """Forget the journals and releases accepted from a segment on."""
        for table in ("post", "released"):
            self._sql(
                f"DELETE FROM {table} WHERE (dev16, seq) IN (SELECT dev16, seq FROM place "  # noqa: S608 - our own names
                "WHERE (lamport, dev16, seq, id) >= (?, ?, ?, ?))",
                order,
            )

    def forget_state(self, rows: Collection[bytes]) -> None:
        """Forget the live state of rows."""
        for table in _OF_A_ROW:
            self._many(f"DELETE FROM {table} WHERE row = ?", [(row,) for row in rows])  # noqa: S608 - our own names

    def accepted(self, rows: Sequence[bytes]) -> Iterator[Accepted]:
        """Return the accepted operations on rows in the order of judgement."""
        found: list[Row] = []
        for chunk in _chunks(rows):
            found += self._sql(
                "SELECT p.lamport, o.dev16, o.seq, o.idx, o.row, p.organisation, p.person "  # noqa: S608 - marks
                "FROM operation o JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
                f"WHERE o.row IN ({_marks(chunk)}) AND o.verdict = {ACCEPTED}",
                tuple(chunk),
            )
        # In this order each segment is read once, whatever its rows.
        for lamport, dev, seq, idx, row, organisation, person in sorted(found):
            op = self._log.read((dev, seq, idx))
            author = (organisation, person) if organisation and person else None
            if op is not None:
                yield Accepted(row, (dev, seq, idx), lamport, author, op)

    def _orders(self, query: str, values: tuple[Any, ...]) -> list[Order]:
        return [(lamport, dev, seq, sid) for lamport, dev, seq, sid in self._sql(query, values)]

    def _many(self, query: str, values: Sequence[tuple[Any, ...]]) -> None:
        if values:
            self._sql(query, list(values))


def _chunks(rows: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))


def _marks(chunk: Sequence[bytes]) -> str:
    return ",".join("?" * len(chunk))


def _reaches(past: dict[bytes, int], first: dict[bytes, int]) -> bool:
    return any(past.get(dev, 0) >= seq for dev, seq in first.items())
