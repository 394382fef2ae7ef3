"""The gate before figures about people are shared: what rests on too few of them is hidden."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from collabdesk.errors import Refusal

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Total(Generic[K]):
    """A figure of an additive group, and how many people it rests on."""

    key: K
    amount: int
    people: int

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        if self.people < 0 or self.amount < 0:
            raise Refusal(
                code="negative_quantity",
                words="A count of people or of what they had is less than nought.",
                remedy="Enter counts of nought or more.",
                field="people" if self.people < 0 else "quantity",
            )


@dataclass(frozen=True, slots=True)
class Gate:
    """What a figure has to pass before it is shared: the partners agree both numbers.

    A figure that rests on fewer than `below` people is hidden, none at all included; counts of
    people are rounded to the nearest multiple of `nearest`.
    """

    below: int = 5
    nearest: int = 5

    def hidden(self, group: Iterable[Total[K]]) -> frozenset[K]:
        """Return the keys of an additive group's figures that must not be shown.

        Where exactly one is too small, the smallest of the others goes with it: else the
        group's total, which others may know, would give the hidden figure back.
        """
        totals = list(group)
        small = {total.key for total in totals if total.people < self.below}
        shown = [total for total in totals if total.key not in small]
        if len(small) == 1 and shown:
            small.add(min(shown, key=lambda total: (total.people, total.amount)).key)
        return frozenset(small)

    def gated(self, group: Iterable[Total[K]]) -> Mapping[K, int | None]:
        """Return what may be shared of a group: each amount, or None where it is hidden."""
        totals = list(group)
        small = self.hidden(totals)
        return {total.key: None if total.key in small else total.amount for total in totals}

    def rounded(self, people: int) -> int:
        """Round a count of people as published counts are, halves upwards."""
        return self.nearest * ((2 * people + self.nearest) // (2 * self.nearest))
