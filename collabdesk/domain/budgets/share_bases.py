"""The ways partners divide a result, each brought down to basis points that total 100 %."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from collabdesk.domain.budgets.shares import WHOLE_BP, check_shares, linked_shares
from collabdesk.errors import Refusal


class Basis(StrEnum):
    """What the shares follow."""

    STATED = "stated"
    EQUAL = "equal"
    BUDGET = "budget"
    EQUITY = "equity"
    PERFORMANCE = "performance"
    WEIGHTED_NEED = "weighted_need"
    COMPENSATION = "compensation"
    NETWORK_POT = "network_pot"

    @property
    def words(self) -> str:
        """The basis for reading."""
        return _WORDS[self]

    @property
    def weighed(self) -> bool:
        """Tell whether each partner needs a weight: a budget, an equity, a score or a fall."""
        return self in _WEIGHED


_WORDS: Final = {
    Basis.STATED: "As stated",
    Basis.EQUAL: "Equal",
    Basis.BUDGET: "Linked to budget",
    Basis.EQUITY: "Linked to equity",
    Basis.PERFORMANCE: "Linked to performance",
    Basis.WEIGHTED_NEED: "Weighted to partners that need investment",
    Basis.COMPENSATION: "Compensation for budgets that fell",
    Basis.NETWORK_POT: "Reinvested in a network pot",
}
_WEIGHED: Final = frozenset(
    {
        Basis.BUDGET,
        Basis.EQUITY,
        Basis.PERFORMANCE,
        Basis.WEIGHTED_NEED,
        Basis.COMPENSATION,
    }
)


def shares_of(
    basis: Basis, given: Sequence[int | None], partners: int, pot_at: int = 0
) -> tuple[int, ...]:
    """Return each partner's share in basis points; they total 10,000.

    `given` are the stated shares, or the weights of a weighed basis; other bases need none.
    `pot_at` is the place of the partner that keeps the network pot. A refusal names the row.
    """
    if not partners:
        raise Refusal(
            code="no_partners",
            words="The agreement names no partner.",
            remedy="Add the partners that share in the result.",
            field="partners",
        )
    if basis is Basis.EQUAL:
        return linked_shares([1] * partners)
    if basis is Basis.NETWORK_POT:
        return tuple(WHOLE_BP if at == pot_at else 0 for at in range(partners))
    what = "weight" if basis.weighed else "share_bp"
    kept = tuple(_checked(amount, at, what) for at, amount in enumerate(given, 1))
    if basis is Basis.STATED:
        check_shares(kept)
        return kept
    if not any(kept):
        raise Refusal(
            code="weights_sum_zero",
            words=f"“{basis.words}” has nothing to go by: every weight is nought.",
            remedy="Give at least one partner a weight above nought.",
            field="row1.weight",
        )
    return linked_shares(kept)


def _checked(amount: int | None, row: int, what: str) -> int:
    if amount is not None and amount >= 0:
        return amount
    name = "weight" if what == "weight" else "share"
    said = f"has no {name}" if amount is None else f"has a {name} below nought"
    raise Refusal(
        code=f"row_without_{name}" if amount is None else f"negative_{name}",
        words=f"Row {row} {said}.",
        remedy=f"Enter a {name} of nought or more.",
        field=f"row{row}.{what}",
    )
