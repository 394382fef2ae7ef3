"""What one operation says, read from its bare array: step 7c as far as it needs nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from collabdesk.sync.registry import Registry
from collabdesk.sync.registry.model import Column, Kind, Scope, Table

Dot = tuple[bytes, int, int]
Value = None | bool | int | str | bytes
GROUP, INSERT, SET, DELETE, UNDELETE, RESOLVE, APPROVE, WITHDRAW, POST, RELEASE = range(10)
BEACON, HEED, ADOPT = 16, 17, 18


@dataclass
class Said:
    """An operation of a right shape; what its kind lacks is left empty."""

    kind: int
    size: int = 0
    table: int = -1
    row: bytes | None = None
    scope: bytes | int = 0
    cells: dict[int, Value] = field(default_factory=dict)
    preds: dict[int, list[Dot]] = field(default_factory=dict)
    dots: list[Dot] = field(default_factory=list)
    items: dict[int, Dot] = field(default_factory=dict)
    digest: bytes = b""
    term: int = 0
    number: int = 0
    prev: bytes = b""
    source: Dot | None = None


class Wrong(Exception):
    """The array has not the shape of its kind."""


def shape(raw: list[Any], devs: Sequence[bytes]) -> Said:
    """Read the array of a known kind; Wrong if its shape is another."""
    kind, rest = raw[0], raw[2:]
    return _SHAPES[kind](Said(kind), raw[1], rest, lambda value: _dot(value, devs))


def _need(*conditions: bool) -> None:
    if not all(conditions):
        raise Wrong


def _uint(value: object) -> bool:
    return type(value) is int and value >= 0


def _size(value: object, size: int) -> bool:
    return type(value) is bytes and len(value) == size


def _list(value: object, size: int | None = None) -> list[Any]:
    _need(type(value) is list and size in {None, len(value)})
    return value  # type: ignore[return-value] # just checked


def _dot(value: object, devs: Sequence[bytes]) -> Dot:
    i, seq, idx = _list(value, 3)
    _need(_uint(i) and i < len(devs), _uint(seq) and 1 <= seq < 2**32, _uint(idx))
    return devs[i], seq, idx


def _scalar(value: object) -> Value:
    _need(value is None or type(value) in {bool, int, str, bytes})
    return value  # type: ignore[return-value] # just checked


def _rising(items: Sequence[Any]) -> None:
    _need(all(a < b for a, b in pairwise(items)))


Read = Callable[[object], Dot]


def _group(said: Said, size: int, rest: list[Any], _: Read) -> Said:
    _need(not rest, size >= 1)
    said.size = size
    return said


def _insert(said: Said, _: int, rest: list[Any], __: Read) -> Said:
    table, scope, cells = _list(rest, 3)
    pairs = [_list(cell, 2) for cell in _list(cells)]
    _need(_uint(table), _uint(scope) or _size(scope, 16), all(_uint(c) for c, _ in pairs))
    _rising([column for column, _ in pairs])
    said.table, said.scope = table, scope
    said.cells = {column: _scalar(value) for column, value in pairs}
    return said


def _dots(value: object, dot: Read) -> list[Dot]:
    dots = [dot(one) for one in _list(value)]
    _rising(dots)
    return dots


def _row(said: Said, table: object, row: object) -> None:
    _need(_uint(table), _size(row, 16))
    said.table, said.row = table, row  # type: ignore[assignment] # just checked


def _set(said: Said, _: int, rest: list[Any], dot: Read) -> Said:
    table, row, cells = _list(rest, 3)
    _row(said, table, row)
    triples = [_list(cell, 3) for cell in _list(cells)]
    _need(all(_uint(column) for column, _, _ in triples))
    _rising([column for column, _, _ in triples])
    said.cells = {column: _scalar(value) for column, value, _ in triples}
    said.preds = {column: _dots(dots, dot) for column, _, dots in triples}
    return said


def _tombstone(said: Said, _: int, rest: list[Any], dot: Read) -> Said:
    table, row, dots = _list(rest, 3)
    _row(said, table, row)
    said.dots = _dots(dots, dot)
    return said


def _resolve(said: Said, _: int, rest: list[Any], dot: Read) -> Said:
    table, row, column, value, dots, reason = _list(rest, 6)
    _row(said, table, row)
    _need(_uint(column), type(reason) is str)
    said.cells, said.preds = {column: _scalar(value)}, {column: _dots(dots, dot)}
    _need(len(said.preds[column]) >= 2)
    return said


def _approve(said: Said, _: int, rest: list[Any], dot: Read) -> Said:
    table, row, items, digest, text = _list(rest, 5)
    _row(said, table, row)
    pairs = [_list(item, 2) for item in _list(items)]
    _need(all(_uint(column) for column, _ in pairs), _size(digest, 32))
    _need(text is None or type(text) is str)
    _rising([column for column, _ in pairs])
    said.items, said.digest = {column: dot(one) for column, one in pairs}, digest
    return said


def _withdraw(said: Said, _: int, rest: list[Any], dot: Read) -> Said:
    approval, text = _list(rest, 2)
    said.dots = [dot(approval)]
    _need(text is None or type(text) is str)
    return said


def _post(said: Said, _: int, rest: list[Any], dot: Read) -> Said:
    term, number, prev, source = _list(rest, 4)
    _need(_uint(term) and term > 0, _uint(number) and number > 0, _size(prev, 32))
    said.term, said.number, said.prev = term, number, prev
    said.source = None if source is None else dot(source)
    return said


def _release(said: Said, _: int, rest: list[Any], __: Read) -> Said:
    (said.term,) = _list(rest, 1)
    _need(_uint(said.term) and said.term > 0)
    return said


def _beacon(said: Said, _: int, rest: list[Any], __: Read) -> Said:
    state, control = _list(rest, 2)
    _need(_size(state, 32), _size(control, 32))
    return said


def _heed(said: Said, _: int, rest: list[Any], __: Read) -> Said:
    (records,) = _list(rest, 1)
    _need(all(_size(i, 32) for i in _list(records)))
    return said


def _adopt(said: Said, _: int, rest: list[Any], __: Read) -> Said:
    segment, idx = _list(rest, 2)
    _need(_size(segment, 32), _uint(idx))
    return said


_SHAPES: dict[int, Callable[[Said, int, list[Any], Read], Said]] = {
    GROUP: _group,
    INSERT: _insert,
    SET: _set,
    DELETE: _tombstone,
    UNDELETE: _tombstone,
    RESOLVE: _resolve,
    APPROVE: _approve,
    WITHDRAW: _withdraw,
    POST: _post,
    RELEASE: _release,
    BEACON: _beacon,
    HEED: _heed,
    ADOPT: _adopt,
}


# --- what its numbers mean in the registry ------------------------------------------------


def fixed_rows(table: Table) -> bool:
    """Tell whether a table's rows are of class L or C: inserted and never touched again."""
    return any(c.merge.value in {"L", "C"} for c in table.columns)


def meaning(registry: Registry, said: Said, minimum: int) -> int:
    """Return 34 or 31 for what the registry does not know or allow, else 0."""
    if said.table < 0:
        return 0
    table = registry.tables.get(said.table)
    if table is None or table.since > minimum:
        return 34
    columns = {c.number: c for c in table.columns if c.since <= minimum}
    named = [*said.cells, *said.items]
    if any(number not in columns for number in named):
        return 34
    sealed = {n for n, c in columns.items() if table.read.restricted or c.read.restricted}
    plain = {n: v for n, v in said.cells.items() if n not in sealed}
    if any(_strange_member(columns[n], v, minimum) for n, v in plain.items()):
        return 34
    fitting = all(_fits(columns[n], v, sealed=n in sealed) for n, v in said.cells.items())
    if said.kind == INSERT:
        whole = all(c.number in said.cells or not c.required for c in columns.values())
        return _scope_means(registry, table, said, minimum) or (0 if fitting and whole else 31)
    if said.kind in {SET, RESOLVE} and fixed_rows(table):
        return 31
    too_many = said.kind == RESOLVE and any(len(dots) > 512 for dots in said.preds.values())
    return 0 if fitting and not too_many else 31


def _scope_means(registry: Registry, table: Table, said: Said, minimum: int) -> int:
    if not isinstance(said.scope, int):
        return 0 if Scope.ORGANISATION in table.scope else 31
    shared = registry.shared_areas.get(said.scope)
    if shared is None or shared.since > minimum:
        return 34
    return 0 if Scope.SHARED in table.scope else 31


def _strange_member(column: Column, value: Value, minimum: int) -> bool:
    if column.members is None or type(value) is not int:
        return False
    return not any(n == value and since <= minimum for n, _, since in column.members.members)


def _fits(column: Column, value: Value, *, sealed: bool) -> bool:
    if value is None:
        return not column.required
    return type(value) is bytes if sealed else _FITS[column.kind](value)


def _a_date(value: object) -> bool:
    if type(value) is not str or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _a_decimal(value: object) -> bool:
    pattern = r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{0,30}[1-9])?"
    return type(value) is str and value != "-0" and re.fullmatch(pattern, value) is not None


_FITS: dict[Kind, Callable[[object], bool]] = {
    Kind.BOOL: lambda v: type(v) is bool,
    Kind.INT: lambda v: type(v) is int,
    Kind.PENCE: lambda v: type(v) is int,
    Kind.ENUM: lambda v: type(v) is int,
    Kind.TEXT: lambda v: type(v) is str,
    Kind.DECIMAL: _a_decimal,
    Kind.DATE: _a_date,
    Kind.ROW: lambda v: _size(v, 16),
    Kind.ORG: lambda v: _size(v, 16),
    Kind.PERSON: lambda v: _size(v, 16),
    Kind.LAPTOP: lambda v: _size(v, 16),
    Kind.BYTES: lambda v: type(v) is bytes,
    Kind.BLOB: lambda v: type(v) is bytes and len(v) > 0 and len(v) % 32 == 0,
}
