"""Notes that several people wrote at the same time: both kept, and one text proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import SetCells
from collabdesk.domain.notes import MergedNote, merge_notes
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.storage.queries.common import siblings, table_of
from collabdesk.storage.queries.notes import NoteVersions, note_versions

__all__ = ["HANDLERS", "KeepNote", "NoteVersions", "note_versions", "proposed"]


@dataclass(frozen=True, slots=True)
class KeepNote:
    """The text a note shall have, in place of the versions seen, newest first."""

    table: str
    row: bytes
    column: str
    text: str
    seen: tuple[str, ...]


def proposed(found: NoteVersions) -> MergedNote:
    """Return one text with what every version changed, the oldest version first."""
    versions = [str(one.value or "") for one in reversed(found.cell.siblings)]
    return merge_notes(found.base, versions)


def keep_note(command: KeepNote, reads: Connection, _: Actor) -> Outcome:
    """Write one text in place of the versions seen; the others stay in the note's history."""
    table = table_of(reads, command.row)
    known = table is not None and table.name == command.table and command.column in table.by_name
    standing = siblings(reads, command.row, command.column) if known else ()
    if tuple(str(one.value or "") for one in standing) != command.seen:
        raise Refusal(
            code="note-changed",
            words="This note has changed since you opened it.",
            remedy="Open its versions again; what you wrote was not kept.",
            field=command.column,
        )
    change = SetCells(command.table, command.row, {command.column: command.text})
    back = SetCells(command.table, command.row, {command.column: standing[0].value})
    return Outcome((change,), (back,), "Note settled", (command.table, command.row))


HANDLERS: Final[Handlers] = {KeepNote: keep_note}
