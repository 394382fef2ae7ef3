"""Who wrote what stands on a line of a plan and on its months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from collabdesk.domain.budgets.cell_notes import cell_notes
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.history import CellChange, history

_NOTE = "note"
_ACCEPTED = 0


def note_writers(reads: Connection, plan_line: bytes) -> Mapping[int, tuple[Author, ...]]:
    """Return whose words stand on a line (0) and on each of its months, the newest last."""
    found: dict[int, tuple[Author, ...]] = {}
    for signed in history(reads, plan_line):
        for change in signed.changes:
            if change.column == _NOTE and signed.verdict == _ACCEPTED:
                for month, added in _months_changed(change):
                    before = found.get(month, ()) if added else ()
                    found[month] = (*before, signed.author)
    return found


def _months_changed(change: CellChange) -> Iterator[tuple[int, bool]]:
    """Yield the months of which something else is said, and whether that was added."""
    before = [cell_notes(str(one or "")) for one in change.old] or [{}]
    for month, text in cell_notes(str(change.new or "")).items():
        stood = [was.get(month, "") for was in before]
        if text not in stood:
            yield month, any(was and was in text for was in stood)
