"""What laptops of a random world write: mostly what they may, now and then what nobody may."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, TypeVar

from collabdesk.sync import derive
from collabdesk.sync import segment as segments
from collabdesk.sync.operations import (
    ApproveRow,
    DeleteRow,
    Dot,
    InsertRow,
    PostMark,
    ResolveCell,
    SetRow,
    UndeleteRow,
    Value,
    WithdrawApproval,
)
from collabdesk.sync.records import Roster
from collabdesk.sync.registry import REGISTRY_VERSION
from tests.support.histories import Made
from tests.support.paper_alliance import Op, Scribe, Written, fixed, group, plan_line, service_line
from tests.support.paper_world import PaperWorld
from tests.support.verdict_cases import journal

One = TypeVar("One")
RELEASE, BEACON, HEED, ADOPT = 9, 16, 17, 18


class Pen:
    """Writes segments of a paper world and remembers what was written."""

    def __init__(self, random: Random, paper: PaperWorld) -> None:
        """Begin with nothing written."""
        self.random = random
        self.paper = paper
        self.past: dict[bytes, frozenset[bytes]] = {}
        self.made: list[Made] = []
        self.posted: list[tuple[int, bytes]] = [(0, paper.workspace)]

    def pick(self, items: Sequence[One]) -> One:
        """Choose one."""
        return self.random.choice(items)

    def often(self, times: int = 7) -> bool:
        """Tell whether something happens that mostly does."""
        return self.random.randrange(10) < times

    def write(self, scribe: Scribe, *, twin: bool = False, **changes: object) -> Written:
        """Let a laptop write one segment that has seen some of the others'."""
        seen, after = self._seen(scribe)
        ops: list[Op] = []
        for _ in range(self.random.randint(1, 3)):
            ops += self._step(scribe, seen)
        return self._sign(scribe, ops, after, twin=twin, **changes)

    def release(self, scribe: Scribe, term: int) -> Written:
        """Let a laptop lay down a term of the ledger."""
        _, after = self._seen(scribe)
        return self._sign(scribe, [[RELEASE, 2, term]], after)

    def _seen(self, scribe: Scribe) -> tuple[frozenset[bytes], list[Written]]:
        last = scribe.last
        before = self.past[last.id] | {last.id} if last else frozenset[bytes]()
        others = [s for s in self.paper.scribes.values() if s is not scribe]
        newest = [self.pick(s.written[-2:]) for s in others if s.written]
        after = [w for w in newest if w.id not in before and self.often(6)]
        numbers = {w.dev: w.header.seq for w in self.paper.written if w.id in before}
        if self.often(9):
            after = [w for w in after if w.header.seq > numbers.get(w.dev, 0)]
        return before.union(*(self.past[w.id] | {w.id} for w in after)), after

    def _sign(
        self,
        scribe: Scribe,
        ops: list[Op],
        after: list[Written],
        *,
        twin: bool = False,
        **changes: object,
    ) -> Written:
        seen = frozenset[bytes]().union(*(self.past[w.id] | {w.id} for w in after))
        if scribe.last:
            seen |= self.past[scribe.last.id] | {scribe.last.id}
        if self.random.randrange(60) == 0:
            changes["lamport"] = self.random.randint(1, 9)
        fields: dict[str, Any] = {"schema": REGISTRY_VERSION, **changes}
        written = scribe.write(*ops, after=after, keep=False, **fields)
        if self.random.randrange(40) == 0:
            written = _encrypted(scribe, written)
        scribe.written.append(written)
        if not twin:
            scribe.last = written
        self.past[written.id] = seen
        self.made += [Made(written, idx, op) for idx, op in enumerate(ops)]
        return written

    # --- what is written -------------------------------------------------------------------

    def _step(self, scribe: Scribe, seen: frozenset[bytes]) -> tuple[Op, ...]:
        known = [m for m in self.made if m.segment.id in seen or self.random.randrange(13) == 0]
        match self.random.randrange(20):
            case 0 | 1:
                return group(*(self._op(scribe, known) for _ in range(2)))
            case 2:
                return group([ADOPT, 2, fixed("adopted", 32), 1], self._op(scribe, known))
            case 3 | 4 | 5 if scribe.org == self.paper.lead.org:
                return self._journal(scribe, known)
            case 6:
                return (self._odd(scribe),)
        return (self._op(scribe, known),)

    def _odd(self, scribe: Scribe) -> Op:
        """Return what says little, or what nobody can make sense of."""
        digest = fixed("any", 32)
        odd: tuple[Op, ...] = (
            [BEACON, 2, digest, digest],
            [HEED, 2, [digest]],
            [ADOPT, 2, digest, 0],
            [RELEASE, 2, self.pick((1, 2))],
            [RELEASE, 1, 1],
            [BEACON, 2, digest],
            [2, REGISTRY_VERSION + 1, 1],
            [1, REGISTRY_VERSION + 1, 13, scribe.org, []],
            [99, 1, 1],
            [0, 3],
        )
        return self.pick(odd)

    def _terms(self, scribe: Scribe) -> list[int]:
        records = (held.record for held in self.paper.lead.rosters)
        return [
            number
            for record in records
            if isinstance(record, Roster)
            for number, term in enumerate(record.terms, start=1)
            if term.key == scribe.public
        ]

    def _journal(self, scribe: Scribe, known: list[Made]) -> tuple[Op, ...]:
        terms = self._terms(scribe)
        term = max(terms) if terms and self.often(9) else self.pick((1, 2))
        number, link = self.posted[-1] if self.often(8) else self.pick(self.posted)
        against = self.pick((-5, -5, -5, -5, -4))
        inserts = journal(self.paper.lead.org, 5, against)
        source = self.pick([None, None, *(m.dot for m in known)])
        post = PostMark(1, term, number + 1, link, source)
        wires = [[1, 1, op.table, op.scope, [list(cell) for cell in op.cells]] for op in inserts]
        hashed = derive.journal_hash(link, term, number + 1, source, wires)
        if against == -5:
            self.posted.append((number + 1, hashed))
        return group(post, *inserts)

    def _op(self, scribe: Scribe, known: list[Made]) -> Op:
        rows = [m for m in known if isinstance(m.op, InsertRow)]
        kind = self.pick("isssssssrrrdduaaaaww") if rows else "i"
        agreed = [m.dot for m in known if isinstance(m.op, ApproveRow)]
        if kind == "i":
            trusts = list(self.paper.trusts.values())
            owner = scribe.org if self.often() else self.pick(trusts).org
            shared = plan_line(self._pence(), self._pence())
            return self.pick((shared, shared, service_line(owner)))
        if kind == "w" and agreed:
            return WithdrawApproval(1, self.pick(agreed), None)
        return self._of_a_row(kind, self.pick(rows), known)

    def _of_a_row(self, kind: str, made: Made, known: list[Made]) -> Op:
        assert isinstance(made.op, InsertRow)
        row, table = made.row, made.op.table
        column = {13: self.pick((11, 12)), 11: 2, 40: 5, 41: 3}[table]
        writers = {m.dot: m.values[column] for m in known if m.row == row and column in m.values}
        dots = tuple(sorted(writers))
        some = tuple(d for d in dots if self.often())
        match kind:
            case "r" if len(some) > 1:
                return ResolveCell(1, table, row, column, self._value(table), some, "why")
            case "d":
                return DeleteRow(1, table, row, some)
            case "u":
                deletes = [m.dot for m in known if isinstance(m.op, DeleteRow) and m.row == row]
                return UndeleteRow(1, table, row, tuple(sorted({*deletes})))
            case "a" if dots:
                dot = self.pick(dots)
                value = writers[dot] if self.often(9) else 0
                digest = derive.approve_digest(table, row, [(column, *dot, value)])
                return ApproveRow(1, table, row, ((column, dot),), digest, None)
        replaced: tuple[Dot, ...] = self.pick(((), dots[-1:], dots[-1:], some, dots))
        return SetRow(1, table, row, ((column, self._value(table), replaced),))

    def _pence(self) -> int:
        return self.random.randint(-5, 5)

    def _value(self, table: int) -> Value:
        return self.pick("ABC") if table in {11, 40} else self._pence()


def _encrypted(scribe: Scribe, written: Written) -> Written:
    """Return a segment whose body nobody here can open."""
    read = segments.read(written.file)
    header = read.header._replace(enc_key_id=fixed("whole bodies"))
    file = segments.assemble(header, read.body, scribe.key)
    return Written(file, segments.read(file).id, header)
