"""What the ledger keeper posts besides budgets and virements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected to be spent on a line at a provider, in pence."""

    service_line: bytes
    provider: str
    amount_p: int
    reference: str = ""
    one_off: bool = False


@dataclass(frozen=True, slots=True)
class PostAccrual:
    """Count what is expected in a month; it takes itself back on the first of the next."""

    fiscal_year: str
    month: int
    expected: tuple[Expected, ...]
    words: str


@dataclass(frozen=True, slots=True)
class TrueLine:
    """A line of a journal as it should have been; another line or provider moves it there."""

    line: bytes
    amount_p: int
    service_line: bytes | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class CorrectJournal:
    """Cancel a journal and post it again as it should have been; lines not named stay."""

    journal: bytes
    lines: tuple[TrueLine, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class RephaseLine:
    """Spread what is left of a line's year over its open months; closed months stay.

    `profile` is equal, working_days, calendar_days or custom; custom takes twelve weights.
    """

    fiscal_year: str
    service_line: bytes
    provider: str
    profile: str = "equal"
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PostLetters:
    """Post every allocation letter that waits to the unallocated money of an agreed year."""

    fiscal_year: str


@dataclass(frozen=True, slots=True)
class WithdrawLetter:
    """Take back an allocation that is not posted, of an agreed year or of a draft."""

    move: bytes
