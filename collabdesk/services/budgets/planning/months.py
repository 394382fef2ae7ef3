"""The envelope month by month, against what is planned in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collabdesk.domain.apportionment import split
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.services.budgets.amounts import Amount, total
from collabdesk.services.budgets.planning.grid import BudgetGrid
from collabdesk.services.budgets.planning.summary import EnvelopeSummary, MoveLine

_EQUAL = (1,) * MONTHS_IN_YEAR


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """One month of an envelope; envelope = planned + contingency + left."""

    envelope: Amount
    contingency: Amount
    planned: Amount

    @property
    def left(self) -> Amount:
        """What is neither planned nor kept back."""
        return self.envelope + -self.contingency + -self.planned


def by_month(summary: EnvelopeSummary, grid: BudgetGrid) -> tuple[MonthStanding, ...]:
    """Spread the envelope over the months, each allocation from the month it takes effect.

    An allocation is taken in equal parts to the end of the year, the contingency in the
    proportions of the envelope; both add up to their totals to the penny.
    """
    moves = [summary.opening, *summary.letters] if summary.opening else []
    columns = [_spread(move.amount, _from(move)) for move in moves]
    envelope = [total(column[n] for column in columns) for n in range(MONTHS_IN_YEAR)]
    shares = [max(month.shown_p, 0) for month in envelope]
    kept = _spread(summary.current.contingency, shares if any(shares) else _EQUAL)
    return tuple(
        MonthStanding(envelope[n], kept[n], grid.total.months[n].amount)
        for n in range(MONTHS_IN_YEAR)
    )


def _from(move: MoveLine) -> tuple[int, ...]:
    return tuple(int(month >= move.effective_month) for month in range(1, MONTHS_IN_YEAR + 1))


def _spread(amount: Amount, weights: Sequence[int]) -> list[Amount]:
    ends = (amount.shown_p, amount.low_p, amount.high_p)
    return [Amount(*parts) for parts in zip(*(split(end, weights) for end in ends), strict=True)]
