"""The posted ledger for those who ask: drill to journals, check of the whole, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from collabdesk.domain.budgets import ledger as rules
from collabdesk.domain.budgets.splitting import Proposed
from collabdesk.domain.budgets.virement import Virement
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.lock_audit import (
    locks_without_approvals,
    posted_behind_locks,
)
from collabdesk.services.budgets.entered import (
    held_in,
    journal_line_of,
    journal_of,
    line_name,
    service_lines,
    virement_of,
)
from collabdesk.services.budgets.once import once
from collabdesk.services.budgets.papers.journal_findings import odd_journals
from collabdesk.services.budgets.policy import Policy, policy, workspace_id
from collabdesk.services.budgets.shares.investment_audit import unapproved_investments
from collabdesk.services.budgets.virements.proposals import Writers, count_of, who, writers_of
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.approvals import (
    agreed_values,
    approvals_before,
    inserted_at,
    was_seen,
)
from collabdesk.storage.queries.authors import Author, Authors
from collabdesk.storage.queries.ledger import (
    PostedJournal,
    PostedLine,
    Stamp,
    broken_links,
    journals,
    links_so_far,
    out_of_balance,
    stamp,
)
from collabdesk.sync.operations import Dot

_SIDES: Final = 2
_ACTUAL: Final = frozenset(account.value for account in rules.ACTUAL_SIDE)


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
        for journal in journals(reads, fiscal_year, budget_only=True)
        for line in journal.lines
        if line.account == rules.Account.LINE.value
        and service_line in {None, line.service_line}
        and provider in {"", line.provider}
        and month in {None, line.month}
    )


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What re-reading the ledger found; empty tuples are good news.

    `checked_to` is the number of the journal up to which the chain of hashes was worked out.
    """

    stamp: Stamp
    journals: int
    unbalanced: tuple[int, ...]
    broken: tuple[int, ...]
    years_out: tuple[str, ...]
    checked_to: int = 0

    @property
    def holds(self) -> bool:
        """Tell whether every journal balances, every year adds up and every link fits."""
        return not (self.unbalanced or self.broken or self.years_out)


_AT_A_TIME: Final = 1_000
_AT_ONCE: Final = 100
"""So many links are worked out before a screen is shown; the others while it is."""


def ledger_check(reads: Connection) -> LedgerCheck:
    """Read the whole ledger again: sums, the identity of each year, and the chain of hashes."""
    broken = broken_links(reads, workspace_id(reads))
    return _check(reads, broken, stamp(reads).number)


def ledger_standing(reads: Connection) -> LedgerCheck:
    """Return the same for a screen: links that fitted once in this session are not redone.

    Of a long chain only so much is worked out at a time; `checked_to` says how far it is.
    """
    return _check(reads, *links_so_far(reads, workspace_id(reads), _AT_ONCE))


def check_further(reads: Connection) -> bool:
    """Work out more of the chain of hashes; tell whether some of it is left."""
    _, reached = links_so_far(reads, workspace_id(reads), _AT_A_TIME)
    return reached < stamp(reads).number


def _check(reads: Connection, broken: tuple[int, ...], checked_to: int) -> LedgerCheck:
    now, posted = stamp(reads), journals(reads, budget_only=True)
    years = sorted({journal.fiscal_year for journal in posted})
    return LedgerCheck(
        now,
        now.number,
        _out(reads),
        broken,
        tuple(
            year
            for year in years
            if not held_in(j for j in posted if j.fiscal_year == year).identity_holds
        ),
        checked_to,
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
    return once(reads, "findings", _findings)


def _findings(reads: Connection) -> tuple[LedgerFinding, ...]:
    posted, lines = journals(reads, budget_only=True), service_lines(reads)
    years = sorted({journal.fiscal_year for journal in posted})
    general = (
        _finding(found, lines)
        for year in years
        for found in _general([one for one in posted if one.fiscal_year == year])
    )
    return (
        *general,
        *_unbalanced(reads, posted),
        *_odd(reads, posted),
        *_unapproved(reads, posted),
        *_investments(reads, posted),
        *_locks(reads, years),
    )


def _general(posted: Sequence[PostedJournal]) -> tuple[rules.Finding, ...]:
    opening = [one for one in posted if one.kind == rules.JournalKind.OPENING]
    suspects = (journal_of(one) for one in posted if _is_out(one))
    return (*rules.unbalanced(suspects), *rules.overdrawn(held_in(posted), held_in(opening)))


def _is_out(journal: PostedJournal) -> bool:
    budget = actual = 0
    for line in journal.lines:
        if line.account in _ACTUAL:
            actual += line.amount_p
        else:
            budget += line.amount_p
    return bool(budget or actual)


def _out(reads: Connection) -> tuple[int, ...]:
    return once(reads, "out of balance", lambda reads: out_of_balance(reads, _ACTUAL))


def _odd(reads: Connection, posted: Sequence[PostedJournal]) -> Iterator[LedgerFinding]:
    for code, words, journal in odd_journals(posted, stored.letters(reads)):
        yield LedgerFinding(code, words, _moved(journal), journal=journal.number)


def _moved(journal: PostedJournal) -> int:
    return sum(line.amount_p for line in journal.lines if line.amount_p > 0)


def _investments(reads: Connection, posted: tuple[PostedJournal, ...]) -> Iterator[LedgerFinding]:
    for journal in unapproved_investments(reads, posted, policy(reads), Authors(reads)):
        yield LedgerFinding(
            "posted_without_approval",
            f"Journal #{journal.number} was posted without a valid approval.",
            _moved(journal),
            journal=journal.number,
        )


def _unbalanced(reads: Connection, named: Sequence[PostedJournal]) -> Iterator[LedgerFinding]:
    """Yield the journals of what was spent that do not balance; the others are named before."""
    known = {journal.number for journal in named}
    for number in _out(reads):
        if number not in known:
            words = f"Journal #{number} is out of balance."
            yield LedgerFinding("unbalanced", words, 0, journal=number)


def _locks(reads: Connection, years: Sequence[str]) -> Iterator[LedgerFinding]:
    for _, words in locks_without_approvals(reads, years):
        yield LedgerFinding("locked_without_approvals", words, 0)
    for place, words in posted_behind_locks(reads, years):
        yield LedgerFinding("posted_in_locked_month", words, 0, journal=place.number)


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
    agreed, authors = policy(reads), Authors(reads)
    before: list[Proposed] = []
    for journal in posted:
        if journal.kind not in {rules.JournalKind.VIREMENT, rules.JournalKind.RELEASE}:
            continue
        carried_out = _carried_out(reads, journal, authors)
        if carried_out is None or not _approved(reads, journal, carried_out, before, agreed):
            yield LedgerFinding(
                "posted_without_approval",
                f"Journal #{journal.number} was posted without a valid approval.",
                _moved(journal),
                journal=journal.number,
            )
        if carried_out is not None:
            before.append(carried_out[0])


def _carried_out(
    reads: Connection, journal: PostedJournal, authors: Authors
) -> tuple[Proposed, Writers] | None:
    """Return the virement a journal says it carries out, as posted, and who proposed it."""
    by_amount = sorted(map(journal_line_of, journal.lines), key=lambda line: line.amount_p)
    if journal.source is None or len(by_amount) != _SIDES:
        return None
    taken, given = by_amount
    on_lines = [line for line in by_amount if line.line is not None]
    if on_lines and all(line.month is None for line in on_lines):
        return None
    here = taken.line or given.line or _named_between_pots(reads, journal.source)
    if here is None:
        return None
    virement = Virement(
        journal.fiscal_year,
        taken.line or here,
        given.line or here,
        given.amount_p,
        journal.effective_month,
        given.recurrence or rules.Recurrence.RECURRENT,
        "",
        None if taken.line else taken.account,
        None if given.line else given.account,
    )
    writers = writers_of(reads, journal.source, authors)
    return Proposed(journal.source, who(writers.proposer), virement), writers


def _named_between_pots(reads: Connection, row: bytes) -> rules.LineKey | None:
    """Return the line that stands in a virement from one pot to another."""
    found = stored.virement(reads, row)
    return rules.LineKey(found.from_line, found.from_provider) if found else None


def _approved(
    reads: Connection,
    journal: PostedJournal,
    carried_out: tuple[Proposed, Writers],
    before: Sequence[Proposed],
    agreed: Policy,
) -> bool:
    """Tell whether enough people had signed exactly what was posted, whatever changed since."""
    proposed, writers = carried_out
    given = [
        approval
        for approval in approvals_before(reads, proposed.row, journal.dot)
        if _as_signed(reads, approval.dot, proposed.row) == proposed.virement
    ]
    # Whoever is named a delegate later taints nothing that was posted before.
    named = tuple(
        one
        for one in agreed.delegations
        if was_seen(reads, inserted_at(reads, one.row), journal.dot)
    )
    then = replace(agreed, delegations=named)
    count = count_of(proposed, writers, given, before, then)
    return not isinstance(count, Refusal) and count.complete


def _as_signed(reads: Connection, approval: Dot, row: bytes) -> Virement | None:
    pots = {"from_pot": "", "to_pot": ""}
    cells: dict[str, Any] = {**pots, **agreed_values(reads, approval), "reason": ""}
    try:
        return virement_of(stored.Virement(row=row, scope=b"", shared="", **cells))
    except TypeError:
        # An approval that names only some of the figures approves no virement.
        return None
