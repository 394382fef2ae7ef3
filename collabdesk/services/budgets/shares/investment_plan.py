"""Confirmed savings against what is to be invested: what fits, who agreed, what is posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from collabdesk.domain.budgets.approvals import Decision, Proposer, Tally, Tier, tally, tier_index
from collabdesk.domain.budgets.approvals import Standing as Agreed
from collabdesk.domain.budgets.investing import Investment
from collabdesk.domain.budgets.investment import Plan, Purses, Wish, invest
from collabdesk.domain.budgets.ledger import Account, LineKey
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import line_name, service_lines
from collabdesk.services.budgets.policy import lead_of, policy, role_for
from collabdesk.services.budgets.virements.proposals import close_to, who, writers_of
from collabdesk.storage.queries import approvals as signed
from collabdesk.storage.queries import shares as stored
from collabdesk.storage.queries.authors import Authors
from collabdesk.storage.queries.positions import journal_that_carries_out, sums
from collabdesk.storage.queries.shares import StoredSaving


class InvestmentState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    TURNED_DOWN = "turned_down"
    APPROVED = "approved"
    POSTED = "posted"
    CONTESTED = "contested"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class InvestmentLine:
    """A proposal: what it costs in a full year and in this one, and where it stands.

    `why` is the reason it does not fit the savings; `journal` the number it was posted under.
    """

    row: stored.StoredInvestment
    name: str
    wanted: Investment
    year: FiscalYear
    state: InvestmentState
    tier: Tier | None
    count: Tally | None
    writers: frozenset[str]
    why: Refusal | None
    journal: int | None

    @property
    def part_year_p(self) -> int:
        """What of the recurrent money falls in this year."""
        return self.wanted.part_year_p(self.year)

    @property
    def slippage_p(self) -> int:
        """What starting late leaves unspent this year, once."""
        return self.wanted.slippage_p(self.year)

    @property
    def this_year_p(self) -> int:
        """What it takes from the investment money this year."""
        return self.part_year_p + self.wanted.non_recurrent_p


@dataclass(frozen=True, slots=True)
class InvestmentPlan:
    """Savings, proposals in the order they are tried, and what is left of each purse."""

    year: FiscalYear
    savings: tuple[StoredSaving, ...]
    lines: tuple[InvestmentLine, ...]
    saved: Purses
    left: Purses
    pot_p: int

    @property
    def slippage_p(self) -> int:
        """What late starts of proposals that stand leave unspent this year, once."""
        standing = (InvestmentState.WITHDRAWN, InvestmentState.TURNED_DOWN)
        return sum(line.slippage_p for line in self.lines if line.state not in standing)


def investment_plan(
    reads: Connection, fiscal_year: str, pot_p: int | None = None
) -> InvestmentPlan:
    """Return savings and investments of a year; only the lead provider's rows count.

    Whoever has read what the investment money holds already gives it as `pot_p`.
    """
    year, lead = FiscalYear.parse(fiscal_year), lead_of(reads)
    savings = tuple(one for one in stored.savings(reads, year.label) if one.scope == lead)
    rows = [one for one in stored.investments(reads, year.label) if one.scope == lead]
    known = {row.row: journal_that_carries_out(reads, row.row) for row in rows}
    posted = {row: number for row, number in known.items() if number is not None}
    rows.sort(key=lambda row: (row.row not in posted, posted.get(row.row, 0)))
    saved = Purses(
        sum(one.recurrent_p or 0 for one in savings),
        sum(one.non_recurrent_p or 0 for one in savings),
    )
    plan = invest(saved, [_wish(row) for row in rows if row.state != "withdrawn"])
    found = _Reading(reads, year, plan, posted)
    lines = tuple(found.line(row) for row in rows)
    held_p = _pot_p(reads, year.label) if pot_p is None else pot_p
    return InvestmentPlan(year, savings, lines, saved, plan.left, held_p)


def _pot_p(reads: Connection, year: str) -> int:
    kept = (one for one in sums(reads, year) if one.account == Account.INVESTMENT.value)
    return sum(one.amount_p for one in kept)


def _wish(row: stored.StoredInvestment) -> Wish:
    return Wish(row.row.hex(), max(row.recurrent_p, 0), max(row.non_recurrent_p, 0))


def wanted_of(row: stored.StoredInvestment) -> Investment:
    """Return a proposal as the rules see it; without a start in fact it starts as planned."""
    return Investment(
        LineKey(row.service_line, row.provider),
        row.recurrent_p,
        row.non_recurrent_p,
        row.start or row.planned_start,
        row.planned_start,
    )


class _Reading:
    """What every line of one reading looks up once."""

    def __init__(
        self, reads: Connection, year: FiscalYear, plan: Plan, posted: Mapping[bytes, int]
    ) -> None:
        self._reads, self._year, self._posted = reads, year, posted
        self._why = {one.key: one.why for one in plan.turned_down}
        self._names = service_lines(reads)
        self._policy = policy(reads)
        self._authors = Authors(reads)

    def line(self, row: stored.StoredInvestment) -> InvestmentLine:
        journal, why = self._posted.get(row.row), self._why.get(row.row.hex())
        writers = writers_of(self._reads, row.row, self._authors)
        proposer = Proposer(
            who(writers.proposer), writers.proposer.device, close_to(writers.proposer, self._policy)
        )
        tier = _tier(self._policy.tiers, row)
        count = None
        if tier is not None:
            given = [one for one in signed.approvals(self._reads, row.row) if _stands(one)]
            decisions = [self._decision(one, writers.names, proposer, tier) for one in given]
            count = tally(proposer, decisions, tier.needed, tier.roles)
        return InvestmentLine(
            row,
            line_name(self._names.get(row.service_line), row.provider),
            wanted_of(row),
            self._year,
            _state(row, journal, why, count),
            tier,
            count,
            writers.names,
            why,
            journal,
        )

    def _decision(
        self, one: signed.Approval, writers: frozenset[str], proposer: Proposer, tier: Tier
    ) -> Decision:
        by = who(one.author)
        name = proposer.name if by in writers else by
        role = role_for(tier, self._policy.then(one.dot))
        return Decision(name, approves=True, key=one.author.device, role=role)


def _stands(one: signed.Approval) -> bool:
    return one.current and not one.withdrawn


def _tier(tiers: Sequence[Tier], row: stored.StoredInvestment) -> Tier | None:
    try:
        return tiers[tier_index(tiers, row.recurrent_p + row.non_recurrent_p)]
    except Refusal:
        return None


def _state(
    row: stored.StoredInvestment, journal: int | None, why: Refusal | None, count: Tally | None
) -> InvestmentState:
    if journal is not None:
        return InvestmentState.POSTED
    if row.state == "withdrawn":
        return InvestmentState.WITHDRAWN
    if row.contested:
        return InvestmentState.CONTESTED
    if why is not None:
        return InvestmentState.TURNED_DOWN
    approved = count is not None and count.standing is Agreed.APPROVED
    return InvestmentState.APPROVED if approved else InvestmentState.PROPOSED
