"""Notes that people write on a line of a plan; each is signed and stays in the line's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import SetCells
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.wording import filled
from collabdesk.storage.queries import budgets as stored


@dataclass(frozen=True, slots=True)
class WriteLineNote:
    """Write a note on a plan line; the one before stays readable."""

    plan_line: bytes
    text: str


def write_line_note(command: WriteLineNote, reads: Connection, _me: Actor) -> Outcome:
    """Put the note on the line; undoing it puts the one before back."""
    line = stored.plan_line(reads, command.plan_line)
    if line is None:
        raise Refusal(
            code="plan_line_unknown",
            words="The line this note is about is gone.",
            remedy="Choose another line of the plan.",
        )
    text = filled(command.text, "text", "The note is empty.", "Write what others should know.")
    change = SetCells("plan_line", line.row, {"note": text})
    back = SetCells("plan_line", line.row, {"note": line.note or None})
    return Outcome((change,), (back,), "Note on a line", ("plan_line", line.row))


def noted_lines(reads: Connection, version: bytes) -> frozenset[bytes]:
    """Return the lines of a version that carry a note."""
    return frozenset(line.row for line in stored.plan_lines(reads, version) if line.note)


HANDLERS: Final[Handlers] = {WriteLineNote: write_line_note}
