"""A revised plan of an agreed year: what it changes is posted, what came since stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collabdesk.domain.budgets.ledger import (
    Account,
    Balances,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    Recurrence,
    post,
)
from collabdesk.domain.budgets.month_states import MonthState, States, state_of
from collabdesk.domain.budgets.plan import PlanLine, Version, check_draft, check_line_settled
from collabdesk.domain.changes import PostJournal, SetCells
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Agreed:
    """A line's months in the ledger when the revision was copied from it."""

    name: str
    months_p: tuple[int, ...]
    recurrence: Recurrence


@dataclass(frozen=True, slots=True)
class Step:
    """What a revision changes in one month of a line."""

    key: LineKey
    name: str
    recurrence: Recurrence
    month: int
    amount_p: int


def steps(lines: Iterable[PlanLine], before: Mapping[LineKey, Agreed]) -> tuple[Step, ...]:
    """Return what a plan changes of what it was copied from; a line left out plans nothing."""
    planned: dict[LineKey, PlanLine | Agreed] = {line.key: line for line in lines}
    found = []
    for key, like in {**before, **planned}.items():
        after_p, before_p = (
            one.months_p if one else (0,) * MONTHS_IN_YEAR
            for one in (planned.get(key), before.get(key))
        )
        for month, (now, then) in enumerate(zip(after_p, before_p, strict=True), 1):
            if now != then:
                found.append(Step(key, like.name, like.recurrence, month, now - then))
    return tuple(found)


def revise(
    version: Version,
    lines: Sequence[PlanLine],
    before: Mapping[LineKey, Agreed],
    held: Balances,
    known: States,
) -> tuple[SetCells, PostJournal]:
    """Agree a revised version: what it changes is posted as one journal, against unallocated.

    The envelope stays as it is, and so does all that was posted since the copy was made.
    """
    check_draft(version)
    for line in lines:
        check_line_settled(line, line.contested)
    changed = steps(lines, before)
    _check_open(version, changed, known)
    _check_affordable(version, changed, held)
    year = FiscalYear.parse(version.fiscal_year)
    first = next((m.number for m in year.months if _open(m.number, year, known)), MONTHS_IN_YEAR)
    words = f"Revised budget: {version.name}"
    heading = Heading(version.fiscal_year, JournalKind.REVISION, first, words, version.row)
    journal = post(heading, revision_lines(changed), ("budget_version", version.row))
    return SetCells("budget_version", version.row, {"state": "agreed"}), journal


def revision_lines(changed: Iterable[Step]) -> tuple[JournalLine, ...]:
    """Return the journal of a revision: each changed month, and what unallocated gives or gets."""
    given: dict[Recurrence, int] = defaultdict(int)
    made = []
    for step in changed:
        made.append(JournalLine(Account.LINE, step.amount_p, step.key, step.month, step.recurrence))
        given[step.recurrence] += step.amount_p
    back = (JournalLine(Account.UNALLOCATED, -p, recurrence=kind) for kind, p in given.items())
    return (*made, *back)


def _open(month: int, year: FiscalYear, known: States) -> bool:
    return state_of(year.month(month), known) is MonthState.OPEN


def _check_open(version: Version, changed: Iterable[Step], known: States) -> None:
    year = FiscalYear.parse(version.fiscal_year)
    shut = next((step for step in changed if not _open(step.month, year, known)), None)
    if shut is not None:
        raise Refusal(
            code="month_not_open",
            words=f"“{version.name}” changes {shut.name} in M{shut.month}, which was closed since.",
            remedy="Copy the agreed version once more, and plan the change in months still open.",
            field="version",
        )


def _check_affordable(version: Version, changed: Sequence[Step], held: Balances) -> None:
    recurrent_p = sum(s.amount_p for s in changed if s.recurrence is Recurrence.RECURRENT)
    more_p = sum(step.amount_p for step in changed)
    if more_p > max(0, held.unallocated_p):
        raise Refusal(
            code="exceeds_envelope",
            words=(
                f"“{version.name}” plans {format_pence(more_p)} more than is agreed; "
                f"unallocated money holds {format_pence(held.unallocated_p)}."
            ),
            remedy="Lower planned amounts, or post a further allocation first.",
            field="version",
        )
    _check_recurrent(version, recurrent_p, held)
    if recurrent_p > max(0, held.unallocated_p):
        raise Refusal(
            code="recurrent_from_non_recurrent",
            words=(
                f"“{version.name}” gives recurrent lines {format_pence(recurrent_p)} more, part "
                "of it taken from non-recurrent lines."
            ),
            remedy="Recurrent money cannot come from a non-recurrent line: plan less on them.",
            field="version",
        )
    _check_lines(changed, held)


def _check_recurrent(version: Version, more_p: int, held: Balances) -> None:
    if held.recurrent_p is not None and more_p > max(0, held.recurrent_p):
        raise Refusal(
            code="exceeds_recurrent_envelope",
            words=(
                f"“{version.name}” gives recurrent lines {format_pence(more_p)} more; "
                f"{format_pence(max(0, held.recurrent_p))} of the recurrent envelope is not on "
                "lines yet."
            ),
            remedy="Non-recurrent money pays for non-recurrent lines only: plan less on "
            "recurrent ones, or post a further recurrent allocation first.",
            field="version",
        )


def _check_lines(changed: Iterable[Step], held: Balances) -> None:
    taken: dict[LineKey, int] = defaultdict(int)
    names: dict[LineKey, str] = {}
    for step in changed:
        taken[step.key] += step.amount_p
        names[step.key] = step.name
    for key, pence in taken.items():
        left_p = held.lines.get(key, 0) + pence
        if pence < 0 and left_p < 0:
            raise Refusal(
                code="overdrawn",
                words=(
                    f"{names[key]} holds {format_pence(held.lines.get(key, 0))} now; the revision "
                    f"takes {format_pence(-pence)} from it."
                ),
                remedy="Money moved since the copy was made: plan more on the line.",
                field="version",
            )
