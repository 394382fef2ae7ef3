"""Random histories of three laptops on paper: mostly honest, now and then wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from collabdesk.sync import derive
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
from tests.support.paper_alliance import (
    Op,
    PaperAlliance,
    Scribe,
    Written,
    group,
    plan_line,
    service_line,
)
from tests.support.verdict_cases import journal

NAMES = ("lead", "a", "b")
PENCE = st.integers(-5, 5)


@dataclass(frozen=True)
class Made:
    """One operation as written."""

    segment: Written
    idx: int
    op: Op

    @property
    def dot(self) -> Dot:
        return self.segment.dot(self.idx)

    @property
    def row(self) -> bytes:
        """The row it makes or changes; nothing, if it has to do with none."""
        if isinstance(self.op, InsertRow):
            return self.segment.row(self.idx)
        return getattr(self.op, "row", b"")

    @property
    def values(self) -> Mapping[int, Value]:
        match self.op:
            case InsertRow(cells=cells):
                return dict(cells)
            case SetRow(cells=triples):
                return {column: value for column, value, _ in triples}
            case ResolveCell(column=column, value=value):
                return {column: value}
        return {}


class Author:
    """Draws what three laptops write: mostly honest, now and then wrong."""

    def __init__(self, draw: st.DrawFn, alliance: PaperAlliance) -> None:
        self.draw = draw
        self.alliance = alliance
        self.past: dict[bytes, frozenset[bytes]] = {}
        self.made: list[Made] = []
        self.journal = (0, alliance.workspace)

    def segment(self) -> None:
        """Let one laptop write a segment that has seen some of the others'."""
        scribe = self.alliance[self.draw(st.sampled_from(NAMES))]
        last = scribe.last
        before = self.past[last.id] | {last.id} if last else frozenset[bytes]()
        others = [s.last for s in self.alliance.scribes.values() if s is not scribe and s.last]
        after = [w for w in others if w.id not in before and self._often()]
        seen = before.union(*(self.past[w.id] | {w.id} for w in after)) if after else before
        ops: list[Op] = []
        for _ in range(self.draw(st.integers(1, 3))):
            ops += self._step(scribe, seen)
        twin = self.draw(st.integers(0, 40)) == 40
        written = scribe.write(*ops, after=after, keep=not twin)
        if twin:
            scribe.written.append(written)
        self.past[written.id] = seen
        for idx, op in enumerate(ops):
            self.made.append(Made(written, idx, op))

    def _often(self) -> bool:
        return self.draw(st.integers(0, 9)) < 7

    def _step(self, scribe: Scribe, seen: frozenset[bytes]) -> tuple[Op, ...]:
        known = [m for m in self.made if m.segment.id in seen or not self.draw(st.integers(0, 12))]
        match self.draw(st.integers(0, 19)):
            case 0 | 1:
                return group(*(self._op(scribe, known) for _ in range(2)))
            case 2 | 3:
                return self._journal(known)
            case _:
                return (self._op(scribe, known),)

    def _journal(self, known: list[Made]) -> tuple[Op, ...]:
        number, link = self.journal
        against = self.draw(st.sampled_from((-5, -5, -5, -4)))
        inserts = journal(self.alliance["lead"].org, 5, against)
        source = self.draw(st.sampled_from([None, *(m.dot for m in known)]))
        post = PostMark(1, 1, number + 1, link, source)
        wires = [[1, 1, op.table, op.scope, [list(cell) for cell in op.cells]] for op in inserts]
        self.journal = (number + 1, derive.journal_hash(link, 1, number + 1, source, wires))
        return group(post, *inserts)

    def _op(self, scribe: Scribe, known: list[Made]) -> Op:
        rows = [m for m in known if isinstance(m.op, InsertRow)]
        kind = self.draw(st.sampled_from((*"isssssssrrrdduaaaawwn",))) if rows else "i"
        match kind:
            case "i":
                owner = self.alliance[self.draw(st.sampled_from((*[scribe.name] * 5, *NAMES)))]
                shared = plan_line(self.draw(PENCE), self.draw(PENCE))
                return self.draw(st.sampled_from((shared, shared, service_line(owner.org))))
            case "n":
                return [self.draw(st.sampled_from((2, 9, 99))), self.draw(st.integers(1, 2)), 1]
            case "w" if any(isinstance(m.op, ApproveRow) for m in known):
                agreed = [m.dot for m in known if isinstance(m.op, ApproveRow)]
                return WithdrawApproval(1, self.draw(st.sampled_from(agreed)), None)
        return self._of_a_row(kind, self.draw(st.sampled_from(rows)), known)

    def _of_a_row(self, kind: str, made: Made, known: list[Made]) -> Op:
        assert isinstance(made.op, InsertRow)
        row, table = made.row, made.op.table
        column = self.draw(st.sampled_from((11, 12))) if table == 13 else 2
        writers = {m.dot: m.values[column] for m in known if m.row == row and column in m.values}
        dots = tuple(sorted(writers))
        some = tuple(d for d in dots if self._often())
        match kind:
            case "r" if len(some) > 1:
                return ResolveCell(1, table, row, column, self._value(table), some, "why")
            case "d":
                return DeleteRow(1, table, row, some)
            case "u":
                deletes = [m.dot for m in known if isinstance(m.op, DeleteRow) and m.row == row]
                return UndeleteRow(1, table, row, tuple(sorted(deletes)))
            case "a" if dots:
                dot = self.draw(st.sampled_from(dots))
                value = writers[dot] if self._often() else 0
                digest = derive.approve_digest(table, row, [(column, *dot, value)])
                return ApproveRow(1, table, row, ((column, dot),), digest, None)
        replaced = self.draw(st.sampled_from(((), dots[-1:], dots[-1:], some, dots)))
        return SetRow(1, table, row, ((column, self._value(table), replaced),))

    def _value(self, table: int) -> Value:
        return self.draw(PENCE) if table == 13 else self.draw(st.sampled_from("ABC"))


@st.composite
def histories(draw: st.DrawFn, most: int) -> PaperAlliance:
    alliance = PaperAlliance("a", "b")
    author = Author(draw, alliance)
    for _ in range(draw(st.integers(1, most))):
        if draw(st.integers(0, 14)) == 0:
            lessened = alliance.orgs(a=(2, 3)) if draw(st.booleans()) else alliance.orgs()
            made = alliance.adopt(orgs=lessened)
            if draw(st.booleans()):
                alliance.cite(made)
        author.segment()
    return alliance
