"""From what a command decided to signed-able operations: names to numbers, rows to ids.

The dots a set replaces are the live ones its author's replica shows at that moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from collabdesk.domain.changes import (
    Adopt,
    Approve,
    Beacon,
    Cell,
    Change,
    Delete,
    Heed,
    Insert,
    NewRow,
    OwnScope,
    PostJournal,
    Release,
    Resolve,
    RowRef,
    Scope,
    SetCells,
    Shared,
    Undelete,
    Withdraw,
)
from collabdesk.errors import NotPossible, Refusal
from collabdesk.sync import derive
from collabdesk.sync.merge import is_deleted, winner
from collabdesk.sync.operations import (
    MAX_RESOLVED,
    MIN_RESOLVED,
    AdoptOperation,
    ApproveRow,
    BeaconMark,
    DeleteRow,
    DeviceList,
    Dot,
    Group,
    HeedRecords,
    InsertRow,
    Operation,
    PostMark,
    ReleaseLedger,
    ResolveCell,
    SetRow,
    UndeleteRow,
    Value,
    WithdrawApproval,
    write_operation,
)
from collabdesk.sync.registry import Registry, kinds
from collabdesk.sync.registry.model import Column, Kind, Table
from collabdesk.sync.sealer import RowInHand, Sealer
from collabdesk.sync.workset import Columns, LedgerTail, Log, Sibling

MAX_GROUP = 4_900
_Cells = list[tuple[int, Value]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who drafts, and where in the chain: at (dev16, seq), from index `first` on.

    `past` is what the open segment has seen, by device; `own_approval` the author's
    standing approval of each row; `term` that of the ledger keeper; `beacon` returns the
    state root and control head before the open segment; `sealer` seals restricted values.
    """

    key: bytes
    dev16: bytes
    organisation: bytes
    workspace: bytes
    seq: int
    first: int
    past: Mapping[bytes, int]
    term: int
    own_approval: Mapping[bytes, Dot]
    beacon: Callable[[], tuple[bytes, bytes]]
    sealer: Sealer | None = None

    def sees(self, dot: Dot) -> bool:
        """Tell whether a dot is one's own or in the past of the open segment."""
        return dot[0] == self.dev16 or self.past.get(dot[0], 0) >= dot[1]


class Drafting:
    """Turns the changes of one command into operations at the next free dots."""

    def __init__(self, registry: Registry, log: Log, desk: Desk) -> None:
        """Draft at a desk: from its next free dot on."""
        self.registry = registry
        self.log = log
        self.desk = desk
        self.next = desk.first
        self.new_rows: dict[str, bytes] = {}
        self.operations: list[Operation] = []
        self.held: dict[bytes, Columns] = {}
        """The live cells of the rows that were read at once, as they stood before."""
        self._drafted: dict[bytes, Columns] = {}
        self._scopes: dict[bytes, bytes | int] = {}
        self._tail: LedgerTail | None = log.ledger_tail()

    def draft(self, changes: Sequence[Change]) -> list[Operation]:
        """Return the operations of one command; each journal is a group of its own."""
        plain = [change for change in changes if not isinstance(change, PostJournal)]
        self._group([(change,) for change in plain])
        for change in changes:
            if isinstance(change, PostJournal):
                self._journal(change)
        return self.operations

    def _group(self, changes: Sequence[tuple[Change]]) -> None:
        if len(changes) > MAX_GROUP:
            raise Refusal(
                code="too-many-changes",
                words=f"This would change {len(changes):,} records in one step; "
                f"at most {MAX_GROUP:,} can be kept together.",
                remedy="Do it in two or more parts.",
            )
        if len(changes) > 1:
            self._load(changes)
            self._add(Group(len(changes)))
        for (change,) in changes:
            self._add(self._operation(change))

    def _add(self, op: Operation) -> None:
        self.operations.append(op)
        self.next += 1

    def _operation(self, change: Change) -> Operation:
        match change:
            case Insert():
                return self._insert(change)
            case SetCells():
                return self._set(change)
            case Resolve():
                return self._resolve(change)
            case Delete(table, row):
                declared, key = self._place(table, row)
                return DeleteRow(declared.since, declared.number, key, self._live_dots(key))
            case Undelete(table, row):
                declared, key = self._place(table, row)
                deletes = self._standing_deletes(key)
                return UndeleteRow(declared.since, declared.number, key, deletes)
            case Approve():
                return self._approve(change)
            case Withdraw(_, row, text):
                return WithdrawApproval(1, self._own(self._row(row)), text)
            case Release() | Beacon() | Heed() | Adopt():
                return self._of_membership(change)
            case PostJournal():
                raise TypeError(change)

    def _of_membership(self, change: Release | Beacon | Heed | Adopt) -> Operation:
        match change:
            case Release():
                return ReleaseLedger(self._since(kinds.RELEASE), self.desk.term)
            case Beacon():
                return BeaconMark(self._since(kinds.BEACON), *self.desk.beacon())
            case Heed(records):
                return HeedRecords(self._since(kinds.HEED), tuple(sorted(records)))
            case Adopt(segment, idx):
                return AdoptOperation(self._since(kinds.ADOPT), segment, idx)

    def _since(self, kind: int) -> int:
        return self.registry.kinds[kind].since

    # --- the kinds ---------------------------------------------------------------------

    def _insert(self, change: Insert) -> InsertRow:
        table = self.registry.table_names[change.table]
        cells = sorted(
            (table.by_name[name].number, self._wire(table.by_name[name], value))
            for name, value in change.cells.items()
            if value is not None
        )
        row = derive.row_id(self.desk.key, self.desk.seq, self.next)
        if change.key:
            self.new_rows[change.key] = row
        scope = self._scopes[row] = self._scope(change.scope)
        cells = self._sealed(table, RowInHand(None, scope, dict(cells)), cells)
        self._remember(row, cells)
        least = max(_least(table, cells), self._shared_since(scope))
        return InsertRow(least, table.number, scope, tuple(cells))

    def _set(self, change: SetCells) -> SetRow:
        table, row = self._place(change.table, change.row)
        columns = self._columns(row)
        cells = sorted(
            (table.by_name[name].number, self._wire(table.by_name[name], value))
            for name, value in change.cells.items()
        )
        cells = self._sealed_at(table, row, cells)
        op = SetRow(
            _least(table, cells),
            table.number,
            row,
            tuple((n, value, tuple(sorted(columns.get(n, {})))) for n, value in cells),
        )
        self._remember(row, cells)
        return op

    def _resolve(self, change: Resolve) -> ResolveCell:
        table, row = self._place(change.table, change.row)
        column = table.by_name[change.column]
        dots = _highest(self._columns(row).get(column.number, {}))
        if len(dots) < MIN_RESOLVED:
            raise Refusal(
                code="not-contested",
                words="This figure is no longer contested: somebody has settled it.",
                remedy="Look at the figure again before changing it.",
                field=change.column,
            )
        cells = [(column.number, self._wire(column, change.value))]
        ((_, value),) = self._sealed_at(table, row, cells)
        least = _least(table, [(column.number, value)])
        return ResolveCell(least, table.number, row, column.number, value, dots, change.reason)

    def _approve(self, change: Approve) -> ApproveRow:
        table, row = self._place(change.table, change.row)
        live = self._columns(row)
        items: list[tuple[int, Dot]] = []
        digested = []
        for column in sorted(table.by_name[name].number for name in change.columns):
            siblings = live.get(column, {})
            if len(siblings) > 1:
                raise Refusal(
                    code="contested",
                    words="Two figures stand here and neither is settled, "
                    "so there is nothing to approve yet.",
                    remedy="Settle the contested figure first.",
                )
            for dot, sibling in siblings.items():
                self._check_readable(table, column, dot, sibling.value)
                items.append((column, dot))
                digested.append((column, *dot, sibling.value))
        digest = derive.approve_digest(table.number, row, digested)
        least = max([table.since, *(table.by_number[column].since for column, _ in items)])
        return ApproveRow(least, table.number, row, tuple(items), digest, change.text)

    def _journal(self, change: PostJournal) -> None:
        lines = change.lines
        if len(lines) + 2 > MAX_GROUP:
            raise Refusal(
                code="journal-too-long",
                words=f"A journal of {len(lines):,} lines is too long; "
                f"at most {MAX_GROUP - 2:,} fit.",
                remedy="Post it as two or more balanced journals.",
            )
        self._add(Group(len(lines) + 2))
        number = self._tail.number + 1 if self._tail else 1
        link = self._tail.link if self._tail else self.desk.workspace
        source = self._source(change.source)
        self._add(PostMark(1, self.desk.term, number, link, source))
        inserts: list[Operation] = []
        for insert in (change.header, *lines):
            op = self._insert(insert)
            self._add(op)
            inserts.append(op)
        devices = DeviceList([])
        wires = [write_operation(op, devices) for op in inserts]
        self._tail = LedgerTail(
            self.desk.term, number, derive.journal_hash(link, self.desk.term, number, source, wires)
        )

    # --- small parts -------------------------------------------------------------------

    def _place(self, table: str, row: RowRef) -> tuple[Table, bytes]:
        return self.registry.table_names[table], self._row(row)

    def _row(self, row: RowRef) -> bytes:
        return self.new_rows[row.key] if isinstance(row, NewRow) else row

    def _shared_since(self, scope: bytes | int) -> int:
        return self.registry.shared_areas[scope].since if isinstance(scope, int) else 1

    def _scope(self, scope: Scope) -> bytes | int:
        match scope:
            case Shared(area):
                return self.registry.shared_area_names[area].number
            case OwnScope():
                return self.desk.organisation
            case bytes():
                return scope

    def _wire(self, column: Column, value: Cell) -> Value:
        if isinstance(value, NewRow):
            return self.new_rows[value.key]
        if isinstance(value, dt.date):
            return value.isoformat()
        if column.kind is Kind.ENUM and column.members is not None and isinstance(value, str):
            return column.members.number(value)
        return value

    def _check_readable(self, table: Table, column: int, dot: Dot, value: Value) -> None:
        if column in table.sealed and value is not None:
            self._sealer().check_readable(table, column, dot, value)

    def _sealer(self) -> Sealer:
        if self.desk.sealer is None:
            raise NotPossible(
                code="cannot-seal",
                words="What is confidential can be entered only where it can be sealed.",
                remedy="Enter it in the window of an enrolled laptop.",
            )
        return self.desk.sealer

    def _sealed_at(self, table: Table, row: bytes, cells: _Cells) -> _Cells:
        """Return the cells of a row that stands, with restricted values sealed."""
        if not any(number in table.sealed for number, _ in cells):
            return cells
        standing = {n: winner(live) for n, live in self._columns(row).items() if live}
        at = RowInHand(row, self._scope_of(row), {**standing, **dict(cells)})
        return self._sealed(table, at, cells)

    def _scope_of(self, row: bytes) -> bytes | int:
        if row in self._scopes:
            return self._scopes[row]
        facts = self.log.rows([row]).get(row)
        if facts is None:
            raise Refusal(
                code="not-here",
                words="This record is not here, so nothing can be sealed in it.",
                remedy="Share to fetch what others have entered, then look again.",
            )
        return facts.scope

    def _sealed(self, table: Table, at: RowInHand, cells: _Cells) -> _Cells:
        wanted = {n: value for n, value in cells if n in table.sealed and value is not None}
        if not wanted:
            return cells
        sealed = self._sealer().seal(table, at, wanted)
        return [(number, sealed.get(number, value)) for number, value in cells]

    def _load(self, changes: Sequence[tuple[Change]]) -> None:
        """Read the rows that a command sets at once: a paste sets hundreds."""
        sets = {change.row for (change,) in changes if isinstance(change, SetCells)}
        self.held.update(self.log.cells(row for row in sets if isinstance(row, bytes)))
        for row, held in self.held.items():
            self._drafted[row] = self._seen(held)

    def _columns(self, row: bytes) -> Columns:
        if row not in self._drafted:
            self._drafted[row] = self._seen(self.log.cells([row]).get(row, {}))
        return self._drafted[row]

    def _seen(self, held: Columns) -> Columns:
        return {
            column: {dot: sibling for dot, sibling in live.items() if self.desk.sees(dot)}
            for column, live in held.items()
        }

    def _remember(self, row: bytes, cells: Iterable[tuple[int, Value]]) -> None:
        """Let later changes of the command replace what this one writes."""
        dot = (self.desk.dev16, self.desk.seq, self.next)
        columns = self._drafted.setdefault(row, {})
        for column, value in cells:
            columns[column] = {dot: Sibling(value, 0)}

    def _live_dots(self, row: bytes) -> tuple[Dot, ...]:
        return tuple(sorted({dot for live in self._columns(row).values() for dot in live}))

    def _standing_deletes(self, row: bytes) -> tuple[Dot, ...]:
        stones = self.log.tombstones([row]).get(row, {})
        if not is_deleted(stones):
            raise Refusal(
                code="not-deleted",
                words="This record is not deleted, so there is nothing to bring back.",
            )
        return tuple(sorted(dot for dot, stone in stones.items() if not stone.undone))

    def _own(self, row: bytes) -> Dot:
        dot = self.desk.own_approval.get(row)
        if dot is None:
            raise Refusal(
                code="no-approval",
                words="You have no standing approval of this record to take back.",
            )
        return dot

    def _source(self, source: tuple[str, bytes] | None) -> Dot | None:
        if source is None:
            return None
        return self.log.rows([source[1]])[source[1]].dot


def _highest(live: Mapping[Dot, Sibling]) -> tuple[Dot, ...]:
    """Return the dots a resolve may list: of too many the highest, as far as they are shown."""
    ranked = sorted(live, key=lambda dot: (live[dot].lamport, dot[0], dot[2]), reverse=True)
    return tuple(sorted(ranked[:MAX_RESOLVED]))


def _least(table: Table, cells: Iterable[tuple[int, Value]]) -> int:
    """Return the least registry version that knows a table and what its cells use."""
    least = table.since
    for number, value in cells:
        column = table.by_number[number]
        least = max(least, column.since)
        if column.members is not None and type(value) is int:
            least = max(least, column.members.since(value) or least)
    return least
