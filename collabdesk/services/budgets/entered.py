"""Stored rows as the values the rules of budgets speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NoReturn

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import (
    Account,
    Balances,
    Journal,
    JournalKind,
    JournalLine,
    LineKey,
    Recurrence,
    balances,
)
from collabdesk.domain.budgets.plan import Move, PlanLine, Version, month_column
from collabdesk.domain.budgets.providers import Provider
from collabdesk.domain.budgets.virement import Virement
from collabdesk.domain.changes import RowRef
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal
from collabdesk.services.budgets.partners import partners
from collabdesk.services.organisations import registered
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries import planning
from collabdesk.storage.queries.ledger import PostedJournal, PostedLine, journals


def version_of(row: stored.BudgetVersion) -> Version:
    """Return a budget version."""
    return Version(row.row, row.fiscal_year, row.name, row.state, row.contingency_pct or "0")


def recurrence_of(text: str) -> Recurrence:
    """Return a recurrence; where nobody said, money is recurrent."""
    return Recurrence(text) if text else Recurrence.RECURRENT


def move_of(row: stored.AllocationMove) -> Move:
    """Return an allocation of a version."""
    return Move(
        row.reference,
        row.amount_p,
        recurrence_of(row.recurrence),
        row.effective_month or 1,
        contested=bool(row.contested),
    )


def line_name(line: stored.ServiceLine | None, provider: str) -> str:
    """Return what people call a service line at a provider."""
    return f"{line.name if line else 'An unknown service line'} at {provider}"


POTS: Mapping[str, str] = {
    "unallocated": "Unallocated money",
    "contingency": "Contingency",
    "investment": "Investment money",
}
"""What people call a pot where a line could stand."""


def side_name(line: stored.ServiceLine | None, provider: str, pot: str) -> str:
    """Return what people call one side of a virement: a line, or a pot."""
    return POTS[pot] if pot else line_name(line, provider)


def plan_line_of(row: stored.PlanLine, lines: Mapping[bytes, stored.ServiceLine]) -> PlanLine:
    """Return a plan line; a month nobody entered plans nothing."""
    line = lines.get(row.service_line)
    return PlanLine(
        row.row,
        LineKey(row.service_line, row.provider),
        line_name(line, row.provider),
        tuple(month or 0 for month in row.months),
        recurrence_of(line.recurrence if line else ""),
        frozenset(n for n in range(1, MONTHS_IN_YEAR + 1) if month_column(n) in row.contested),
    )


def virement_of(row: stored.Virement) -> Virement:
    """Return a proposal to move money."""
    return Virement(
        row.fiscal_year,
        LineKey(row.from_line, row.from_provider),
        LineKey(row.to_line, row.to_provider),
        row.amount_p,
        row.month,
        recurrence_of(row.recurrence),
        row.reason,
        Account(row.from_pot) if row.from_pot else None,
        Account(row.to_pot) if row.to_pot else None,
    )


def journal_line_of(row: PostedLine) -> JournalLine:
    """Return one side of a posted journal."""
    key = LineKey(row.service_line, row.provider) if row.service_line else None
    recurrence = Recurrence(row.recurrence) if row.recurrence else None
    return JournalLine(
        Account(row.account),
        row.amount_p,
        key,
        row.month,
        recurrence,
        row.reference,
        row.source_row,
        row.one_off,
        row.words,
    )


def journal_of(row: PostedJournal) -> Journal:
    """Return a journal as posted."""
    lines = tuple(journal_line_of(line) for line in row.lines)
    return Journal(JournalKind(row.kind), row.words, lines)


def held_in(posted: Iterable[PostedJournal]) -> Balances:
    """Return what journals leave on each account.

    Added up as stored, and only the sums put into the terms of the rules: a year may have
    tens of thousands of lines.
    """
    sums: dict[tuple[str, bytes | None, str, str], int] = defaultdict(int)
    for journal in posted:
        for line in journal.lines:
            sums[line.account, line.service_line, line.provider, line.recurrence] += line.amount_p
    return balances(
        JournalLine(
            Account(account),
            pence,
            LineKey(line, provider) if line else None,
            recurrence=recurrence_of(recurrence),
        )
        for (account, line, provider, recurrence), pence in sums.items()
    )


def service_lines(reads: Connection) -> dict[bytes, stored.ServiceLine]:
    """Return the service lines by row, in the order people gave them."""
    return {line.row: line for line in stored.service_lines(reads)}


def plan_of(reads: Connection, version: bytes) -> tuple[PlanLine, ...]:
    """Return the plan lines of a version."""
    lines = service_lines(reads)
    return tuple(plan_line_of(row, lines) for row in stored.plan_lines(reads, version))


def held(reads: Connection, fiscal_year: str) -> Balances:
    """Return what the ledger holds for a year."""
    return held_in(journals(reads, fiscal_year, budget_only=True))


def agreed_lines(reads: Connection, fiscal_year: str) -> frozenset[LineKey]:
    """Return the lines that the agreed budget of a year knows, nil ones included."""
    agreed = [
        version
        for version in stored.budget_versions(reads)
        if version.fiscal_year == fiscal_year and version.state == "agreed"
    ]
    planned = (line.key for version in agreed for line in plan_of(reads, version.row))
    return frozenset(planned) | held(reads, fiscal_year).lines.keys()


def version_named(reads: Connection, row: RowRef) -> stored.BudgetVersion:
    """Return a budget version, or refuse one that is not here."""
    found = stored.budget_version(reads, row) if isinstance(row, bytes) else None
    return found or _gone("budget version", "version")


def plan_line_named(reads: Connection, row: bytes) -> stored.PlanLine:
    """Return a plan line, or refuse one that is not here."""
    return stored.plan_line(reads, row) or _gone("line of the plan", "plan_line")


def virement_named(reads: Connection, row: bytes) -> stored.Virement:
    """Return a proposal, or refuse one that is not here."""
    return stored.virement(reads, row) or _gone("virement", "virement")


def service_line_named(reads: Connection, row: bytes, field: str) -> stored.ServiceLine:
    """Return a service line, or refuse one that is not here."""
    return service_lines(reads).get(row) or _gone("service line", field)


def _gone(what: str, field: str) -> NoReturn:
    raise Refusal(
        code="not_here",
        words=f"This {what} is not here: it was deleted, or has not arrived yet.",
        remedy="Look at the page again, and share to fetch what others have changed.",
        field=field,
    )


def providers_listed(reads: Connection) -> dict[str, Provider]:
    """Return the lead provider's list of providers, by code; empty while nobody keeps one."""
    return {
        row.code: Provider(row.code, row.name, row.starts, row.ends, row.succeeded_by)
        for row in planning.providers(reads)
    }


def providers_known(reads: Connection) -> dict[str, Provider]:
    """Return whom money may be planned at: the list, or before there is one whom everybody knows.

    That is the NHS organisations of the shipped register, and the partners.
    """
    return providers_listed(reads) or _known_to_all() | {
        one.ods: Provider(one.ods, one.name) for one in partners(reads)
    }


@cache
def _known_to_all() -> dict[str, Provider]:
    known = registered().values()
    return {one.code: Provider(one.code, one.name, one.opened, one.closed) for one in known}
