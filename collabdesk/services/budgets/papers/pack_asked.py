"""What a board pack is asked with, before anything heavy is imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection

from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.closing.month_states import locked_to
from collabdesk.services.budgets.policy import lead_of
from collabdesk.services.wording import plain
from collabdesk.storage.queries import forecasts as kept
from collabdesk.storage.queries.budgets import budget_versions
from collabdesk.storage.queries.ledger import stamp

if TYPE_CHECKING:
    from collabdesk.domain.budgets.board_charts import LineFigure, MonthFigure
    from collabdesk.services.commands import Actor
    from collabdesk.services.sealed.opening import Opener
    from collabdesk.storage.queries.authors import Author


@dataclass(frozen=True, slots=True)
class PackAsked:
    """What somebody chooses: the ledger the last meeting saw, the confidential part, own points.

    Without `since` the last meeting saw what was kept last for an earlier month; without
    `month` the pack is of the month closed last.
    """

    since: int | None = None
    share: bool = False
    points: tuple[str, ...] = ()
    month: int | None = None

    @classmethod
    def of(
        cls, since: int | None, points: Iterable[str], *, share: bool, month: int | None = None
    ) -> PackAsked:
        """Take up what was typed, decision by decision."""
        lines = (plain(line, "points") for line in points)
        return cls(since, share, tuple(line for line in lines if line), month)


class Drawing(Protocol):
    """A chart as drawn: its finding, the whole of it in words, and the picture twice."""

    @property
    def title(self) -> str:
        """What it shows, in a sentence."""

    @property
    def alt(self) -> str:
        """Every figure of it in words."""

    @property
    def svg(self) -> bytes:
        """The picture for paper that scales."""

    @property
    def png(self) -> bytes:
        """The picture for office files."""


class Draws(Protocol):
    """Who draws: services know what a chart says and not how it looks."""

    def months(self, months: Sequence[MonthFigure]) -> Drawing:
        """Draw a year by month against its budget."""

    def variances(self, lines: Sequence[LineFigure]) -> Drawing:
        """Draw the variances of service lines."""


@dataclass(frozen=True, slots=True)
class PackReader:
    """Who makes a pack: what it may open, who it is, how authors are named, the day, who draws.

    `draws` is asked once the figures are read, so that nothing heavy is imported for a refusal.
    """

    opener: Opener
    who: Callable[[], Actor]
    named: Callable[[Author], str]
    today: dt.date
    draws: Callable[[], Draws]


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


@dataclass(frozen=True, slots=True)
class PackMonth:
    """A closed month that a pack can be asked of."""

    month: int
    label: str
    last: bool

    @property
    def words(self) -> str:
        """What it is chosen by."""
        return f"{self.label}, {'closed last' if self.last else 'as it was reported'}"


def pack_months(reads: Connection, fiscal_year: str) -> tuple[PackMonth, ...]:
    """Return the closed months of a year, the last first."""
    from collabdesk.services.budgets.papers.board_reported import closed_to

    closed, year = closed_to(reads, fiscal_year), FiscalYear.parse(fiscal_year)
    return tuple(
        PackMonth(number, year.month(number).label, number == closed)
        for number in range(closed, 0, -1)
    )


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
