"""The verdict procedure said once more, naively: from the whole set, in one pass, no store.

Written from the format's page alone; it shares the registry and the reading of single
operations with the program, and nothing of its judging, merging or linking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from collabdesk.sync import records as r
from collabdesk.sync import segment as segments
from collabdesk.sync.authority.epochs import Held
from collabdesk.sync.codec import encode
from collabdesk.sync.hashing import H, Z
from collabdesk.sync.meaning import MeaningError, check_meaning
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import Dot, InsertRow, ShapeError, Value, read_operation
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.segment import Body, Segment

Name = tuple[bytes, int]
"""One operation: the id of its segment, and its index."""
_VERBS = {"SetRow": 2, "DeleteRow": 4, "UndeleteRow": 4, "ResolveCell": 8, "ApproveRow": 16}


@dataclass
class Operation:
    """One operation as the reference sees it; `op` is None while it cannot be read."""

    name: Name
    dot: Dot
    raw: list[Any]
    op: Any
    exists: bool
    row: bytes | None
    verdict: int
    author: tuple[bytes, bytes] | None


Named = list[Operation | None]


@dataclass
class Reference:
    """Judges a set of segments under adopted epochs, oldest first, and rosters by id."""

    workspace: bytes
    epochs: list[Held]
    rosters: Mapping[bytes, r.Roster]
    segments: Iterable[bytes]
    judged: dict[Name, Operation] = field(default_factory=dict)
    posts: list[tuple[int, bytes, Dot | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Judge everything."""
        read = {s.id: s for s in map(segments.read, self.segments)}
        self.read = read
        self.past: dict[bytes, frozenset[bytes]] = {}
        self.forks = _forks(read)
        while any([self._link(s) for s in read.values()]):  # noqa: C419 - all, every time
            pass
        for s in sorted((read[i] for i in self.past), key=_order):
            self._segment(s)

    # --- steps 4 to 6 --------------------------------------------------------------------

    def _link(self, s: Segment) -> bool:
        h = s.header
        nearest = [p[2] for p in h.parents] + ([h.prev] if h.prev != Z else [])
        if s.id in self.past or not all(i in self.past for i in nearest):
            return False
        mine = self.past[h.prev] | {h.prev} if h.prev != Z else frozenset()
        before = self.read.get(h.prev)
        right = (h.seq == 1) == (before is None) and (
            before is None or (before.header.dev, before.header.seq) == (h.dev, h.seq - 1)
        )
        for dev, seq, i in h.parents:
            parent = self.read[i].header
            known = [self.read[x].header.seq for x in mine if dev16(self.read[x].header.dev) == dev]
            right = right and dev != dev16(h.dev) and (dev16(parent.dev), parent.seq) == (dev, seq)
            right = right and seq > max(known, default=0)
        lamport = 1 + max([self.read[i].header.lamport for i in nearest], default=0)
        if not right or h.lamport != lamport:
            return False
        self.past[s.id] = frozenset(nearest).union(*(self.past[i] for i in nearest))
        return True

    # --- step 7 --------------------------------------------------------------------------

    def _cited(self, s: Segment) -> tuple[int, r.Roster] | None:
        epoch = next((e for e in self.epochs if e.id == s.header.epoch[1]), None)
        roster = self.rosters.get(s.header.roster[1])
        if epoch is None or epoch.epoch is None or roster is None:
            return None
        if (epoch.epoch.n, roster.m) != (s.header.epoch[0], s.header.roster[0]):
            return None
        return epoch.epoch.n, roster

    def _whole(self, s: Segment) -> int:
        cited = self._cited(s)
        if cited is None:
            return 10
        if s.header.schema < self._epoch(cited[0]).floor:
            return 26
        seen = [self._cited(self.read[i]) for i in self.past[s.id]]
        if any(other is not None and other[0] > cited[0] for other in seen):
            return 23
        return 22 if s.header.seq >= self.forks.get(s.header.dev, s.header.seq + 1) else 0

    def _epoch(self, n: int) -> r.Epoch:
        found = self.epochs[n].epoch
        assert found is not None
        return found

    def _segment(self, s: Segment) -> None:
        body, whole = segments.open_body(s), self._whole(s)
        at = 0
        while at < len(body.ops):
            head = body.ops[at]
            size = 1
            if head[0] == 0 and len(head) == 2 and head[1] >= 1:  # type: ignore[operator]
                size = min(1 + head[1], len(body.ops) - at)  # type: ignore[operator]
            broken = (
                head[0] == 0
                and (
                    len(head) != 2
                    or size != 1 + head[1]  # type: ignore[operator]
                    or any(o[0] == 0 for o in body.ops[at + 1 : at + size])
                )
            )
            group = [self._read(s, body, idx) for idx in range(at, at + size)]
            for one in group:
                self.judged[one.name] = one
                one.verdict = whole or (31 if broken else self._one(s, one, group))
            worst = max(one.verdict // 10 for one in group)
            verdict = next(one.verdict for one in group if one.verdict // 10 == worst)
            for one in group:
                one.verdict = verdict
            if verdict == 0 and len(group) > 1 and group[1].raw[0] == 8:
                self._posted(group)
            at += size

    def _read(self, s: Segment, body: Body, idx: int) -> Operation:
        raw, h = body.ops[idx], s.header
        op, unread, number = None, raw[0] != 0 and raw[1] > 1, 0  # type: ignore[operator]
        if unread:
            number = 11
        elif raw[0] != 0 and (raw[0] not in range(1, 9) or raw[1] != 1):
            number = 34
        else:
            try:
                op = read_operation(raw, body.devs)
            except (ShapeError, ValueError, IndexError):
                number = 31
        made = H("collabdesk/row/1", h.dev, h.seq.to_bytes(8, "big"), idx.to_bytes(4, "big"))[:16]
        row = made if unread or isinstance(op, InsertRow) else getattr(op, "row", None)
        exists = unread or op is not None
        cited = self._cited(s)
        author = _author(cited[1], h.dev) if cited else None
        return Operation(
            (s.id, idx), (dev16(h.dev), h.seq, idx), raw, op, exists, row, number, author
        )

    def _one(self, s: Segment, one: Operation, group: list[Operation]) -> int:
        if one.op is None:
            return one.verdict
        try:
            check_meaning(REGISTRY, one.op)
        except MeaningError as error:
            return error.verdict
        kind = type(one.op).__name__
        row = self._row(s, one) if kind in _VERBS else None
        named = [self._find(s, dot, one) for dot in _dots(one.op)]
        if kind in _VERBS and (row is None or (row.op and row.op.table != one.op.table)):
            return 30
        if any(found is None for found in named) or not self._same_cells(one, named):
            return 30
        if number := self._rest_of_c(s, one, group, named):
            return number
        if any(found and found.op is None for found in [*named, row]) and kind != "PostMark":
            return 12
        return (
            self._rights(s, one, row, named)
            or self._stands(one, row, named)
            or (self._turn(s, one.op) if kind == "PostMark" else 0)
        )

    def _find(self, s: Segment, dot: Dot, one: Operation) -> Operation | None:
        reach = [*sorted(self.past[s.id]), s.id]
        for i in reach:
            h = self.read[i].header
            if (dev16(h.dev), h.seq) == dot[:2] and (i != s.id or dot[2] < one.name[1]):
                found = self.judged.get((i, dot[2]))
                if found is not None and found.exists:
                    return found
        return None

    def _row(self, s: Segment, one: Operation) -> Operation | None:
        dots = {o.dot for o in self.judged.values() if _makes(o, one.op.row)}
        met = (self._find(s, dot, one) for dot in dots)
        return next((o for o in met if o is not None and _makes(o, one.op.row)), None)

    def _same_cells(self, one: Operation, named: Named) -> bool:
        op, kind = one.op, type(one.op).__name__
        cells = {
            "SetRow": lambda: [column for column, _, dots in op.cells for _ in dots],
            "ResolveCell": lambda: [op.column for _ in op.dots],
            "ApproveRow": lambda: [column for column, _ in op.items],
        }.get(kind, lambda: [None for _ in named])()
        for column, found in zip(cells, named, strict=True):
            if found is None or found.op is None:
                continue
            other = type(found.op).__name__
            if kind == "WithdrawApproval":
                if other != "ApproveRow":
                    return False
            elif kind in _VERBS:
                if found.row != op.row or found.op.table != op.table:
                    return False
                if column is not None and column not in _values(found.op):
                    return False
                if kind == "UndeleteRow" and other != "DeleteRow":
                    return False
        return True

    def _rest_of_c(self, s: Segment, one: Operation, group: list[Operation], named: Named) -> int:
        op, kind = one.op, type(one.op).__name__
        if kind == "SetRow" and _over_two_others(op, dev16(s.header.dev)):
            return 35
        if kind == "InsertRow" and _ledger(op) and not (len(group) > 1 and group[1].raw[0] == 8):
            return 32
        if kind == "PostMark" and not _well_formed(one, group):
            return 32
        if kind in {"DeleteRow", "UndeleteRow"} and REGISTRY.tables[op.table].insert_only:
            return 31
        found = [other for other in named if other is not None and other.op is not None]
        if kind == "ApproveRow" and len(found) == len(named):
            items = [
                [column, *dot, _values(other.op)[column]]
                for (column, dot), other in zip(op.items, found, strict=True)
            ]
            if H("collabdesk/approve/1", encode([op.table, op.row, items])) != op.digest:
                return 31
        return 0

    def _rights(
        self,
        s: Segment,
        one: Operation,
        row: Operation | None,
        named: list[Operation | None],
    ) -> int:
        op, kind, cited = one.op, type(one.op).__name__, self._cited(s)
        assert cited is not None
        if kind == "Group":
            return 0
        if kind == "WithdrawApproval":
            agreed = named[0]
            assert agreed is not None
            if agreed.author != one.author:
                return 24
            row = self._row(s, agreed)
            if row is None or row.op is None or row.op.table != agreed.op.table:
                return 0
        if kind == "PostMark":
            area, verb, scope = REGISTRY.areas["ledger"].number, 32, cited[1].org
        else:
            source = op if row is None else row.op
            area = REGISTRY.areas[REGISTRY.tables[source.table].area].number
            verb, scope = _VERBS.get(kind, 16 if kind == "WithdrawApproval" else 1), source.scope
        if not _allowed(self._epoch(cited[0]), cited[1], s.header.dev, (area, verb, scope)):
            return 24
        head = self._epoch(len(self.epochs) - 1)
        fixed = next((p.seq for p in head.landmarks if p.key == s.header.dev), 0)
        for n in range(cited[0] + 1, len(self.epochs)):
            later = self._epoch(n)
            cut = next((p.seq for p in later.cuts if p.key == s.header.dev), 0)
            allowed = _allowed(later, cited[1], s.header.dev, (area, verb, scope))
            if not allowed and s.header.seq > max(cut, fixed):
                return 20
        return 0

    def _stands(self, one: Operation, row: Operation | None, named: Named) -> int:
        on = named[0] if type(one.op).__name__ == "WithdrawApproval" else row
        return (0, 12, 25, 36)[on.verdict // 10] if on else 0

    def _turn(self, s: Segment, op: Any) -> int:  # noqa: ANN401
        cited = self._cited(s)
        terms = cited[1].terms if cited else ()
        if not 1 <= op.term <= len(terms) or terms[op.term - 1].key != s.header.dev:
            return 27
        number, link = (
            (self.posts[-1][0] + 1, self.posts[-1][1]) if self.posts else (1, self.workspace)
        )
        used = op.source is not None and any(source == op.source for _, _, source in self.posts)
        return 33 if (op.number, op.prev) != (number, link) or used else 0

    def _posted(self, group: list[Operation]) -> None:
        post = group[1].op
        parts = [post.prev, post.term, post.number, post.source, [o.raw for o in group[2:]]]
        self.posts.append((post.number, H("collabdesk/journal/1", encode(parts)), post.source))

    # --- step 8 --------------------------------------------------------------------------

    def cells(self) -> Mapping[tuple[bytes, int], Mapping[Dot, Value]]:
        """Return the live values of every cell."""
        accepted = [o for o in self.judged.values() if o.verdict == 0 and o.op is not None]
        written: dict[tuple[bytes, int], dict[Dot, Value]] = {}
        gone: set[tuple[bytes, int, Dot]] = set()
        for o in accepted:
            for column, value in _values(o.op).items():
                assert o.row is not None
                cell = written.setdefault((o.row, column), {})
                own = [dot for dot in cell if dot[0] == o.dot[0]]
                cell[o.dot] = value
                gone.update((o.row, column, d) for d in [*_replaced(o.op, column), *own])
        live = {
            key: {dot: value for dot, value in cell.items() if (*key, dot) not in gone}
            for key, cell in written.items()
        }
        return {key: cell for key, cell in live.items() if cell}

    def verdicts(self) -> Mapping[tuple[Dot, bytes], int]:
        """Return every verdict by dot, and by segment where a device signed two ways."""
        return {
            (o.dot, o.name[0] if self._forked(o.name[0]) else b""): o.verdict
            for o in self.judged.values()
        }

    def _forked(self, segment_id: bytes) -> bool:
        h = self.read[segment_id].header
        return h.seq >= self.forks.get(h.dev, h.seq + 1)


def _order(s: Segment) -> tuple[int, bytes, int, bytes]:
    return (s.header.lamport, dev16(s.header.dev), s.header.seq, s.id)


def _forks(read: Mapping[bytes, segments.Segment]) -> dict[bytes, int]:
    places = [(s.header.dev, s.header.seq) for s in read.values()]
    twice = sorted({place for place in places if places.count(place) > 1}, reverse=True)
    return dict(twice)


def _author(roster: r.Roster, key: bytes) -> tuple[bytes, bytes] | None:
    return next(((roster.org, d.pid) for d in roster.devices if d.key == key), None)


def _allowed(epoch: r.Epoch, roster: r.Roster, key: bytes, asked: tuple[int, int, Any]) -> bool:
    area, verb, scope = asked
    reach = 2 if isinstance(scope, int) else 1 if scope == roster.org else 4
    granted = next((e.grants for e in epoch.orgs if e.org == roster.org), ())
    mine = next((d.roles for d in roster.devices if d.key == key), ())
    return any(
        right.area == area and right.verbs & verb and right.reach & reach
        for role in epoch.roles
        if role.role in mine and role.role in granted
        for right in role.areas
    )


def _makes(o: Operation, row: bytes) -> bool:
    return o.exists and o.row == row and (o.op is None or isinstance(o.op, InsertRow))


def _ledger(op: Any) -> str:  # noqa: ANN401
    known = isinstance(op, InsertRow) and op.table in REGISTRY.tables
    return REGISTRY.tables[op.table].ledger if known else ""


def _over_two_others(op: Any, mine: bytes) -> bool:  # noqa: ANN401
    money = {c.number for c in REGISTRY.tables[op.table].columns if c.merge.value == "M"}
    foreign = [sum(d[0] != mine for d in dots) for column, _, dots in op.cells if column in money]
    return max(foreign, default=0) > 1


def _well_formed(post: Operation, group: list[Operation]) -> bool:
    if len(group) < 2 or group[1] is not post:
        return False
    if any(o.raw[0] != 0 and o.raw[1] > 1 for o in group):
        return True  # nobody here can tell, and the group waits
    parts = sorted(_ledger(o.op) for o in group[2:])
    lines = [o.op for o in group[2:] if _ledger(o.op) == "line"]
    pence = [v for line in lines for c, v in line.cells if c == 3 and type(v) is int]
    return (
        len(lines) > 1 and parts in (["line"] * len(lines), ["header", *["line"] * len(lines)])
    ) and sum(pence) == 0


def _dots(op: Any) -> list[Dot]:  # noqa: ANN401
    match type(op).__name__:
        case "SetRow":
            return [dot for _, _, dots in op.cells for dot in dots]
        case "DeleteRow" | "UndeleteRow" | "ResolveCell":
            return list(op.dots)
        case "ApproveRow":
            return [dot for _, dot in op.items]
        case "WithdrawApproval":
            return [op.approval]
        case "PostMark":
            return [op.source] if op.source else []
    return []


def _values(op: Any) -> dict[int, Value]:  # noqa: ANN401
    match type(op).__name__:
        case "InsertRow":
            return dict(op.cells)
        case "SetRow":
            return {column: value for column, value, _ in op.cells}
        case "ResolveCell":
            return {op.column: op.value}
    return {}


def _replaced(op: Any, column: int) -> tuple[Dot, ...]:  # noqa: ANN401
    match type(op).__name__:
        case "SetRow":
            return next(dots for number, _, dots in op.cells if number == column)
        case "ResolveCell":
            return tuple(op.dots)
    return ()
