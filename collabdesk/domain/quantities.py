"""Figures as announcements state them: over, up to, about, or not stated at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.money import format_pence, format_pounds, parse_money
from collabdesk.errors import Refusal

PENCE: Final = "pence"
"""The unit of money; such a value is whole pence."""


class Qualifier(StrEnum):
    """How a figure stands to the true one."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    OVER = "over"
    AT_MOST = "at_most"
    UNDER = "under"
    ABOUT = "about"
    NOT_STATED = "not_stated"

    @property
    def sign(self) -> str:
        """The sign of the qualifier, such as ≥; empty when nothing is stated."""
        return _SIGNS[self]

    @property
    def words(self) -> str:
        """The words that stand before a figure."""
        return _BEFORE[self]


_SIGNS: Final = {
    Qualifier.EXACTLY: "=",
    Qualifier.AT_LEAST: "≥",
    Qualifier.OVER: ">",
    Qualifier.AT_MOST: "≤",
    Qualifier.UNDER: "<",
    Qualifier.ABOUT: "≈",
    Qualifier.NOT_STATED: "",
}
_BEFORE: Final = {
    Qualifier.EXACTLY: "",
    Qualifier.AT_LEAST: "at least",
    Qualifier.OVER: "over",
    Qualifier.AT_MOST: "up to",
    Qualifier.UNDER: "under",
    Qualifier.ABOUT: "about",
    Qualifier.NOT_STATED: "not stated",
}


class Basis(StrEnum):
    """What a figure rests on; nothing is invented to fill a form."""

    STATED = "stated"
    INFERRED = "inferred"
    DERIVED = "derived"
    INDICATIVE = "indicative"
    NOT_STATED = "not_stated"


class Precision(StrEnum):
    """How finely a time was given."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its qualifier, unit, basis and source."""

    value: Decimal | None
    qualifier: Qualifier
    unit: str = ""
    basis: Basis = Basis.STATED
    source: str = ""
    precision: Precision | None = None

    def __post_init__(self) -> None:
        """Refuse a value that is not stated, and a statement without a value."""
        unstated = (
            self.value is None,
            self.qualifier is Qualifier.NOT_STATED,
            self.basis is Basis.NOT_STATED,
        )
        if any(unstated) and not all(unstated):
            raise Refusal(
                code="quantity_half_stated",
                words="The figure is half stated: value, qualifier and basis do not agree.",
                remedy="Enter the value with its basis, or mark all of it as not stated.",
                field="value",
            )
        if self.value is not None and not self.value.is_finite():
            raise Refusal(
                code="quantity_not_finite",
                words="The figure is not a number.",
                remedy="Enter digits, or mark the figure as not stated.",
                field="value",
            )

    @property
    def words(self) -> str:
        """The figure for reading, as ``over 700`` or ``up to £100,000``."""
        if self.value is None:
            return self.qualifier.words
        return f"{self.qualifier.words} {_figure(self.value, self.unit)}".strip()

    @property
    def full_words(self) -> str:
        """The figure with its basis, as ``£250,000 (derived)``, unless it is simply stated."""
        if self.basis in {Basis.STATED, Basis.NOT_STATED}:
            return self.words
        return f"{self.words} ({self.basis.value})"


NOT_STATED: Final = Quantity(None, Qualifier.NOT_STATED, basis=Basis.NOT_STATED)


def _figure(value: Decimal, unit: str) -> str:
    if unit == PENCE:
        pence = int(value)
        return format_pence(pence) if pence % 100 else format_pounds(pence)
    return f"{value:,} {unit}".strip()


_WORDS: Final = (
    (Qualifier.AT_LEAST, r"at least|not less than|≥|>="),
    (Qualifier.OVER, r"over|more than|above|>"),
    (Qualifier.AT_MOST, r"up to|at most|not more than|≤|<="),
    (Qualifier.UNDER, r"under|less than|fewer than|below|<"),
    (Qualifier.ABOUT, r"about|around|approximately|some|≈|~"),
    (Qualifier.EXACTLY, r"exactly|=|"),
)
_TYPED: Final = tuple(
    (
        qualifier,
        re.compile(rf"(?:{words})\s*(?=[£0-9−-])(?P<figure>\S+)(?P<unit>.*)", re.IGNORECASE),
    )
    for qualifier, words in _WORDS
)
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def parse_quantity(text: str, basis: Basis = Basis.STATED, source: str = "") -> Quantity:
    """Read ``over 700``, ``up to £100,000``, ``about 12 sites`` or ``not stated``."""
    trimmed = " ".join(text.split())
    if trimmed.lower() in {"", "not stated"}:
        return NOT_STATED
    for qualifier, pattern in _TYPED:
        found = pattern.fullmatch(trimmed)
        if found is not None:
            value, unit = _value(found["figure"], found["unit"].strip())
            return Quantity(value, qualifier, unit, basis, source)
    raise Refusal(
        code="quantity",
        words=f"“{trimmed[:40]}” is not a figure.",
        remedy="Write for example 12, over 700, up to £100,000, about 15 or not stated.",
        field="value",
    )


def _value(figure: str, unit: str) -> tuple[Decimal, str]:
    if "£" in figure:
        return Decimal(parse_money(figure, "value")), PENCE
    plain = figure.replace(",", "") if _GROUPED.fullmatch(figure) else figure
    return Decimal(decimal_text(parse_decimal(plain, "value"))), unit
