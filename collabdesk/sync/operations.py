"""Operations as values, and their shape on the wire.

A dot (device, seq, index) names one operation; on the wire the device is an index
into the body's device list. What is checked here is shape alone: the right array of
the right types. Meaning, rights and merge come later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeGuard

from collabdesk.sync.registry import kinds

Dot = tuple[bytes, int, int]
Value = None | bool | int | str | bytes
Wire = list[Any]

MAX_SEQ: Final = 2**32 - 1
MIN_RESOLVED: Final = 2
MAX_RESOLVED: Final = 512
ROW_ID: Final = 16
_HASH: Final = 32
_SCALARS: Final = frozenset((type(None), bool, int, str, bytes))


class ShapeError(Exception):
    """The array is not an operation of its kind."""


@dataclass(frozen=True, slots=True)
class Group:
    """The next `size` operations stand or fall together."""

    size: int


@dataclass(frozen=True, slots=True)
class InsertRow:
    """A new row; its id follows from the operation's dot."""

    min: int
    table: int
    scope: bytes | int
    cells: tuple[tuple[int, Value], ...]


@dataclass(frozen=True, slots=True)
class SetRow:
    """New cell values, each with the dots it replaces."""

    min: int
    table: int
    row: bytes
    cells: tuple[tuple[int, Value, tuple[Dot, ...]], ...]


@dataclass(frozen=True, slots=True)
class DeleteRow:
    """A tombstone listing the live dots its author saw."""

    min: int
    table: int
    row: bytes
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class UndeleteRow:
    """Deletes undone, by their dots."""

    min: int
    table: int
    row: bytes
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class ResolveCell:
    """One value in place of the siblings listed, with a reason."""

    min: int
    table: int
    row: bytes
    column: int
    value: Value
    dots: tuple[Dot, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ApproveRow:
    """A signed agreement to exact dots and the digest of their values."""

    min: int
    table: int
    row: bytes
    items: tuple[tuple[int, Dot], ...]
    digest: bytes
    text: str | None


@dataclass(frozen=True, slots=True)
class WithdrawApproval:
    """An approval taken back, by its dot."""

    min: int
    approval: Dot
    text: str | None


@dataclass(frozen=True, slots=True)
class PostMark:
    """Leads a group of ledger inserts: term, number and link of the journal."""

    min: int
    term: int
    number: int
    prev: bytes
    source: Dot | None


@dataclass(frozen=True, slots=True)
class ReleaseLedger:
    """The ledger keeper lays its term down: it posts nothing after this."""

    min: int
    term: int


@dataclass(frozen=True, slots=True)
class BeaconMark:
    """State root and control head at its author's, before this segment."""

    min: int
    root: bytes
    control: bytes


@dataclass(frozen=True, slots=True)
class HeedRecords:
    """Control records its author has seen, so that hiding one shows."""

    min: int
    records: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AdoptOperation:
    """Where the group it stands in was first said: provenance, no verdict depends on it."""

    min: int
    segment: bytes
    idx: int


Operation = (
    Group
    | InsertRow
    | SetRow
    | DeleteRow
    | UndeleteRow
    | ResolveCell
    | ApproveRow
    | WithdrawApproval
    | PostMark
    | ReleaseLedger
    | BeaconMark
    | HeedRecords
    | AdoptOperation
)


def _uint(value: object) -> TypeGuard[int]:
    return type(value) is int and value >= 0


def _need(condition: bool) -> None:  # noqa: FBT001 (a predicate is the whole point)
    if not condition:
        raise ShapeError


def _bytes(value: object, size: int) -> bytes:
    if type(value) is not bytes or len(value) != size:
        raise ShapeError
    return value


def _count(value: object) -> int:
    if not _uint(value):
        raise ShapeError
    return value


def _array(value: object, size: int | None = None) -> list[Any]:
    if type(value) is not list or (size is not None and len(value) != size):
        raise ShapeError
    return value


def _scalar(value: object) -> Value:
    _need(type(value) in _SCALARS)
    return value  # type: ignore[return-value] # just checked, by a set of types


def _text_or_none(value: object) -> str | None:
    if value is not None and type(value) is not str:
        raise ShapeError
    return value


def _dot(value: object, devs: Sequence[bytes]) -> Dot:
    index, seq, idx = _array(value, 3)
    _need(_uint(index) and index < len(devs))
    _need(_uint(seq) and 1 <= seq <= MAX_SEQ and _uint(idx))
    return (devs[index], seq, idx)


def _dots(value: object, devs: Sequence[bytes]) -> tuple[Dot, ...]:
    dots = tuple([_dot(item, devs) for item in _array(value)])
    _need(all(a < b for a, b in pairwise(dots)))
    return dots


def _ascending(numbers: Sequence[int]) -> None:
    _need(all(a < b for a, b in pairwise(numbers)))


def _cells(value: object) -> tuple[tuple[int, Value], ...]:
    """Read `[[col, value]… asc]`: the hottest loop of all, hence in one piece."""
    cells, last = [], -1
    for pair in _array(value):
        column, cell = _array(pair, 2)
        if type(column) is not int or column <= last or type(cell) not in _SCALARS:
            raise ShapeError
        last = column
        cells.append((column, cell))
    return tuple(cells)


def _pair(value: object) -> list[Any]:
    return _array(value, 2)


def _insert(op: Wire, _: Sequence[bytes]) -> InsertRow:
    _, minimum, table, scope, cells = _array(op, 5)
    _need(_uint(scope) or (type(scope) is bytes and len(scope) == ROW_ID))
    return InsertRow(minimum, _count(table), scope, _cells(cells))


def _set(op: Wire, devs: Sequence[bytes]) -> SetRow:
    _, minimum, table, row, cells = _array(op, 5)
    triples = tuple(
        (_count(cell[0]), _scalar(cell[1]), _dots(cell[2], devs))
        for cell in (_array(item, 3) for item in _array(cells))
    )
    _ascending([column for column, _, _ in triples])
    return SetRow(minimum, _count(table), _bytes(row, ROW_ID), triples)


def _delete(op: Wire, devs: Sequence[bytes]) -> DeleteRow:
    _, minimum, table, row, dots = _array(op, 5)
    return DeleteRow(minimum, _count(table), _bytes(row, ROW_ID), _dots(dots, devs))


def _undelete(op: Wire, devs: Sequence[bytes]) -> UndeleteRow:
    _, minimum, table, row, dots = _array(op, 5)
    return UndeleteRow(minimum, _count(table), _bytes(row, ROW_ID), _dots(dots, devs))


def _resolve(op: Wire, devs: Sequence[bytes]) -> ResolveCell:
    _, minimum, table, row, column, value, dots, reason = _array(op, 8)
    named = _dots(dots, devs)
    _need(len(named) >= MIN_RESOLVED and type(reason) is str)
    return ResolveCell(
        minimum,
        _count(table),
        _bytes(row, ROW_ID),
        _count(column),
        _scalar(value),
        named,
        reason,
    )


def _approve(op: Wire, devs: Sequence[bytes]) -> ApproveRow:
    _, minimum, table, row, items, digest, text = _array(op, 7)
    pairs = tuple((_count(pair[0]), _dot(pair[1], devs)) for pair in map(_pair, _array(items)))
    _ascending([column for column, _ in pairs])
    return ApproveRow(
        minimum,
        _count(table),
        _bytes(row, ROW_ID),
        pairs,
        _bytes(digest, _HASH),
        _text_or_none(text),
    )


def _withdraw(op: Wire, devs: Sequence[bytes]) -> WithdrawApproval:
    _, minimum, dot, text = _array(op, 4)
    return WithdrawApproval(minimum, _dot(dot, devs), _text_or_none(text))


def _post(op: Wire, devs: Sequence[bytes]) -> PostMark:
    _, minimum, term, number, prev, source = _array(op, 6)
    _need(_uint(term) and term >= 1 and _uint(number) and number >= 1)
    return PostMark(
        minimum,
        term,
        number,
        _bytes(prev, _HASH),
        None if source is None else _dot(source, devs),
    )


def _release(op: Wire, _: Sequence[bytes]) -> ReleaseLedger:
    _, minimum, term = _array(op, 3)
    _need(_uint(term) and term >= 1)
    return ReleaseLedger(minimum, term)


def _beacon(op: Wire, _: Sequence[bytes]) -> BeaconMark:
    _, minimum, root, control = _array(op, 4)
    return BeaconMark(minimum, _bytes(root, _HASH), _bytes(control, _HASH))


def _heed(op: Wire, _: Sequence[bytes]) -> HeedRecords:
    _, minimum, records = _array(op, 3)
    return HeedRecords(minimum, tuple(_bytes(item, _HASH) for item in _array(records)))


def _adopt(op: Wire, _: Sequence[bytes]) -> AdoptOperation:
    _, minimum, segment, idx = _array(op, 4)
    return AdoptOperation(minimum, _bytes(segment, _HASH), _count(idx))


def _group(op: Wire, _: Sequence[bytes]) -> Group:
    _, size = _array(op, 2)
    _need(_uint(size) and size >= 1)
    return Group(size)


_READERS: Mapping[int, Callable[[Wire, Sequence[bytes]], Operation]] = {
    kinds.GROUP: _group,
    kinds.INSERT: _insert,
    kinds.SET: _set,
    kinds.DELETE: _delete,
    kinds.UNDELETE: _undelete,
    kinds.RESOLVE: _resolve,
    kinds.APPROVE: _approve,
    kinds.WITHDRAW: _withdraw,
    kinds.POST: _post,
    kinds.RELEASE: _release,
    kinds.BEACON: _beacon,
    kinds.HEED: _heed,
    kinds.ADOPT: _adopt,
}


def read_operation(op: Wire, devs: Sequence[bytes]) -> Operation:
    """Read one array of a body whose device list is `devs`; ShapeError if it has another shape."""
    return _READERS[op[0]](op, devs)


class DeviceList:
    """The device list of a body being written."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        """Collect the devices that the operations name."""
        self.devs = sorted({dot[0] for op in operations for dot in named_dots(op)})
        self._index = {dev: i for i, dev in enumerate(self.devs)}

    def dot(self, dot: Dot) -> Wire:
        """Return the wire form of a dot."""
        return [self._index[dot[0]], dot[1], dot[2]]

    def dots(self, dots: Sequence[Dot]) -> Wire:
        """Return the wire form of a dot list."""
        return [self.dot(dot) for dot in dots]


def named_dots(op: Operation) -> tuple[Dot, ...]:
    """Return every dot an operation names."""
    match op:
        case SetRow(cells=cells):
            return tuple(dot for _, _, dots in cells for dot in dots)
        case DeleteRow(dots=dots) | UndeleteRow(dots=dots) | ResolveCell(dots=dots):
            return dots
        case ApproveRow(items=items):
            return tuple(dot for _, dot in items)
        case WithdrawApproval(approval=approval):
            return (approval,)
        case PostMark(source=source) if source is not None:
            return (source,)
        case _:
            return ()


def write_operation(op: Operation, devices: DeviceList) -> Wire:
    """Return the array of one operation."""
    return _WRITERS[type(op)](op, devices)


def _write_insert(op: InsertRow, _: DeviceList) -> Wire:
    return [kinds.INSERT, op.min, op.table, op.scope, [list(cell) for cell in op.cells]]


def _write_set(op: SetRow, devices: DeviceList) -> Wire:
    cells = [[column, value, devices.dots(dots)] for column, value, dots in op.cells]
    return [kinds.SET, op.min, op.table, op.row, cells]


def _write_resolve(op: ResolveCell, devices: DeviceList) -> Wire:
    cell = (op.table, op.row, op.column)
    return [kinds.RESOLVE, op.min, *cell, op.value, devices.dots(op.dots), op.reason]


def _write_approve(op: ApproveRow, devices: DeviceList) -> Wire:
    items = [[column, devices.dot(dot)] for column, dot in op.items]
    return [kinds.APPROVE, op.min, op.table, op.row, items, op.digest, op.text]


def _write_post(op: PostMark, devices: DeviceList) -> Wire:
    source = None if op.source is None else devices.dot(op.source)
    return [kinds.POST, op.min, op.term, op.number, op.prev, source]


_WRITERS: Mapping[type[Operation], Callable[[Any, DeviceList], Wire]] = {
    Group: lambda op, _: [kinds.GROUP, op.size],
    InsertRow: _write_insert,
    SetRow: _write_set,
    DeleteRow: lambda op, d: [kinds.DELETE, op.min, op.table, op.row, d.dots(op.dots)],
    UndeleteRow: lambda op, d: [kinds.UNDELETE, op.min, op.table, op.row, d.dots(op.dots)],
    ResolveCell: _write_resolve,
    ApproveRow: _write_approve,
    WithdrawApproval: lambda op, d: [kinds.WITHDRAW, op.min, d.dot(op.approval), op.text],
    PostMark: _write_post,
    ReleaseLedger: lambda op, _: [kinds.RELEASE, op.min, op.term],
    BeaconMark: lambda op, _: [kinds.BEACON, op.min, op.root, op.control],
    HeedRecords: lambda op, _: [kinds.HEED, op.min, list(op.records)],
    AdoptOperation: lambda op, _: [kinds.ADOPT, op.min, op.segment, op.idx],
}
