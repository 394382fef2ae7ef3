"""Who wrote what stands on a line of a plan and on its months."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from collabdesk.domain.budgets.cell_notes import cell_notes
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.history import CellChange, history

_NOTE = "note"
_ACCEPTED = 0


def note_writers(reads: Connection, plan_line: bytes) -> Mapping[int, Author]:
    """Return who wrote last on a line (0) and on each of its months."""
    found: dict[int, Author] = {}
    for signed in history(reads, plan_line):
        for change in signed.changes:
            if change.column == _NOTE and signed.verdict == _ACCEPTED:
                found |= dict.fromkeys(_months_changed(change), signed.author)
    return found


def _months_changed(change: CellChange) -> list[int]:
    before = [cell_notes(str(one or "")) for one in change.old] or [{}]
    now = cell_notes(str(change.new or ""))
    return [month for month, text in now.items() if all(was.get(month) != text for was in before)]
