"""The league table: best first, and what is not known at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from collabdesk.domain.metrics.catalogue import Better
from collabdesk.domain.metrics.observation import Flag

FLAG_WORDS: Final = {
    Flag.OK: "",
    Flag.SUPPRESSED: "suppressed: fewer than 5, or no data",
    Flag.MISSING: "missing",
}
"""What is said where a figure would stand; a published * means either of two things."""

_LAST: Final = {Flag.OK: 0, Flag.SUPPRESSED: 1, Flag.MISSING: 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation's published value; None unless the flag is ok."""

    code: str
    name: str
    value: Fraction | None
    flag: Flag = Flag.OK


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry in its place; equal values share a rank, and what is not known has none."""

    entry: Entry
    rank: int | None


def league(entries: Iterable[Entry], better: Better) -> tuple[Placed, ...]:
    """Put entries in order: the best first, then suppressed, then missing, each by name.

    A measure that has no better way is put in order from high to low, without ranks.
    """
    sign = 1 if better is Better.LOWER else -1
    ordered = sorted(entries, key=lambda entry: _place(entry, sign))
    values = [entry.value for entry in ordered]
    return tuple(
        Placed(entry, _rank(values, entry.value) if better is not Better.NEUTRAL else None)
        for entry in ordered
    )


def _place(entry: Entry, sign: int) -> tuple[int, Fraction, str, str]:
    value = Fraction(0) if entry.value is None else sign * entry.value
    last = _LAST[entry.flag] if entry.value is None else 0
    return (last or int(entry.value is None), value, entry.name.casefold(), entry.code)


def _rank(values: list[Fraction | None], value: Fraction | None) -> int | None:
    return None if value is None else values.index(value) + 1
