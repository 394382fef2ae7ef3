"""Figures and dates as the charts print and speak them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
MONTHS: Final = (
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
_SMALL: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def number(value: float, places: int = 0) -> str:
    """Print a figure with a minus sign and thousands commas.

    >>> number(-1234.56, 1)
    '−1,234.6'
    """
    text = f"{value:,.{places}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text.replace("-", MINUS)


def with_unit(value: float, unit: str, places: int = 0) -> str:
    """Print a figure and its unit, as ``31 days`` or ``17%``."""
    text = number(value, places)
    return f"{text}%" if unit == "%" else f"{text} {unit}".rstrip()


def places_for(values: Sequence[float]) -> int:
    """Return how many decimals the figures need, at most one."""
    return int(any(not math.isclose(value, round(value), abs_tol=0.05) for value in values))


def month(day: dt.date) -> str:
    """Print a month, as ``October 2026``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def short_month(day: dt.date) -> str:
    """Print a month on an axis, as ``Oct 26``."""
    return f"{MONTHS[day.month - 1][:3]} {day.year % 100:02}"


def short_day(day: dt.date) -> str:
    """Print a day on an axis, as ``5 Oct``."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def full_day(day: dt.date) -> str:
    """Print a day in text, as ``5 October 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def counted(count: int) -> str:
    """Start a sentence with a count: One to Nine in words, then digits."""
    return _SMALL[count] if count < len(_SMALL) else str(count)
