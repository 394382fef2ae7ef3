"""What partners owe each other: unpaid invoices by age, and balances that both must agree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from collabdesk.domain.periods import date_words
from collabdesk.errors import Refusal

AGES: Final = ("0 to 30 days", "31 to 60 days", "61 to 90 days", "over 90 days")
_LIMITS: Final = (30, 60, 90)
AGREED_MONTHS: Final = (6, 9, 12)
"""The months at whose end NHS bodies agree balances."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What one partner asked of another, in pence; a credit note is below nought."""

    payer: str
    payee: str
    reference: str
    amount_p: int
    invoiced: dt.date
    due: dt.date
    paid_on: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse an invoice to oneself, for nothing, due or paid before it was written."""
        if self.payer == self.payee:
            raise _refused("payee", "The payer and the payee are the same.", "Name two partners.")
        if not self.amount_p:
            raise _refused("amount_p", "An invoice of £0.00 asks for nothing.", "Enter its amount.")
        if self.due < self.invoiced:
            raise self._early("due", "is due on", self.due)
        if self.paid_on is not None and self.paid_on < self.invoiced:
            raise self._early("paid_on", "was paid on", self.paid_on)

    def _early(self, field: str, what: str, day: dt.date) -> Refusal:
        words = f"Invoice {self.reference} {what} {date_words(day)}, before it was written on "
        return _refused(field, f"{words}{date_words(self.invoiced)}.", "Check both days.")

    def unpaid(self, day: dt.date) -> bool:
        """Tell whether it was there and unpaid at the end of a day."""
        return self.invoiced <= day and (self.paid_on is None or self.paid_on > day)

    def overdue(self, day: dt.date) -> bool:
        """Tell whether it should have been paid by a day and was not."""
        return self.unpaid(day) and self.due < day


def age_of(invoice: Invoice, day: dt.date) -> int:
    """Return the place in AGES of an invoice, by the days since it was written."""
    days = (day - invoice.invoiced).days
    return sum(days > limit for limit in _LIMITS)


@dataclass(frozen=True, slots=True)
class AgedBalance:
    """What one partner owes another at the end of a day, by age, in pence."""

    payer: str
    payee: str
    ages_p: tuple[int, ...]
    overdue_p: int

    @property
    def total_p(self) -> int:
        """All ages together."""
        return sum(self.ages_p)


def aged(invoices: Iterable[Invoice], day: dt.date) -> tuple[AgedBalance, ...]:
    """Add up unpaid invoices by who owes whom and since when, in order of their codes."""
    pairs: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        if invoice.unpaid(day):
            pairs[invoice.payer, invoice.payee].append(invoice)
    return tuple(_aged(*pair, pairs[pair], day) for pair in sorted(pairs))


def _aged(payer: str, payee: str, found: Iterable[Invoice], day: dt.date) -> AgedBalance:
    ages, overdue = [0] * len(AGES), 0
    for invoice in found:
        ages[age_of(invoice, day)] += invoice.amount_p
        overdue += invoice.amount_p if invoice.overdue(day) else 0
    return AgedBalance(payer, payee, tuple(ages), overdue)


@dataclass(frozen=True, slots=True)
class Stated:
    """What one partner states of its balance with another, in pence."""

    by: str
    partner: str
    owed_to_us_p: int
    owed_by_us_p: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """One debt as its creditor and its debtor state it; None where one has not."""

    creditor: str
    debtor: str
    creditor_says_p: int | None
    debtor_says_p: int | None

    @property
    def difference_p(self) -> int | None:
        """What the creditor states above what the debtor does; None until both have."""
        if self.creditor_says_p is None or self.debtor_says_p is None:
            return None
        return self.creditor_says_p - self.debtor_says_p

    @property
    def agreed(self) -> bool:
        """Tell whether both have stated the same."""
        return self.difference_p == 0


def agreements(statements: Iterable[Stated]) -> tuple[Agreement, ...]:
    """Hold what partners state against each other, one row for each debt either knows of.

    A nil that both state, or that only one states while the other is silent, is left out.
    """
    told: dict[tuple[str, str], list[int | None]] = defaultdict(lambda: [None, None])
    for one in statements:
        told[one.by, one.partner][0] = one.owed_to_us_p
        told[one.partner, one.by][1] = one.owed_by_us_p
    return tuple(Agreement(*pair, *told[pair]) for pair in sorted(told) if any(told[pair]))


def check_agreed_month(month: int) -> None:
    """Refuse a month at whose end balances are not agreed."""
    if month not in AGREED_MONTHS:
        raise _refused(
            "month",
            f"Balances are not agreed at the end of month {month}.",
            "Choose M6 (September), M9 (December) or M12 (March).",
        )


def _refused(field: str, words: str, remedy: str) -> Refusal:
    return Refusal(code=f"balance_{field}", words=words, remedy=remedy, field=field)
