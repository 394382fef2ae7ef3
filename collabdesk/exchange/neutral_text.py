"""Words that leave the program in a sheet: never a formula, whoever typed them."""

from __future__ import annotations

from typing import Final

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """Return words that no spreadsheet takes for a formula.

    >>> neutral("=1+1"), neutral("Perinatal")
    ("'=1+1", 'Perinatal')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
