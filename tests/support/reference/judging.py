"""Step 7, naively: a number for every operation of every linked segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from collabdesk.sync.codec import Encodable, encode
from collabdesk.sync.hashing import H
from collabdesk.sync.records import Epoch, Roster
from collabdesk.sync.registry import REGISTRY, Registry
from collabdesk.sync.segment import Segment
from tests.support.reference import reading as say
from tests.support.reference.chains import Chains
from tests.support.reference.control import Control, Held, dev16, entry, epoch_in, roster_in
from tests.support.reference.reading import Dot, Said, Value

Name = tuple[bytes, int]
"""One operation: the id of its segment, and its index."""
Asked = tuple[int, int, bytes | int]
"""An area's number, a verb, and the scope of the row."""
_VERB = {1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 6: 16, 7: 16, 8: 32, 9: 32}
_ON_ROW = {say.SET, say.DELETE, say.UNDELETE, say.RESOLVE, say.APPROVE}


@dataclass
class Operation:
    """One operation as judged; `said` is None while it cannot be read or has a wrong shape."""

    segment: Segment
    idx: int
    raw: list[Any]
    said: Said | None = None
    unread: bool = False
    static: int = 0
    verdict: int = 0

    @property
    def name(self) -> Name:
        """Its segment's id and its index."""
        return self.segment.id, self.idx

    @property
    def dot(self) -> Dot:
        """Its device's short name, its segment's number and its index."""
        return dev16(self.segment.header.dev), self.segment.header.seq, self.idx

    @property
    def exists(self) -> bool:
        """Tell whether it makes a dot: not if its shape is wrong."""
        return self.unread or self.said is not None

    @property
    def made(self) -> bytes:
        """The id of the row it would make."""
        head = self.segment.header
        place = head.dev, head.seq.to_bytes(8, "big"), self.idx.to_bytes(4, "big")
        return H("collabdesk/row/1", *place)[:16]

    @property
    def row(self) -> bytes | None:
        """The id of the row it makes or changes."""
        inserts = self.unread or (self.said is not None and self.said.kind == say.INSERT)
        return self.made if inserts else self.said.row if self.said else None


@dataclass(frozen=True)
class Cited:
    """What a segment cites: the newest adopted epoch and roster it descends from."""

    e: Epoch
    org: bytes
    r: Roster | None


class Judge:
    """Judges a whole set of records and segments."""

    def __init__(
        self,
        workspace: bytes,
        records: Iterable[Held],
        files: Iterable[bytes],
        registry: Registry = REGISTRY,
    ) -> None:
        """Judge everything."""
        self.registry = registry
        self.control = Control(workspace, records)
        self.chains = Chains(self.control, files if self.control.epochs else ())
        self.cited = {i: self._cite(self.chains.kept[i]) for i in self.chains.past}
        self.released: set[Name] | None = None
        self.late: set[Name] = set()
        # First as if every journal's number were right; then the ledger is read in its own
        # order, and all is judged again with what is out of order there.
        self._run()
        self.released = {o.name for o in self.ops if _is(o, say.RELEASE) and o.verdict == 0}
        self.ledger = self._ledger()
        self._run()

    def _run(self) -> None:
        self.ops: list[Operation] = []
        self.by_name: dict[Name, Operation] = {}
        for one in self.chains.in_order():
            self._segment(one)

    # --- a and b -------------------------------------------------------------------------

    def _cite(self, one: Segment) -> Cited | None:
        (n, epoch_id), (m, roster_id) = one.header.epoch, one.header.roster
        epochs = self.control.epoch_line(epoch_id, n)
        rosters = self.control.roster_line(roster_id, m)
        if epochs is None or rosters is None:
            return None
        adopted = {held.id for held in self.control.epochs}
        e = epoch_in(next(held for held in epochs if held.id in adopted))
        first = roster_in(rosters[0])
        assert e is not None
        assert first is not None
        ruling = {held.id for held in self.control.rosters.get(first.org, ())}
        r = roster_in(next((held for held in rosters if held.id in ruling), None))
        return Cited(e, first.org, r)

    def _whole(self, one: Segment) -> int:
        """Return the number that all of a segment's operations take, 0 if none."""
        cited, head = self.cited[one.id], one.header
        if cited is None:
            return 10
        if head.schema < cited.e.floor:
            return 26
        for other in (self.cited[i] for i in self.chains.past[one.id]):
            if other is not None and other.e.n > cited.e.n:
                return 23
            if other and other.r and cited.r and other.org == cited.org and other.r.m > cited.r.m:
                return 23
        if one.id not in self.chains.spine[head.dev]:
            return 22
        fixed = self.control.landmark(head.dev)[0]
        for s in self.control.suspensions.values():
            if cited.r and (s.org, s.key) == (cited.org, head.dev) and head.seq > max(s.seq, fixed):
                return 21
        return 0

    # --- a segment -----------------------------------------------------------------------

    def _segment(self, one: Segment) -> None:
        whole, body = self._whole(one), self.chains.bodies[one.id]
        if body is None:
            for idx in range(one.header.n_ops):
                self._add(Operation(one, idx, [], unread=True, verdict=whole or 11))
            return
        at = 0
        while at < len(body.ops):
            group, broken = self._group(one, at)
            for o in group:
                self._add(o)
                o.verdict = whole or (31 if broken else self._one(o, group))
            worst = max(o.verdict // 10 for o in group)
            number = next(o.verdict for o in group if o.verdict // 10 == worst)
            for o in group:
                o.verdict = number
            at += len(group)

    def _add(self, o: Operation) -> None:
        self.ops.append(o)
        self.by_name[o.name] = o

    def _group(self, one: Segment, at: int) -> tuple[list[Operation], bool]:
        """Return the operations from an index on that stand together, and if badly grouped."""
        body = self.chains.bodies[one.id]
        assert body is not None
        first = self._read(one, at)
        if not _is(first, say.GROUP):
            return [first], False
        assert first.said is not None
        end = at + 1 + first.said.size
        members = [self._read(one, idx) for idx in range(at + 1, min(end, len(body.ops)))]
        markers = any(o.raw[0] == say.GROUP for o in members)
        return [first, *members], markers or end > len(body.ops)

    def _read(self, one: Segment, idx: int) -> Operation:
        body = self.chains.bodies[one.id]
        assert body is not None
        o = Operation(one, idx, body.ops[idx])
        kind, minimum = o.raw[0], o.raw[1]
        if kind != say.GROUP and minimum > self.registry.version:
            o.unread, o.static = True, 11
            return o
        known = self.registry.kinds.get(kind)
        if kind != say.GROUP and (known is None or known.since > minimum):
            o.static = 34
            return o
        try:
            o.said = say.shape(o.raw, body.devs)
        except say.Wrong:
            o.static = 31
        return o

    # --- c to f --------------------------------------------------------------------------

    def _one(self, o: Operation, group: list[Operation]) -> int:
        """Return the number of one operation, its group's other members left out of account."""
        said = o.said
        if said is None:
            return o.static
        if said.kind == say.ADOPT and len(group) == 1:
            return 31
        if number := say.meaning(self.registry, said, o.raw[1]):
            return number
        row = self._row_meant(o, said.row) if said.kind in _ON_ROW else None
        named = self._named(o)
        if number := self._names_rightly(o, row, named) or self._rest_of_c(o, named, group):
            return number
        # A post never waits for what another laptop said.
        if said.kind != say.POST and any(
            x is not None and x.unread for x in (row, *named.values())
        ):
            return 12
        on = named[said.dots[0]] if said.kind == say.WITHDRAW else row
        return (
            self._rights(o, on)
            or (0 if on is None else (0, 12, 25, 36)[on.verdict // 10])
            or self._turn(o)
        )

    def _named(self, o: Operation) -> dict[Dot, Operation | None]:
        said = o.said
        assert said is not None
        dots = {*said.dots, *said.items.values(), *(d for ds in said.preds.values() for d in ds)}
        dots |= {said.source} if said.source else set()
        return {dot: self.at_dot(o, dot) for dot in dots}

    def at_dot(self, o: Operation, dot: Dot) -> Operation | None:
        """Return the operation that a citer means by a dot."""
        return self._meant(o, lambda x: x.dot == dot)

    def _meant(self, o: Operation, fits: Callable[[Operation], bool]) -> Operation | None:
        """Return what a citer means among those in its past: on the spine, else the lower id."""
        past = self.chains.past[o.segment.id]
        found = [
            x
            for x in self.ops
            if x.exists
            and fits(x)
            and (x.segment.id in past or (x.segment.id == o.segment.id and x.idx < o.idx))
        ]
        off = {x.name: x.segment.id not in self.chains.spine[x.segment.header.dev] for x in found}
        return min(found, key=lambda x: (off[x.name], x.segment.id), default=None)

    def _row_meant(self, o: Operation, row: bytes | None) -> Operation | None:
        return self._meant(o, lambda x: x.made == row and (x.unread or _is(x, say.INSERT)))

    def _names_rightly(
        self, o: Operation, row: Operation | None, named: dict[Dot, Operation | None]
    ) -> int:
        said = o.said
        assert said is not None
        if said.kind in _ON_ROW and (row is None or (row.said and row.said.table != said.table)):
            return 30
        if any(x is None for x in named.values()):
            return 30
        cells = [(column, dot) for column, dots in said.preds.items() for dot in dots]
        for column, dot in [*cells, *said.items.items()]:
            x = named[dot]
            if x and x.said and (not _same_row(x, o) or column not in x.said.cells):
                return 30
        for dot in said.dots:
            x = named[dot]
            if x and x.said and not _may_be_listed(said.kind, x, o):
                return 30
        return 0

    def _rest_of_c(
        self, o: Operation, named: dict[Dot, Operation | None], group: list[Operation]
    ) -> int:
        said = o.said
        assert said is not None
        table = self.registry.tables.get(said.table)
        posted = len(group) > 1 and group[1].raw[0] == say.POST
        if said.kind == say.SET and table:
            money = {c.number for c in table.columns if c.merge.value == "M"}
            for column in money & said.preds.keys():
                if sum(d[0] != o.dot[0] for d in said.preds[column]) > 1:
                    return 35
        if said.kind == say.INSERT and table and table.ledger and not posted:
            return 32
        if said.kind == say.POST and not self._well_formed(o, group):
            return 32
        if said.kind in {say.DELETE, say.UNDELETE} and table and say.fixed_rows(table):
            return 31
        if said.kind == say.APPROVE and not any(x and x.unread for x in named.values()):
            items = [[c, *dot, _written(named[dot], c)] for c, dot in said.items.items()]
            if H("collabdesk/approve/1", encode([said.table, said.row, items])) != said.digest:
                return 31
        return 0

    def _well_formed(self, o: Operation, group: list[Operation]) -> bool:
        """Tell whether a post leads two or more lines that add up to nothing."""
        if len(group) < 2 or group[1] is not o:
            return False
        rest = group[2:]
        if any(x.unread for x in rest):
            return True  # nobody here can tell, and the group waits
        tables = [self._ledger_table(x) for x in rest]
        lines = [x for x, ledger in zip(rest, tables, strict=True) if ledger == "line"]
        pence = [v for x in lines for v in self._pence(x)]
        whole = set(tables) <= {"line", "header"} and tables.count("header") <= 1
        return whole and len(lines) >= 2 and sum(pence) == 0

    def _ledger_table(self, x: Operation) -> str:
        if x.said is None or x.said.kind != say.INSERT:
            return ""
        table = self.registry.tables.get(x.said.table)
        return table.ledger if table else ""

    def _pence(self, x: Operation) -> list[int]:
        assert x.said is not None
        columns = self.registry.tables[x.said.table].columns
        amounts = [x.said.cells.get(c.number) for c in columns if c.kind.value == "pence"]
        return [v for v in amounts if type(v) is int]

    def _rights(self, o: Operation, on: Operation | None) -> int:
        said, cited = o.said, self.cited[o.segment.id]
        assert said is not None
        assert cited is not None
        if said.kind == say.GROUP:
            return 0
        asked = self._asked(o, on)
        if not self._same_person(o, on):
            return 24
        if asked is None:
            return 0
        if not _allowed(cited.e, cited.r, o, asked):
            return 24
        assert cited.r is not None
        fixed, seq = self.control.landmark(o.segment.header.dev)[0], o.segment.header.seq
        for number in range(cited.e.n + 1, len(self.control.epochs)):
            later = self.control.epoch(number)
            if not _allowed(later, cited.r, o, asked) and seq > max(_cut(later, o), fixed):
                return 20
        for held in self.control.rosters[cited.org]:
            newer = roster_in(held)
            assert newer is not None
            lessened = newer.m > cited.r.m and not _allowed(cited.e, newer, o, asked)
            if lessened and seq > max(_cut(newer, o), fixed):
                return 20
        return 0

    def _asked(self, o: Operation, on: Operation | None) -> Asked | None:
        """Return area, verb and scope asked for; `(0, 0, 0)` if to be enrolled is enough.

        None if it cannot be told: the row of a withdrawn approval that names none.
        """
        said, cited = o.said, self.cited[o.segment.id]
        assert said is not None
        assert cited is not None
        verb = _VERB.get(said.kind, 0)
        if not verb:
            return 0, 0, 0
        if verb == 32:
            return self.registry.areas["ledger"].number, verb, cited.org
        source = o if said.kind == say.INSERT else on
        if said.kind == say.WITHDRAW:
            assert on is not None
            assert on.said is not None
            source = self._row_meant(o, on.said.row)
            if source is None or source.said is None or source.said.table != on.said.table:
                return None
        assert source is not None
        assert source.said is not None
        area = self.registry.areas[self.registry.tables[source.said.table].area].number
        return area, verb, source.said.scope

    def _same_person(self, o: Operation, on: Operation | None) -> bool:
        if not _is(o, say.WITHDRAW):
            return True
        return on is not None and self.author(o) == self.author(on) is not None

    def author(self, o: Operation) -> tuple[bytes, bytes] | None:
        """Return organisation and person of an operation's device by what its segment cites."""
        cited = self.cited[o.segment.id]
        devices = cited.r.devices if cited and cited.r else ()
        mine = [d.pid for d in devices if d.key == o.segment.header.dev]
        return (cited.org, mine[0]) if cited and mine else None

    # --- the ledger ----------------------------------------------------------------------

    def _turn(self, o: Operation) -> int:
        said, cited, key = o.said, self.cited[o.segment.id], o.segment.header.dev
        assert said is not None
        assert cited is not None
        lead = self.control.head.lead
        if said.kind not in {say.POST, say.RELEASE}:
            return 0
        if cited.org != lead or not _names(cited.r, said.term, key):
            return 27
        if said.kind == say.RELEASE:
            return 0
        tip = self.control.tip(lead)
        assert tip is not None
        if not _names(tip, said.term, key):
            return 27
        end = tip.terms[said.term - 1].end
        if end is not None and o.segment.header.seq > end[0]:
            return 27
        if self._has_released(o) or not self._others_ended(o, tip):
            return 27
        return 33 if o.name in self.late else 0

    def _has_released(self, o: Operation) -> bool:
        assert o.said is not None
        past = self.chains.past[o.segment.id]
        return any(
            _is(x, say.RELEASE)
            and x.said is not None
            and x.said.term == o.said.term
            and x.segment.header.dev == o.segment.header.dev
            and (x.segment.id in past or (x.segment.id == o.segment.id and x.idx < o.idx))
            and (x.verdict == 0 if self.released is None else x.name in self.released)
            for x in self.ops
        )

    def _others_ended(self, o: Operation, tip: Roster) -> bool:
        """Tell whether every earlier term's end stands in its past: none can post before it."""
        assert o.said is not None
        past = self.chains.past[o.segment.id]
        for term in tip.terms[: o.said.term - 1]:
            if term.end is None:
                return False
            seq, at = term.end
            if seq and not (at in past and at in self.chains.spine.get(term.key, ())):
                return False
        return True

    def _ledger(self) -> list[tuple[Operation, bytes]]:
        """Read the ledger in its order; keep who is out of it, return the posts and hashes.

        A post that falls for another reason is out of order too, if its number is not the next.
        """
        posts = [o for o in self.ops if _is(o, say.POST)]
        last, number, used = self.control.workspace, 0, set[Dot]()
        ledger: list[tuple[Operation, bytes]] = []
        for o in sorted(posts, key=lambda o: (o.raw[2], o.dot[1], o.idx)):
            said = o.said
            assert said is not None
            if (said.number, said.prev) != (number + 1, last) or said.source in used:
                self.late.add(o.name)
                continue
            if o.verdict:
                continue
            used |= {said.source} if said.source else set()
            number, last = said.number, self._journal_hash(o)
            ledger.append((o, last))
        return ledger

    def _journal_hash(self, o: Operation) -> bytes:
        group, _ = self._group(o.segment, o.idx - 1)
        said = o.said
        assert said is not None
        inserts = [x.raw for x in group[2:]]
        parts: list[Encodable] = [said.prev, said.term, said.number, said.source, inserts]
        return H("collabdesk/journal/1", encode(parts))


def _is(o: Operation, kind: int) -> bool:
    return o.said is not None and o.said.kind == kind


def _written(o: Operation | None, column: int) -> Value:
    assert o is not None
    assert o.said is not None
    return o.said.cells[column]


def _same_row(x: Operation, o: Operation) -> bool:
    assert x.said is not None
    assert o.said is not None
    return x.row == o.said.row and x.said.table == o.said.table


def _may_be_listed(kind: int, x: Operation, o: Operation) -> bool:
    """Tell whether a delete, undelete or withdraw may name an operation."""
    if kind == say.WITHDRAW:
        return _is(x, say.APPROVE)
    return _same_row(x, o) and (kind == say.DELETE or _is(x, say.DELETE))


def _allowed(epoch: Epoch, roster: Roster | None, o: Operation, asked: Asked) -> bool:
    devices = roster.devices if roster else ()
    mine = next((d for d in devices if d.key == o.segment.header.dev), None)
    if mine is None or roster is None:
        return False
    area, verb, scope = asked
    if not verb:
        return True
    org = entry(epoch, roster.org)
    reach = 2 if isinstance(scope, int) else 1 if scope == roster.org else 4
    return org is not None and any(
        right.area == area and right.verbs & verb and right.reach & reach
        for role in epoch.roles
        if role.role in mine.roles and role.role in org.grants
        for right in role.areas
    )


def _cut(record: Epoch | Roster, o: Operation) -> int:
    return next((p.seq for p in record.cuts if p.key == o.segment.header.dev), 0)


def _names(roster: Roster | None, term: int, key: bytes) -> bool:
    terms = roster.terms if roster else ()
    return 1 <= term <= len(terms) and terms[term - 1].key == key
