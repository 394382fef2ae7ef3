"""The ledger month by month twice: as each month was reported, and as it is known now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.entered import line_name, service_lines
from collabdesk.storage.queries.ledger import PostedJournal, Stamp, journals, stamp

Side = Literal["budget", "actual"]
_ACCOUNTS = {"budget": Account.LINE, "actual": Account.SPEND}


@dataclass(frozen=True, slots=True)
class MonthTruth:
    """A month in pence: restated = reported − for earlier months + posted later for it."""

    reported_p: int = 0
    for_earlier_p: int = 0
    later_p: int = 0

    @property
    def restated_p(self) -> int:
        """What belongs to the month as it is known now."""
        return self.reported_p - self.for_earlier_p + self.later_p

    def __add__(self, other: MonthTruth) -> MonthTruth:
        """Add up each part."""
        return MonthTruth(
            self.reported_p + other.reported_p,
            self.for_earlier_p + other.for_earlier_p,
            self.later_p + other.later_p,
        )


@dataclass(frozen=True, slots=True)
class RestatedRow:
    """A line at a provider with its twelve months."""

    name: str
    service_line: bytes
    provider: str
    months: tuple[MonthTruth, ...]

    @property
    def differs(self) -> bool:
        """Tell whether a month is known otherwise than it was reported."""
        return any(month.reported_p != month.restated_p for month in self.months)


@dataclass(frozen=True, slots=True)
class Restated:
    """One side of a year's ledger, line by line and in total."""

    fiscal_year: str
    side: Side
    rows: tuple[RestatedRow, ...]
    total: tuple[MonthTruth, ...]
    stamp: Stamp


def restated(reads: Connection, fiscal_year: str, side: Side = "actual") -> Restated:
    """Return a year as reported and restated.

    Spend is reported in the month it is posted in, whatever month it belongs to. A month's
    budget is reported as it stood when the month was over; what moved it later restates it.
    """
    year = FiscalYear.parse(fiscal_year).label
    names, found = service_lines(reads), _by_line(journals(reads, year), side)
    order = {row: place for place, row in enumerate(names)}
    rows = tuple(
        RestatedRow(line_name(names.get(line), provider), line, provider, tuple(months))
        for (line, provider), months in sorted(
            found.items(), key=lambda one: (order.get(one[0][0], len(order)), one[0][1])
        )
    )
    return Restated(year, side, rows, _total(rows), stamp(reads))


def _by_line(
    posted: Iterable[PostedJournal], side: Side
) -> dict[tuple[bytes, str], list[MonthTruth]]:
    found: dict[tuple[bytes, str], list[MonthTruth]] = defaultdict(
        lambda: [MonthTruth() for _ in range(12)]
    )
    for journal in posted:
        for line in journal.lines:
            if line.account == _ACCOUNTS[side] and line.service_line and line.month:
                months = found[line.service_line, line.provider]
                for at, part in _parts(journal.posting_month, line.month, line.amount_p, side):
                    months[at - 1] += part
    return found


def _parts(posted: int, belongs: int, pence: int, side: Side) -> Sequence[tuple[int, MonthTruth]]:
    if posted <= belongs and (side == "budget" or posted == belongs):
        return [(belongs, MonthTruth(reported_p=pence))]
    if side == "budget":
        return [(belongs, MonthTruth(later_p=pence))]
    return [
        (posted, MonthTruth(reported_p=pence, for_earlier_p=pence)),
        (belongs, MonthTruth(later_p=pence)),
    ]


def penny(posted: int, belongs: int, side: Side, month: int | None) -> MonthTruth:
    """Return what a penny adds to a month, or without one to the year, by when it was posted."""
    parts = (part for at, part in _parts(posted, belongs, 1, side) if month in {None, at})
    return sum(parts, start=MonthTruth())


class Reading(StrEnum):
    """Which of the two truths about a month is read, or how far they are apart."""

    REPORTED = "As reported"
    RESTATED = "Restated"
    DIFFERENCE = "Difference"

    def of(self, month: MonthTruth) -> int:
        """Return the pence of a month in this reading."""
        if self is Reading.REPORTED:
            return month.reported_p
        if self is Reading.RESTATED:
            return month.restated_p
        return month.restated_p - month.reported_p


def account_of(side: Side) -> Account:
    """Return the account that holds a side's figures."""
    return _ACCOUNTS[side]


def _total(rows: Sequence[RestatedRow]) -> tuple[MonthTruth, ...]:
    return tuple(sum((row.months[n] for row in rows), start=MonthTruth()) for n in range(12))
