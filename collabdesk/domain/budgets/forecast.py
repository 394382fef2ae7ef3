"""Forecast outturn: what the year will cost, by a method chosen for each line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from collabdesk.domain.apportionment import split
from collabdesk.domain.money import round_half_away
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear
from collabdesk.domain.required import required_text
from collabdesk.errors import Refusal

_RECENT: Final = 3


class Method(StrEnum):
    """How the months that are still open are estimated."""

    STRAIGHT_LINE_MONTHS = "straight_line_months"
    STRAIGHT_LINE_DAYS = "straight_line_days"
    EXCLUDING_ONE_OFFS = "excluding_one_offs"
    LAST_THREE = "last_three"
    BUDGET_REMAINING = "budget_remaining"
    MANUAL = "manual"
    COMMITTED = "committed"


@dataclass(frozen=True, slots=True)
class Position:
    """A line part-way through its year, in pence.

    `actual_p` has one amount for each closed month and `budget_p` one for each month of the
    year. `one_off_p` is what of the actual will not come again. `manual_p` and
    `committed_p` have one amount for each month still open, and may be left empty while the
    method that needs them is not asked for.
    """

    year: FiscalYear
    actual_p: tuple[int, ...]
    budget_p: tuple[int, ...]
    one_off_p: int = 0
    manual_p: tuple[int, ...] = ()
    committed_p: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse more closed months than a year has, and a budget of other than twelve."""
        if len(self.budget_p) != MONTHS_IN_YEAR or len(self.actual_p) > MONTHS_IN_YEAR:
            raise Refusal(
                code="months_not_twelve",
                words="Actuals and budget are not the months of one fiscal year.",
                remedy="Give twelve budget months, and actuals for the closed months only.",
                field="budget_p",
            )

    @property
    def closed(self) -> int:
        """How many months are closed."""
        return len(self.actual_p)

    @property
    def left(self) -> int:
        """How many months are still open."""
        return MONTHS_IN_YEAR - self.closed

    @property
    def ytd_p(self) -> int:
        """The actual of the year to date."""
        return sum(self.actual_p)

    @property
    def ytd_budget_p(self) -> int:
        """The budget of the year to date."""
        return sum(self.budget_p[: self.closed])


def forecast(position: Position, method: Method) -> int | None:
    """Return the forecast outturn of the year in pence, rounded once.

    None when the method needs a closed month and there is none. When all months are closed
    every method returns the actual.
    """
    if not position.left:
        return position.ytd_p
    if not position.closed and method in _RUN_RATES:
        return None
    return round_half_away(_outturn(position, method))


def by_month(position: Position, method: Method) -> tuple[int, ...] | None:
    """Return the months of the forecast: actual where closed, the rest spread as the method does.

    They add up to the forecast exactly; None when there is no forecast.
    """
    outturn = forecast(position, method)
    if outturn is None:
        return None
    if not position.left:
        return position.actual_p
    if method in _TYPED:
        return (*position.actual_p, *_TYPED[method](position))
    weights = [1] * position.left
    if method is Method.STRAIGHT_LINE_DAYS:
        weights = [month.days for month in position.year.months[position.closed :]]
    return (*position.actual_p, *split(outturn - position.ytd_p, weights))


def check_choice(method: Method, reason: str) -> None:
    """Refuse a forecast by judgement without its reason."""
    if method is Method.MANUAL:
        required_text(
            reason,
            "reason",
            "A manual forecast has no reason.",
            "Say in a sentence what is known that the figures do not show.",
        )


def _months(position: Position) -> Fraction:
    return Fraction(position.ytd_p * MONTHS_IN_YEAR, position.closed)


def _days(position: Position) -> Fraction:
    elapsed = sum(month.days for month in position.year.months[: position.closed])
    return Fraction(position.ytd_p * position.year.days, elapsed)


def _excluding(position: Position) -> Fraction:
    usual = position.ytd_p - position.one_off_p
    return Fraction(usual * MONTHS_IN_YEAR, position.closed) + position.one_off_p


def _recent(position: Position) -> Fraction:
    recent = position.actual_p[-_RECENT:]
    return position.ytd_p + Fraction(sum(recent) * position.left, len(recent))


def _typed(position: Position, months_p: tuple[int, ...], field: str) -> tuple[int, ...]:
    if len(months_p) != position.left:
        raise Refusal(
            code="remaining_months",
            words=f"{len(months_p)} amounts were given for the {position.left} open months.",
            remedy="Give one amount for each month still open.",
            field=field,
        )
    return months_p


_TYPED: Final[Mapping[Method, Callable[[Position], tuple[int, ...]]]] = {
    Method.BUDGET_REMAINING: lambda position: position.budget_p[position.closed :],
    Method.MANUAL: lambda position: _typed(position, position.manual_p, "manual_p"),
    Method.COMMITTED: lambda position: _typed(position, position.committed_p, "committed_p"),
}
_RUN_RATES: Final[Mapping[Method, Callable[[Position], Fraction]]] = {
    Method.STRAIGHT_LINE_MONTHS: _months,
    Method.STRAIGHT_LINE_DAYS: _days,
    Method.EXCLUDING_ONE_OFFS: _excluding,
    Method.LAST_THREE: _recent,
}


def _outturn(position: Position, method: Method) -> Fraction:
    if method in _RUN_RATES:
        return _RUN_RATES[method](position)
    return Fraction(position.ytd_p + sum(_TYPED[method](position)))
