"""The pots of an envelope: money that is on no line, and what may be drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from collabdesk.domain.budgets.approvals import check_amount
from collabdesk.domain.budgets.ledger import Account, Balances
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal

POT_NAMES: Final[Mapping[Account, str]] = {
    Account.UNALLOCATED: "The unallocated money",
    Account.CONTINGENCY: "The contingency",
    Account.INVESTMENT: "The investment money",
}
"""What people call each pot, at the start of a sentence."""


def pot_of(held: Balances, pot: Account) -> int:
    """Return what a pot holds, in pence."""
    pots = {
        Account.UNALLOCATED: held.unallocated_p,
        Account.CONTINGENCY: held.contingency_p,
        Account.INVESTMENT: held.investment_p,
    }
    return pots[pot]


def check_draw(amount_p: int, held_p: int, pot: Account = Account.UNALLOCATED) -> None:
    """Refuse a draw of nothing, or of more than a pot holds."""
    check_amount(amount_p)
    if amount_p > held_p:
        raise Refusal(
            code=f"insufficient_{pot.value}",
            words=(
                f"{POT_NAMES.get(pot, 'The line')} holds {format_pence(held_p)}; "
                f"{format_pence(amount_p)} cannot be taken from it."
            ),
            remedy=f"Draw at most {format_pence(max(0, held_p))}.",
            field="amount_p",
        )
