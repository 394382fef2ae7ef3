"""Virements as proposed: who proposed and approved them, and what still has to happen."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.approvals import Decision, Proposer, Standing, Tally, Tier, tally
from collabdesk.domain.budgets.splitting import Proposed, Together, together
from collabdesk.domain.budgets.virement import Virement
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import virement_of
from collabdesk.services.budgets.policy import Policy, role_for
from collabdesk.services.budgets.virements.lapsing import lapsed
from collabdesk.storage.packing import pack_dots
from collabdesk.storage.queries import approvals as signed
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.authors import Author, Authors
from collabdesk.storage.queries.ledger import PostedJournal
from collabdesk.sync.hashing import sha256
from collabdesk.sync.operations import Dot

_STAMP = 16


@dataclass(frozen=True, slots=True)
class Writers:
    """Who proposed a virement, and everybody whose figures stand in it."""

    proposer: Author
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A virement with everything signed about it.

    `stamp` changes with every figure; `order` is its place in the keeper's queue.
    """

    row: stored.Virement
    virement: Virement
    writers: Writers
    approvals: tuple[signed.Approval, ...]
    order: tuple[int, bytes]
    stamp: str
    journal: PostedJournal | None
    lapsed: frozenset[Dot] = frozenset()
    """The approvals that lapsed because the money was not there."""

    @property
    def proposed(self) -> Proposed:
        """The proposal as the rule about split virements sees it."""
        return Proposed(self.row.row, who(self.writers.proposer), self.virement)

    @property
    def standing(self) -> tuple[signed.Approval, ...]:
        """The approvals that were not withdrawn."""
        return tuple(one for one in self.approvals if not one.withdrawn)

    @property
    def given(self) -> tuple[signed.Approval, ...]:
        """The approvals that count: of the figures that stand, while the money was there."""
        return tuple(one for one in self.standing if one.current and one.dot not in self.lapsed)

    @property
    def stale(self) -> tuple[signed.Approval, ...]:
        """The approvals of figures that are no longer those standing."""
        return tuple(one for one in self.standing if not one.current)


def who(author: Author) -> str:
    """Name a person of an organisation, the same on every computer."""
    return person_key(author.organisation or b"", author.person or b"")


def day_of(author: Author) -> dt.date:
    """Return the day on which somebody signed, by their own clock."""
    return dt.datetime.fromtimestamp(author.wall_ms / 1000, tz=dt.UTC).date()


def person_key(organisation: bytes, person: bytes) -> str:
    """Name a person of an organisation by their ids."""
    return f"{organisation.hex()}/{person.hex()}"


def proposals(reads: Connection, posted: Iterable[PostedJournal]) -> tuple[Proposal, ...]:
    """Return all virements in the order in which the ledger keeper would take them."""
    years: dict[str, list[PostedJournal]] = defaultdict(list)
    carried_out: dict[bytes, PostedJournal] = {}
    for journal in posted:
        years[journal.fiscal_year].append(journal)
        if journal.source:
            carried_out[journal.source] = journal
    authors = Authors(reads)
    found = (
        _proposal(reads, row, carried_out.get(row.row), years[row.fiscal_year], authors)
        for row in stored.virements(reads)
    )
    return tuple(sorted(found, key=lambda proposal: proposal.order))


def _proposal(
    reads: Connection,
    row: stored.Virement,
    journal: PostedJournal | None,
    posted: Sequence[PostedJournal],
    authors: Authors,
) -> Proposal:
    dot, virement = signed.inserted_at(reads, row.row), virement_of(row)
    given = signed.approvals(reads, row.row)
    return Proposal(
        row,
        virement,
        writers_of(reads, row.row, authors),
        given,
        (authors.of(dot).lamport, pack_dots([dot])),
        sha256(pack_dots(_standing_dots(reads, row.row))).hex()[:_STAMP],
        journal,
        lapsed(virement, given, posted) if journal is None else frozenset(),
    )


def writers_of(reads: Connection, row: bytes, authors: Authors) -> Writers:
    """Return who proposed a virement and who wrote its figures; none of them may approve it."""
    proposer = authors.of(signed.inserted_at(reads, row))
    names = {who(authors.of(dot)) for dot in _standing_dots(reads, row)}
    return Writers(proposer, frozenset(names | {who(proposer)}))


def _standing_dots(reads: Connection, row: bytes) -> set[Dot]:
    return {dot for live in signed.money_dots(reads, row).values() for dot in live}


@dataclass(frozen=True, slots=True)
class Count:
    """The approvals of a proposal against what its tier asks for."""

    tier: Tier
    together: Together
    tally: Tally

    @property
    def complete(self) -> bool:
        """Tell whether enough people have approved."""
        return self.tally.standing is Standing.APPROVED


def count(proposal: Proposal, live: Iterable[Proposal], policy: Policy) -> Count | Refusal:
    """Count the approvals that stand; the Refusal of a virement no tier allows."""
    others = [other.proposed for other in live]
    return count_of(proposal.proposed, proposal.writers, proposal.given, others, policy)


def count_of(
    proposed: Proposed,
    writers: Writers,
    given: Sequence[signed.Approval],
    live: Sequence[Proposed],
    policy: Policy,
) -> Count | Refusal:
    """Count some people's approvals of a virement as it was proposed or posted."""
    try:
        whole = together(policy.tiers, proposed, live)
    except Refusal as why:
        return why
    tier, author = policy.tiers[whole.tier], writers.proposer
    proposer = Proposer(who(author), author.device, close_to(author, policy))
    decisions = [_decision(approval, writers, tier, policy) for approval in given]
    return Count(tier, whole, tally(proposer, decisions, tier.needed, tier.roles))


def close_to(author: Author, policy: Policy) -> frozenset[str]:
    """Name those who act for a proposer, or for whom the proposer acts."""
    acting = policy.acting_for(author.organisation or b"", author.person or b"", day_of(author))
    return frozenset(person_key(*one) for one in acting)


def _decision(approval: signed.Approval, writers: Writers, tier: Tier, policy: Policy) -> Decision:
    # Whoever wrote one of the figures is a proposer too, and nobody approves their own.
    by = who(approval.author)
    name = who(writers.proposer) if by in writers.names else by
    role = role_for(tier, policy.then(approval.dot))
    return Decision(name, approves=True, key=approval.author.device, role=role)


def by_row(all_of_them: Iterable[Proposal]) -> Mapping[bytes, Proposal]:
    """Return proposals by their rows."""
    return {proposal.row.row: proposal for proposal in all_of_them}
