"""Step c of a verdict, dots and rows: does an operation name only what its past holds?

Whatever is looked up here is asked of the operation's own past, never of what this
replica happens to hold beside it: else verdicts would depend on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from collabdesk.sync import derive
from collabdesk.sync import verdicts as v
from collabdesk.sync.judging.branches import Branches
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.operations import (
    ApproveRow,
    DeleteRow,
    Dot,
    Operation,
    PostMark,
    ResolveCell,
    SetRow,
    UndeleteRow,
    Value,
    WithdrawApproval,
)
from collabdesk.sync.registry import Registry
from collabdesk.sync.registry.model import Merge
from collabdesk.sync.workset import Columns, OperationFacts, RowFacts, Workset


@dataclass(slots=True)
class Named:
    """What an operation names: the row or approval found, and whether all of it is readable."""

    verdict: int = v.ACCEPTED
    unread: bool = False
    row: RowFacts | None = None
    approval: OperationFacts | None = None


NOTHING: Final = Named()


class Naming:
    """Finds what the operations of one segment name, in that segment's past."""

    def __init__(self, registry: Registry, work: Workset, placed: Placed) -> None:
        """Look from the place of a segment; `at` is the index of the operation at hand.

        `sound` are those of which all but the row's standing was found in order before:
        no rule book changes what lies in the past.
        """
        self.registry = registry
        self.work = work
        self.placed = placed
        self.at = placed.start
        self.sound: frozenset[int] = frozenset()
        self._branches = Branches(work, placed)

    def check(self, op: Operation) -> Named:
        """Return what an operation names, with the first number of step c that hits."""
        if self.at in self.sound and isinstance(op, _OF_A_ROW):
            return Named(row=self.row(op.row))
        check = _CHECKS.get(type(op))
        return NOTHING if check is None else check(self, op)

    # --- the past ----------------------------------------------------------------------

    def in_past(self, dot: Dot) -> bool:
        """Tell whether a dot lies before the operation at hand, whatever stands there."""
        dev, seq, idx = dot
        placed = self.placed
        if dev == placed.dev16:
            return seq < placed.seq or (seq == placed.seq and idx < self.at)
        return placed.past.get(dev, 0) >= seq

    def row(self, row: bytes) -> RowFacts | None:
        """Return the facts of a row whose insert lies in the past."""
        facts = self.work.row(row)
        if self.placed.forks and (facts is None or self._branches.forked(facts.dot)):
            facts = self._branches.row(row)
        return facts if facts is not None and self.in_past(facts.dot) else None

    def operation(self, dot: Dot) -> OperationFacts | None:
        """Return what the operation at a dot names, if it lies in the past."""
        if not self.in_past(dot):
            return None
        if self.placed.forks and self._branches.forked(dot):
            return self._branches.operation(dot)
        return self.work.operation(dot)

    def acts(self, dot: Dot) -> bool:
        """Tell whether the operation that an accepted one means by a dot can have acted.

        Under a fork another operation may bear the same dot, and that one must stay.
        """
        forked = self.placed.forks and self._branches.forked(dot)
        return not forked or self._branches.stands(dot)

    def stands(self, dev: bytes, seq: int, segment_id: bytes) -> bool:
        """Tell whether a segment lies in the past and on the line that stands of its device."""
        if self.placed.forks and self._branches.forked((dev, seq, 0)):
            return self._branches.has_standing(dev, seq, segment_id)
        return self.placed.past.get(dev, 0) >= seq and segment_id in self.work.log.segments_at(
            dev, seq
        )

    def _is_live(self, dot: Dot, live: Container[Dot]) -> bool:
        """Tell whether a dot names a live value in the past: no need to look further."""
        if dot not in live or not self.in_past(dot):
            return False
        return not (self.placed.forks and self._branches.forked(dot))

    # --- the kinds -----------------------------------------------------------------------

    def _table_row(self, table: int, row: bytes) -> Named:
        facts = self.row(row)
        if facts is None or (facts.table is not None and facts.table != table):
            return Named(v.NOT_IN_PAST)
        return Named(unread=facts.table is None, row=facts)

    def _set(self, op: SetRow) -> Named:
        named = self._table_row(op.table, op.row)
        if named.verdict:
            return named
        columns, declared = self.work.columns(op.row), self.registry.tables[op.table].by_number
        needs_resolve = False
        for column, _, dots in op.cells:
            if self._missing(named, op, (column, dots), columns):
                return Named(v.NOT_IN_PAST)
            foreign = sum(dot[0] != self.placed.dev16 for dot in dots)
            if foreign > 1 and declared[column].merge is Merge.MONEY:
                needs_resolve = True
        return Named(v.NEEDS_RESOLVE) if needs_resolve else named

    def _resolve(self, op: ResolveCell) -> Named:
        named = self._table_row(op.table, op.row)
        if named.verdict:
            return named
        missing = self._missing(named, op, (op.column, op.dots), self.work.columns(op.row))
        return Named(v.NOT_IN_PAST) if missing else named

    def _missing(
        self,
        named: Named,
        op: SetRow | ResolveCell | ApproveRow,
        cited: tuple[int, tuple[Dot, ...]],
        columns: Columns,
    ) -> bool:
        """Tell whether a dot cited for a column is not in the past, or wrote another cell."""
        column, dots = cited
        live = columns.get(column, {})
        for dot in dots:
            if self._is_live(dot, live):
                continue
            facts = self.operation(dot)
            if facts is not None and facts.unread:
                named.unread = True
            elif facts is None or not facts.writes(op.table, op.row, column):
                return True
        return False

    def _delete(self, op: DeleteRow) -> Named:
        live = {dot for cell in self.work.columns(op.row).values() for dot in cell}
        return self._tombstone(op, lambda facts: True, live)  # noqa: ARG005 - any writer of the row

    def _undelete(self, op: UndeleteRow) -> Named:
        return self._tombstone(op, lambda facts: isinstance(facts.op, DeleteRow), set())

    def _tombstone(
        self,
        op: DeleteRow | UndeleteRow,
        fits: Callable[[OperationFacts], bool],
        live: AbstractSet[Dot],
    ) -> Named:
        named = self._table_row(op.table, op.row)
        if named.verdict:
            return named
        for dot in op.dots:
            if self._is_live(dot, live):
                continue
            facts = self.operation(dot)
            if facts is not None and facts.unread:
                named.unread = True
            elif facts is None or not (facts.names(op.table, op.row) and fits(facts)):
                return Named(v.NOT_IN_PAST)
        insert_only = self.registry.tables[op.table].insert_only
        return Named(v.WRONG_SHAPE) if insert_only else named

    def _approve(self, op: ApproveRow) -> Named:
        named = self._table_row(op.table, op.row)
        if named.verdict:
            return named
        columns, cited = self.work.columns(op.row), Named()
        if any(self._missing(cited, op, (c, (dot,)), columns) for c, dot in op.items):
            return Named(v.NOT_IN_PAST)
        # The digest is of dots and values: it can be checked though the row cannot be read yet.
        wrong = not cited.unread and self._digest(op, columns) != op.digest
        named.unread = named.unread or cited.unread
        return Named(v.WRONG_SHAPE) if wrong else named

    def _digest(self, op: ApproveRow, columns: Columns) -> bytes:
        items = [(column, *dot, self._value(columns, column, dot)) for column, dot in op.items]
        return derive.approve_digest(op.table, op.row, items)

    def _value(self, columns: Columns, column: int, dot: Dot) -> Value:
        live = columns.get(column, {})
        if self._is_live(dot, live):
            return live[dot].value
        facts = self.operation(dot)
        return facts.values[column] if facts else None

    def _withdraw(self, op: WithdrawApproval) -> Named:
        facts = self.operation(op.approval)
        if facts is not None and facts.unread:
            return Named(unread=True, approval=facts)
        if facts is None or not isinstance(facts.op, ApproveRow):
            return Named(v.NOT_IN_PAST)
        return Named(approval=facts, row=self._approved_row(facts.op))

    def _approved_row(self, op: ApproveRow) -> RowFacts | None:
        """Return the row of an approve, which nobody may have checked: it may not stand."""
        facts = self.row(op.row)
        if facts is None or facts.table != op.table:
            return None
        return facts

    def _post(self, op: PostMark) -> Named:
        if op.source is None or self.operation(op.source) is not None:
            return NOTHING
        return Named(v.NOT_IN_PAST)


_OF_A_ROW: Final = (SetRow, ResolveCell, DeleteRow, UndeleteRow, ApproveRow)
_CHECKS: Final[Mapping[type[Operation], Callable[[Naming, Any], Named]]] = {
    SetRow: Naming._set,  # noqa: SLF001 - this module's own table of its methods
    ResolveCell: Naming._resolve,  # noqa: SLF001
    DeleteRow: Naming._delete,  # noqa: SLF001
    UndeleteRow: Naming._undelete,  # noqa: SLF001
    ApproveRow: Naming._approve,  # noqa: SLF001
    WithdrawApproval: Naming._withdraw,  # noqa: SLF001
    PostMark: Naming._post,  # noqa: SLF001
}
