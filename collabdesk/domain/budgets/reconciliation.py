"""A partner's return against the ledger, reference by reference."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal


class Match(StrEnum):
    """How ledger and return agree on a reference."""

    MATCHED = "matched"
    WITHIN_TOLERANCE = "within_tolerance"
    TRANSPOSITION_SUSPECT = "transposition_suspect"
    DIFFERS = "differs"
    MISSING_IN_LEDGER = "missing_in_ledger"
    MISSING_IN_RETURN = "missing_in_return"


@dataclass(frozen=True, slots=True)
class Item:
    """One reference, in pence; None on the side that does not know it."""

    key: str
    ledger_p: int | None
    return_p: int | None
    match: Match

    @property
    def difference_p(self) -> int:
        """Ledger less return; a side that is missing counts as nought."""
        return (self.ledger_p or 0) - (self.return_p or 0)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All references of ledger and return, in the order of their code points."""

    items: tuple[Item, ...]

    @property
    def ledger_p(self) -> int:
        """The ledger's total."""
        return sum(item.ledger_p or 0 for item in self.items)

    @property
    def return_p(self) -> int:
        """The return's total."""
        return sum(item.return_p or 0 for item in self.items)

    @property
    def difference_p(self) -> int:
        """Ledger less return: the sum of the items' differences."""
        return self.ledger_p - self.return_p

    @property
    def counts(self) -> Counter[Match]:
        """How many references stand how."""
        return Counter(item.match for item in self.items)


def grouped(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up rows by reference: one reference may stand on several rows of a file."""
    totals: defaultdict[str, int] = defaultdict(int)
    for reference, amount_p in rows:
        totals[reference] += amount_p
    return dict(totals)


def reconcile(
    ledger: Mapping[str, int], returned: Mapping[str, int], tolerance_p: int = 0
) -> Reconciliation:
    """Compare grouped amounts by reference; a difference up to the tolerance is let pass."""
    if tolerance_p < 0:
        raise Refusal(
            code="negative_tolerance",
            words=f"A tolerance of {format_pence(tolerance_p)} is less than nought.",
            remedy="Enter nought or the pence that are not worth a query.",
            field="tolerance_p",
        )
    items = []
    for key in sorted(ledger.keys() | returned.keys()):
        one, other = ledger.get(key), returned.get(key)
        items.append(Item(key, one, other, _match(one, other, tolerance_p)))
    return Reconciliation(tuple(items))


def _match(ledger_p: int | None, return_p: int | None, tolerance_p: int) -> Match:
    if ledger_p is None:
        return Match.MISSING_IN_LEDGER
    if return_p is None:
        return Match.MISSING_IN_RETURN
    if ledger_p == return_p:
        return Match.MATCHED
    if abs(ledger_p - return_p) <= tolerance_p:
        return Match.WITHIN_TOLERANCE
    # The same digits in another order always differ by a multiple of nine: it need not be asked.
    if sorted(str(ledger_p)) == sorted(str(return_p)):
        return Match.TRANSPOSITION_SUSPECT
    return Match.DIFFERS
