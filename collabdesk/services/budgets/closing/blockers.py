"""What must be out of the way before a month closes; every part of the room adds its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals_left import (
    mapped_anew,
    not_posted,
    not_read,
    rows_waiting,
)
from collabdesk.services.budgets.papers.audit import findings
from collabdesk.services.budgets.planning.letters import waiting_letters
from collabdesk.services.budgets.virements.readiness import readiness
from collabdesk.services.wording import counted


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing in the way; `view` names the screen on which it is put right."""

    code: str
    words: str
    remedy: str
    view: str = ""


Asked = Callable[[Connection, str, int], Sequence[Blocker]]
"""Asks a part of the room what blocks the close of a month of a fiscal year."""


def blockers(reads: Connection, fiscal_year: str, month: int) -> tuple[Blocker, ...]:
    """Return everything that blocks the close of a month."""
    return tuple(found for ask in BLOCKERS for found in ask(reads, fiscal_year, month))


def check_unblocked(reads: Connection, fiscal_year: str, month: int) -> None:
    """Refuse to close a month while something is in the way; the first is named."""
    found = blockers(reads, fiscal_year, month)
    if found:
        also = f" {counted(len(found) - 1, 'other thing')} too." if len(found) > 1 else ""
        raise Refusal(
            code="close_blocked",
            words=f"M{month} cannot be closed: {found[0].words}{also}",
            remedy=found[0].remedy,
            field="month",
        )


def _ledger(reads: Connection, fiscal_year: str, month: int) -> Sequence[Blocker]:
    del fiscal_year, month
    return [
        Blocker(found.code, found.words, "Put it right by a journal first.", "journals")
        for found in findings(reads)
        if found.code in {"overdrawn", "unbalanced"}
    ]


def _virements(reads: Connection, fiscal_year: str, month: int) -> Sequence[Blocker]:
    found = readiness(reads)
    ready = {row for row, _ in found.posts}
    waiting = [
        one
        for one in found.proposals
        if one.row.row in ready
        and (one.virement.fiscal_year, one.virement.month) == (fiscal_year, month)
    ]
    if not waiting:
        return ()
    words = f"{counted(len(waiting), 'approved virement')} of the month not posted."
    return [Blocker("virements_ready", words, "Post what is ready first.", "virements")]


def _letters(reads: Connection, fiscal_year: str, month: int) -> Sequence[Blocker]:
    waiting = [
        letter
        for letter in waiting_letters(reads, fiscal_year)
        if (letter.effective_month or 1) <= month
    ]
    if not waiting:
        return ()
    words = f"{counted(len(waiting), 'allocation letter')} recorded and not posted."
    return [Blocker("letters_waiting", words, "Post the letters first.", "envelope")]


def _actuals(reads: Connection, fiscal_year: str, month: int) -> Sequence[Blocker]:
    found = []
    rows, waiting_p = rows_waiting(reads, fiscal_year, month)
    if rows:
        words = f"{counted(rows, 'row')} of {format_pence(waiting_p)} without a mapping."
        remedy = "Say whose spending their codes are, then post them."
        found.append(Blocker("rows_unmapped", words, remedy, "actuals"))
    for name, left_p in not_posted(reads, fiscal_year, month):
        words = f"{format_pence(left_p)} of {name} is not in the ledger yet."
        found.append(Blocker("file_part_posted", words, "Import the file again.", "actuals"))
    for name, unread in not_read(reads, fiscal_year, month):
        words = f"{counted(unread, 'row')} of {name} could not be read."
        remedy = "Mend them in the file, then import it again."
        found.append(Blocker("rows_unread", words, remedy, "actuals"))
    for name, source in mapped_anew(reads, fiscal_year, month):
        words = f"The mapping of {source} has changed since {name} was imported."
        remedy = "Import the file again; only what changes is posted."
        found.append(Blocker("mapping_changed", words, remedy, "actuals"))
    return found


BLOCKERS: list[Asked] = [_ledger, _virements, _letters, _actuals]
"""The parts of the room that are asked, in this order."""
