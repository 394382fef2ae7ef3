"""Notes that people write on a line of a plan and on its months; each is signed and stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.cell_notes import WHOLE, cell_notes, with_cell_note
from collabdesk.domain.changes import SetCells
from collabdesk.domain.london import london
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal
from collabdesk.services.budgets.partners import partners
from collabdesk.services.budgets.planning.note_writers import note_writers
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.notes import note_versions, proposed
from collabdesk.services.wording import plain
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.authors import Author

PlaceOfNote = tuple[bytes, int]
"""A plan line and the month a note is about; 0 is the line itself."""


@dataclass(frozen=True, slots=True)
class WriteLineNote:
    """Write a note on a plan line or on one of its months; the one before stays readable.

    Month 0 is the line itself. No text takes the note away. What another partner wrote is
    added to; the lead provider may change it, as may whoever wrote it.
    """

    plan_line: bytes
    text: str
    month: int = WHOLE


def write_line_note(command: WriteLineNote, reads: Connection, me: Actor) -> Outcome:
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
    text, stands = plain(command.text, "text"), cell_notes(before).get(command.month, "")
    if not text and not stands:
        raise Refusal(
            code="text_missing",
            words="The note is empty.",
            remedy="Write what others should know.",
            field="text",
        )
    if stands not in text:
        _check_may_change(reads, command, me)
    now = plain(with_cell_note(before, command.month, text), "text")
    change = SetCells("plan_line", line.row, {"note": now or None})
    back = SetCells("plan_line", line.row, {"note": line.note or None})
    where = f"M{command.month} of a line" if command.month else "a line"
    words = f"Note on {where}" if text else f"Note on {where} taken away"
    return Outcome((change,), (back,), words, ("plan_line", line.row))


def _check_may_change(reads: Connection, command: WriteLineNote, me: Actor) -> None:
    writers = note_writers(reads, command.plan_line).get(command.month, ())
    others = [one for one in writers if one.organisation != me.organisation]
    if me.is_lead or not others:
        return
    names, writer = {one.organisation: one.short for one in partners(reads)}, others[-1]
    raise Refusal(
        code="note_of_another",
        words=f"{names.get(writer.organisation or b'', 'Another partner')} wrote what stands here; "
        "it is added to, not replaced.",
        remedy="Leave its words as they stand and write yours below them; they or the lead "
        "provider can change it.",
        field="text",
    )


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


@dataclass(frozen=True, slots=True)
class YearNote:
    """A note on a line at a provider or on one of its months (0 is the line); `by` says whose."""

    service_line: bytes
    provider: str
    month: int
    text: str
    by: str


def year_notes(reads: Connection, fiscal_year: str) -> tuple[YearNote, ...]:
    """Return what is written on the lines of a year's agreed versions, with who wrote it when."""
    names = {one.organisation: one.short for one in partners(reads)}
    found: list[YearNote] = []
    for version in stored.budget_versions(reads):
        if (version.fiscal_year, version.state) != (fiscal_year, "agreed"):
            continue
        lines = {line.row: line for line in stored.plan_lines(reads, version.row)}
        for (row, month), text in notes_of(reads, version.row).items():
            line, writers = lines[row], note_writers(reads, row).get(month, ())
            by = _by(writers[-1], names) if writers else ""
            found.append(YearNote(line.service_line, line.provider, month, text, by))
    return tuple(found)


def _by(writer: Author, names: Mapping[bytes, str]) -> str:
    on = london(dt.datetime.fromtimestamp(writer.wall_ms // 1000, dt.UTC))
    return f"{names.get(writer.organisation or b'', 'a former partner')}, {on:%d/%m/%Y}"


def _standing(reads: Connection) -> Mapping[bytes, str]:
    """Return what several people's notes on one line say together, until somebody settles it."""
    return {
        found.cell.row: proposed(found).text
        for found in note_versions(reads)
        if found.cell.table == "plan_line"
    }


HANDLERS: Final[Handlers] = {WriteLineNote: write_line_note}
