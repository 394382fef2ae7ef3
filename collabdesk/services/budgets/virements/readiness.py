"""Which approved virements the ledger keeper posts next, and which must go back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Balances
from collabdesk.domain.budgets.queue import Queue, SentBack, Waiting, work_off
from collabdesk.domain.budgets.virement import available_p
from collabdesk.domain.changes import PostJournal
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.entered import (
    agreed_lines,
    held_in,
    recurrence_of,
    service_lines,
)
from collabdesk.services.budgets.once import once
from collabdesk.services.budgets.policy import Policy, policy
from collabdesk.services.budgets.virements.proposals import Count, Proposal, count, proposals
from collabdesk.storage.queries.ledger import PostedJournal, journals


@dataclass(frozen=True, slots=True)
class Readiness:
    """Every proposal with its count, and the keeper's queue worked off.

    `posts` are the journals to post, in order; `sent_back` need approval again.
    """

    proposals: tuple[Proposal, ...]
    counts: Mapping[bytes, Count | Refusal]
    posts: tuple[tuple[bytes, PostJournal], ...]
    sent_back: Mapping[bytes, SentBack]
    held: Mapping[str, Balances]
    policy: Policy


def readiness(reads: Connection) -> Readiness:
    """Work out what the ledger keeper would do now; every replica finds the same."""
    return once(reads, "readiness", _readiness)


def _readiness(reads: Connection) -> Readiness:
    agreed, posted = policy(reads), journals(reads, budget_only=True)
    live = proposals(reads, posted)
    counts = {one.row.row: count(one, live, agreed) for one in live}
    approved = [one for one in live if _approved(one, counts[one.row.row])]
    years = sorted({one.virement.fiscal_year for one in live})
    queues = [_year(reads, year, approved, posted) for year in years]
    return Readiness(
        live,
        counts,
        tuple(post for queue in queues for post in queue.posts),
        {back.row: back for queue in queues for back in queue.sent_back},
        {year: held_in(j for j in posted if j.fiscal_year == year) for year in years},
        agreed,
    )


def _approved(proposal: Proposal, counted: Count | Refusal) -> bool:
    settled = proposal.journal is None and not proposal.row.contested
    return settled and isinstance(counted, Count) and counted.complete


def _year(
    reads: Connection, year: str, approved: Sequence[Proposal], posted: Sequence[PostedJournal]
) -> Queue:
    lines, known = service_lines(reads), agreed_lines(reads, year)
    mine = [one for one in approved if one.virement.fiscal_year == year]
    waiting = [
        Waiting(
            one.row.row,
            one.virement,
            recurrence_of(
                lines[one.row.from_line].recurrence if one.row.from_line in lines else ""
            ),
            one.order,
        )
        for one in mine
        if one.virement.target in known
    ]
    held = held_in(journal for journal in posted if journal.fiscal_year == year)
    queue = work_off(waiting, held, states(reads, year))
    unknown = (
        SentBack(one.row.row, unknown_line(year), available_p(one.virement, held))
        for one in mine
        if one.virement.target not in known
    )
    return Queue(queue.posts, (*queue.sent_back, *unknown), queue.held)


def unknown_line(year: str, field: str = "to_line") -> Refusal:
    """Return the refusal of a line that the agreed budget of a year does not know."""
    return Refusal(
        code="unknown_line",
        words=f"The agreed budget for {year} has no such service line at that provider.",
        remedy="Choose a line of the agreed budget.",
        field=field,
    )
