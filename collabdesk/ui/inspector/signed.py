"""What was signed about a record, as entries of its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from collabdesk.domain.changes import Cell
from collabdesk.ui.desk import Desk
from collabdesk.ui.inspector.history import WRONG_CLOCK, HistoryEntry

if TYPE_CHECKING:
    from collabdesk.services.figures import CellChange, Signed

_DONE: Final = {
    "insert": "Recorded",
    "delete": "Taken away",
    "undelete": "Brought back",
    "approve": "Approved",
    "withdraw": "Approval withdrawn",
    "post": "Posted",
}


@dataclass(frozen=True)
class Telling:
    """How a record's columns and values are said."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Column to its words; a column that is missing is said as it is written."""
    values: Mapping[str, Callable[[Cell], str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    """Columns that say where a record hangs, not what it says."""
    first: str = ""
    """The column that stands for the record when it was first recorded."""

    def name(self, column: str) -> str:
        """Return the words of a column."""
        return self.names.get(column, column.replace("_", " ").capitalize())

    def value(self, column: str, cell: Cell) -> str:
        """Write a value."""
        if cell is None:
            return ""
        if column in self.values:
            return self.values[column](cell)
        return f"{cell:%d/%m/%Y}" if isinstance(cell, dt.date) else str(cell).replace("_", " ")


def entries(signed: Sequence[Signed], desk: Desk, telling: Telling) -> list[HistoryEntry]:
    """Return the history of a record, the newest first."""
    return [entry for one in reversed(signed) for entry in _told(one, desk, telling)]


def _told(one: Signed, desk: Desk, telling: Telling) -> Iterator[HistoryEntry]:
    shown = [change for change in one.changes if change.column not in telling.hidden]
    if one.kind == "insert" or not shown:
        first = next((c for c in shown if c.column == telling.first), None)
        after = telling.value(first.column, first.new) if first else ""
        yield _entry(one, desk, (_DONE.get(one.kind, one.kind.capitalize()), "", after))
        return
    for change in shown:
        yield _entry(one, desk, _words(change, telling))


def _words(change: CellChange, telling: Telling) -> tuple[str, str, str]:
    before = " or ".join(telling.value(change.column, old) for old in change.old)
    return telling.name(change.column), before, telling.value(change.column, change.new)


def _entry(one: Signed, desk: Desk, told: tuple[str, str, str]) -> HistoryEntry:
    what, before, after = told
    member = desk.people.get(one.author.device)
    when = dt.datetime.fromtimestamp(one.author.wall_ms / 1000).astimezone()
    aside = "" if one.verdict == 0 else "Kept aside: this change does not count."
    return HistoryEntry(
        before=before,
        after=after,
        person=member.role if member else "Unknown person",
        trust=member.organisation_name if member else "unknown laptop",
        when=f"{when:%d/%m/%Y %H:%M}",
        laptop=member.laptop if member else one.author.device.hex()[:8],
        change_set=one.author.segment,
        verified=bool(one.author.segment) and one.verdict == 0,
        reason=" ".join(part for part in (one.text, aside) if part),
        what=what,
        doubt=WRONG_CLOCK if one.author.doubtful else "",
    )
