"""Rows of a kept table of allocations become what envelopes open with in a year, or letters.

A row of a file is taken up once in a version: its evidence is the file's fingerprint and the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, RowRef
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.exchange.allocations import Allocation
from collabdesk.services.budgets.actuals.actuals_commands import TakeAllocations
from collabdesk.services.budgets.actuals.published_files import allocation_rows
from collabdesk.services.budgets.entered import version_named
from collabdesk.services.budgets.planning.drafts import (
    check_member,
    check_takes_money,
    next_position,
)
from collabdesk.services.budgets.planning.revising import money_of
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.wording import counted, plain
from collabdesk.storage.queries import actuals as files
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.planning import envelopes
from collabdesk.sync.registry.budgets.planning import RECURRENCE

OPENINGS: Final = "openings"
LETTERS: Final = "letters"


def take_allocations(command: TakeAllocations, reads: Connection, me: Actor) -> Outcome:
    """Take rows of a kept table up, all or none, as one step to undo; a row again changes nothing.

    The amount is the row's in the unit that was said of the file; no rate of the year is put on it.
    """
    check_lead(me, "records allocations")
    version = money_of(reads, version_named(reads, command.version))
    _check_version(version, command.kind)
    if not command.recurrence:
        raise _refused("recurrence", "Nobody said what kind of money it is.", _ASK)
    check_member(RECURRENCE, command.recurrence, "recurrence")
    FiscalYear.parse(version.fiscal_year).month(command.effective_month)
    file, rows = allocation_rows(reads, command.file)
    wanted = _wanted(rows, command.rows)
    there = taken_rows(reads, file, version.row)
    fresh = [row for row in wanted if row.number not in there]
    if not fresh:
        words = f"{counted(len(wanted), 'allocation')} of {file.name} here already; nothing changes"
        return Outcome((), (), words)
    made = _Made(reads, version, command, file).of(fresh)
    back = tuple(Delete(one.table, NewRow(one.key)) for one in reversed(made))
    total_p = sum(row.amount_p for row in fresh)
    what = f"{counted(len(fresh), 'allocation')} of {format_pence(total_p)}"
    words = f"{what} taken up from {file.name}"
    return Outcome(tuple(made), back, words, ("budget_version", version.row))


_ASK: Final = "Choose recurrent or non-recurrent; a published table does not say it."


def taken_rows(reads: Connection, file: files.SourceFile, version: bytes) -> frozenset[int]:
    """Return the rows of a kept file that stand in a version already."""
    moves = stored.allocation_moves(reads, version)
    return frozenset(
        int(number)
        for move in moves
        if move.evidence_sha256 == file.sha256
        for _, mark, number in [move.evidence_name.rpartition(_ROW)]
        if mark and number.isdecimal()
    )


_ROW: Final = ", row "


@dataclass(frozen=True, slots=True)
class TakenUp:
    """Which rows of a kept table stand in the year on show already."""

    file: bytes
    rows: frozenset[int]


def taken_up(reads: Connection, file: bytes, version: bytes) -> TakenUp:
    """Return which rows of a kept file stand in a version, or in the year that it revises."""
    kept = files.source_file(reads, file)
    found = money_of(reads, version_named(reads, version))
    return TakenUp(file, taken_rows(reads, kept, found.row) if kept else frozenset())


def _wanted(rows: Sequence[Allocation], numbers: Iterable[int]) -> list[Allocation]:
    by_number = {row.number: row for row in rows}
    wanted = []
    for number in dict.fromkeys(numbers):
        row = by_number.get(number)
        if row is None:
            raise _refused(
                "rows", f"Row {number} holds no allocation.", "Choose rows that name an amount."
            )
        if not row.amount_p:
            words = f"Row {number}, {row.name}, is £0.00: it changes nothing."
            raise _refused("rows", words, "Leave the row out.")
        wanted.append(row)
    if not wanted:
        raise _refused("rows", "No row is chosen.", "Choose the rows that are this year’s money.")
    return wanted


def _check_version(version: stored.BudgetVersion, kind: str) -> None:
    check_takes_money(version)
    if kind not in {OPENINGS, LETTERS}:
        raise _refused("kind", f"“{kind}” is neither.", "Choose openings or letters.")
    if kind == OPENINGS and version.state == "agreed":
        raise Refusal(
            code="year_already_agreed",
            words=f"“{version.name}” is agreed; what its envelopes open with is in the ledger.",
            remedy="Take the rows up as letters: they wait to be posted.",
            field="kind",
        )


class _Made:
    """The rows that taking allocations up inserts."""

    def __init__(
        self,
        reads: Connection,
        version: stored.BudgetVersion,
        command: TakeAllocations,
        file: files.SourceFile,
    ) -> None:
        self._command, self._version, self._file = command, version, file
        self._known: dict[str, RowRef] = {
            one.commissioner.casefold(): one.row
            for one in envelopes(reads, version.fiscal_year)
            if one.recurrence == command.recurrence
        }
        self._envelopes = len(envelopes(reads, version.fiscal_year))
        self._position = next_position(reads, version.row)

    def of(self, rows: Iterable[Allocation]) -> list[Insert]:
        made: list[Insert] = []
        for row in rows:
            if row.name.casefold() not in self._known and self._command.kind == OPENINGS:
                made.append(self._envelope(row))
            made.append(self._move(row))
        return made

    def _envelope(self, row: Allocation) -> Insert:
        self._envelopes += 1
        key = f"envelope-{row.number}"
        self._known[row.name.casefold()] = NewRow(key)
        cells: dict[str, Cell] = {
            "fiscal_year": self._version.fiscal_year,
            "commissioner": row.name,
            "recurrence": self._command.recurrence,
            "position": self._envelopes,
        }
        return Insert("envelope", OWN, cells, key)

    def _move(self, row: Allocation) -> Insert:
        opens = self._command.kind == OPENINGS
        position, self._position = self._position, self._position + 1
        said = plain(self._command.reference, "reference") or ("Opening" if opens else "Allocation")
        cells: dict[str, Cell] = {
            "version": self._version.row,
            "reference": f"{said}, {row.name}",
            "recurrence": self._command.recurrence,
            "amount_p": row.amount_p,
            "letter_date": self._command.letter_date,
            "effective_month": 1 if opens else self._command.effective_month,
            "position": position,
            "envelope": self._known.get(row.name.casefold()),
            "kind": "opening" if opens else "letter",
            "baseline_p": row.amount_p if opens else None,
            "evidence_sha256": self._file.sha256,
            "evidence_name": f"{self._file.name}{_ROW}{row.number}",
        }
        return Insert("allocation_move", OWN, cells, f"move-{row.number}")


def _refused(field: str, words: str, remedy: str) -> Refusal:
    return Refusal(code=f"allocation_{field}", words=words, remedy=remedy, field=field)


HANDLERS: Final[Handlers] = {TakeAllocations: take_allocations}
