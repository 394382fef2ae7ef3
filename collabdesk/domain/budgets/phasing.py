"""An annual amount over the twelve months of a fiscal year."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from collabdesk.domain.apportionment import split
from collabdesk.domain.periods import MONTHS_IN_YEAR, Calendar, FiscalYear, england
from collabdesk.errors import Refusal


class Profile(StrEnum):
    """What the months are weighted by."""

    EQUAL = "equal"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    CUSTOM = "custom"


def weights(
    profile: Profile,
    year: FiscalYear,
    custom: Sequence[int] = (),
    calendar: Calendar | None = None,
) -> tuple[int, ...]:
    """Return the weight of each month, April first; custom weights are checked."""
    if profile is Profile.EQUAL:
        return (1,) * MONTHS_IN_YEAR
    if profile is Profile.CALENDAR_DAYS:
        return tuple(month.days for month in year.months)
    if profile is Profile.WORKING_DAYS:
        worked = calendar or england()
        return tuple(worked.working_days(month.first, month.last) for month in year.months)
    if len(custom) != MONTHS_IN_YEAR:
        raise Refusal(
            code="weights_not_twelve",
            words=f"{len(custom)} weights were given for twelve months.",
            remedy="Give one whole number for each month, April first.",
            field="weights",
        )
    return tuple(custom)


def phase(
    annual_p: int,
    profile: Profile,
    year: FiscalYear,
    custom: Sequence[int] = (),
    calendar: Calendar | None = None,
) -> tuple[int, ...]:
    """Phase an annual amount of pence; the months add up to it exactly."""
    return tuple(split(annual_p, weights(profile, year, custom, calendar)))
