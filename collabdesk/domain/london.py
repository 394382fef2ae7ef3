"""Times for people in England: Europe/London; operations are signed in UTC."""

from __future__ import annotations

import datetime as dt
from typing import Final

_MARCH: Final = 3
_OCTOBER: Final = 10
_HOUR: Final = dt.timedelta(hours=1)


def london(moment: dt.datetime) -> dt.datetime:
    """Return a moment as clocks in England show it: an hour ahead of UTC in summer.

    Summer time runs from the last Sunday of March to the last Sunday of October, both at
    01:00 UTC, as it has since 1996; no computer's own time zones are needed.
    """
    utc = moment.astimezone(dt.UTC)
    summer = _change(utc.year, _MARCH) <= utc < _change(utc.year, _OCTOBER)
    zone = dt.timezone(_HOUR, "BST") if summer else dt.timezone(dt.timedelta(0), "GMT")
    return utc.astimezone(zone)


def _change(year: int, month: int) -> dt.datetime:
    last = dt.datetime(year, month, 31, 1, tzinfo=dt.UTC)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)
