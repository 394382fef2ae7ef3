"""The planned months of a draft budget version, and its agreement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from collabdesk.domain.budgets.envelope import Envelope, envelope
from collabdesk.domain.budgets.ledger import (
    Account,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    Recurrence,
    post,
)
from collabdesk.domain.budgets.phasing import Profile, phase
from collabdesk.domain.changes import Cell, Insert, PostJournal, SetCells, Shared
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear
from collabdesk.errors import Refusal

DRAFT_PLAN: Final = Shared("draft_plan")


@dataclass(frozen=True, slots=True)
class Version:
    """A budget version; `state` is draft, agreed or withdrawn."""

    row: bytes
    fiscal_year: str
    name: str
    state: str
    contingency_pct: str = "0"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of a version: a service line at a provider, month by month.

    `name` is what people call it; `contested` holds the numbers of contested months.
    """

    row: bytes
    key: LineKey
    name: str
    months_p: tuple[int, ...]
    recurrence: Recurrence = Recurrence.RECURRENT
    contested: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Move:
    """Money that came into the envelope; the opening allocation is the first."""

    reference: str
    amount_p: int
    recurrence: Recurrence
    month: int = 1
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """One planned amount as it is to be."""

    line: PlanLine
    month: int
    amount_p: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How a total is to be phased; `custom` holds the weights of a custom profile."""

    total_p: int
    profile: Profile
    custom: tuple[int, ...] = ()


def month_column(month: int) -> str:
    """Return the name of the column that holds month 1 to 12."""
    return f"m{month}"


def add_line(
    version: Version, lines: Iterable[PlanLine], key: LineKey, spread: Spread, cell: str = ""
) -> Insert:
    """Add a line to a draft version, its total phased over the months."""
    check_draft(version)
    if any(line.key == key for line in lines):
        raise Refusal(
            code="line_exists",
            words=f"“{version.name}” already has this service line at {key.provider}.",
            remedy="Change the amounts of the line that is there.",
            field="provider",
        )
    cells: dict[str, Cell] = {
        "version": version.row,
        "service_line": key.service_line,
        "provider": key.provider,
    }
    return Insert("plan_line", DRAFT_PLAN, cells | _phased(version, spread), cell)


def set_amounts(version: Version, edits: Sequence[Edit]) -> tuple[SetCells, ...]:
    """Set planned amounts typed or pasted; one change for each line, all or nothing."""
    check_draft(version)
    by_row: dict[bytes, dict[str, Cell]] = {}
    year = FiscalYear.parse(version.fiscal_year)
    for number in {edit.month for edit in edits}:
        year.month(number)
    for edit in edits:
        check_line_settled(edit.line, {edit.month})
        cells = by_row.setdefault(edit.line.row, {"profile": Profile.CUSTOM.value})
        cells[month_column(edit.month)] = edit.amount_p
    return tuple(SetCells("plan_line", row, cells) for row, cells in by_row.items())


def spread_total(version: Version, line: PlanLine, spread: Spread) -> SetCells:
    """Replace the months of a line by a total phased over them."""
    check_draft(version)
    check_line_settled(line, line.contested)
    return SetCells("plan_line", line.row, _phased(version, spread))


def _phased(version: Version, spread: Spread) -> dict[str, Cell]:
    year = FiscalYear.parse(version.fiscal_year)
    months = phase(spread.total_p, spread.profile, year, spread.custom)
    cells: dict[str, Cell] = {"profile": spread.profile.value}
    return cells | {month_column(n): amount for n, amount in enumerate(months, 1)}


def standing(version: Version, moves: Iterable[Move], lines: Iterable[PlanLine]) -> Envelope:
    """Return the envelope of a version against what its lines plan."""
    totals = [sum(line.months_p) for line in lines]
    return envelope([move.amount_p for move in moves], version.contingency_pct, totals)


def agree(
    version: Version, moves: Sequence[Move], lines: Sequence[PlanLine]
) -> tuple[SetCells, PostJournal]:
    """Agree a draft version: it becomes agreed, and its settled amounts are posted.

    The journal is a group of its own; the ledger keeper alone may post it.
    """
    check_draft(version)
    for line in lines:
        check_line_settled(line, line.contested)
    for move in moves:
        _check_move(move)
    now = standing(version, moves, lines)
    _check_affordable(version, now)
    _check_recurrent(version, moves, lines)
    heading = Heading(
        version.fiscal_year, JournalKind.OPENING, 1, f"Opening budget: {version.name}", version.row
    )
    journal = post(heading, opening_lines(now, moves, lines), ("budget_version", version.row))
    return SetCells("budget_version", version.row, {"state": "agreed"}), journal


def opening_lines(
    now: Envelope, moves: Iterable[Move], lines: Iterable[PlanLine]
) -> tuple[JournalLine, ...]:
    """Return the journal of an opening budget: envelope in credit, its uses in debit."""
    return (
        *(
            JournalLine(
                Account.ENVELOPE, -move.amount_p, month=move.month, recurrence=move.recurrence
            )
            for move in moves
        ),
        *(
            JournalLine(Account.LINE, amount, line.key, month, line.recurrence)
            for line in lines
            for month, amount in enumerate(line.months_p, 1)
        ),
        JournalLine(Account.CONTINGENCY, now.contingency_p),
        JournalLine(Account.UNALLOCATED, now.unallocated_p),
    )


def check_draft(version: Version) -> None:
    """Refuse to change a version that is agreed or withdrawn."""
    if version.state != "draft":
        raise Refusal(
            code="version_not_draft",
            words=f"“{version.name}” is {version.state}; its planned amounts no longer change.",
            remedy="Move agreed money with a virement.",
            field="version",
        )


def check_line_settled(line: PlanLine, months: Iterable[int]) -> None:
    """Refuse to go on while one of these months of a line is contested."""
    contested = sorted(line.contested.intersection(months)) if line.contested else []
    if contested:
        where = ", ".join(f"M{month}" for month in contested)
        raise Refusal(
            code="contested",
            words=f"{line.name}, {where}: two trusts entered different amounts.",
            remedy="Resolve the contested amount first, with a reason.",
            field=month_column(contested[0]),
        )


def _check_move(move: Move) -> None:
    if move.contested:
        raise Refusal(
            code="contested",
            words=f"The allocation {move.reference} is contested.",
            remedy="Resolve the contested amount first, with a reason.",
            field="amount_p",
        )
    if not 1 <= move.month <= MONTHS_IN_YEAR:
        raise Refusal(
            code="month",
            words=f"The allocation {move.reference} takes effect in month {move.month}.",
            remedy="Months run from 1 (April) to 12 (March).",
            field="effective_month",
        )


def _check_recurrent(version: Version, moves: Sequence[Move], lines: Sequence[PlanLine]) -> None:
    """Refuse to promise every year what is there for this year alone.

    Contingency is kept back from the whole envelope, so it counts on neither side here.
    """
    given_p, planned_p = (
        sum(pence for pence, kind in money if kind is Recurrence.RECURRENT)
        for money in (
            [(move.amount_p, move.recurrence) for move in moves],
            [(sum(line.months_p), line.recurrence) for line in lines],
        )
    )
    if planned_p > max(0, given_p):
        raise Refusal(
            code="exceeds_recurrent_envelope",
            words=(
                f"“{version.name}” plans {format_pence(planned_p)} on recurrent lines: "
                f"{format_pence(planned_p - given_p)} more than its recurrent envelope of "
                f"{format_pence(given_p)}."
            ),
            remedy="Non-recurrent money pays for non-recurrent lines only: lower recurrent "
            "lines, make a service line non-recurrent, or record a recurrent allocation.",
            field="version",
        )


def _check_affordable(version: Version, now: Envelope) -> None:
    if now.unallocated_p < 0:
        raise Refusal(
            code="exceeds_envelope",
            words=(
                f"“{version.name}” plans {format_pence(now.lines_p)} and keeps "
                f"{format_pence(now.contingency_p)} as contingency: "
                f"{format_pence(-now.unallocated_p)} more than its envelope of "
                f"{format_pence(now.envelope_p)}."
            ),
            remedy="Lower planned amounts or the contingency, or record a further allocation.",
            field="version",
        )
