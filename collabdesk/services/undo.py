"""Undo and redo of one's own commands, in words; never of anybody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from collabdesk.domain.changes import (
    Approve,
    Cell,
    Change,
    Delete,
    Insert,
    NewRow,
    Resolve,
    RowRef,
    SetCells,
    Undelete,
    Withdraw,
)
from collabdesk.errors import Refusal
from collabdesk.storage.queries.settled import is_posted, is_settled
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.workset import Log


@dataclass(frozen=True, slots=True)
class Step:
    """One step that can be taken back and taken again."""

    words: str
    back: tuple[Change, ...]
    again: tuple[Change, ...]


class UndoStack:
    """The steps of this session, newest last."""

    def __init__(self) -> None:
        """Start with nothing to undo."""
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def forget(self) -> None:
        """Forget every step: something was done that they must not reach behind."""
        self._done.clear()
        self._undone.clear()

    def did(self, step: Step) -> None:
        """Add a step; whatever was undone before can no longer be redone."""
        self._done.append(step)
        self._undone.clear()

    @property
    def undo_words(self) -> str:
        """What undo would take back, or nothing."""
        return self._done[-1].words if self._done else ""

    @property
    def redo_words(self) -> str:
        """What redo would do again, or nothing."""
        return self._undone[-1].words if self._undone else ""

    def next_undo(self) -> Step | None:
        """Return the step undo would take back."""
        return self._done[-1] if self._done else None

    def next_redo(self) -> Step | None:
        """Return the step redo would take again."""
        return self._undone[-1] if self._undone else None

    def undid(self) -> None:
        """Move the newest step to those that can be redone."""
        self._undone.append(self._done.pop())

    def redid(self) -> None:
        """Move the newest undone step back."""
        self._done.append(self._undone.pop())


def settle(changes: Sequence[Change], rows: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Return changes with the keys of new rows replaced by the ids they got."""
    return tuple(_settled(change, rows) for change in changes)


def _settled(change: Change, rows: Mapping[str, bytes]) -> Change:
    match change:
        case SetCells() | Insert():
            cells: dict[str, Cell] = {
                name: rows[value.key] if isinstance(value, NewRow) else value
                for name, value in change.cells.items()
            }
            if isinstance(change, Insert):
                return replace(change, cells=cells)
            return replace(change, cells=cells, row=_row(change.row, rows))
        case Delete() | Undelete() | Resolve() | Approve() | Withdraw():
            return replace(change, row=_row(change.row, rows))
        case _:
            return change


def _row(row: RowRef, rows: Mapping[str, bytes]) -> bytes:
    return rows[row.key] if isinstance(row, NewRow) else row


def again(changes: Sequence[Change], back: Sequence[Change]) -> tuple[Change, ...]:
    """Return what redoes a step after `back`: rows made come back rather than being made anew."""
    restored: list[Change] = [
        Undelete(change.table, change.row) for change in back if isinstance(change, Delete)
    ]
    return (*restored, *(c for c in changes if not isinstance(c, Insert)))


def refuse_others_changes(log: Log, mine: bytes, changes: Sequence[Change], words: str) -> None:
    """Raise Refusal if a step would overwrite or take away what somebody else has entered."""
    for change in changes:
        if isinstance(change, SetCells | Delete) and isinstance(change.row, bytes):
            live = log.cells([change.row])[change.row]
            table = REGISTRY.table_names[change.table]
            columns = (
                {table.by_name[name].number for name in change.cells}
                if isinstance(change, SetCells)
                else live.keys()
            )
            if any(dot[0] != mine for column in columns for dot in live.get(column, ())):
                raise Refusal(
                    code="changed-since",
                    words=f"“{words}” cannot be undone: somebody else has changed "
                    "one of its figures since.",
                    remedy="Look at the History of the figure and set it yourself if need be.",
                )


def refuse_settled_changes(reads: Connection, changes: Sequence[Change], words: str) -> None:
    """Raise Refusal if a step would reach behind what has been approved, agreed or posted.

    One's own approval may be taken back until something was posted on it.
    """
    if any(_reaches_behind(reads, change) for change in changes):
        raise Refusal(
            code="settled-since",
            words=f"“{words}” cannot be undone: it has been approved, agreed or posted since.",
            remedy="Put it right by a new step, for example a virement the other way.",
        )


def _reaches_behind(reads: Connection, change: Change) -> bool:
    match change:
        case SetCells(table, row) | Delete(table, row) | Undelete(table, row):
            return isinstance(row, bytes) and is_settled(reads, table, row)
        case Approve(row=row) | Withdraw(row=row):
            return isinstance(row, bytes) and is_posted(reads, row)
        case _:
            return False
