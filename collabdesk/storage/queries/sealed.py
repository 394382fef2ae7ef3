"""Sealed values as they stand, and who was let in to them later: ciphertext, never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from collabdesk.storage.tables.derived import CELL, CONTESTED, ROW
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync import codec
from collabdesk.sync.operations import Dot, Value
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Column, Table
from collabdesk.sync.sealer import RowInHand

RESTRICTED: Final = tuple(table for table in REGISTRY.tables.values() if table.sealed)
# One laptop's grants of one value beyond these are not tried: they would only cost time.
_MOST_BOXES: Final = 8


@dataclass(frozen=True, slots=True)
class SealedCell:
    """One live value of a restricted column: where it stands, who wrote it, and its bytes."""

    table: Table
    at: RowInHand
    column: Column
    dot: Dot
    lamport: int
    content: bytes

    @property
    def row(self) -> bytes:
        """The row's id."""
        return self.at.row or b""


@dataclass(frozen=True, slots=True)
class Interest:
    """A hard interest of a person, in an organisation or in one proposal; `scope` declared it."""

    scope: bytes
    person: bytes
    organisation: bytes | None
    proposal: bytes | None


def sealed_cells(
    reads: Connection, tables: Sequence[Table] = RESTRICTED, row: bytes | None = None
) -> Iterator[SealedCell]:
    """Return the live sealed values of rows that stand, by table, row, column and dot."""
    for table in tables:
        standing = _rows(reads, table, row)
        query = select(CELL, ROW.c.scope).join(ROW, ROW.c.row == CELL.c.row)
        query = query.where(ROW.c.tbl == table.number, CELL.c.col.in_(table.sealed))
        if row is not None:
            query = query.where(CELL.c.row == row)
        for found in reads.execute(
            query.order_by(CELL.c.row, CELL.c.col, CELL.c.dev16, CELL.c.seq, CELL.c.idx)
        ):
            content = codec.decode_kept(found.value)
            if found.row in standing and type(content) is bytes:
                at = RowInHand(found.row, codec.decode_kept(found.scope), standing[found.row])
                dot = (found.dev16, found.seq, found.idx)
                column = table.by_number[found.col]
                yield SealedCell(table, at, column, dot, found.lamport, content)


def _rows(reads: Connection, table: Table, row: bytes | None) -> dict[bytes, Mapping[int, Value]]:
    projected = PROJECTIONS[table.name]
    query = select(projected)
    if row is not None:
        query = query.where(projected.c.row == row)
    return {found.row: _open_cells(table, found) for found in reads.execute(query)}


def _open_cells(table: Table, found: Any) -> dict[int, Value]:  # noqa: ANN401 - a row of SQL
    return {
        column.number: getattr(found, column.name)
        for column in table.columns
        if column.number not in table.sealed
    }


def boxes_for(reads: Connection, reader: bytes) -> Mapping[Dot, Sequence[bytes]]:
    """Return the boxes granted to a laptop, newest first, by the dot of the value they open."""
    grant = PROJECTIONS["sealed_grant"]
    query = (
        select(grant, ROW.c.dev16)
        .join(ROW, ROW.c.row == grant.c.row)
        .where(grant.c.reader == reader)
        .order_by(ROW.c.seq.desc(), ROW.c.idx.desc(), ROW.c.dev16)
    )
    found: dict[Dot, list[bytes]] = {}
    given: dict[tuple[Dot, bytes], int] = {}
    for box in reads.execute(query):
        dot = (box.author, box.seq, box.idx)
        given[dot, box.dev16] = given.get((dot, box.dev16), 0) + 1
        if given[dot, box.dev16] <= _MOST_BOXES:
            found.setdefault(dot, []).append(box.box)
    return found


def granted(reads: Connection) -> Mapping[Dot, frozenset[bytes]]:
    """Return the laptops let in later, by the dot of the value; a box may prove not to open."""
    grant = PROJECTIONS["sealed_grant"]
    found: dict[Dot, set[bytes]] = {}
    for one in reads.execute(select(grant.c.author, grant.c.seq, grant.c.idx, grant.c.reader)):
        found.setdefault((one.author, one.seq, one.idx), set()).add(one.reader)
    return {dot: frozenset(readers) for dot, readers in found.items()}


def hard_interests(reads: Connection) -> tuple[Interest, ...]:
    """Return the hard interests declared; one whose degree is contested counts as hard."""
    table, projected = REGISTRY.table_names["interest"], PROJECTIONS["interest"]
    contested = {
        row
        for (row,) in reads.execute(select(CONTESTED.c.row).where(CONTESTED.c.tbl == table.number))
    }
    return tuple(
        Interest(found.scope, found.person, found.organisation, found.proposal)
        for found in reads.execute(select(projected).order_by(projected.c.row))
        if found.degree == "hard" or found.row in contested
    )


def scope_of(reads: Connection, row: bytes) -> bytes | None:
    """Return the organisation whose a row is; None if it is not here or shared by all."""
    packed = reads.execute(select(ROW.c.scope).where(ROW.c.row == row)).scalar_one_or_none()
    scope = None if packed is None else codec.decode_kept(packed)
    return scope if isinstance(scope, bytes) else None
