"""How many people must agree to a movement of money, who may, and whether they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a scheme of delegation.

    `upto_p` is the largest amount of the step, included; None is no limit. `needed`
    distinct people must approve; `roles` says which may, and empty means anybody.
    """

    upto_p: int | None
    roles: tuple[str, ...]
    needed: int


def tier_index(scheme: Sequence[Tier], amount_p: int) -> int:
    """Return which tier of a scheme an amount falls in; nought and less are refused."""
    check_amount(amount_p)
    for index, tier in enumerate(scheme):
        if tier.upto_p is None or amount_p <= tier.upto_p:
            return index
    raise Refusal(
        code="above_all_tiers",
        words=f"Nobody may approve {format_pence(amount_p)} under the scheme of delegation.",
        remedy="Ask the lead provider's administrator to add a tier without an upper limit.",
        field="amount_p",
    )


def check_amount(amount_p: int) -> None:
    """Refuse an amount that is nought or less."""
    if amount_p <= 0:
        raise Refusal(
            code="amount_not_positive",
            words=f"A virement of {format_pence(amount_p)} moves no money forward.",
            remedy="Enter an amount above nought; to move it the other way, swap the lines.",
            field="amount_p",
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided; `key` is the signing key of the laptop, `role` the role held."""

    by: str
    approves: bool
    key: bytes | None = None
    role: str | None = None


class Standing(StrEnum):
    """Where a proposal stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who proposed, the signing key they proposed with, and who acts for them or they for."""

    name: str
    key: bytes | None = None
    delegates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tally:
    """The count: approvers that count, decisions that do not (who, why), and each standing."""

    needed: int
    counted: tuple[str, ...] = ()
    not_counted: tuple[tuple[str, str], ...] = ()
    standings: tuple[Standing, ...] = ()

    @property
    def standing(self) -> Standing:
        """Where the proposal stands after the last decision."""
        return self.standings[-1] if self.standings else Standing.PENDING

    @property
    def missing(self) -> int:
        """How many more people must approve."""
        return max(0, self.needed - len(self.counted))


def tally(
    proposer: Proposer, decisions: Sequence[Decision], needed: int, roles: Sequence[str] = ()
) -> Tally:
    """Count decisions in order under the two-person rule: nobody approves their own proposal."""
    count = Tally(needed)
    for decision in decisions:
        count = _add(count, proposer, decision, roles)
    return count


def _add(count: Tally, proposer: Proposer, decision: Decision, roles: Sequence[str]) -> Tally:
    why = _refused(count, proposer, decision, roles)
    counted, dropped, standing = count.counted, count.not_counted, count.standing
    if why:
        dropped = (*dropped, (decision.by, why))
    elif not decision.approves:
        standing = Standing.REJECTED
    else:
        counted = (*counted, decision.by)
        standing = Standing.APPROVED if len(counted) >= count.needed else Standing.PENDING
    return Tally(count.needed, counted, dropped, (*count.standings, standing))


def _refused(count: Tally, proposer: Proposer, decision: Decision, roles: Sequence[str]) -> str:
    if count.standing is not Standing.PENDING:
        return "already_decided"
    if decision.by == proposer.name:
        return "proposer_cannot_approve"
    if decision.key is not None and decision.key == proposer.key:
        return "key_of_proposer"
    if decision.by in proposer.delegates:
        return "delegate_of_proposer"
    # Anybody else may reject, one who approved before included.
    if decision.approves and decision.by in count.counted:
        return "duplicate_approver"
    if decision.approves and roles and decision.role not in roles:
        return "role_may_not_approve"
    return ""
