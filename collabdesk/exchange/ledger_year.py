"""A year of the ledger on its way out: what every export format is written from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear

Told = Callable[[str, int, int], object]
"""Told how far a writer is: words, done, of how many; it may raise to stop."""
Months = tuple[int, ...]
NO_MONTHS: Months = (0,) * MONTHS_IN_YEAR


class Side(StrEnum):
    """What a figure of a line is."""

    BUDGET = "line"
    ACTUAL = "spend"


@dataclass(frozen=True, slots=True, order=True)
class LineName:
    """A service line at a provider as a file names it; `row` keeps lines of one code apart."""

    code: str
    provider: str
    name: str
    row: bytes = b""


@dataclass(frozen=True, slots=True)
class Posting:
    """One ledger line with its journal; pence, debits above nought; month 1 is April."""

    journal: int
    kind: str
    what: str
    posting_month: int
    month: int
    account: str
    line: LineName | None
    amount_p: int
    recurrence: str = ""
    reference: str = ""
    one_off: bool = False
    file: str = ""
    file_row: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class LineNote:
    """What people wrote on a line, or on one of its months; month 0 is the line itself.

    `by` says who wrote it last, and when.
    """

    line: LineName
    month: int
    text: str
    by: str = ""

    @property
    def signed(self) -> str:
        """The note with whose it is, as it stands on a cell."""
        return f"{self.text} ({self.by})" if self.by else self.text

    @property
    def place(self) -> str:
        """What the note is about, as ``Adult low secure, RHA, M4``."""
        month = f", M{self.month}" if self.month else ""
        return f"{self.line.name}, {self.line.provider}{month}"


@dataclass(frozen=True)
class LedgerYear:
    """Every posting of a year in ledger order, the first plan, its notes, and the stamp."""

    title: str
    year: FiscalYear
    stamp: str
    made_on: dt.date
    locked: int
    postings: tuple[Posting, ...]
    planned: Mapping[LineName, Months]
    notes: tuple[LineNote, ...] = ()

    @cached_property
    def lines(self) -> tuple[LineName, ...]:
        """Every line that anything stands on, by code and provider."""
        posted = {one.line for one in self.postings if one.line is not None}
        return tuple(sorted(posted | self.planned.keys()))

    @cached_property
    def accounts(self) -> Mapping[str, int]:
        """What stands on each account, over all lines and months."""
        held: dict[str, int] = defaultdict(int)
        for one in self.postings:
            held[one.account] += one.amount_p
        return dict(held)

    def months(self, side: Side, kind: str = "") -> Mapping[LineName, Months]:
        """Return what stands on each line month by month, of one kind of journal or of all."""
        held: dict[LineName, list[int]] = {}
        for one in self.postings:
            if one.account == side and one.line is not None and kind in {"", one.kind}:
                held.setdefault(one.line, [0] * MONTHS_IN_YEAR)[one.month - 1] += one.amount_p
        return {line: tuple(months) for line, months in held.items()}


def unheard(_words: str, _done: int, _total: int) -> None:
    """Tell nobody."""
