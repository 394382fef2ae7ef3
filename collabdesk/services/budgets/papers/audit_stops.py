"""The stops on the way from a figure down to the row of a file, and what each shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from collabdesk.domain.budgets.ledger import Account
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.positions import LedgerFilter


class Level(StrEnum):
    """How far down a stop is."""

    LINES = "lines"
    MONTHS = "months"
    ENTRIES = "entries"
    JOURNAL = "journal"
    SOURCE = "source"
    READING = "reading"
    PARTS = "parts"


class Worked(StrEnum):
    """A figure that is worked out of others."""

    TO_DATE = "to_date"
    OUTTURN = "outturn"
    LINE_OUTTURN = "line_outturn"
    FORECAST_MONTH = "forecast_month"
    AT_YEAR_END = "at_year_end"
    MOVEMENT = "movement"
    PLACED = "placed"
    SAVING = "saving"
    RESULT = "result"
    RESERVE = "reserve"
    COMMISSIONER = "commissioner"
    UNABSORBED = "unabsorbed"
    PARTNER = "partner"
    BAND = "band"
    RUN = "run"
    RUN_RESULT = "run_result"
    POTS = "pots"
    ALL_IN_MONTH = "all_in_month"


_ALL: Final = LedgerFilter("")


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the way down; which of its fields say where, depends on its level."""

    level: Level
    words: str
    source: LedgerFilter = _ALL
    sign: int = 1
    journal: int = 0
    file: bytes = b""
    file_row: int = 0
    reading: str = ""
    month: int | None = None
    worked: Worked | None = None
    partner: bytes = b""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of a level; `below` is where Enter leads, None at the end of the way."""

    what: str
    amount_p: int | None = None
    month: int | None = None
    kind: str = ""
    line: str = ""
    detail: str = ""
    people: tuple[Author, ...] = ()
    below: Stop | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What one level shows; `total_p` is what its rows come to where they add up."""

    rows: tuple[AuditRow, ...]
    total_p: int | None = None
    note: str = ""


def adding(rows: tuple[AuditRow, ...], note: str = "") -> Listing:
    """Return rows that add up to the figure above them."""
    return Listing(rows, sum(row.amount_p or 0 for row in rows), note)


def spent(words: str, row: bytes, provider: str, first: int, last: int) -> Stop:
    """Return the stop at what a line spent in some months."""
    return Stop(Level.MONTHS, words, LedgerFilter(Account.SPEND.value, row, provider, first, last))


def of_line(
    words: str, worked: Worked, row: bytes, provider: str = "", month: int | None = None
) -> Stop:
    """Return the stop at a figure that is worked out for a line."""
    return Stop(Level.PARTS, words, LedgerFilter("", row, provider), month=month, worked=worked)


def of_partner(words: str, partner: bytes) -> Stop:
    """Return the stop at a partner's part of the result."""
    return Stop(Level.PARTS, words, worked=Worked.PARTNER, partner=partner)


def part(words: str, amount_p: int, stop: Stop, below: Stop | None = None) -> AuditRow:
    """Return one part of a figure, counted as the stop above it counts."""
    under = None if below is None else replace(below, sign=below.sign * stop.sign)
    return AuditRow(words, stop.sign * amount_p, below=under)
