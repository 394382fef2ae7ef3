"""Steps 1 and 4 to 6, naively: which segments are kept and linked, and each device's spine."""

from __future__ import annotations

from collections.abc import Iterable

from collabdesk.sync import segment as segments
from collabdesk.sync.codec import Malformed
from collabdesk.sync.hashing import Z
from collabdesk.sync.segment import Body, Segment
from tests.support.reference.control import Control, dev16, epoch_in, roster_in


class Chains:
    """The segments of known devices: their bodies, pasts, clashes and spines."""

    def __init__(self, control: Control, files: Iterable[bytes]) -> None:
        """Read and link everything."""
        self.control = control
        self.kept: dict[bytes, Segment] = {}
        self.bodies: dict[bytes, Body | None] = {}
        for file in files:
            self._keep(file)
        self.past: dict[bytes, frozenset[bytes]] = {}
        self.broken: set[bytes] = set()
        for one in sorted(self.kept.values(), key=lambda s: s.header.lamport) * 2:
            # A liar's Lamport number may sort it before its ancestors: twice is not enough …
            self._link(one)
        while any([self._link(one) for one in self.kept.values()]):  # noqa: C419 - … but this is
            pass
        self.clash = {key: self._clash(key) for key in control.known.values()}
        self.spine = {key: self._spine(key) for key in control.known.values()}

    def _keep(self, file: bytes) -> None:
        try:
            one = segments.read(file)
            head = one.header
            known = self.control.known.get(dev16(head.dev)) == head.dev
            if head.ws != self.control.workspace or not known or not segments.verify(one):
                return
            body = None if head.enc_key_id is not None else segments.open_body(one)
        except Malformed:
            return
        self.kept[one.id], self.bodies[one.id] = one, body

    # --- step 4 --------------------------------------------------------------------------

    def _link(self, one: Segment) -> bool:
        """Link a segment if all before it are; tell whether it was."""
        head = one.header
        nearest = [i for _, _, i in head.parents] + ([head.prev] if head.prev != Z else [])
        if one.id in self.past or one.id in self.broken:
            return False
        if not all(i in self.past for i in nearest):
            return False
        if not self._right(one, nearest):
            self.broken.add(one.id)
            return False
        self.past[one.id] = frozenset(nearest).union(*(self.past[i] for i in nearest))
        return True

    def _right(self, one: Segment, nearest: list[bytes]) -> bool:
        head = one.header
        mine: frozenset[bytes] = frozenset()
        if head.prev != Z:
            before = self.kept[head.prev].header
            mine = self.past[head.prev]
            if (before.dev, before.seq + 1) != (head.dev, head.seq):
                return False
        for device, seq, i in head.parents:
            parent = self.kept[i].header
            seen = [self.kept[x].header for x in mine]
            newest = max((h.seq for h in seen if dev16(h.dev) == device), default=0)
            if device == dev16(head.dev) or (dev16(parent.dev), parent.seq) != (device, seq):
                return False
            if seq <= newest:
                return False
        before_all = max((self.kept[i].header.lamport for i in nearest), default=0)
        return head.lamport == 1 + before_all

    def in_order(self) -> list[Segment]:
        """Return the linked segments in the order in which they are judged."""
        linked = (self.kept[i] for i in self.past)
        return sorted(
            linked,
            key=lambda s: (s.header.lamport, dev16(s.header.dev), s.header.seq, s.id),
        )

    # --- steps 5 and 6 -------------------------------------------------------------------

    def _clash(self, key: bytes) -> int | None:
        """Return the least number under which a device signed two headers."""
        signed = {(s.header.seq, s.id) for s in self.kept.values() if s.header.dev == key}
        for proof in self.control.proofs():
            for header in (proof.header_a, proof.header_b):
                if proof.dev == key:
                    signed.add((segments.read_header(header).seq, segments.segment_id(header)))
        numbers = [seq for seq, _ in signed]
        return min((seq for seq in numbers if numbers.count(seq) > 1), default=None)

    def _linked_of(self, key: bytes) -> list[Segment]:
        return [self.kept[i] for i in self.past if self.kept[i].header.dev == key]

    def _spine(self, key: bytes) -> frozenset[bytes]:
        """Return the ids of those of a device's linked segments that stand."""
        clash = self.clash[key]
        if clash is None:
            return frozenset(s.id for s in self._linked_of(key))
        fixed = self.control.landmark(key)
        to_fixed = self.path(key, fixed) if fixed[0] >= clash else None
        chosen = self._first_cut(key, clash)
        to_chosen = self.path(key, chosen) if chosen else None
        if to_chosen is not None and (fixed[0] < clash or fixed[1] in to_chosen):
            return to_chosen
        if to_fixed is not None:
            return to_fixed
        return frozenset(s.id for s in self._linked_of(key) if s.header.seq < clash)

    def path(self, key: bytes, point: tuple[int, bytes]) -> frozenset[bytes] | None:
        """Return a linked segment with its predecessors; None if it is not linked."""
        seq, at = point
        if at not in self.past or (self.kept[at].header.dev, self.kept[at].header.seq) != (
            key,
            seq,
        ):
            return None
        path = {at}
        while self.kept[at].header.prev != Z:
            at = self.kept[at].header.prev
            path.add(at)
        return frozenset(path)

    def _first_cut(self, key: bytes, clash: int) -> tuple[int, bytes] | None:
        before = [s for s in self._linked_of(key) if s.header.seq == clash - 1]
        cited = roster_in(self.control.held.get(before[0].header.roster[1])) if before else None
        line = self.control.rosters.get(cited.org, []) if cited else []
        newest_first = [*map(epoch_in, self.control.epochs[::-1]), *map(roster_in, line[::-1])]
        for record in newest_first:
            assert record is not None
            for cut in record.cuts:
                if cut.key == key and cut.seq >= clash:
                    return cut.seq, cut.id
        return None
