"""Step 8 and the two roots, naively: what the accepted operations leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collabdesk.sync.codec import Encodable, encode
from collabdesk.sync.hashing import H, sha256
from tests.support.reference import reading as say
from tests.support.reference.control import Control, dev16, epoch_in, roster_in
from tests.support.reference.judging import Judge, Operation
from tests.support.reference.reading import Dot, Value

Cell = tuple[bytes, int]


class Reference(Judge):
    """A whole set of records and segments, judged, with the state it leaves."""

    def verdicts(self) -> Mapping[tuple[Dot, bytes], int]:
        """Return every verdict by dot, and by segment from where a device signed two ways."""
        return {(o.dot, o.segment.id if self._clashes(o) else b""): o.verdict for o in self.ops}

    def _clashes(self, o: Operation) -> bool:
        clash = self.chains.clash[o.segment.header.dev]
        return clash is not None and o.segment.header.seq >= clash

    def accepted(self, *kinds: int) -> list[Operation]:
        """Return the accepted operations of some kinds, in the order they were judged."""
        return [o for o in self.ops if o.verdict == 0 and o.said and o.said.kind in kinds]

    def cells(self) -> Mapping[Cell, Mapping[Dot, Value]]:
        """Return the live values of every cell."""
        writers = self.accepted(say.INSERT, say.SET, say.RESOLVE)
        written: dict[Cell, list[Operation]] = {}
        replaced: set[tuple[bytes, int, bytes, int]] = set()
        for o in writers:
            assert o.said is not None
            assert o.row is not None
            for column in o.said.cells:
                written.setdefault((o.row, column), []).append(o)
            for column, dots in o.said.preds.items():
                for dot in dots:
                    meant = self.at_dot(o, dot)
                    assert meant is not None
                    replaced.add((o.row, column, *meant.name))
        live: dict[Cell, dict[Dot, Value]] = {}
        for (row, column), ops in written.items():
            for o in ops:
                newer = any(x.dot[0] == o.dot[0] and x.dot > o.dot for x in ops)
                if not newer and (row, column, *o.name) not in replaced:
                    assert o.said is not None
                    live.setdefault((row, column), {})[o.dot] = o.said.cells[column]
        return live

    def deleted(self) -> frozenset[bytes]:
        """Return the rows with an accepted delete that no accepted undelete names."""
        undone = set()
        for o in self.accepted(say.UNDELETE):
            assert o.said is not None
            for dot in o.said.dots:
                meant = self.at_dot(o, dot)
                undone.add(meant.name if meant else None)
        deletes = [o for o in self.accepted(say.DELETE) if o.name not in undone]
        return frozenset(o.row for o in deletes if o.row is not None)

    def journals(self) -> list[bytes]:
        """Return the hashes of the posted journals in the order of the ledger."""
        return [journal for _, journal in self.ledger]

    # --- roots ---------------------------------------------------------------------------

    @property
    def root(self) -> bytes:
        """The state root."""
        return sha256(b"collabdesk/state/1\0" + b"".join(self._parts()))

    def _parts(self) -> Iterator[bytes]:
        cells, deleted = self.cells(), self.deleted()
        rows: list[tuple[int, bytes, bytes | int, bool, Encodable]] = []
        for o in self.accepted(say.INSERT):
            assert o.said is not None
            mine = sorted((c, live) for (row, c), live in cells.items() if row == o.made)
            shown: Encodable = [
                [c, [[*dot, v] for dot, v in sorted(live.items())]] for c, live in mine
            ]
            rows.append((o.said.table, o.made, o.said.scope, o.made in deleted, shown))
        for row in sorted(rows, key=lambda r: r[:2]):
            yield encode(row)
        signed = self.accepted(say.APPROVE, say.WITHDRAW, say.POST, say.RELEASE)
        for place in sorted(_place(o) for o in signed):
            yield encode(place)
        for place, number in sorted((_place(o), o.verdict) for o in self.ops if o.verdict):
            dev, seq, _, idx = place
            yield encode([dev, seq, idx, number])

    @property
    def control_head(self) -> bytes:
        """The digest of the records that rule."""
        control: Control = self.control
        newest = control.epochs[-1]
        tips = {
            org.org: control.rosters[org.org][-1]
            for org in control.head.orgs
            if control.rosters[org.org]
        }
        forks = {dev16(key): clash for key, clash in self.chains.clash.items() if clash}
        epoch = epoch_in(newest)
        assert epoch is not None
        parts: list[Encodable] = [
            epoch.n,
            newest.id,
            [[org, _number(control, org), held.id] for org, held in sorted(tips.items())],
            sorted(control.suspensions),
            sorted(forks.items()),
        ]
        return H("collabdesk/control/1", encode(parts))


def _number(control: Control, org: bytes) -> int:
    tip = roster_in(control.rosters[org][-1])
    assert tip is not None
    return tip.m


def _place(o: Operation) -> tuple[bytes, int, bytes, int]:
    dev, seq, idx = o.dot
    return dev, seq, o.segment.id, idx
