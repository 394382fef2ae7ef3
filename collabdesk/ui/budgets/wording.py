"""How Budgets writes amounts, lines and people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from collabdesk.domain.money import format_pence, format_pounds
from collabdesk.domain.people import Role
from collabdesk.domain.periods import FiscalYear

if TYPE_CHECKING:
    from collabdesk.services.budgets.amounts import Amount
    from collabdesk.services.figures import Author
    from collabdesk.ui.desk import Desk

JOURNAL_KINDS: Mapping[str, str] = {
    "opening": "Opening budget",
    "virement": "Virement",
    "reversal": "Reversal",
    "correction": "Correction",
    "allocation": "Allocation",
    "uplift": "Late uplift",
    "release": "Release",
    "rephasing": "Phased again",
    "investment": "Investment",
    "actual": "Actual",
    "accrual": "Accrual",
    "accrual_reversal": "Accrual taken back",
    "revision": "Revised budget",
}
ACCOUNTS: Mapping[str, str] = {
    "envelope": "Envelope",
    "line": "Service line",
    "contingency": "Contingency",
    "investment": "Investment",
    "unallocated": "Unallocated",
    "spend": "Spend",
    "general_ledger": "General ledger",
    "accrued": "Accrued",
}
PROFILES: tuple[tuple[str, str], ...] = (
    ("equal", "Equal months"),
    ("working_days", "By working days"),
    ("calendar_days", "By calendar days"),
    ("custom", "By weights of your own"),
)
RECURRENCES: tuple[tuple[str, str], ...] = (
    ("recurrent", "Recurrent"),
    ("non_recurrent", "Non-recurrent"),
)


def pounds(amount: Amount) -> str:
    """Write whole pounds, a range while people disagree."""
    low, high = format_pounds(amount.low_p), format_pounds(amount.high_p)
    return low if low == high else f"{low} to {high}"


def exact(amount: Amount) -> str:
    """Write an amount to the penny, a range while people disagree."""
    low, high = format_pence(amount.low_p), format_pence(amount.high_p)
    return low if low == high else f"{low} to {high}"


def signed(amount_p: int) -> str:
    """Write an amount to the penny with its sign."""
    return f"+{format_pence(amount_p)}" if amount_p > 0 else format_pence(amount_p)


def trust(code: str, names: Mapping[str, str]) -> str:
    """Name a provider by its short name, or by its code where that is all there is."""
    return names.get(code, code)


def month_label(fiscal_year: str, month: int) -> str:
    """Write a month of a year, as ``M8 Nov 2026``."""
    return FiscalYear.parse(fiscal_year).month(month).label


def months(fiscal_year: str) -> tuple[tuple[str, str], ...]:
    """Return the months of a year to choose from."""
    year = FiscalYear.parse(fiscal_year)
    return tuple((str(month.number), month.label) for month in year.months)


def when(author: Author) -> str:
    """Write the time on the author's clock, in this computer's time zone."""
    moment = dt.datetime.fromtimestamp(author.wall_ms / 1000, tz=dt.UTC).astimezone()
    return f"{moment:%d/%m/%Y %H:%M}"


def laptop(author: Author, desk: Desk) -> str:
    """Name the laptop an author wrote on."""
    member = desk.people.get(author.device)
    return member.laptop if member else "unknown laptop"


def people(count: int) -> str:
    """Write how many different people must agree."""
    return "1 approval" if count == 1 else f"{count} approvals"


def roles(names: Sequence[str]) -> str:
    """Write which roles may agree."""
    known = {role.value: role.words for role in Role}
    return " or ".join(known.get(name, name).lower() for name in names) or "anybody"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, as ``1 figure`` or ``1,240 figures``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
