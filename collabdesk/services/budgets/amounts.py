"""An amount as a screen shows it: one figure, or a range while people disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.storage.queries.common import Sibling, contested_cells

Disputes = Mapping[tuple[bytes, str], tuple[Sibling, ...]]
"""The contested cells of a table: what stands, by (row, column)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Pence: what is shown, and the least and the most it can come to."""

    shown_p: int
    low_p: int
    high_p: int

    @classmethod
    def exact(cls, pence: int) -> Amount:
        """Return an amount nobody disputes."""
        return cls(pence, pence, pence)

    @property
    def contested(self) -> bool:
        """Tell whether the amount is a range."""
        return self.low_p != self.high_p

    def __add__(self, other: Amount) -> Amount:
        """Add shown to shown, least to least and most to most."""
        return Amount(
            self.shown_p + other.shown_p, self.low_p + other.low_p, self.high_p + other.high_p
        )

    def __neg__(self) -> Amount:
        """Turn the amount round: the most becomes the least."""
        return Amount(-self.shown_p, -self.high_p, -self.low_p)


def total(amounts: Iterable[Amount]) -> Amount:
    """Add amounts up."""
    shown_p = low_p = high_p = 0
    for one in amounts:
        shown_p += one.shown_p
        low_p += one.low_p
        high_p += one.high_p
    return Amount(shown_p, low_p, high_p)


def disputes(reads: Connection, table: str) -> Disputes:
    """Return the contested cells of a table."""
    return {(cell.row, cell.column): cell.siblings for cell in contested_cells(reads, table)}


def amount_of(pence: int | None, standing: Iterable[Sibling] = ()) -> Amount:
    """Return an amount with the range of what stands beside it; an empty cell is nil."""
    shown_p = pence or 0
    values = [one.value for one in standing]
    found = [value if isinstance(value, int) else 0 for value in values] or [shown_p]
    return Amount(shown_p, min(found), max(found))
