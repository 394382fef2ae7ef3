"""The states of a month: open, softly closed and open again, locked for ever."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal


class MonthState(StrEnum):
    """Whether figures of a month may still change."""

    OPEN = "open"
    SOFT_CLOSED = "soft_closed"
    LOCKED = "locked"

    @property
    def words(self) -> str:
        """The state for reading, as ``softly closed``."""
        return _WORDS[self]


_WORDS: Final = {
    MonthState.OPEN: "open",
    MonthState.SOFT_CLOSED: "softly closed",
    MonthState.LOCKED: "locked",
}

States: TypeAlias = Mapping[Month, MonthState]
"""The states of months; a month without one is open."""

_STEPS: Final = frozenset(
    {
        (MonthState.OPEN, MonthState.SOFT_CLOSED),
        (MonthState.SOFT_CLOSED, MonthState.OPEN),
        (MonthState.SOFT_CLOSED, MonthState.LOCKED),
    }
)


def may_become(now: MonthState, then: MonthState) -> bool:
    """Tell whether a month may go from one state to another; to stay is no step."""
    return (now, then) in _STEPS


def check_step(month: Month, then: MonthState, states: States) -> None:
    """Refuse a step that does not exist, and a close or lock that overtakes an earlier month's."""
    now = state_of(month, states)
    if not may_become(now, then):
        raise Refusal(
            code="month_step",
            words=f"{month.label} is {now.words}; it cannot become {then.words}.",
            remedy=_REMEDIES[now],
            field="state",
        )
    still_open = next(
        (each for each in _before(month) if state_of(each, states) is MonthState.OPEN), None
    )
    if then is MonthState.SOFT_CLOSED and still_open is not None:
        raise Refusal(
            code="earlier_month_open",
            words=f"{month.label} cannot be closed while {still_open.label} is open.",
            remedy=f"Close the months in order; {still_open.label} is the next.",
            field="month",
        )
    earlier = next((each for each in _before(month) if not _locked(each, states)), None)
    if then is MonthState.LOCKED and earlier is not None:
        raise Refusal(
            code="earlier_month_not_locked",
            words=f"{month.label} cannot be locked while {earlier.label} is not.",
            remedy=f"Lock the months in order; {earlier.label} is the next.",
            field="month",
        )


_REMEDIES: Final = {
    MonthState.OPEN: "Close an open month softly first; it is locked from there.",
    MonthState.SOFT_CLOSED: "Open it again, or lock it.",
    MonthState.LOCKED: "Post a correction in an open month; it keeps the month it belongs to.",
}


def check_open(month: Month, states: States, field: str = "month") -> None:
    """Refuse to post in a month that is not open."""
    state = state_of(month, states)
    if state is not MonthState.OPEN:
        raise Refusal(
            code="month_not_open",
            words=f"{month.label} is {state.words}; nothing can be posted in it.",
            remedy="Post in an open month; the month it belongs to is kept beside it.",
            field=field,
        )


def posting_month(effective: Month, states: States) -> Month:
    """Return where something of a month is posted: the earliest open month from there on.

    Refused when no month of the fiscal year is open any more.
    """
    year = FiscalYear.of(effective.first)
    for month in year.months[effective.number - 1 :]:
        if state_of(month, states) is MonthState.OPEN:
            return month
    raise Refusal(
        code="year_closed",
        words=f"No month from {effective.label} to the end of {year.label} is open.",
        remedy="Open a softly closed month again, or post it in the next fiscal year.",
        field="month",
    )


def locked_through(year: FiscalYear, states: States) -> int:
    """Return the number of the month up to which a year is locked, 0 for none."""
    return next(
        (month.number - 1 for month in year.months if not _locked(month, states)),
        len(year.months),
    )


def state_of(month: Month, states: States) -> MonthState:
    """Return the state of a month."""
    return states.get(month, MonthState.OPEN)


def _locked(month: Month, states: States) -> bool:
    return state_of(month, states) is MonthState.LOCKED


def _before(month: Month) -> tuple[Month, ...]:
    return FiscalYear.of(month.first).months[: month.number - 1]
