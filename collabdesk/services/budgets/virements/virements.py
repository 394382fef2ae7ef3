"""Virements: proposed by anybody, approved by somebody else, posted by the ledger keeper."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Account, Balances, LineKey
from collabdesk.domain.budgets.settled import check_settled
from collabdesk.domain.budgets.virement import Virement, available_p, propose
from collabdesk.domain.changes import Approve, Delete, NewRow, Undelete, Withdraw
from collabdesk.domain.money import format_pence
from collabdesk.domain.people import Role
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.commands import (
    ApproveVirement,
    ChangeVirement,
    PostReadyVirements,
    ProposeVirement,
    WithdrawApproval,
    WithdrawVirement,
)
from collabdesk.services.budgets.entered import (
    agreed_lines,
    held,
    recurrence_of,
    service_line_named,
    side_name,
    virement_named,
)
from collabdesk.services.budgets.policy import Policy
from collabdesk.services.budgets.put import Putting
from collabdesk.services.budgets.rights import check_keeper
from collabdesk.services.budgets.virements.proposals import (
    Count,
    Proposal,
    by_row,
    day_of,
    person_key,
    who,
)
from collabdesk.services.budgets.virements.readiness import readiness, unknown_line
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen, counted, plain
from collabdesk.storage.queries import budgets as stored
from collabdesk.sync.registry.budgets.planning import RECURRENCE
from collabdesk.sync.registry.budgets.virements import VIREMENT
from collabdesk.sync.registry.model import Merge

MONEY: Final = tuple(column.name for column in VIREMENT.columns if column.merge is Merge.MONEY)
"""What an approval of a virement names: every figure that moves money."""


def propose_virement(command: ProposeVirement, reads: Connection, _: Actor) -> Outcome:
    """Propose a virement, or a release from a pot, in the proposer's own scope."""
    virement, names, source = _asked(command, reads)
    known = agreed_lines(reads, virement.fiscal_year)
    sides = (("from_line", virement.draws), ("to_line", virement.feeds))
    for field, side in sides:
        if isinstance(side, LineKey) and side not in known:
            raise unknown_line(virement.fiscal_year, field)
    closed, available = states(reads, virement.fiscal_year), held(reads, virement.fiscal_year)
    insert = propose(virement, recurrence_of(source.recurrence), available, closed)
    row = NewRow("virement")
    words = f"Virement of {format_pence(virement.amount_p)} from {names[0]} to {names[1]} proposed"
    change = replace(insert, key=row.key)
    return Outcome((change,), (Delete("virement", row),), words, ("virement", row))


def _asked(
    command: ProposeVirement, reads: Connection
) -> tuple[Virement, tuple[str, str], stored.ServiceLine]:
    given = _on_both_sides(command, reads)
    source = service_line_named(reads, given.from_line, "from_line")
    target = service_line_named(reads, given.to_line, "to_line")
    virement = Virement(
        FiscalYear.parse(given.fiscal_year).label,
        LineKey(source.row, given.from_provider.strip().upper()),
        LineKey(target.row, given.to_provider.strip().upper()),
        given.amount_p,
        given.month,
        recurrence_of(_recurrence(given.recurrence)),
        plain(given.reason, "reason"),
        _pot(given.from_pot, "from_pot"),
        _pot(given.to_pot, "to_pot"),
    )
    names = (
        side_name(source, virement.source.provider, given.from_pot),
        side_name(target, virement.target.provider, given.to_pot),
    )
    return virement, names, source


def _on_both_sides(command: ProposeVirement, reads: Connection) -> ProposeVirement:
    """Let the side of a pot repeat the line of the other side; between pots, any line stands."""
    if command.from_pot and command.to_pot:
        agreed = agreed_lines(reads, command.fiscal_year)
        known = [
            (key.service_line, key.provider)
            for key in agreed
            if isinstance(key.service_line, bytes)
        ]
        line, at = min(known, default=(command.from_line, command.from_provider))
        return replace(command, from_line=line, from_provider=at, to_line=line, to_provider=at)
    if command.from_pot:
        return replace(command, from_line=command.to_line, from_provider=command.to_provider)
    if command.to_pot:
        return replace(command, to_line=command.from_line, to_provider=command.from_provider)
    return command


def _pot(name: str, field: str) -> Account | None:
    return Account(chosen(Pot, name, field).value) if name else None


class Pot(StrEnum):
    """Money that is on no line."""

    UNALLOCATED = "unallocated"
    CONTINGENCY = "contingency"
    INVESTMENT = "investment"


def _recurrence(name: str) -> str:
    if name not in {member for _, member, _ in RECURRENCE.members}:
        raise Refusal(
            code="not_a_choice",
            words=f"“{name}” is neither recurrent nor non-recurrent.",
            remedy="Choose one of the two.",
            field="recurrence",
        )
    return name


def change_virement(command: ChangeVirement, reads: Connection, me: Actor) -> Outcome:
    """Change a proposal that is not posted; what was approved before counts no more."""
    proposal = _of_ones_own(command.virement, reads, me)
    source = service_line_named(reads, proposal.row.from_line, "from_line")
    virement = replace(
        proposal.virement,
        amount_p=command.amount_p,
        month=command.month,
        recurrence=recurrence_of(_recurrence(command.recurrence)),
        reason=plain(command.reason, "reason"),
    )
    year = virement.fiscal_year
    said = propose(
        virement, recurrence_of(source.recurrence), held(reads, year), states(reads, year)
    )
    step = Putting()
    names = ("amount_p", "month", "recurrence", "reason")
    wanted = {name: said.cells[name] for name in names}
    step.put("virement", proposal.row, wanted, "The virement")
    if not step.changes:
        raise Refusal(
            code="nothing_changed",
            words="Nothing differs from what is proposed.",
            remedy="Change the amount, the month or the reason.",
            field="amount_p",
        )
    words = f"Virement changed to {format_pence(virement.amount_p)}"
    return step.outcome(words, ("virement", proposal.row.row))


def withdraw_virement(command: WithdrawVirement, reads: Connection, me: Actor) -> Outcome:
    """Take a proposal back that is not posted."""
    proposal = _of_ones_own(command.virement, reads, me)
    row = proposal.row.row
    words = f"Virement of {format_pence(proposal.virement.amount_p)} withdrawn"
    return Outcome((Delete("virement", row),), (Undelete("virement", row),), words)


def _of_ones_own(row: bytes, reads: Connection, me: Actor) -> Proposal:
    proposal = _named(reads, by_row(readiness(reads).proposals).get(row), row)
    _check_not_posted(proposal)
    if proposal.row.scope != me.organisation:
        raise Refusal(
            code="not_yours",
            words="Another organisation proposed this virement.",
            remedy="Ask its proposer to change or withdraw it.",
            field="virement",
        )
    return proposal


def approve_virement(command: ApproveVirement, reads: Connection, me: Actor) -> Outcome:
    """Sign agreement to every figure of a proposal."""
    found = readiness(reads)
    proposal = _named(reads, by_row(found.proposals).get(command.virement), command.virement)
    _check_not_posted(proposal)
    check_settled("The virement", proposal.row.contested)
    _check_as_read(command, proposal)
    _check_somebody_else(proposal, found.policy, me)
    _check_role(found.counts[proposal.row.row], found.policy, me)
    _check_money(proposal, found.held[proposal.row.fiscal_year])
    change = Approve("virement", proposal.row.row, MONEY, plain(command.text, "text") or None)
    words = f"Approval of the virement of {format_pence(proposal.virement.amount_p)}"
    back = Withdraw("virement", proposal.row.row)
    return Outcome((change,), (back,), words, ("virement", proposal.row.row))


def withdraw_approval(command: WithdrawApproval, reads: Connection, me: Actor) -> Outcome:
    """Take back the actor's approval of a proposal that is not posted."""
    live = by_row(readiness(reads).proposals)
    proposal = _named(reads, live.get(command.virement), command.virement)
    _check_not_posted(proposal)
    mine = person_key(me.organisation, me.person)
    if all(who(one.author) != mine for one in proposal.standing):
        raise Refusal(
            code="no_approval",
            words="You have no standing approval of this virement to take back.",
            remedy="Look at its History: somebody else may have approved it.",
            field="virement",
        )
    change = Withdraw("virement", proposal.row.row, plain(command.text, "text") or None)
    again = Approve("virement", proposal.row.row, MONEY)
    words = f"Approval of the virement of {format_pence(proposal.virement.amount_p)} withdrawn"
    return Outcome((change,), (again,), words, ("virement", proposal.row.row))


def post_ready(_: PostReadyVirements, reads: Connection, me: Actor) -> Outcome:
    """Post every proposal that has its approvals and its money, in the keeper's order."""
    check_keeper(me, "posts virements")
    found = readiness(reads)
    posts = tuple(journal for _, journal in found.posts)
    back = len(found.sent_back)
    words = f"{counted(len(posts), 'virement')} posted"
    if back:
        words += f"; {counted(back, 'proposal')} to be approved again"
    return Outcome(posts, (), words, ("virement", found.posts[0][0]) if posts else None)


def _named(reads: Connection, proposal: Proposal | None, row: bytes) -> Proposal:
    if proposal is None:
        virement_named(reads, row)
        raise KeyError(row)
    return proposal


def _check_not_posted(proposal: Proposal) -> None:
    if proposal.journal is not None:
        raise Refusal(
            code="already_posted",
            words=f"The virement is in the ledger as journal #{proposal.journal.number}.",
            remedy="Propose another one to move the money back.",
            field="virement",
        )


def _check_as_read(command: ApproveVirement, proposal: Proposal) -> None:
    if command.seen and command.seen != proposal.stamp:
        raise Refusal(
            code="changed_meanwhile",
            words="The virement changed after you opened it.",
            remedy="Read it again, then approve it if you still agree.",
            field="virement",
        )


def _check_somebody_else(proposal: Proposal, agreed: Policy, me: Actor) -> None:
    mine = person_key(me.organisation, me.person)
    if mine in proposal.writers.names or me.person == proposal.writers.proposer.person:
        raise Refusal(
            code="proposer_cannot_approve",
            words="You proposed this virement, so somebody else must approve it.",
            remedy="Ask another person with the role of approver.",
            field="virement",
        )
    author = proposal.writers.proposer
    where = author.organisation or b"", author.person or b""
    close = agreed.acting_for(*where, day_of(author)) | agreed.acting_for(*where, me.today)
    if (me.organisation, me.person) in close:
        raise Refusal(
            code="delegate_of_proposer",
            words="You and the proposer act for one another, so somebody else must approve it.",
            remedy="Ask another person with the role of approver.",
            field="virement",
        )
    if any(who(one.author) == mine for one in proposal.given):
        raise Refusal(
            code="already_approved",
            words="You have approved this virement already.",
            remedy="It waits for somebody else, or for the ledger keeper.",
            field="virement",
        )


def _check_money(proposal: Proposal, held_now: Balances) -> None:
    holds_p = available_p(proposal.virement, held_now)
    if holds_p < proposal.virement.amount_p:
        raise Refusal(
            code="not_available",
            words=f"{format_pence(proposal.virement.amount_p)} cannot be approved: "
            f"{format_pence(max(0, holds_p))} is available.",
            remedy="Ask the proposer to change it to at most that, or to withdraw it.",
            field="virement",
        )


def _check_role(counted_so_far: Count | Refusal, agreed: Policy, me: Actor) -> None:
    if isinstance(counted_so_far, Refusal):
        raise counted_so_far
    held_roles = agreed.roles.get((me.organisation, me.person), frozenset())
    wanted = counted_so_far.tier.roles
    if wanted and not held_roles.intersection(wanted):
        raise Refusal(
            code="role_may_not_approve",
            words="The scheme of delegation asks other roles to approve this amount: "
            f"{', '.join(Role(role).words if role in set(Role) else role for role in wanted)}.",
            remedy="Ask somebody who holds one of them.",
            field="virement",
        )
