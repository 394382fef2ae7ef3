"""Dates as files write them: the order is inferred from the whole file, or asked, never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR, date_words
from collabdesk.errors import Refusal
from collabdesk.exchange.sheets import Fault, SheetCell, text_of

_THREE: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T]\d{1,2}:\d{2}.*)?")
_ISO: Final = re.compile(r"(\d{4})[\-/](\d{1,2})[\-/](\d{1,2})(?:[ T].*)?")
_NAMED: Final = re.compile(r"(\d{1,2})[ \-./]?([A-Za-z]{3,9})[ \-./,]*(\d{4}|\d{2})")
_SERIAL: Final = re.compile(r"\d{5}")
_FIRST_1900: Final = dt.date(1899, 12, 30)
_FIRST_1904: Final = dt.date(1904, 1, 1)
_EARLIEST: Final = dt.date(2000, 1, 1)
_LATEST: Final = dt.date(2099, 12, 31)
SHOWN: Final = 5


class DateOrder(StrEnum):
    """Which of day and month a file writes first."""

    DAY_FIRST = "d/m/y"
    MONTH_FIRST = "m/d/y"

    @property
    def words(self) -> str:
        """The order for reading."""
        return "day first" if self is DateOrder.DAY_FIRST else "month first"


@dataclass(frozen=True, slots=True)
class DateShapes:
    """How the dates of a file are written: counts of what each can be."""

    only_day_first: int = 0
    only_month_first: int = 0
    either: int = 0
    other: int = 0
    real: int = 0

    @property
    def order(self) -> DateOrder | None:
        """The order that the whole file agrees on; None where nothing or both is said."""
        if self.only_day_first and not self.only_month_first:
            return DateOrder.DAY_FIRST
        if self.only_month_first and not self.only_day_first:
            return DateOrder.MONTH_FIRST
        return None

    @property
    def ambiguous(self) -> bool:
        """Tell whether somebody must say which of day and month comes first."""
        written = self.only_day_first + self.only_month_first + self.either
        return bool(written) and self.order is None


def shapes(cells: Iterable[SheetCell], signs: str = "/.-") -> DateShapes:
    """Count how the dates of a column are written, with one of some signs between."""
    day = month = either = other = real = 0
    for cell in cells:
        if isinstance(cell, dt.date):
            real += 1
            continue
        found = _THREE.fullmatch(text_of(cell)) if isinstance(cell, str) else None
        if found is None or found[0][len(found[1])] not in signs:
            other += bool(text_of(cell))
        elif int(found[1]) > MONTHS_IN_YEAR:
            day += 1
        elif int(found[2]) > MONTHS_IN_YEAR:
            month += 1
        else:
            either += 1
    return DateShapes(day, month, either, other, real)


def is_written(cell: SheetCell) -> bool:
    """Tell whether a cell is text that is a date with its day, in whatever order."""
    text = cell.strip() if isinstance(cell, str) else ""
    return any(form.fullmatch(text) for form in (_THREE, _ISO, _NAMED))


def read_date(
    cell: SheetCell, order: DateOrder | None, field: str, *, epoch_1904: bool = False
) -> dt.date:
    """Return the date of a cell; refused where it has none, or its order is not known."""
    found = _date(cell, order, field, epoch_1904=epoch_1904)
    if found is None or not _EARLIEST <= found <= _LATEST:
        raise Refusal(
            code="date",
            words=_no_date(cell, found, order),
            remedy="Write it as 07/04/2026 or 7 April 2026.",
            field=field,
        )
    return found


def _no_date(cell: SheetCell, found: dt.date | None, order: DateOrder | None) -> str:
    """Say which of the ways of being no date this is."""
    if isinstance(cell, Fault):
        return f"The cell holds {cell.words}."
    text = text_of(cell)
    if not text:
        return "No date."
    if found is not None:
        return f"“{text[:40]}” is not a date of this century."
    three = _THREE.fullmatch(text)
    if three is None and not _ISO.fullmatch(text) and not _NAMED.fullmatch(text):
        return f"“{text[:40]}” is not written as a date."
    if three is not None and order is not None:
        other = DateOrder.MONTH_FIRST if order is DateOrder.DAY_FIRST else DateOrder.DAY_FIRST
        if _ordered(int(three[1]), int(three[2]), _year(three[3]), other, "") is not None:
            return f"“{text}” is no day with the {order.words}, only with the {other.words}."
    return f"There is no day “{text[:40]}”."


def _date(
    cell: SheetCell, order: DateOrder | None, field: str, *, epoch_1904: bool
) -> dt.date | None:
    if isinstance(cell, dt.date):
        return cell
    text = text_of(cell)
    if _SERIAL.fullmatch(text):
        return (_FIRST_1904 if epoch_1904 else _FIRST_1900) + dt.timedelta(days=int(text))
    if isinstance(cell, Decimal) and "." in text:
        return _date(Decimal(int(cell)), order, field, epoch_1904=epoch_1904)
    if iso := _ISO.fullmatch(text):
        return _made(int(iso[1]), int(iso[2]), int(iso[3]))
    if named := _NAMED.fullmatch(text):
        return _made(_year(named[3]), _month(named[2]), int(named[1]))
    if three := _THREE.fullmatch(text):
        return _ordered(int(three[1]), int(three[2]), _year(three[3]), order, field)
    return None


def _ordered(one: int, two: int, year: int, order: DateOrder | None, field: str) -> dt.date | None:
    if order is None and one != two and max(one, two) <= MONTHS_IN_YEAR:
        raise Refusal(
            code="date_order",
            words=f"{one:02}/{two:02}/{year} may be two different days.",
            remedy="Say whether this file writes the day or the month first.",
            field=field,
        )
    month_first = order is DateOrder.MONTH_FIRST or (order is None and two > MONTHS_IN_YEAR)
    return _made(year, one, two) if month_first else _made(year, two, one)


def _made(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else 2000 + int(text)  # noqa: PLR2004 two digits


def _month(word: str) -> int:
    names = [name.casefold() for name in MONTH_NAMES]
    said = word.casefold()
    fits = [n for n, name in enumerate(names, start=1) if name.startswith(said)]
    return fits[0] if len(fits) == 1 else 0


def samples(cells: Iterable[SheetCell], order: DateOrder) -> tuple[str, ...]:
    """Return five different dates of a column as they would be read, as ``7 April 2020``.

    Those that the order makes a difference to come first.
    """
    telling: dict[str, None] = {}
    others: dict[str, None] = {}
    for cell in cells:
        found = _THREE.fullmatch(text_of(cell)) if isinstance(cell, str) else None
        if found is None:
            continue
        one, two = int(found[1]), int(found[2])
        day = _ordered(one, two, _year(found[3]), order, "")
        if day is not None:
            differs = one != two and max(one, two) <= MONTHS_IN_YEAR
            (telling if differs else others).setdefault(date_words(day))
        if len(telling) >= SHOWN:
            break
    return tuple([*telling, *others][:SHOWN])


def disagreement(cells: Sequence[SheetCell]) -> str:
    """Say, with a date of each, that a file writes both orders; empty where it does not."""
    found = shapes(cells)
    if not (found.only_day_first and found.only_month_first):
        return ""
    day = next(text_of(cell) for cell in cells if shapes([cell]).only_day_first)
    month = next(text_of(cell) for cell in cells if shapes([cell]).only_month_first)
    return (
        f"Its dates contradict each other: {found.only_day_first:,} can only be day first, as "
        f"{day}, and {found.only_month_first:,} only month first, as {month}; "
        f"{found.either:,} can be either."
    )


def order_choices(cells: Sequence[SheetCell]) -> tuple[tuple[DateOrder, str], ...]:
    """Return both orders with what five sample dates would be under each."""
    return tuple(
        (order, f"{order.words.capitalize()}: {', '.join(samples(cells, order))}")
        for order in DateOrder
    )
