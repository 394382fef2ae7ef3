"""Changes that were set aside, said again as ordinary changes of whoever adopts them.

A row that was set aside with them is made anew, and what named it names the new one. The
group is led by where each change was first said; no verdict depends on that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from collabdesk.domain.changes import (
    Adopt,
    Approve,
    Cell,
    Change,
    Delete,
    Insert,
    NewRow,
    PostJournal,
    Resolve,
    RowRef,
    Scope,
    SetCells,
    Shared,
    Undelete,
)
from collabdesk.errors import Refusal
from collabdesk.storage.queries.control import Adopted, adoptions
from collabdesk.storage.queries.quarantine import Part, SetAside, set_aside
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.meaning import MeaningError, check_meaning
from collabdesk.sync.operations import (
    MIN_RESOLVED,
    ApproveRow,
    DeleteRow,
    InsertRow,
    Operation,
    PostMark,
    ResolveCell,
    SetRow,
    UndeleteRow,
    Value,
    WithdrawApproval,
)
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Column, Kind, Table

Place = tuple[bytes, int]


def reissued(
    reads: Connection, chosen: Iterable[Place], *, keeps_ledger: bool
) -> tuple[tuple[Change, ...], int]:
    """Return the changes that say again what was chosen, and how many they are.

    What a chosen change builds on and is set aside too comes with it. Refusal in words
    where something cannot be adopted.
    """
    every = {item.id: item for item in set_aside(reads)}
    already = {adopted.source: adopted for adopted in adoptions(reads)}
    items = _with_what_they_need(reads, every, list(chosen), already)
    for item in items:
        reason = why_not(item, keeps_ledger=keeps_ledger)
        if reason is not None:
            raise reason
        _refuse_twice(item, already)
    saying = _Saying(reads, items, already)
    return saying.changes(), sum(len(item.parts) for item in items)


def said_again(reads: Connection, item: SetAside) -> tuple[Change, ...]:
    """Return one's own unsigned changes as changes of the laptop's next keys.

    An approval is the same person's word. One taken back is left out: the approval was the
    old keys', and is told of again where it still stands.
    """
    saying = _Saying(reads, [item], {})
    return tuple(change for part in item.parts if (change := saying.own(part)) is not None)


def why_not(item: SetAside, *, keeps_ledger: bool) -> Refusal | None:
    """Return why something set aside cannot be adopted here; None if it can."""
    if any(isinstance(part.op, (ApproveRow, WithdrawApproval)) for part in item.parts):
        return Refusal(
            code="personal",
            words="An approval is a person's own word, so nobody else can adopt it.",
            remedy="Ask them, or somebody else who may, to approve again.",
        )
    if not all(_means_something(part.op) for part in item.parts):
        return _not_readable()
    if not is_journal(item):
        return None
    if not keeps_ledger:
        return Refusal(
            code="keeper-adopts",
            words="A journal is adopted on the laptop that keeps the ledger.",
            remedy="Adopt it there; it gets the next number.",
        )
    headers = [part for part in item.parts if _role_of(part) == "header"]
    return None if len(headers) == 1 else _not_readable()


def _means_something(op: Operation) -> bool:
    """Tell whether an operation fits the registry: what a cut sets aside was never asked that."""
    try:
        check_meaning(REGISTRY, op)
    except MeaningError:
        return False
    return True


def is_journal(item: SetAside) -> bool:
    """Tell whether what was set aside is a posted journal."""
    return isinstance(item.parts[0].op, PostMark)


class _Saying:
    """Says items again, in order, each row that was set aside under a new key."""

    def __init__(
        self, reads: Connection, items: Sequence[SetAside], already: Mapping[Place, Adopted]
    ) -> None:
        self._replica = SqliteReplica(reads)
        self._items = items
        self._rows: dict[bytes, RowRef] = _adopted_rows(reads, already)
        for item in items:
            for part in item.parts:
                if isinstance(part.op, InsertRow) and part.row is not None:
                    self._rows[part.row] = NewRow(f"adopted-{part.row.hex()}")

    def changes(self) -> tuple[Change, ...]:
        """Return the provenance first, then the changes."""
        plain = [item for item in self._items if not is_journal(item)]
        journals = [item for item in self._items if is_journal(item)]
        ordered = [*plain, *journals]
        led = [Adopt(item.segment, part.idx) for item in ordered for part in item.parts]
        said = [self._said(part) for item in plain for part in item.parts]
        return (*led, *said, *(self._journal(item) for item in journals))

    def own(self, part: Part) -> Change | None:
        """Return a change of the same person; None for an approval taken back."""
        match part.op:
            case WithdrawApproval():
                return None
            case ApproveRow(table=number, row=row, items=items, text=text):
                table = _table(number)
                columns = tuple(table.by_number[column].name for column, _ in items)
                return Approve(table.name, self._ref(row), columns, text)
            case _:
                return self._said(part)

    def _said(self, part: Part) -> Change:
        match part.op:
            case InsertRow():
                return self._insert(part)
            case SetRow(table=number, row=row, cells=cells):
                table = _table(number)
                return SetCells(
                    table.name,
                    self._ref(row),
                    {
                        column.name: self._value(column, value)
                        for column, value in _columns(table, [(c, v) for c, v, _ in cells])
                    },
                )
            case ResolveCell():
                return self._resolved(part.op)
            case DeleteRow(table=number, row=row):
                return Delete(_table(number).name, self._ref(row))
            case UndeleteRow(table=number, row=row):
                return Undelete(_table(number).name, self._ref(row))
            case _:
                raise _not_readable()

    def _insert(self, part: Part) -> Insert:
        op = part.op
        if not isinstance(op, InsertRow):
            raise _not_readable()
        table = _table(op.table)
        ref = self._rows.get(part.row or b"")
        return Insert(
            table.name,
            _scope(op.scope),
            {
                column.name: self._value(column, value)
                for column, value in _columns(table, op.cells)
            },
            key=ref.key if isinstance(ref, NewRow) else "",
        )

    def _resolved(self, op: ResolveCell) -> Change:
        """Settle a figure once more if it is still contested, else simply set it."""
        table = _table(op.table)
        ((column, value),) = _columns(table, [(op.column, op.value)])
        row, cell = self._ref(op.row), self._value(column, value)
        live = self._replica.log.cells([op.row])[op.row].get(op.column, {})
        if len(live) < MIN_RESOLVED:
            return SetCells(table.name, row, {column.name: cell})
        return Resolve(table.name, row, column.name, cell, op.reason)

    def _journal(self, item: SetAside) -> PostJournal:
        mark = item.parts[0].op
        header = next(part for part in item.parts if _role_of(part) == "header")
        lines = [part for part in item.parts if _role_of(part) == "line"]
        source = mark.source if isinstance(mark, PostMark) else None
        facts = self._replica.log.operation(source) if source else None
        row = facts.row if facts else None
        return PostJournal(
            self._insert(header),
            tuple(self._insert(line) for line in lines),
            ("", row) if row else None,
        )

    def _ref(self, row: bytes) -> RowRef:
        return self._rows.get(row, row)

    def _value(self, column: Column, value: Value) -> Cell:
        if column.kind is Kind.ROW and isinstance(value, bytes):
            return self._ref(value)
        return value


def _with_what_they_need(
    reads: Connection,
    every: Mapping[Place, SetAside],
    chosen: list[Place],
    already: Mapping[Place, Adopted],
) -> list[SetAside]:
    """Return the items chosen and those that make the rows they name, in their order."""
    makers = {
        part.row: item.id
        for item in every.values()
        for part in item.parts
        if isinstance(part.op, InsertRow) and part.row is not None
    }
    made = set(_adopted_rows(reads, already))
    wanted: set[Place] = set()
    while chosen:
        place = chosen.pop()
        item = every.get(place)
        if item is None:
            raise Refusal(
                code="not-set-aside",
                words="One of these changes is no longer set aside.",
                remedy="Look at the list again.",
            )
        if place in wanted:
            continue
        wanted.add(place)
        needed = {row for part in item.parts for row in _rows_named(part) if row not in made}
        chosen += [makers[row] for row in needed if row in makers]
    return [item for place, item in every.items() if place in wanted]


def _rows_named(part: Part) -> list[bytes]:
    op = part.op
    if isinstance(op, InsertRow | SetRow):
        pairs = [(cell[0], cell[1]) for cell in op.cells]
        named = [
            value
            for column, value in _columns(_table(op.table), pairs)
            if column.kind is Kind.ROW and isinstance(value, bytes)
        ]
        return named if isinstance(op, InsertRow) else [op.row, *named]
    row = getattr(op, "row", None)
    return [row] if isinstance(row, bytes) else []


def _adopted_rows(reads: Connection, already: Mapping[Place, Adopted]) -> dict[bytes, RowRef]:
    """Return the rows that earlier adoptions made, by the row that was set aside.

    In a group the provenance of n changes comes first, then the n changes in the same order.
    """
    made: dict[bytes, RowRef] = {}
    for adopted in already.values():
        old = _row_at(reads, *_place_of(reads, adopted.source))
        new = _row_at(reads, adopted.device, adopted.seq, adopted.idx + _led(already, adopted))
        if old is not None and new is not None and old != new:
            made[old] = new
    return made


def _led(already: Mapping[Place, Adopted], one: Adopted) -> int:
    """Return how many statements of provenance lead the group that one of them is in."""
    beside = {a.idx for a in already.values() if (a.device, a.seq) == (one.device, one.seq)}
    first = last = one.idx
    while first - 1 in beside:
        first -= 1
    while last + 1 in beside:
        last += 1
    return last - first + 1


def _place_of(reads: Connection, source: Place) -> tuple[bytes, int, int]:
    found = reads.exec_driver_sql("SELECT dev16, seq FROM place WHERE id = ?", (source[0],)).first()
    return (found[0], found[1], source[1]) if found else (b"", 0, 0)


def _row_at(reads: Connection, device: bytes, seq: int, idx: int) -> bytes | None:
    found = reads.exec_driver_sql(
        "SELECT row FROM operation WHERE dev16 = ? AND seq = ? AND idx = ? AND kind = 1",
        (device, seq, idx),
    ).first()
    return found[0] if found else None


def _refuse_twice(item: SetAside, already: Mapping[Place, Adopted]) -> None:
    if any((item.segment, part.idx) in already for part in item.parts):
        raise Refusal(
            code="adopted-already",
            words="This was adopted already, so its figures stand under somebody's name.",
            remedy="Change the adopted figures instead, if they are wrong.",
        )


def is_of_the_ledger(op: Operation) -> bool:
    """Tell whether an operation is part of a posted journal."""
    return isinstance(op, PostMark) or (isinstance(op, InsertRow) and bool(_table(op.table).ledger))


def _role_of(part: Part) -> str:
    op = part.op
    return _table(op.table).ledger if isinstance(op, InsertRow) else ""


def _table(number: int) -> Table:
    table = REGISTRY.tables.get(number)
    if table is None:
        raise _not_readable()
    return table


def _columns(table: Table, cells: Iterable[tuple[int, Value]]) -> list[tuple[Column, Value]]:
    found = list(cells)
    if any(number not in table.by_number for number, _ in found):
        raise _not_readable()
    return [(table.by_number[number], value) for number, value in found]


def _scope(scope: bytes | int) -> Scope:
    return scope if isinstance(scope, bytes) else Shared(REGISTRY.shared_areas[scope].name)


def _not_readable() -> Refusal:
    return Refusal(
        code="not-readable",
        words="This was made in a way that this version cannot say again.",
        remedy="Enter it by hand; what was set aside stays to be read.",
    )
