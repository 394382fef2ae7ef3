from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo  # noqa: TID251 - what the rule is compared with

from hypothesis import example, given
from hypothesis import strategies as st

from collabdesk.domain.london import london

MOMENTS = st.datetimes(
    dt.datetime(1996, 1, 2),  # noqa: DTZ001 - the zone is given beside it
    dt.datetime(2036, 12, 30),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)


@given(MOMENTS)
@example(dt.datetime(2026, 3, 29, 0, 59, 59, tzinfo=dt.UTC))
@example(dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC))
@example(dt.datetime(2026, 10, 25, 0, 59, 59, tzinfo=dt.UTC))
@example(dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC))
def test_clocks_in_england_show_what_the_time_zone_database_says(moment: dt.datetime) -> None:
    theirs = moment.astimezone(ZoneInfo("Europe/London"))
    mine = london(moment)
    assert mine.replace(tzinfo=None) == theirs.replace(tzinfo=None)
    assert mine.tzname() == theirs.tzname()
    assert mine == moment
