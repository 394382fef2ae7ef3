"""Investments in the ledger that nobody approved as they were posted; every replica finds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection

from collabdesk.domain.budgets.approvals import Decision, Proposer, Standing, tally, tier_index
from collabdesk.domain.budgets.investing import Investment
from collabdesk.domain.budgets.ledger import Account, JournalKind, LineKey, Recurrence
from collabdesk.domain.changes import Cell
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.policy import Policy, role_for
from collabdesk.services.budgets.virements.proposals import close_to, who, writers_of
from collabdesk.storage.queries.approvals import Approval, agreed_values, approvals_before
from collabdesk.storage.queries.authors import Authors
from collabdesk.storage.queries.ledger import PostedJournal
from collabdesk.storage.queries.shares import investment


def unapproved_investments(
    reads: Connection, posted: Iterable[PostedJournal], agreed: Policy, authors: Authors
) -> Iterator[PostedJournal]:
    """Return the journals of investments that too few people had signed as they were posted."""
    for journal in posted:
        if journal.kind == JournalKind.INVESTMENT and not _approved(
            reads, journal, agreed, authors
        ):
            yield journal


def _approved(reads: Connection, journal: PostedJournal, agreed: Policy, authors: Authors) -> bool:
    if journal.source is None or investment(reads, journal.source) is None:
        return False
    given = [
        one
        for one in approvals_before(reads, journal.source, journal.dot)
        if _covers(agreed_values(reads, one.dot), journal)
    ]
    if not given:
        return False
    signed = _investment(agreed_values(reads, given[0].dot))
    return signed is not None and _enough(reads, journal.source, signed, given, agreed, authors)


def _enough(  # noqa: PLR0913, PLR0917 - what a count looks at
    reads: Connection,
    row: bytes,
    signed: Investment,
    given: Iterable[Approval],
    agreed: Policy,
    authors: Authors,
) -> bool:
    try:
        tier = agreed.tiers[tier_index(agreed.tiers, signed.recurrent_p + signed.non_recurrent_p)]
    except Refusal:
        return False
    writers = writers_of(reads, row, authors)
    author = writers.proposer
    proposer = Proposer(who(author), author.device, close_to(author, agreed))
    decisions = [
        Decision(
            proposer.name if who(one.author) in writers.names else who(one.author),
            approves=True,
            key=one.author.device,
            role=role_for(tier, agreed.then(one.dot)),
        )
        for one in given
    ]
    return tally(proposer, decisions, tier.needed, tier.roles).standing is Standing.APPROVED


def _investment(signed: Mapping[str, Cell]) -> Investment | None:
    line, provider = signed.get("service_line"), signed.get("provider")
    recurrent_p, once_p = signed.get("recurrent_p"), signed.get("non_recurrent_p")
    planned, start = signed.get("planned_start"), signed.get("start")
    start = start or planned
    if (
        isinstance(line, bytes)
        and isinstance(provider, str)
        and isinstance(recurrent_p, int)
        and isinstance(once_p, int)
        and isinstance(planned, dt.date)
        and isinstance(start, dt.date)
    ):
        return Investment(LineKey(line, provider), recurrent_p, once_p, start, planned)
    return None


def _covers(signed: Mapping[str, Cell], journal: PostedJournal) -> bool:
    """Tell whether what somebody signed is what was posted: line, part-year effect and once."""
    wanted = _investment(signed)
    if wanted is None or signed.get("fiscal_year") != journal.fiscal_year:
        return False
    posted = {Recurrence.RECURRENT: 0, Recurrence.NON_RECURRENT: 0}
    for line in journal.lines:
        if line.account == Account.INVESTMENT:
            continue
        key = LineKey(line.service_line or b"", line.provider)
        if line.account != Account.LINE or key != wanted.line:
            return False
        posted[Recurrence(line.recurrence or Recurrence.RECURRENT)] += line.amount_p
    year = FiscalYear.parse(journal.fiscal_year)
    return posted == {
        Recurrence.RECURRENT: wanted.part_year_p(year),
        Recurrence.NON_RECURRENT: wanted.non_recurrent_p,
    }
