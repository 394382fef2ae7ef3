"""What a board pack is asked with, before anything heavy is imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from collabdesk.services.budgets.closing.month_states import locked_to
from collabdesk.services.budgets.policy import lead_of
from collabdesk.services.wording import plain
from collabdesk.storage.queries import forecasts as kept
from collabdesk.storage.queries.budgets import budget_versions
from collabdesk.storage.queries.ledger import stamp

if TYPE_CHECKING:
    from collabdesk.services.commands import Actor
    from collabdesk.services.sealed.opening import Opener
    from collabdesk.storage.queries.authors import Author


@dataclass(frozen=True, slots=True)
class PackAsked:
    """What somebody chooses: the ledger the last meeting saw, the confidential part, own points.

    Without `since` the last meeting saw what was kept last for an earlier month.
    """

    since: int | None = None
    share: bool = False
    points: tuple[str, ...] = ()

    @classmethod
    def of(cls, since: int | None, points: str, *, share: bool) -> PackAsked:
        """Take up what was typed: a decision a line."""
        lines = (plain(line, "points") for line in points.splitlines())
        return cls(since, share, tuple(line for line in lines if line))


@dataclass(frozen=True, slots=True)
class PackReader:
    """Who makes a pack: what it may open, who it is, how authors are named, and the day."""

    opener: Opener
    who: Callable[[], Actor]
    named: Callable[[Author], str]
    today: dt.date


@dataclass(frozen=True, slots=True)
class Meeting:
    """The forecast kept for a month, as a meeting saw it, and the ledger's number then."""

    month: int
    journal: int

    @property
    def words(self) -> str:
        """What it is chosen by."""
        return f"Since the forecast of M{self.month}, ledger #{self.journal}"


@dataclass(frozen=True, slots=True)
class PaperYear:
    """A year that papers can be made of."""

    fiscal_year: str
    stamp: str


def meetings(reads: Connection, fiscal_year: str) -> tuple[Meeting, ...]:
    """Return the ledgers that earlier meetings saw, the newest first, one for each month."""
    lead = lead_of(reads)
    known = {
        one.month: one.journal_number
        for one in kept.kept_versions(reads, fiscal_year)
        if one.scope == lead
    }
    return tuple(Meeting(month, known[month]) for month in sorted(known, reverse=True))


def paper_years(reads: Connection) -> tuple[PaperYear, ...]:
    """Return the years with a posted budget, the newest first."""
    agreed = {one.fiscal_year for one in budget_versions(reads) if one.state == "agreed"}
    number = stamp(reads).number
    return tuple(PaperYear(year, _stamp(reads, year, number)) for year in sorted(agreed)[::-1])


def _stamp(reads: Connection, year: str, number: int) -> str:
    locked = locked_to(reads, year)
    return f"Ledger as at #{number}, {f'locked to M{locked}' if locked else 'no month locked'}"
