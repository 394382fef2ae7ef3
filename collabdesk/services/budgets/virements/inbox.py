"""Virements as a screen lists them: where each stands and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from collabdesk.domain.budgets.virement import available_p
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import service_lines, side_name
from collabdesk.services.budgets.virements.proposals import Count, Proposal
from collabdesk.services.budgets.virements.readiness import Readiness, readiness
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.authors import Author


class State(StrEnum):
    """Where a virement stands."""

    PROPOSED = "proposed"
    PART_APPROVED = "part_approved"
    STALE = "stale"
    CONTESTED = "contested"
    READY = "ready"
    NEEDS_REAPPROVAL = "needs_reapproval"
    NOT_ALLOWED = "not_allowed"
    POSTED = "posted"


@dataclass(frozen=True, slots=True)
class VirementLine:
    """One virement; `words` says its state, `stamp` is what an approver has read.

    `available_p` is what its source line holds in the ledger; `possible_split` says that
    with its proposer's other moves it needs more approvals than alone.
    """

    virement: stored.Virement
    from_name: str
    to_name: str
    state: State
    words: str
    counted: int
    needed: int
    roles: tuple[str, ...]
    approvers: tuple[Author, ...]
    author: Author
    available_p: int
    possible_split: bool
    journal: int | None
    stamp: str


def virement_list(reads: Connection) -> tuple[VirementLine, ...]:
    """Return all virements, the newest first."""
    found, lines = readiness(reads), service_lines(reads)
    posting = frozenset(row for row, _ in found.posts)
    return tuple(_line(one, found, lines, posting) for one in reversed(found.proposals))


def _line(
    proposal: Proposal,
    found: Readiness,
    lines: dict[bytes, stored.ServiceLine],
    posting: frozenset[bytes],
) -> VirementLine:
    row, counted = proposal.row, found.counts[proposal.row.row]
    count = counted if isinstance(counted, Count) else None
    holds_p = available_p(proposal.virement, found.held[row.fiscal_year])
    back = found.sent_back.get(row.row)
    state = _state(proposal, counted, ready=row.row in posting, back=back is not None)
    return VirementLine(
        virement=row,
        from_name=side_name(lines.get(row.from_line), row.from_provider, row.from_pot),
        to_name=side_name(lines.get(row.to_line), row.to_provider, row.to_pot),
        state=state,
        words=_words(state, proposal, counted, back.available_p if back else holds_p),
        counted=len(count.tally.counted) if count else 0,
        needed=count.tier.needed if count else 0,
        roles=count.tier.roles if count else (),
        approvers=tuple(one.author for one in proposal.given),
        author=proposal.writers.proposer,
        available_p=holds_p,
        possible_split=bool(count and count.together.possible_split),
        journal=proposal.journal.number if proposal.journal else None,
        stamp=proposal.stamp,
    )


def _state(proposal: Proposal, counted: Count | Refusal, *, ready: bool, back: bool) -> State:
    if proposal.journal:
        return State.POSTED
    if proposal.row.contested:
        return State.CONTESTED
    if isinstance(counted, Refusal):
        return State.NOT_ALLOWED
    if ready:
        return State.READY
    if back:
        return State.NEEDS_REAPPROVAL
    if counted.tally.counted:
        return State.PART_APPROVED
    if proposal.lapsed:
        return State.NEEDS_REAPPROVAL
    return State.STALE if proposal.stale else State.PROPOSED


def _words(state: State, proposal: Proposal, counted: Count | Refusal, available_p: int) -> str:
    match state:
        case State.POSTED if proposal.journal:
            return f"Posted, journal #{proposal.journal.number}"
        case State.NOT_ALLOWED if isinstance(counted, Refusal):
            return counted.words
        case State.NEEDS_REAPPROVAL:
            return f"Needs re-approval: {format_pence(available_p)} is available"
        case State.PART_APPROVED | State.PROPOSED if isinstance(counted, Count):
            have = f"{len(counted.tally.counted)} of {counted.tier.needed} approvals"
            return have if counted.tally.counted else f"Proposed: {have}"
        case _:
            return _PLAIN[state]


_PLAIN = {
    State.CONTESTED: "Contested: settle it before it is approved",
    State.STALE: "Changed after it was approved: it needs approval again",
    State.READY: "Ready: the ledger keeper posts it at its next sync",
}
