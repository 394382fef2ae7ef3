"""One movement of money cut into small virements needs the approvals of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collabdesk.domain.budgets.approvals import Tier, tier_index
from collabdesk.domain.budgets.virement import Virement


@dataclass(frozen=True, slots=True)
class Proposed:
    """A live proposal: its row, who proposed it, and what."""

    row: bytes
    by: str
    virement: Virement


@dataclass(frozen=True, slots=True)
class Together:
    """What a proposer moves between two lines in one month, and the tier of it all.

    `possible_split` says that the whole needs more approvals than any part alone.
    """

    amount_p: int
    tier: int
    possible_split: bool


def together(scheme: Sequence[Tier], proposed: Proposed, live: Iterable[Proposed]) -> Together:
    """Add up one proposer's live virements between the same lines in the same month."""
    others = (other for other in live if other.row != proposed.row and _alike(proposed, other))
    amounts = [
        proposed.virement.amount_p,
        *(other.virement.amount_p for other in others if other.virement.amount_p > 0),
    ]
    tier = tier_index(scheme, sum(amounts))
    alone = max(tier_index(scheme, amount) for amount in amounts)
    return Together(sum(amounts), tier, tier > alone)


def _alike(one: Proposed, other: Proposed) -> bool:
    return (one.by, *_between(one.virement)) == (other.by, *_between(other.virement))


def _between(virement: Virement) -> tuple[object, ...]:
    return virement.fiscal_year, virement.month, virement.draws, virement.feeds
