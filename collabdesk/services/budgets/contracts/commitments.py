"""What contracts commit, by line, provider and month, let go as the ledger takes it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.commitments import outstanding_months
from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.budgets.terms import MonthsP
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.contracts.contracted import Contracted, contracted
from collabdesk.storage.queries import contracts as stored


@dataclass(frozen=True, slots=True)
class Commitment:
    """The contracts of one line at one provider, twelve months each, in pence.

    `committed_p` is what they come to, `outstanding_p` what of it is still to come: posted
    spending comes off its own month, and a month that is closed has nothing left to come.
    """

    key: LineKey
    committed_p: MonthsP
    outstanding_p: MonthsP
    contracts: tuple[bytes, ...]


def commitments(
    reads: Connection, fiscal_year: str, known: Mapping[LineKey, MonthsP] | None = None
) -> tuple[Commitment, ...]:
    """Return what is committed in a year, by provider and line; lines without contract are not.

    Whoever has read what was spent already gives it as `known`.
    """
    of: dict[LineKey, list[Contracted]] = defaultdict(list)
    for one in contracted(reads, fiscal_year):
        of[LineKey(one.contract.service_line, one.contract.provider)].append(one)
    closed = {
        month.number
        for month, state in states(reads, fiscal_year).items()
        if state is not MonthState.OPEN
    }
    if not of:
        return ()
    posted = spent(reads, fiscal_year) if known is None else known
    nothing = (0,) * MONTHS_IN_YEAR
    return tuple(
        _commitment(key, of[key], posted.get(key, nothing), closed)
        for key in sorted(of, key=lambda key: (key.provider, key.service_line))
    )


def _commitment(
    key: LineKey, found: list[Contracted], posted: MonthsP, closed: set[int]
) -> Commitment:
    committed = tuple(map(sum, zip(*(one.due_p for one in found), strict=True)))
    left = outstanding_months(committed, posted, closed)
    return Commitment(key, committed, left, tuple(one.contract.row for one in found))


def spent(reads: Connection, fiscal_year: str) -> dict[LineKey, MonthsP]:
    """Return what the ledger holds as spent in a year, accruals included, month by month."""
    months: dict[LineKey, list[int]] = defaultdict(lambda: [0] * MONTHS_IN_YEAR)
    for service_line, provider, month, amount_p in stored.spent(reads, fiscal_year):
        if service_line and month:
            months[LineKey(service_line, provider)][month - 1] += amount_p
    return {key: tuple(found) for key, found in months.items()}
