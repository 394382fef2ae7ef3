"""Decimal text, read and printed exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from collabdesk.errors import Refusal

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LONGEST: Final = 40


def parse_decimal(text: str, field: str = "") -> Fraction:
    """Read plain decimal text such as ``-4.15``; no exponent, no grouping."""
    trimmed = text.strip().replace("\N{MINUS SIGN}", "-")
    if len(trimmed) > _LONGEST or not _PLAIN.fullmatch(trimmed):
        raise Refusal(
            code="decimal",
            words=f"“{trimmed[:_LONGEST]}” is not a plain number.",
            remedy="Use digits and at most one point, for example 4.15.",
            field=field,
        )
    return Fraction(trimmed)


def decimal_text(exact: Fraction) -> str:
    """Print a number whose decimals end, without trailing zeros or a minus on nought.

    Raises ValueError for a number such as one third, whose decimals do not end.
    """
    places, scale = 0, exact.denominator
    for prime in (2, 5):
        count = 0
        while scale % prime == 0:
            scale, count = scale // prime, count + 1
        places = max(places, count)
    if scale != 1:
        raise ValueError(exact)
    return fixed_text(exact, places)


def fixed_text(exact: Fraction, places: int) -> str:
    """Print a number with a fixed count of decimals, rounded once, halves away from zero."""
    size = (2 * abs(exact.numerator) * 10**places + exact.denominator) // (2 * exact.denominator)
    whole, part = divmod(size, 10**places)
    sign = "-" if exact < 0 and size else ""
    return f"{sign}{whole}" + (f".{part:0{places}}" if places else "")
