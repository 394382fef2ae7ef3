"""Accounting periods as ledgers write them: M3, 202003, Jun-20."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR, FiscalYear, Month
from collabdesk.errors import Refusal

_NUMBER: Final = re.compile(r"(?:m|p|month|period|mth)?[ .]*0?(\d{1,2})", re.IGNORECASE)
_SIX: Final = re.compile(r"(\d{4})[ /\-]?(?:m|p)?(\d{2})", re.IGNORECASE)
_LABEL: Final = re.compile(r"(?:m|p)(\d{1,2}) [a-z]{3} (\d{4})", re.IGNORECASE)
_NAMED: Final = re.compile(r"([A-Za-z]{3,9})[ \-./']*(\d{4}|\d{2})?")


def month_written(text: str, year: FiscalYear | None, field: str) -> Month:
    """Read a period: 3, M3, 202003 (month 3 of the year that began in 2020), Jun-20, June.

    One without its year belongs to `year`; refused where that is not known.
    """
    trimmed = text.strip()
    found = _six(trimmed) or _label(trimmed) or _number(trimmed, year) or _named(trimmed, year)
    if found is None:
        raise Refusal(
            code="period",
            words=f"“{trimmed[:40]}” is not a period of a fiscal year."
            if trimmed
            else "It names no period.",
            remedy="Write it as M3, 202003 (month 3 of 2020/21) or Jun-20.",
            field=field,
        )
    return found


def month_in(cell: object, text: str, year: FiscalYear | None, field: str) -> Month:
    """Read a period from a cell and its text: a spreadsheet keeps Jun-20 as the day it begins."""
    if isinstance(cell, dt.date):
        return Month(cell.replace(day=1))
    return month_written(text, year, field)


def _six(text: str) -> Month | None:
    found = _SIX.fullmatch(text)
    return _of(FiscalYear(int(found[1])), int(found[2])) if found else None


def _label(text: str) -> Month | None:
    found = _LABEL.fullmatch(text)
    if found is None:
        return None
    number = int(found[1])
    starts = int(found[2]) - (number > 9)  # noqa: PLR2004 January is month 10
    return _of(FiscalYear(starts), number)


def _number(text: str, year: FiscalYear | None) -> Month | None:
    found = _NUMBER.fullmatch(text)
    return _of(year, int(found[1])) if found and year else None


def _of(year: FiscalYear, number: int) -> Month | None:
    known = dt.MINYEAR < year.begins < dt.MAXYEAR
    return year.month(number) if known and 1 <= number <= MONTHS_IN_YEAR else None


def _named(text: str, year: FiscalYear | None) -> Month | None:
    found = _NAMED.fullmatch(text)
    said = found[1].casefold() if found else ""
    fits = [n for n, name in enumerate(MONTH_NAMES, start=1) if name.casefold().startswith(said)]
    if found is None or len(fits) != 1:
        return None
    if found[2] is None:
        return next((m for m in year.months if m.first.month == fits[0]), None) if year else None
    calendar = int(found[2]) if len(found[2]) > 2 else 2000 + int(found[2])  # noqa: PLR2004 two digits
    return Month(dt.date(calendar, fits[0], 1)) if calendar else None
