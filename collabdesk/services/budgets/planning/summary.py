"""The envelope of a version: what came in, where it stands, drafted and posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.envelope import contingency
from collabdesk.errors import Refusal
from collabdesk.services.budgets.amounts import Amount, amount_of, disputes, total
from collabdesk.services.budgets.entered import held, held_in, version_named
from collabdesk.services.budgets.planning.letters import journal_of_move
from collabdesk.services.budgets.planning.revising import REVISED, copied_from, money_of
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.ledger import PostedJournal, Stamp, journals, stamp
from collabdesk.storage.queries.planning import envelopes as planned

_AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One step from the opening allocation to the present envelope.

    `journal` is the one that brought it into the ledger; a letter without one waits to be
    posted once its year is agreed. The evidence is the letter's file, by name and hash.
    """

    row: bytes
    reference: str
    amount: Amount
    recurrence: str
    letter_date: dt.date | None
    effective_month: int
    commissioner: str = ""
    kind: str = ""
    evidence_name: str = ""
    evidence_sha256: bytes | None = None
    journal: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the money of an envelope stands; lines + contingency + investment + unallocated."""

    envelope: Amount
    lines: Amount
    contingency: Amount
    investment: Amount
    unallocated: Amount

    @property
    def identity_holds(self) -> bool:
        """Tell whether the parts add up to the envelope, to the penny."""
        parts = (self.lines, self.contingency, self.investment, self.unallocated)
        return total(parts).shown_p == self.envelope.shown_p


@dataclass(frozen=True, slots=True)
class EnvelopeSummary:
    """A version's envelope as drafted, and as posted once the year is in the ledger."""

    version: stored.BudgetVersion
    opening: MoveLine | None
    letters: tuple[MoveLine, ...]
    drafted: Standing
    posted: Standing | None
    stamp: Stamp

    @property
    def waiting(self) -> tuple[MoveLine, ...]:
        """The allocations of an agreed year that are recorded and not posted."""
        moves = (*((self.opening,) if self.opening else ()), *self.letters)
        return tuple(move for move in moves if self.posted and move.journal is None)

    @property
    def current(self) -> Standing:
        """The standing that counts: posted where there is one."""
        return self.posted or self.drafted


def versions(reads: Connection) -> tuple[stored.BudgetVersion, ...]:
    """Return all budget versions, the latest year first."""
    return stored.budget_versions(reads)


def envelope_summary(reads: Connection, version: bytes) -> EnvelopeSummary:
    """Return the envelope of a version, step by step and as it stands."""
    row = version_named(reads, version)
    agreed = row.state == _AGREED
    posted = journals(reads, row.fiscal_year, budget_only=True) if agreed else ()
    moves = _moves(reads, row, posted)
    return EnvelopeSummary(
        row,
        moves[0] if moves else None,
        tuple(moves[1:]),
        _revision(reads, row) or _drafted(row, moves, _lines(reads, row.row)),
        _posted(posted) if posted else None,
        stamp(reads),
    )


def _moves(
    reads: Connection, version: stored.BudgetVersion, posted: tuple[PostedJournal, ...]
) -> list[MoveLine]:
    contested = disputes(reads, "allocation_move")
    envelopes = {one.row: one.commissioner for one in planned(reads, version.fiscal_year)}
    return [
        MoveLine(
            move.row,
            move.reference,
            amount_of(move.amount_p, contested.get((move.row, "amount_p"), ())),
            move.recurrence,
            move.letter_date,
            move.effective_month or 1,
            envelopes.get(move.envelope or b"", ""),
            move.kind,
            move.evidence_name,
            move.evidence_sha256,
            _number(journal_of_move(reads, move.row, posted)),
        )
        for move in stored.allocation_moves(reads, money_of(reads, version).row)
    ]


def _number(journal: PostedJournal | None) -> int | None:
    return journal.number if journal else None


def _lines(reads: Connection, version: bytes) -> Amount:
    contested = disputes(reads, "plan_line")
    return total(
        amount_of(month, contested.get((line.row, f"m{number}"), ()))
        for line in stored.plan_lines(reads, version)
        for number, month in enumerate(line.months, 1)
    )


def _drafted(version: stored.BudgetVersion, moves: Sequence[MoveLine], lines: Amount) -> Standing:
    envelope = total(move.amount for move in moves)
    pct = version.contingency_pct or "0"
    kept = Amount(
        contingency(envelope.shown_p, pct),
        contingency(envelope.low_p, pct),
        contingency(envelope.high_p, pct),
    )
    # A larger envelope keeps a larger contingency: the two ends go together.
    left = Amount(
        envelope.shown_p - kept.shown_p - lines.shown_p,
        envelope.low_p - kept.low_p - lines.high_p,
        envelope.high_p - kept.high_p - lines.low_p,
    )
    return Standing(envelope, lines, kept, Amount.exact(0), left)


def _revision(reads: Connection, version: stored.BudgetVersion) -> Standing | None:
    """Return what a drafted revision would leave: the ledger now, and what the plan changes."""
    if version.kind != REVISED or version.state != "draft":
        return None
    try:
        before = copied_from(reads, version)
    except Refusal:
        return None
    then = Amount.exact(-sum(sum(line.months_p) for line in before.values()))
    more = total((_lines(reads, version.row), then))
    now = held(reads, version.fiscal_year)
    return Standing(
        Amount.exact(now.envelope_p),
        total((Amount.exact(now.lines_p), more)),
        Amount.exact(now.contingency_p),
        Amount.exact(now.investment_p),
        total((Amount.exact(now.unallocated_p), -more)),
    )


def _posted(posted: Sequence[PostedJournal]) -> Standing:
    held = held_in(posted)
    return Standing(
        Amount.exact(held.envelope_p),
        Amount.exact(held.lines_p),
        Amount.exact(held.contingency_p),
        Amount.exact(held.investment_p),
        Amount.exact(held.unallocated_p),
    )
