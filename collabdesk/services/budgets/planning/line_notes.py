"""Notes that people write on a line of a plan and on its months; each is signed and stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.cell_notes import WHOLE, cell_notes, with_cell_note
from collabdesk.domain.changes import SetCells
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.notes import note_versions, proposed
from collabdesk.services.wording import plain
from collabdesk.storage.queries import budgets as stored

PlaceOfNote = tuple[bytes, int]
"""A plan line and the month a note is about; 0 is the line itself."""


@dataclass(frozen=True, slots=True)
class WriteLineNote:
    """Write a note on a plan line or on one of its months; the one before stays readable.

    Month 0 is the line itself. No text takes the note away.
    """

    plan_line: bytes
    text: str
    month: int = WHOLE


def write_line_note(command: WriteLineNote, reads: Connection, _me: Actor) -> Outcome:
    """Put the note on the line; undoing it puts the one before back."""
    line = stored.plan_line(reads, command.plan_line)
    if line is None:
        raise Refusal(
            code="plan_line_unknown",
            words="The line this note is about is gone.",
            remedy="Choose another line of the plan.",
        )
    if not WHOLE <= command.month <= MONTHS_IN_YEAR:
        raise Refusal(
            code="month_unknown",
            words=f"There is no month {command.month}.",
            remedy="Months run from 1 (April) to 12 (March).",
            field="month",
        )
    before = _standing(reads).get(line.row, line.note)
    text = plain(command.text, "text")
    if not text and command.month not in cell_notes(before):
        raise Refusal(
            code="text_missing",
            words="The note is empty.",
            remedy="Write what others should know.",
            field="text",
        )
    now = plain(with_cell_note(before, command.month, text), "text")
    change = SetCells("plan_line", line.row, {"note": now or None})
    back = SetCells("plan_line", line.row, {"note": line.note or None})
    where = f"M{command.month} of a line" if command.month else "a line"
    words = f"Note on {where}" if text else f"Note on {where} taken away"
    return Outcome((change,), (back,), words, ("plan_line", line.row))


def line_note(reads: Connection, plan_line: bytes, month: int) -> str:
    """Return the note that stands on a line (month 0) or on one of its months."""
    line = stored.plan_line(reads, plan_line)
    note = _standing(reads).get(plan_line, line.note if line else "")
    return cell_notes(note).get(month, "")


def notes_of(reads: Connection, version: bytes) -> Mapping[PlaceOfNote, str]:
    """Return the notes on the lines of a version and on their months."""
    merged = _standing(reads)
    return {
        (line.row, month): text
        for line in stored.plan_lines(reads, version)
        for month, text in cell_notes(merged.get(line.row, line.note)).items()
    }


def _standing(reads: Connection) -> Mapping[bytes, str]:
    """Return what several people's notes on one line say together, until somebody settles it."""
    return {
        found.cell.row: proposed(found).text
        for found in note_versions(reads)
        if found.cell.table == "plan_line"
    }


HANDLERS: Final[Handlers] = {WriteLineNote: write_line_note}
