"""Money: whole pence, read from text without a float and printed the house way."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from collabdesk.errors import Refusal

LARGEST: Final = 2**63 - 1
"""The largest amount, either way, that is kept: sixty-four signed bits of pence."""

MINUS: Final = "\N{MINUS SIGN}"

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_BODY = rf"£?(?P<whole>{_DIGITS})(?:\.(?P<part>[0-9]{{1,2}}))?"
_PLAIN = re.compile(_BODY)
_NEGATIVE = (
    re.compile(rf"[-{MINUS}]{_BODY}"),
    re.compile(rf"\({_BODY}\)"),
    re.compile(rf"{_BODY}\s*CR"),
)
_LONGEST: Final = 60
_SHOWN: Final = 40
_MILLION: Final = 1_000_000
_TYPE_IT = "Type pounds and pence, for example 1,234.50."


def parse_money(text: str, field: str = "") -> int:
    """Read an amount typed or pasted as text into pence.

    >>> parse_money("(1,234.56)")
    -123456
    """
    trimmed = text.strip()
    sign, found = _amount(trimmed) if len(trimmed) <= _LONGEST else (1, None)
    if found is None:
        raise _not_money(trimmed[: _LONGEST + 1], field)
    pounds = int(found["whole"].replace(",", ""))
    return _kept(sign * (100 * pounds + int((found["part"] or "").ljust(2, "0"))), trimmed, field)


def _amount(text: str) -> tuple[int, re.Match[str] | None]:
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return 1, plain
    return -1, next(filter(None, (pattern.fullmatch(text) for pattern in _NEGATIVE)), None)


def parse_money_or_sum(text: str, field: str = "") -> int:
    """Read an amount, or work out a sum such as ``=1200000/12`` exactly, rounded once."""
    trimmed = text.strip()
    if not trimmed.startswith("="):
        return parse_money(trimmed, field)
    return _kept(round_half_away(100 * _Sum(trimmed, field).value()), trimmed, field)


def round_half_away(exact: Fraction) -> int:
    """Round to the nearest whole number, halves away from zero."""
    size = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return size if exact >= 0 else -size


def format_pounds(pence: int) -> str:
    """Print whole pounds, as ``£1,234,567``."""
    pounds = round_half_away(Fraction(pence, 100))
    return f"{MINUS if pounds < 0 else ''}£{abs(pounds):,}"


def format_pence(pence: int) -> str:
    """Print pounds and pence, as ``£1,234,567.00``."""
    pounds, part = divmod(abs(pence), 100)
    return f"{MINUS if pence < 0 else ''}£{pounds:,}.{part:02}"


def format_millions(pence: int) -> str:
    """Print millions with one decimal, and less than a million in whole pounds.

    >>> format_millions(123_456_789), format_millions(-45_678)
    ('£1.2m', '−£457')
    """
    if round_half_away(Fraction(abs(pence), 100)) < _MILLION:
        return format_pounds(pence)
    tenths = round_half_away(Fraction(abs(pence), _MILLION * 10))
    return f"{MINUS if pence < 0 else ''}£{tenths // 10:,}.{tenths % 10}m"


def format_thousands(pence: int) -> str:
    """Print plain thousands of pounds for a table headed £000; nil is 0, never -0."""
    return str(round_half_away(Fraction(pence, 100_000)))


_FAULTS = (
    ("money_blank", re.compile(r""), "It is blank."),
    (
        "money_negated_twice",
        re.compile(rf"[-{MINUS}(]\s*[-{MINUS}(][-{MINUS}(\s]*£?[0-9].*|[-{MINUS}(].*CR\)?"),
        "It is marked negative twice.",
    ),
    (
        "money_minus_behind",
        re.compile(rf"£?[0-9][0-9,.]*\s*[-{MINUS}]|£\s*[-{MINUS}]\s*[0-9][0-9,.]*"),
        "Its minus does not stand in front.",
    ),
    (
        "money_spaces",
        re.compile(rf"(?=.*\s)[-{MINUS}(]?\s*£?\s*[0-9][0-9,.\s]*\)?"),
        "There is a space inside it.",
    ),
    (
        "money_exponent",
        re.compile(r".*[0-9][eE][-+]?[0-9]+.*"),
        "It is written with an exponent.",
    ),
    (
        "money_decimals",
        re.compile(r"[^.]*[0-9]\.[0-9]{3,}\D*"),
        "It has more than two places after the point; a penny is the smallest amount.",
    ),
    (
        "money_grouping",
        re.compile(r"\D*[0-9][0-9,]*,[0-9,]*(\.[0-9]*)?\D*"),
        "Its commas do not stand between thousands.",
    ),
)


def _not_money(text: str, field: str) -> Refusal:
    code, why = next(
        ((code, why) for code, pattern, why in _FAULTS if pattern.fullmatch(text)),
        ("money_text", "It is not a plain number of pounds."),
    )
    words = f"“{_short(text)}” cannot be read as money. {why}"
    return Refusal(code=code, words=words, remedy=_TYPE_IT, field=field)


def _kept(pence: int, text: str, field: str) -> int:
    if abs(pence) > LARGEST:
        raise Refusal(
            code="money_too_large",
            words=f"“{_short(text)}” is more than CollabDesk keeps.",
            remedy="The largest amount is £92,233,720,368,547,758.07; check the digits.",
            field=field,
        )
    return pence


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_LONGEST_SUM: Final = 120
_TOKEN = re.compile(rf"\s*(?:£?(?P<number>{_DIGITS}(?:\.[0-9]+)?)|(?P<sign>[-+*/()]))")


class _Sum:
    """A sum of pounds being read from left to right, in exact fractions."""

    def __init__(self, text: str, field: str) -> None:
        self._text = text
        self._field = field
        self._marks = self._split() if len(text) <= _LONGEST_SUM else []
        self._at = 0

    def value(self) -> Fraction:
        """Work the whole sum out."""
        if not self._marks:
            raise self._fault("It is empty or longer than a sum in a cell may be.")
        total = self._terms()
        if self._at != len(self._marks):
            raise self._fault(f"“{self._next()}” stands where it cannot.")
        return total

    def _split(self) -> list[str]:
        found, at, text = [], 1, self._text.replace(MINUS, "-")
        while at < len(text):
            mark = _TOKEN.match(text, at)
            if mark is None:
                raise self._fault(f"“{_short(text[at:].strip())}” is not part of a sum.")
            found.append(mark["number"] or mark["sign"])
            at = mark.end()
        return found

    def _next(self) -> str:
        return self._marks[self._at] if self._at < len(self._marks) else ""

    def _take(self) -> str:
        mark = self._next()
        self._at += 1
        return mark

    def _terms(self) -> Fraction:
        total = self._factors()
        while self._next() in {"+", "-"}:
            total += self._factors() if self._take() == "+" else -self._factors()
        return total

    def _factors(self) -> Fraction:
        product = self._one()
        while self._next() in {"*", "/"}:
            times = self._take() == "*"
            by = self._one()
            if not times and by == 0:
                raise self._fault("It divides by nought.")
            product = product * by if times else product / by
        return product

    def _one(self) -> Fraction:
        mark = self._take()
        if mark == "-":
            return -self._one()
        if mark == "(":
            inside = self._terms()
            if self._take() != ")":
                raise self._fault("A parenthesis is not closed.")
            return inside
        if not mark[:1].isdigit():
            where = f"before “{mark}”" if mark else "at the end"
            raise self._fault(f"A number is missing {where}.")
        return Fraction(mark.replace(",", ""))

    def _fault(self, why: str) -> Refusal:
        return Refusal(
            code="money_sum",
            words=f"“{_short(self._text)}” cannot be worked out. {why}",
            remedy="Use numbers, + - * / and parentheses only, for example =1200000/12.",
            field=self._field,
        )
