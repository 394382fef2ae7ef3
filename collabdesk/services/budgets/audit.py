"""The posted ledger for those who ask: drill to journals, check of the whole, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from collabdesk.domain.budgets import ledger as rules
from collabdesk.domain.budgets.ledger import JournalLine
from collabdesk.domain.budgets.virement import Virement, journal_lines
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import (
    held_in,
    journal_line_of,
    journal_of,
    line_name,
    service_lines,
    virement_of,
)
from collabdesk.services.budgets.policy import Policy, policy, workspace_id
from collabdesk.services.budgets.proposals import Proposal, by_row, count_of, proposals
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.approvals import agreed_values
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.ledger import (
    PostedJournal,
    PostedLine,
    Stamp,
    broken_links,
    journals,
    stamp,
)
from collabdesk.sync.operations import Dot


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a journal with the journal it stands in."""

    journal: PostedJournal
    line: PostedLine
    name: str

    @property
    def author(self) -> Author:
        """Who posted it."""
        return self.journal.author


def drill(
    reads: Connection,
    fiscal_year: str,
    service_line: bytes | None = None,
    provider: str = "",
    month: int | None = None,
) -> tuple[Entry, ...]:
    """Return the ledger lines that add up to a figure: of a line, a provider, a month or all."""
    lines = service_lines(reads)
    return tuple(
        Entry(journal, line, line_name(lines.get(line.service_line or b""), line.provider))
        for journal in journals(reads, fiscal_year)
        for line in journal.lines
        if line.account == rules.Account.LINE.value
        and service_line in {None, line.service_line}
        and provider in {"", line.provider}
        and month in {None, line.month}
    )


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What re-reading the ledger found; empty tuples are good news."""

    stamp: Stamp
    journals: int
    unbalanced: tuple[int, ...]
    broken: tuple[int, ...]
    years_out: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether every journal balances, every year adds up and every link fits."""
        return not (self.unbalanced or self.broken or self.years_out)


def ledger_check(reads: Connection) -> LedgerCheck:
    """Read the whole ledger again: sums, the identity of each year, and the chain of hashes."""
    posted = journals(reads)
    years = sorted({journal.fiscal_year for journal in posted})
    return LedgerCheck(
        stamp(reads),
        len(posted),
        tuple(j.number for j in posted if sum(line.amount_p for line in j.lines)),
        broken_links(reads, workspace_id(reads)),
        tuple(
            year
            for year in years
            if not held_in(j for j in posted if j.fiscal_year == year).identity_holds
        ),
    )


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """Something in the ledger people should see; nothing is undone by it."""

    code: str
    words: str
    amount_p: int
    journal: int | None = None
    service_line: bytes | None = None
    provider: str = ""


def findings(reads: Connection) -> tuple[LedgerFinding, ...]:
    """List what looks wrong in the ledger; every replica finds the same."""
    posted, lines = journals(reads), service_lines(reads)
    years = sorted({journal.fiscal_year for journal in posted})
    general = (
        _finding(found, lines)
        for year in years
        for found in rules.findings(
            [journal_of(journal) for journal in posted if journal.fiscal_year == year]
        )
    )
    return (*general, *_unapproved(reads, posted))


def _finding(found: rules.Finding, lines: Mapping[bytes, stored.ServiceLine]) -> LedgerFinding:
    key = found.line
    if key is None or not isinstance(key.service_line, bytes):
        return LedgerFinding(found.code, found.words, found.amount_p)
    name = line_name(lines.get(key.service_line), key.provider)
    words = f"{name} is overdrawn by {format_pence(-found.amount_p)}."
    return LedgerFinding(
        found.code,
        words,
        found.amount_p,
        service_line=key.service_line,
        provider=key.provider,
    )


def _unapproved(reads: Connection, posted: tuple[PostedJournal, ...]) -> Iterator[LedgerFinding]:
    agreed, all_of_them = policy(reads), proposals(reads, posted)
    known = by_row(all_of_them)
    for journal in posted:
        proposal = known.get(journal.source or b"")
        if journal.kind != rules.JournalKind.VIREMENT or (
            proposal and _approved(reads, journal, proposal, all_of_them, agreed)
        ):
            continue
        yield LedgerFinding(
            "posted_without_approval",
            f"Journal #{journal.number} was posted without a valid approval.",
            sum(line.amount_p for line in journal.lines if line.amount_p > 0),
            journal=journal.number,
        )


def _approved(
    reads: Connection,
    journal: PostedJournal,
    proposal: Proposal,
    all_of_them: tuple[Proposal, ...],
    agreed: Policy,
) -> bool:
    """Tell whether enough people signed exactly what was posted, whatever changed since."""
    signed = {
        approval.author: virement
        for approval in proposal.standing
        if _same(journal_lines(virement := _as_signed(reads, approval.dot, proposal)), journal)
    }
    if not signed:
        return False
    before = [one for one in all_of_them if one.journal and one.journal.number <= journal.number]
    proposed = replace(proposal.proposed, virement=next(iter(signed.values())))
    count = count_of(proposed, proposal, list(signed), before, agreed)
    return not isinstance(count, Refusal) and count.complete


def _as_signed(reads: Connection, approval: Dot, proposal: Proposal) -> Virement:
    cells: dict[str, Any] = dict(agreed_values(reads, approval))
    return virement_of(replace(proposal.row, **cells))


def _same(lines: Iterable[JournalLine], journal: PostedJournal) -> bool:
    return Counter(lines) == Counter(map(journal_line_of, journal.lines))
