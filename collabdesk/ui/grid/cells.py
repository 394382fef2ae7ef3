"""What a grid shows: rows of cells, and what is true about each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Final, NamedTuple

Value = int | str | dt.date | None
"""Pence for money, a whole number or decimal text, text, a day, or nothing."""


class CellState(Flag):
    """What is true about a figure; several may hold at once."""

    OPEN = 0
    CLOSED = auto()
    SOFT = auto()
    FORECAST = auto()
    CONTESTED = auto()
    LOCKED = auto()
    REFUSED = auto()
    CHANGED = auto()
    NOTE = auto()
    CONCERN = auto()
    GOOD = auto()
    SUPPRESSED = auto()


STATE_WORDS: Final = {
    CellState.CLOSED: "closed",
    CellState.SOFT: "soft closed",
    CellState.FORECAST: "forecast",
    CellState.CONTESTED: "contested",
    CellState.LOCKED: "locked",
    CellState.REFUSED: "refused",
    CellState.CHANGED: "changed elsewhere",
    CellState.NOTE: "has a note",
    CellState.CONCERN: "concern",
    CellState.GOOD: "good",
    CellState.SUPPRESSED: "suppressed",
}


class GridCell(NamedTuple):
    """One figure; `other` is the second, higher one of a contested figure or range.

    `reason` says why it is as it is, `note` what people wrote on it.
    """

    value: Value = None
    other: Value = None
    state: CellState = CellState.OPEN
    reason: str = ""
    note: str = ""

    def marked(self, state: CellState, reason: str = "") -> GridCell:
        """Return the cell with one more thing true about it."""
        return self._replace(state=self.state | state, reason=reason or self.reason)

    def unmarked(self, state: CellState) -> GridCell:
        """Return the cell with one thing no longer true."""
        return self._replace(state=self.state & ~state)

    def noted(self, note: str) -> GridCell:
        """Return the cell with a note on it; no text takes the note away."""
        state = self.state | CellState.NOTE if note else self.state & ~CellState.NOTE
        return self._replace(state=state, note=note)


class RowKind(Enum):
    """A line people fill in, a group of lines, or a total."""

    LINE = auto()
    GROUP = auto()
    TOTAL = auto()


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row under its key; the first cell is its name."""

    key: object
    cells: tuple[GridCell, ...]
    kind: RowKind = RowKind.LINE
    level: int = 0

    @property
    def name(self) -> str:
        """What the row is called."""
        return str(self.cells[0].value or "")

    def with_cell(self, place: int, cell: GridCell) -> GridRow:
        """Return the row with one cell exchanged."""
        cells = (*self.cells[:place], cell, *self.cells[place + 1 :])
        return GridRow(self.key, cells, self.kind, self.level)


_put: Final = object.__setattr__


class LateRow(GridRow):
    """A row whose cells are made when they are first asked for: most rows are never seen."""

    __slots__ = ("_make",)
    _make: Callable[[], tuple[GridCell, ...]]

    def __init__(
        self, key: object, make: Callable[[], tuple[GridCell, ...]], kind: RowKind, level: int
    ) -> None:
        """Keep how the cells are made; `cells` stays unset until somebody asks."""
        _put(self, "key", key)
        _put(self, "kind", kind)
        _put(self, "level", level)
        _put(self, "_make", make)

    def __getattr__(self, name: str) -> tuple[GridCell, ...]:
        """Make the cells: what is unset is asked for here."""
        if name != "cells":
            raise AttributeError(name)
        made = self._make()
        _put(self, "cells", made)
        return made


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A change that would be written: which cell, and its value before and after."""

    row: object
    column: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change as a person reads it; `refused` says why it will not be written."""

    row_name: str
    column_name: str
    before: str
    after: str
    edit: CellEdit | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a paste, fill or clear would do, before anything is written."""

    lines: tuple[Proposed, ...]

    @property
    def edits(self) -> list[CellEdit]:
        """The changes that can be written."""
        return [line.edit for line in self.lines if line.edit is not None]

    @property
    def refused(self) -> list[Proposed]:
        """The cells that cannot, each with its reason."""
        return [line for line in self.lines if line.refused]
