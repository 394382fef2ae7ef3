"""Numbers as published, turned into one decimal text without ever being a float."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 40
_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,30})(?:\.([0-9]{1,30}))?(?:[eE]([+-]?0?[0-9]{1,2}))?")


def canonical(text: str, *, exponent: bool = False) -> str | None:
    """Return the one text of a number, or None where `text` is not one (or absurdly long).

    No plus sign, leading zeros, trailing zeros after the point, exponent or minus zero.

    >>> canonical("0010.50"), canonical("-0.0"), canonical("5.03e+002", exponent=True)
    ('10.5', '0', '503')
    """
    match = _NUMBER.fullmatch(text)
    if match is None or (match[4] is not None and not exponent):
        return None
    sign, whole, fraction, power = match[1], match[2], match[3] or "", int(match[4] or 0)
    digits, point = whole + fraction, len(whole) + power
    digits = digits.rjust(len(digits) - min(point, 0), "0").ljust(max(point, 0), "0")
    point = max(point, 0)
    whole, fraction = digits[:point].lstrip("0") or "0", digits[point:].rstrip("0")
    number = f"{whole}.{fraction}" if fraction else whole
    if len(number) >= LONGEST:
        return None
    return f"-{number}" if sign == "-" and number != "0" else number


def ungrouped(text: str, mark: str) -> str | None:
    """Return `text` without thousands marks, or None where a mark stands in the wrong place."""
    if not mark or mark not in text:
        return text
    if re.fullmatch(rf"[+-]?[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+(?:\.[0-9]+)?", text):
        return text.replace(mark, "")
    return None
