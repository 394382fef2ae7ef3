"""Allocation letters of an agreed year: recorded first, then posted to unallocated."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from collabdesk.domain.budgets.envelope import late_uplift
from collabdesk.domain.budgets.ledger import (
    Balances,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    Recurrence,
    balances,
    post,
)
from collabdesk.domain.budgets.letters import Letter, check_passed_on, letter_lines, uplift_lines
from collabdesk.domain.budgets.month_states import States, posting_month
from collabdesk.domain.changes import Delete, PostJournal, Undelete
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.closing.posting_commands import PostLetters, WithdrawLetter
from collabdesk.services.budgets.entered import (
    journal_line_of,
    line_name,
    recurrence_of,
    service_lines,
)
from collabdesk.services.budgets.planning.recorded import check_posted_once
from collabdesk.services.budgets.planning.revising import opening_of
from collabdesk.services.budgets.rights import check_keeper, check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import counted
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.approvals import inserted_at, was_seen
from collabdesk.storage.queries.ledger import PostedJournal, journals


def waiting_letters(reads: Connection, fiscal_year: str) -> tuple[stored.AllocationMove, ...]:
    """Return the letters of a year's agreed budget that no journal has carried out yet."""
    posted = journals(reads, fiscal_year, budget_only=True)
    opening = opening_of(reads, fiscal_year)
    if opening is None or opening.version is None:
        return ()
    moves = stored.allocation_moves(reads, opening.version)
    return tuple(move for move in moves if journal_of_move(reads, move.row, posted) is None)


def journal_of_move(
    reads: Connection, move: bytes, posted: tuple[PostedJournal, ...]
) -> PostedJournal | None:
    """Return the journal that brought an allocation into the ledger, or None while it waits."""
    for journal in posted:
        if journal.source == move:
            return journal
        opens = journal.kind == "opening" and was_seen(reads, inserted_at(reads, move), journal.dot)
        if opens:
            return journal
    return None


def post_letters(command: PostLetters, reads: Connection, me: Actor) -> Outcome:
    """Post every letter that waits, each as a journal of its own in its earliest open month."""
    check_keeper(me, "posts allocations")
    year = FiscalYear.parse(command.fiscal_year)
    known = states(reads, year.label)
    now = [
        journal_line_of(line)
        for journal in journals(reads, year.label, budget_only=True)
        for line in journal.lines
    ]
    made, names = [], _names(reads, now)
    for move in waiting_letters(reads, year.label):
        _check_settled(move)
        check_posted_once(stored.allocation_moves(reads, move.version), move)
        journal, lines = _journal(move, year, known, now)
        check_passed_on(_letter(move), lines, balances(now), names)
        made.append(journal)
        now += lines
    if not made:
        raise Refusal(
            code="nothing_to_post",
            words=f"No allocation of {year.label} waits to be posted.",
            remedy="Record the letter first.",
        )
    return Outcome(tuple(made), (), f"{counted(len(made), 'allocation')} posted")


def _names(reads: Connection, lines: list[JournalLine]) -> dict[LineKey, str]:
    known, keys = service_lines(reads), {line.line for line in lines}
    return {
        key: line_name(known.get(key.service_line), key.provider)
        for key in keys
        if key is not None and isinstance(key.service_line, bytes)
    }


def _letter(move: stored.AllocationMove) -> Letter:
    month = move.effective_month or 1
    return Letter(move.reference, move.amount_p, recurrence_of(move.recurrence), month)


def _journal(
    move: stored.AllocationMove, year: FiscalYear, known: States, now: list[JournalLine]
) -> tuple[PostJournal, tuple[JournalLine, ...]]:
    letter = _letter(move)
    stands = posting_month(year.month(letter.month), known).number
    held = balances(now)
    uplift = move.kind == "uplift"
    lines = _uplift(move, letter, stands, held, now) if uplift else letter_lines(letter, held)
    heading = Heading(
        year.label,
        JournalKind.UPLIFT if uplift else JournalKind.ALLOCATION,
        stands,
        f"{'Uplift' if uplift else 'Allocation'}: {move.reference}",
        move.version,
        effective_month=letter.month,
    )
    return post(heading, lines, ("allocation_move", move.row)), lines


def _uplift(
    move: stored.AllocationMove,
    letter: Letter,
    stands: int,
    held: Balances,
    now: list[JournalLine],
) -> tuple[JournalLine, ...]:
    shares = _weights(now) if move.pass_on else {}
    if letter.amount_p < 0 and not shares:
        letter_lines(letter, held)
    late = late_uplift(
        move.baseline_p or 0,
        move.old_uplift_pct or "0",
        move.cost_uplift_pct or "0",
        letter.month,
        stands,
    )
    return uplift_lines(letter, late, shares)


def _weights(now: list[JournalLine]) -> dict[LineKey, int]:
    """Return the recurrent money of each line, in an order every computer agrees on."""
    recurrent = balances(line for line in now if line.recurrence is Recurrence.RECURRENT)
    keys = sorted(recurrent.lines, key=lambda key: (str(key.service_line), key.provider))
    return {key: recurrent.lines[key] for key in keys if recurrent.lines[key] > 0}


def _check_settled(move: stored.AllocationMove) -> None:
    if move.contested:
        raise Refusal(
            code="contested",
            words=f"The allocation {move.reference} is contested.",
            remedy="Resolve the contested amount first, with a reason.",
            field="amount_p",
        )


def _free(reads: Connection) -> Iterator[stored.AllocationMove]:
    """Yield the letters that no journal carried out: those that wait, and those of drafts.

    The letters of a draft beside an agreed budget are that budget's, carried out long since.
    """
    versions = stored.budget_versions(reads)
    for year in sorted({version.fiscal_year for version in versions}):
        yield from waiting_letters(reads, year)
    for version in versions:
        if version.state == "draft" and opening_of(reads, version.fiscal_year) is None:
            yield from stored.allocation_moves(reads, version.row)


def withdraw_letter(command: WithdrawLetter, reads: Connection, me: Actor) -> Outcome:
    """Take back a letter while it waits, or while its version is a draft."""
    check_lead(me, "records allocations")
    found = next((move for move in _free(reads) if move.row == command.move), None)
    if found is None:
        raise Refusal(
            code="not_waiting",
            words="This allocation does not wait: it is posted, or no longer here.",
            remedy="Record a letter that takes the money back.",
            field="move",
        )
    change = Delete("allocation_move", found.row)
    back = Undelete("allocation_move", found.row)
    words = f"Allocation “{found.reference}” taken back"
    return Outcome((change,), (back,), words, ("allocation_move", found.row))
