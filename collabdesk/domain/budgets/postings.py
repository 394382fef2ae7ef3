"""Actuals as posted: each amount stands in one month and belongs to one, the same or earlier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal


class PostingKind(StrEnum):
    """What a posting is for."""

    ACTUAL = "actual"
    ACCRUAL = "accrual"
    REVERSAL = "reversal"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Posting:
    """Pence posted in a `period` for the month `effective`.

    `key` names the posting once it stands in the ledger; `reverses` is the key of the one it
    cancels.
    """

    kind: PostingKind
    period: Month
    effective: Month
    amount_p: int
    key: str = ""
    reverses: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        """Refuse a posting before the month it belongs to."""
        if self.effective > self.period:
            raise Refusal(
                code="posted_before_effective",
                words=f"{self.effective.label} is posted in {self.period.label}, before it began.",
                remedy="Post it in the month it belongs to, or later.",
                field="effective_month",
            )


def reported_p(postings: Iterable[Posting], month: Month) -> int:
    """Return a month as it was reported: all that is posted in it, in pence."""
    return sum(each.amount_p for each in postings if each.period == month)


def restated_p(postings: Iterable[Posting], month: Month) -> int:
    """Return a month as it is known now: all that belongs to it, in pence."""
    return sum(each.amount_p for each in postings if each.effective == month)


def later_p(postings: Iterable[Posting], month: Month) -> int:
    """Return what was posted for a month after it, in pence."""
    return sum(
        each.amount_p for each in postings if each.effective == month and each.period > month
    )


def caught_up_p(postings: Iterable[Posting], month: Month) -> int:
    """Return what was posted in a month for earlier ones, in pence."""
    return sum(
        each.amount_p for each in postings if each.period == month and each.effective < month
    )


def year_to_date_p(postings: Iterable[Posting], month: Month) -> int:
    """Return all that is posted from the start of the fiscal year to a month, in pence."""
    start = FiscalYear.of(month.first).month(1)
    return sum(each.amount_p for each in postings if start <= each.period <= month)


def reversal(
    original: Posting, period: Month, effective: Month, posted: Iterable[Posting]
) -> Posting:
    """Cancel a posting exactly; refused when it was cancelled before or is itself a reversal."""
    if not original.key:
        raise Refusal(
            code="not_in_ledger",
            words="The posting is not in the ledger yet; there is nothing to reverse.",
            remedy="Change or withdraw it before it is posted.",
            field="reverses",
        )
    if original.kind is PostingKind.REVERSAL or any(
        each.reverses == original.key for each in posted
    ):
        raise Refusal(
            code="already_reversed",
            words=f"The posting of {original.period.label} is or was reversed already.",
            remedy="Look at the journals that name it; post a new amount if one is missing.",
            field="reverses",
        )
    return Posting(
        PostingKind.REVERSAL,
        period,
        effective,
        -original.amount_p,
        reverses=original.key,
        words=f"Reversal: {original.words}" if original.words else "Reversal",
    )
