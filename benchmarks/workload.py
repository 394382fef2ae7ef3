"""The committed workload: the demonstration's mix of operations, written at any length.

`mix.json` holds the shapes and how often each occurred. Laptops write in turn, each having seen
the others' newest change sets: with six of them a header names five heads that moved. No two
amounts are equal and no two texts alike. The first laptop keeps the ledger: its change sets are
one journal each, the others' hold all the rest of the mix. Approvals and the one resolved figure
(three operations of five hundred) are left out.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from collabdesk.sync import derive
from collabdesk.sync.hashing import sha256
from collabdesk.sync.operations import (
    DeviceList,
    Dot,
    Group,
    InsertRow,
    PostMark,
    SetRow,
    Value,
    write_operation,
)
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Column, Kind, Table
from tests.support.paper_alliance import Op, PaperAlliance, Scribe, Written

MIX: Final = Path(__file__).parent / "mix.json"
LEDGER: Final = frozenset({"journal", "journal_line"})
POST: Final = "postmark"
LAPTOPS: Final = ("a", "b", "c", "d", "e")
"""Beside the lead's, which keeps the ledger."""
LEAST_JOURNAL: Final = 5
"""A journal's operations: marker, post, header and at least two lines."""
_GROUP: Final = 8
_RECENT: Final = 12
_PRIME: Final = 999_999_937
_STEP: Final = 48_271
_MOST_SHORT: Final = 3
_PROVIDERS: Final = ("RHA", "RP1", "RP7", "RT5", "RXM")
_VOCABULARY: Final = (
    "access admission adult aim assessment bed budget capacity care carer change child clinic "
    "collaborative community contact cost crisis data delay demand discharge driver early eating "
    "education evidence family first forecast forensic group home hospital idea improve inpatient "
    "learning length letter liaison line local measure median medicine meeting mental month nurse "
    "observation outcome outreach package parent partner patient perinatal phone pilot placement "
    "plan practice prediction provider quality reason recovery referral region report review risk "
    "school secure service session shift slot specialist staff stay study support target team test "
    "text therapy transfer transition treatment trust unit visit waiting ward week young"
)
_WORDS: Final = tuple(_VOCABULARY.split())


@dataclass(frozen=True)
class Shape:
    """One shape of operation, and how often the demonstration made it."""

    kind: str
    count: int
    table: str = ""
    min: int = 1
    shared: int | None = None
    columns: Mapping[str, int] = field(default_factory=dict)


@cache
def mix() -> tuple[Shape, ...]:
    """Return the recorded shapes."""
    return tuple(Shape(**shape) for shape in json.loads(MIX.read_text(encoding="utf-8")))


def ledger_share() -> float:
    """Return which part of the recorded operations stands in journals, markers included."""
    journals = sum(shape.count for shape in mix() if shape.kind == POST)
    inside = sum(shape.count for shape in mix() if shape.table in LEDGER) + 2 * journals
    return inside / sum(shape.count for shape in mix())


class Turns:
    """Deals shapes so that each comes as often as its count says, evenly spread."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        """Start with none dealt."""
        self._shapes = shapes
        self._credit = [0.0] * len(shapes)
        self._whole = sum(shape.count for shape in shapes)

    def next(self) -> Shape:
        """Return the shape that is most overdue."""
        for at, shape in enumerate(self._shapes):
            self._credit[at] += shape.count / self._whole
        chosen = max(range(len(self._shapes)), key=self._credit.__getitem__)
        self._credit[chosen] -= 1
        return self._shapes[chosen]


class Workload:
    """Laptops that write the mix in turn, for ever."""

    def __init__(
        self, scribes: Sequence[Scribe], workspace: bytes, *, heads: Sequence[Written] = ()
    ) -> None:
        """Write with these hands, the ledger keeper's first; `heads` are what others wrote."""
        self.scribes = list(scribes)
        self.workspace = workspace
        self.texts = Values()
        edits = [s for s in mix() if s.kind in {"insert", "set"} and s.table not in LEDGER]
        self._turns = {scribe.name: Turns(edits) for scribe in self.scribes}
        self._made: dict[str, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        self._recent: dict[str, list[bytes]] = defaultdict(list)
        self._standing: dict[tuple[bytes, int], Dot] = {}
        self._journal = (0, workspace)
        self._heads = list(heads)
        self._seen: dict[str, set[bytes]] = defaultdict(set)

    def segments(self, count: int, operations: int) -> Iterator[Written]:
        """Write that many change sets of that many operations."""
        for turn in range(count):
            yield self.segment(self.scribes[turn % len(self.scribes)], operations)

    def segment(self, scribe: Scribe, operations: int) -> Written:
        """Write one change set of a laptop that has seen all the others'."""
        keeps = scribe is self.scribes[0] and operations >= LEAST_JOURNAL
        ops = self._post(scribe, operations) if keeps else self._edits(scribe, operations)
        written = scribe.write(*ops, after=self._moved(scribe))
        self._heads = [head for head in self._heads if head.dev != scribe.dev] + [written]
        self._remember(scribe, written, ops)
        return written

    def _moved(self, scribe: Scribe) -> list[Written]:
        """Return the others' newest change sets that this laptop has not named yet."""
        seen = self._seen[scribe.name]
        moved = [head for head in self._heads if head.dev != scribe.dev and head.id not in seen]
        seen.update(head.id for head in moved)
        return moved

    # --- what is written ------------------------------------------------------------------

    def _edits(self, scribe: Scribe, count: int) -> list[Op]:
        ops: list[Op] = []
        touched: set[tuple[bytes, int]] = set()
        while len(ops) < count:
            left = count - len(ops)
            if left > _GROUP and len(ops) % (2 * _GROUP) == 0:
                ops.append(Group(_GROUP))
            ops.append(self._edit(scribe, touched))
        return ops

    def _edit(self, scribe: Scribe, touched: set[tuple[bytes, int]]) -> Op:
        while True:
            shape = self._turns[scribe.name].next()
            table = REGISTRY.table_names[shape.table]
            if shape.kind == "insert":
                return self._insert(scribe, shape, table)
            made = self._set(scribe, shape, table, touched)
            if made is not None:
                return made

    def _insert(self, scribe: Scribe, shape: Shape, table: Table) -> InsertRow:
        scope = scribe.org if shape.shared is None else shape.shared
        values = ((c.number, self._value(c, n)) for c, n in _filled(shape, table))
        return InsertRow(shape.min, table.number, scope, tuple(sorted(values)))

    def _set(
        self, scribe: Scribe, shape: Shape, table: Table, touched: set[tuple[bytes, int]]
    ) -> SetRow | None:
        """Change a row of this laptop's own making, if it has one not changed just now."""
        columns = [column.number for column, _ in _filled(shape, table)]
        for row in reversed(self._made[scribe.name][table.name]):
            if touched.isdisjoint((row, column) for column in columns):
                break
        else:
            return None
        touched.update((row, column) for column in columns)
        cells = (
            (c.number, self._value(c, n), self._dots(row, c.number))
            for c, n in _filled(shape, table)
        )
        return SetRow(shape.min, table.number, row, tuple(sorted(cells)))

    def _dots(self, row: bytes, column: int) -> tuple[Dot, ...]:
        dot = self._standing.get((row, column))
        return () if dot is None else (dot,)

    def _post(self, scribe: Scribe, count: int) -> list[Op]:
        header, line = (
            max((s for s in mix() if s.table == name), key=lambda s: s.count)
            for name in ("journal", "journal_line")
        )
        tables = REGISTRY.table_names
        made = [self._insert(scribe, header, tables["journal"])]
        made += [
            self._insert(scribe, line, tables["journal_line"]) for _ in range(count - LEAST_JOURNAL)
        ]
        made += [self._insert(scribe, line, tables["journal_line"]) for _ in range(2)]
        made[-1] = _balanced(made)
        number, link = self._journal
        post = PostMark(1, 1, number + 1, link, None)
        wires = [write_operation(op, DeviceList([])) for op in made]
        self._journal = (number + 1, derive.journal_hash(link, 1, number + 1, None, wires))
        return [Group(len(made) + 1), post, *made]

    def _value(self, column: Column, length: int) -> Value:
        if column.kind is Kind.ROW:
            recent = self._recent[column.refers]
            return recent[self.texts.count % len(recent)] if recent else bytes(16)
        return self.texts.of(column, length)

    def _remember(self, scribe: Scribe, written: Written, ops: Sequence[Op]) -> None:
        for idx, op in enumerate(ops):
            if isinstance(op, InsertRow):
                name, row = REGISTRY.tables[op.table].name, written.row(idx)
                self._made[scribe.name][name] = [*self._made[scribe.name][name], row][-_RECENT:]
                self._recent[name] = [*self._recent[name], row][-_RECENT:]
                if name not in LEDGER:
                    self._standing.update({(row, c): written.dot(idx) for c, _ in op.cells})
            elif isinstance(op, SetRow):
                self._standing.update({(op.row, c): written.dot(idx) for c, _, _ in op.cells})


class Values:
    """Makes values of every kind; amounts and texts never come twice."""

    def __init__(self) -> None:
        """Start anew."""
        self.count = 0

    def of(self, column: Column, length: int) -> Value:
        """Return the next value of a column; a text has about so many characters."""
        self.count += 1
        at = self.count
        match column.kind:
            case Kind.PENCE:
                return 1 + at * _STEP % _PRIME
            case Kind.TEXT:
                return (
                    _PROVIDERS[at % len(_PROVIDERS)] if length <= _MOST_SHORT else _text(at, length)
                )
            case Kind.ENUM if column.members is not None:
                first = [number for number, _, since in column.members.members if since == 1]
                return first[at % len(first)]
            case Kind.DATE:
                return (dt.date(2026, 4, 1) + dt.timedelta(days=at % 700)).isoformat()
            case Kind.DECIMAL:
                return f"{at * _STEP % 100_000 // 10}.{1 + at % 9}"
            case Kind.BOOL:
                return bool(at % 2)
            case Kind.BLOB:
                return sha256(at.to_bytes(8, "big"))
            case _:
                return 1 + at % 12


def _filled(shape: Shape, table: Table) -> list[tuple[Column, int]]:
    return [(table.by_name[name], length) for name, length in shape.columns.items()]


def _balanced(made: Sequence[InsertRow]) -> InsertRow:
    """Return the last line with the amount that brings the journal to nil."""
    amount = REGISTRY.table_names["journal_line"].by_name["amount_p"].number
    *lines, last = made[1:]
    whole = sum(int(value or 0) for op in lines for c, value in op.cells if c == amount)
    cells = tuple((c, -whole if c == amount else value) for c, value in last.cells)
    return InsertRow(last.min, last.table, last.scope, cells)


def _text(at: int, length: int) -> str:
    """Return words that were not said before, about so many characters of them."""
    said, turn = f"{at:x}", at * _STEP
    while len(said) < length:
        turn = (turn * 69_069 + 1) % 2**32
        said += " " + _WORDS[turn // 2**10 % len(_WORDS)]
    return said[:length].rstrip()


def on_paper() -> tuple[PaperAlliance, Workload]:
    """Return six trusts' laptops under full authority, and their workload."""
    alliance = PaperAlliance(*LAPTOPS)
    return alliance, Workload(list(alliance.scribes.values()), alliance.workspace)
