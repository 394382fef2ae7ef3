"""What a virement would do, worked out while it is being typed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Account, Balances, LineKey
from collabdesk.domain.budgets.pots import pot_of
from collabdesk.domain.budgets.splitting import Proposed, together
from collabdesk.domain.budgets.virement import Virement
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import ProposeVirement
from collabdesk.services.budgets.entered import held, recurrence_of
from collabdesk.services.budgets.virements.proposals import person_key
from collabdesk.services.budgets.virements.readiness import readiness
from collabdesk.services.budgets.virements.virements import propose_virement
from collabdesk.services.commands import Actor
from collabdesk.storage.queries.ledger import journals


@dataclass(frozen=True, slots=True)
class Move:
    """What a line holds in the ledger for the year, and what it would hold."""

    before_p: int
    after_p: int


@dataclass(frozen=True, slots=True)
class VirementPreview:
    """Both lines before and after, and whose approvals are asked for.

    `together_p` is what the same person moves between these lines in the month, this included;
    `month_p` is what the line it comes from would hold in that month, None for a pot;
    `refusal` says why it could not be proposed as it stands.
    """

    source: Move
    target: Move
    needed: int
    roles: tuple[str, ...]
    together_p: int
    month_p: int | None
    refusal: Refusal | None

    @property
    def turns_month(self) -> bool:
        """Tell whether the month would fall below nought though the year does not."""
        return self.month_p is not None and self.month_p < 0 <= self.source.after_p


def line_months(reads: Connection, fiscal_year: str) -> dict[tuple[bytes, str], tuple[int, ...]]:
    """Return the months each line of a year holds in the ledger, by service line and provider."""
    found: dict[tuple[bytes, str], list[int]] = defaultdict(lambda: [0] * MONTHS_IN_YEAR)
    for journal in journals(reads, fiscal_year, budget_only=True):
        for line in journal.lines:
            if line.account == Account.LINE and line.service_line and line.month is not None:
                found[line.service_line, line.provider][line.month - 1] += line.amount_p
    return {key: tuple(months) for key, months in found.items()}


def preview_virement(reads: Connection, command: ProposeVirement, me: Actor) -> VirementPreview:
    """Return what proposing a virement would mean; nothing is written."""
    now, amount_p = held(reads, command.fiscal_year), command.amount_p
    source_p = _holds(now, command.from_line, command.from_provider, command.from_pot)
    target_p = _holds(now, command.to_line, command.to_provider, command.to_pot)
    refusal = _refusal(reads, command, me)
    try:
        needed, roles, together_p = _tier(reads, command, me)
    except Refusal as why:
        needed, roles, together_p, refusal = 0, (), amount_p, refusal or why
    return VirementPreview(
        Move(source_p, source_p - amount_p),
        Move(target_p, target_p + amount_p),
        needed,
        roles,
        together_p,
        _month_left(reads, command),
        refusal,
    )


def _month_left(reads: Connection, command: ProposeVirement) -> int | None:
    if command.from_pot or not 1 <= command.month <= MONTHS_IN_YEAR:
        return None
    months = line_months(reads, command.fiscal_year)
    held_p = months.get((command.from_line, command.from_provider), (0,) * MONTHS_IN_YEAR)
    return held_p[command.month - 1] - command.amount_p


def _holds(now: Balances, line: bytes, provider: str, pot: str) -> int:
    return pot_of(now, Account(pot)) if pot else now.lines.get(LineKey(line, provider), 0)


def _refusal(reads: Connection, command: ProposeVirement, me: Actor) -> Refusal | None:
    # The reason is typed last: what else is wrong is said before it is there.
    reasoned = command if command.reason.strip() else replace(command, reason="not given yet")
    try:
        propose_virement(reasoned, reads, me)
    except Refusal as why:
        return why
    return None


def _tier(
    reads: Connection, command: ProposeVirement, me: Actor
) -> tuple[int, tuple[str, ...], int]:
    found = readiness(reads)
    virement = Virement(
        command.fiscal_year,
        LineKey(command.from_line, command.from_provider),
        LineKey(command.to_line, command.to_provider),
        command.amount_p,
        command.month,
        recurrence_of(command.recurrence),
        command.reason,
        Account(command.from_pot) if command.from_pot else None,
        Account(command.to_pot) if command.to_pot else None,
    )
    mine = Proposed(b"", person_key(me.organisation, me.person), virement)
    whole = together(found.policy.tiers, mine, (one.proposed for one in found.proposals))
    tier = found.policy.tiers[whole.tier]
    return tier.needed, tier.roles, whole.amount_p
