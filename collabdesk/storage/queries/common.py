"""What every room asks of a figure: who says so, who says otherwise, what it was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from collabdesk.domain.changes import Cell
from collabdesk.storage.queries.authors import Author, Authors, cell
from collabdesk.storage.tables.derived import CELL, CONTESTED, ROW
from collabdesk.sync import codec
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Column, Merge, Table

MOST_SHOWN = 64
_VALUE_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Sibling:
    """One of the values that stand in a cell; `shown` marks the one a screen shows first."""

    value: Cell
    author: Author
    shown: bool = False


@dataclass(frozen=True, slots=True)
class CellSiblings:
    """A cell in which several values stand, newest first.

    Above 64 the cell is jammed: the 64 highest are shown, `more` counts the rest, which are
    kept as well.
    """

    table: str
    row: bytes
    column: str
    siblings: tuple[Sibling, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A text whose author's organisation lost to another that was written at the same time."""

    table: str
    row: bytes
    column: str
    mine: Sibling
    now: Sibling


def siblings(reads: Connection, row: bytes, column: str) -> tuple[Sibling, ...]:
    """Return the values that stand in a cell, the shown one first; empty if there is none."""
    table = table_of(reads, row)
    if table is None:
        return ()
    declared = table.by_name[column]
    query = select(CELL).where(CELL.c.row == row, CELL.c.col == declared.number)
    return _ranked(declared, reads.execute(query), Authors(reads))


def table_of(reads: Connection, row: bytes) -> Table | None:
    """Return the table a row belongs to, or None if no such row is known here."""
    number = reads.execute(select(ROW.c.tbl).where(ROW.c.row == row)).scalar_one_or_none()
    return None if number is None else REGISTRY.tables.get(number)


def contested_cells(reads: Connection, table: str = "") -> tuple[CellSiblings, ...]:
    """Return every contested figure, of one table or of all, with the values that stand."""
    query = (
        select(CONTESTED.c.tbl, CELL)
        .join(CELL, (CELL.c.row == CONTESTED.c.row) & (CELL.c.col == CONTESTED.c.col))
        .order_by(CONTESTED.c.tbl, CELL.c.row, CELL.c.col)
    )
    if table:
        query = query.where(CONTESTED.c.tbl == REGISTRY.table_names[table].number)
    return tuple(_cells(reads, reads.execute(query)))


def overtaken(reads: Connection, organisation: bytes) -> tuple[Overtaken, ...]:
    """Return the texts of an organisation that lost to another written at the same time."""
    several = reads.exec_driver_sql(
        "SELECT r.tbl, c.* FROM cell c JOIN row r ON r.row = c.row WHERE (c.row, c.col) IN "
        "(SELECT row, col FROM cell GROUP BY row, col HAVING COUNT(*) > 1) "
        "ORDER BY r.tbl, c.row, c.col"
    )
    return tuple(
        Overtaken(found.table, found.row, found.column, mine, found.siblings[0])
        for found in _cells(reads, several)
        if REGISTRY.table_names[found.table].by_name[found.column].merge is Merge.TEXT
        for mine in _lost(found.siblings, organisation)
    )


def cell_siblings(reads: Connection, found: Iterable[Any]) -> tuple[CellSiblings, ...]:
    """Return the cells of live values (tbl, row, col, …, in that order) with their values."""
    return tuple(_cells(reads, found))


def _lost(standing: tuple[Sibling, ...], organisation: bytes) -> Iterator[Sibling]:
    others = (one for one in standing[1:] if one.value != standing[0].value)
    return (one for one in others if one.author.organisation == organisation)


def _cells(reads: Connection, found: Iterable[Any]) -> Iterator[CellSiblings]:
    authors = Authors(reads)
    for (number, row, col), live in groupby(found, key=lambda c: (c.tbl, c.row, c.col)):
        table = REGISTRY.tables.get(number)
        if table is not None and col in table.by_number:
            column = table.by_number[col]
            ranked = _ranked(column, live, authors)
            shown, more = ranked[:MOST_SHOWN], max(0, len(ranked) - MOST_SHOWN)
            yield CellSiblings(table.name, row, column.name, shown, more)


def _ranked(column: Column, live: Iterable[Any], authors: Authors) -> tuple[Sibling, ...]:
    ranked = sorted(live, key=lambda c: (c.lamport, c.dev16, c.idx), reverse=True)
    standing = [
        Sibling(
            cell(column, codec.decode(one.value, max_bytes=_VALUE_BYTES)),  # type: ignore[arg-type]
            authors.of((one.dev16, one.seq, one.idx)),
        )
        for one in ranked
    ]
    return (*(replace(one, shown=True) for one in standing[:1]), *standing[1:])
