"""Delimited lines cut into records, where a quote in the wrong place costs no more than its own."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

# Two columns are also an address with a comma: there the width of the record decides.
_SURE: Final = 3


@dataclass(frozen=True, slots=True)
class Record:
    """One record and its lines in the file, the first line being 1; no cells where unreadable."""

    cells: tuple[str, ...] | None
    first: int
    last: int


def records(lines: Sequence[str], sign: str) -> Iterator[Record]:
    """Iterate over the records of some lines; what cannot be read ends at the next whole line.

    A whole line is one with as many columns as most have.
    """
    file = _Lines(lines, sign)
    at = 0
    while at < len(lines):
        cells, used = file.record(at)
        if cells is None:
            used = file.damage(at)
        yield Record(cells, at + 1, at + used)
        at += used


class _Lines:
    def __init__(self, lines: Sequence[str], sign: str) -> None:
        self._lines, self._sign = lines, sign

    def record(self, at: int) -> tuple[tuple[str, ...] | None, int]:
        """Return the cells of the record that begins on a line, and how many lines it takes."""
        following = (self._lines[place] for place in range(at, len(self._lines)))
        reader = csv.reader(following, delimiter=self._sign, strict=True)
        try:
            cells = tuple(next(reader))
        except csv.Error:
            return None, 1
        used = reader.line_num
        return (None, 1) if used > 1 and self._swallowed(cells, at, used) else (cells, used)

    def damage(self, at: int) -> int:
        """Return how many lines cannot be read, from one on."""
        for place in range(at + 1, len(self._lines)):
            cells, _ = self.record(place)
            if cells is not None and len(cells) == self._width:
                return place - at
        return len(self._lines) - at

    def _swallowed(self, cells: tuple[str, ...], at: int, used: int) -> bool:
        """Tell whether a quote that was left open took whole lines into its cell."""
        if self._width < _SURE and len(cells) == self._width:
            return False
        return any(self._alone(line) == self._width for line in self._lines[at + 1 : at + used])

    def _alone(self, line: str) -> int:
        """Return how many columns a line has by itself; none where its quotes are not paired."""
        if line.count('"') % 2:
            return 0
        try:
            return len(next(csv.reader([line], delimiter=self._sign, strict=True)))
        except csv.Error:
            return 0

    @cached_property
    def _width(self) -> int:
        widths = Counter(width for line in self._lines if (width := self._alone(line)) > 1)
        return max(widths, key=lambda width: widths[width], default=1)
