"""The fiscal year, its months, and the days England works."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from collabdesk.errors import Refusal

MONTHS_IN_YEAR: Final = 12
MONTH_NAMES: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_ONE_DAY: Final = dt.timedelta(days=1)
_APRIL: Final = 4
_SATURDAY: Final = 5
_LABEL = re.compile(r"([0-9]{4})/([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of a fiscal year; number 1 is April."""

    first: dt.date

    @property
    def number(self) -> int:
        """The month's place in the fiscal year, 1 to 12."""
        return (self.first.month - _APRIL) % MONTHS_IN_YEAR + 1

    @property
    def last(self) -> dt.date:
        """The last day of the month."""
        return (self.first.replace(day=28) + 4 * _ONE_DAY).replace(day=1) - _ONE_DAY

    @property
    def days(self) -> int:
        """How many days the month has."""
        return self.last.day

    @property
    def label(self) -> str:
        """The month as ``M1 Apr 2026``."""
        return f"M{self.number} {MONTH_NAMES[self.first.month - 1][:3]} {self.first.year}"


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """The year from 1 April of `begins` to 31 March of the next."""

    begins: int

    @classmethod
    def parse(cls, label: str, field: str = "fiscal_year") -> FiscalYear:
        """Read a label such as ``2026/27``."""
        found = _LABEL.fullmatch(label.strip())
        year = int(found[1]) if found else 0
        if (
            found is None
            or not dt.MINYEAR <= year < dt.MAXYEAR
            or (year + 1) % 100 != int(found[2])
        ):
            raise Refusal(
                code="fiscal_year",
                words=f"“{label[:40]}” is not a fiscal year.",
                remedy="Write the two years it touches, for example 2026/27.",
                field=field,
            )
        return cls(year)

    @classmethod
    def of(cls, day: dt.date) -> FiscalYear:
        """Return the fiscal year a day falls in."""
        return cls(day.year if day.month >= _APRIL else day.year - 1)

    @property
    def label(self) -> str:
        """The year as ``2026/27``."""
        return f"{self.begins}/{(self.begins + 1) % 100:02}"

    @property
    def start(self) -> dt.date:
        """The first of April."""
        return dt.date(self.begins, _APRIL, 1)

    @property
    def end(self) -> dt.date:
        """The last of March."""
        return dt.date(self.begins + 1, _APRIL, 1) - _ONE_DAY

    @property
    def days(self) -> int:
        """365, or 366 when the year holds a 29 February."""
        return (self.end - self.start).days + 1

    @property
    def months(self) -> tuple[Month, ...]:
        """The twelve months, April first."""
        return tuple(self.month(number) for number in range(1, MONTHS_IN_YEAR + 1))

    def month(self, number: int) -> Month:
        """Return month 1 to 12."""
        if not 1 <= number <= MONTHS_IN_YEAR:
            raise Refusal(
                code="month",
                words=f"There is no month {number} in a fiscal year.",
                remedy="Months run from 1 (April) to 12 (March).",
                field="month",
            )
        place = _APRIL - 1 + number - 1
        return Month(dt.date(self.begins + place // 12, place % 12 + 1, 1))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: Monday to Friday less the given holidays.

    `first` and `last` bound the days the holidays are known for.
    """

    holidays: frozenset[dt.date]
    first: dt.date = dt.date.min
    last: dt.date = dt.date.max

    def working_days(self, start: dt.date, end: dt.date) -> int:
        """Count the working days from `start` to `end`, both included."""
        self._check(start, end)
        return sum(
            day.weekday() < _SATURDAY and day not in self.holidays for day in _days(start, end)
        )

    def holidays_between(self, start: dt.date, end: dt.date) -> tuple[dt.date, ...]:
        """List the holidays from `start` to `end`, both included, in order."""
        self._check(start, end)
        return tuple(sorted(day for day in self.holidays if start <= day <= end))

    def _check(self, start: dt.date, end: dt.date) -> None:
        if start < self.first or end > self.last:
            raise Refusal(
                code="outside_calendar",
                words=(
                    f"Bank holidays are known from {date_words(self.first)} to "
                    f"{date_words(self.last)} only."
                ),
                remedy="Choose days inside that time, or phase by calendar days.",
                field="fiscal_year",
            )


@cache
def england() -> Calendar:
    """Return the bank holidays of England from 1 April 2015 to 31 March 2036.

    Dates moved or added by proclamation are entries of a table; all others follow the
    Banking and Financial Dealings Act 1971, with a weekday in place of a weekend.
    """
    first, last = dt.date(2015, 4, 1), dt.date(2036, 3, 31)
    days = {day for year in range(first.year, last.year + 1) for day in _statutory(year)}
    days = (days - _MOVED) | _PROCLAIMED
    return Calendar(frozenset(day for day in days if first <= day <= last), first, last)


_MOVED: Final = frozenset({dt.date(2020, 5, 4), dt.date(2022, 5, 30)})
_PROCLAIMED: Final = frozenset(
    {
        dt.date(2020, 5, 8),
        dt.date(2022, 6, 2),
        dt.date(2022, 6, 3),
        dt.date(2022, 9, 19),
        dt.date(2023, 5, 8),
    }
)


def _statutory(year: int) -> Iterator[dt.date]:
    easter = _easter(year)
    yield _next_working(dt.date(year, 1, 1))
    yield easter - 2 * _ONE_DAY
    yield easter + _ONE_DAY
    yield _monday_from(dt.date(year, 5, 1))
    yield _monday_from(dt.date(year, 5, 25))
    yield _monday_from(dt.date(year, 8, 25))
    christmas, boxing = dt.date(year, 12, 25), dt.date(year, 12, 26)
    # The substitute of the second day never falls on the substitute of the first.
    yield christmas if christmas.weekday() < _SATURDAY else dt.date(year, 12, 27)
    yield boxing if boxing.weekday() < _SATURDAY else dt.date(year, 12, 28)


def _next_working(day: dt.date) -> dt.date:
    return day if day.weekday() < _SATURDAY else _monday_from(day)


def _monday_from(day: dt.date) -> dt.date:
    return day + (-day.weekday() % 7) * _ONE_DAY


def _easter(year: int) -> dt.date:
    """Return Easter Sunday by the Gregorian computation of Meeus, Jones and Butcher."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    leaps, of_four = divmod(in_century, 4)
    weekday = (32 + 2 * rest + 2 * leaps - epact - of_four) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


def _days(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    return (start + n * _ONE_DAY for n in range((end - start).days + 1))


def date_words(day: dt.date) -> str:
    """Print a day for reading, as ``7 April 2026``."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def date_digits(day: dt.date) -> str:
    """Print a day for a grid, as ``07/04/2026``."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


_TYPED = (
    re.compile(r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})"),
    re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"),
    re.compile(r"(?P<d>[0-9]{1,2}) +(?P<word>[A-Za-z]{3,9}) +(?P<y>[0-9]{4})"),
)


def parse_date(text: str, field: str = "date") -> dt.date:
    """Read ``7 April 2026``, ``7 Apr 2026``, ``07/04/2026`` (day first) or ``2026-04-07``."""
    trimmed = text.strip()
    found = next(filter(None, (pattern.fullmatch(trimmed) for pattern in _TYPED)), None)
    try:
        if found is not None:
            return dt.date(int(found["y"]), _month_of(found), int(found["d"]))
    except ValueError:
        pass
    raise Refusal(
        code="date",
        words=f"“{trimmed[:40]}” is not a date.",
        remedy="Write day, month and year, for example 7 April 2026 or 07/04/2026.",
        field=field,
    )


def _month_of(found: re.Match[str]) -> int:
    word = found.groupdict().get("word")
    if word is None:
        return int(found["m"])
    known = {form.lower(): n for n, name in enumerate(MONTH_NAMES, 1) for form in (name, name[:3])}
    return known.get(word.lower(), 0)
