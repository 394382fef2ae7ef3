"""Rows that are either there already or new: set where they stand, else inserted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from collabdesk.domain.budgets.settled import check_settled
from collabdesk.domain.changes import OWN, Cell, Change, Delete, Insert, NewRow, SetCells, Undelete
from collabdesk.services.commands import Outcome
from collabdesk.storage.queries.records import Record

Row = TypeVar("Row", bound=Record)


@dataclass
class Putting:
    """The changes of one step, and those that take them back."""

    changes: list[Change] = field(default_factory=list)
    inverse: list[Change] = field(default_factory=list)
    kept: set[bytes] = field(default_factory=set)
    """Rows that were there and were put, whether or not anything in them differs."""

    def put(
        self, table: str, there: Record | None, cells: Mapping[str, Cell], called: str = ""
    ) -> None:
        """Set the cells that differ in a row that is there, or insert a row of one's own.

        With what the row is `called`, a contested figure is not overtyped: it is refused.
        """
        if there is None:
            key = f"{table}-{len(self.changes)}"
            self.changes.append(Insert(table, OWN, dict(cells), key))
            self.inverse.append(Delete(table, NewRow(key)))
            return
        self.kept.add(there.row)
        before = {name: getattr(there, name) for name in cells}
        other = {name: cell for name, cell in cells.items() if not _same(cell, before[name])}
        if called:
            check_settled(called, there.contested & other.keys())
        if other:
            self.changes.append(SetCells(table, there.row, other))
            self.inverse.append(SetCells(table, there.row, {name: before[name] for name in other}))

    def left(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows that were not put; two laptops may have entered one thing twice."""
        return [row for row in rows if row.row not in self.kept]

    def take_away(self, table: str, rows: Iterable[Record]) -> None:
        """Delete rows."""
        for row in rows:
            self.changes.append(Delete(table, row.row))
            self.inverse.append(Undelete(table, row.row))

    def outcome(self, words: str, record: tuple[str, bytes] | None = None) -> Outcome:
        """Return the step; `record` is the one it is about, the first new one if not told."""
        new = next((c for c in self.changes if isinstance(c, Insert)), None)
        about = record or ((new.table, NewRow(new.key)) if new is not None else None)
        return Outcome(tuple(self.changes), tuple(self.inverse), words, about)


def _same(one: Cell, other: Cell) -> bool:
    # Text that nobody entered reads as nothing.
    return one == other or (one in ("", None) and other in ("", None))
