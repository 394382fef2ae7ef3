"""Journals the keeper posts by hand: accruals, corrections, and phasing anew after a close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from collabdesk.domain.budgets.correcting import (
    Posted,
    Rephased,
    accrue,
    check_correctable,
    correct_journal,
    rephasing_lines,
)
from collabdesk.domain.budgets.ledger import (
    Account,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    months_of,
    post,
)
from collabdesk.domain.budgets.month_states import MonthState, States, state_of
from collabdesk.domain.budgets.phasing import Profile, weights
from collabdesk.domain.budgets.rephasing import rephase
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.closing.posting_commands import (
    CorrectJournal,
    PostAccrual,
    RephaseLine,
    TrueLine,
)
from collabdesk.services.budgets.entered import (
    agreed_lines,
    journal_line_of,
    line_name,
    recurrence_of,
    service_line_named,
)
from collabdesk.services.budgets.rights import check_keeper
from collabdesk.services.budgets.virements.readiness import unknown_line
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen, filled
from collabdesk.storage.queries.ledger import PostedJournal, journals


def post_accrual(command: PostAccrual, reads: Connection, me: Actor) -> Outcome:
    """Post an accrual with what takes it back."""
    check_keeper(me, "posts accruals")
    year = FiscalYear.parse(command.fiscal_year)
    words = filled(
        command.words,
        "words",
        "The accrual does not say what it is for.",
        "Name what was received and not yet billed.",
    )
    known = agreed_lines(reads, year.label)
    lines = [
        JournalLine(
            Account.SPEND,
            one.amount_p,
            _known(LineKey(one.service_line, one.provider.strip().upper()), known, year.label),
            command.month,
            reference=one.reference.strip(),
            one_off=one.one_off,
        )
        for one in command.expected
    ]
    closed = {y.begins: states(reads, y.label) for y in (year, FiscalYear(year.begins + 1))}
    pair = accrue(year, command.month, lines, closed, words)
    total_p = sum(line.amount_p for line in lines)
    return Outcome(pair, (), f"Accrual of {format_pence(total_p)} posted; it takes itself back")


def _known(key: LineKey, known: Iterable[LineKey], year: str) -> LineKey:
    if key not in known:
        raise unknown_line(year, "service_line")
    return key


def correct_posted(command: CorrectJournal, reads: Connection, me: Actor) -> Outcome:
    """Post the reversal of a journal and its correction."""
    check_keeper(me, "corrects the ledger")
    reason = filled(
        command.reason,
        "reason",
        "The correction has no reason.",
        "Say in a sentence what was wrong; whoever audits the ledger reads it.",
    )
    posted = journals(reads)
    found = next((one for one in posted if one.row == command.journal), None)
    if found is None:
        raise Refusal(
            code="not_here",
            words="This journal is not here.",
            remedy="Look at the journals again, and share to fetch what was posted since.",
            field="journal",
        )
    true = _as_it_should_be(found, command.lines, agreed_lines(reads, found.fiscal_year))
    closed = states(reads, found.fiscal_year)
    pair = correct_journal(_posted(found, posted), true, closed, reason)
    words = f"Journal #{found.number} cancelled and corrected"
    return Outcome(pair, (), words, ("journal", found.row))


def not_correctable(journal: PostedJournal, posted: Sequence[PostedJournal]) -> Refusal | None:
    """Return why no correction puts a journal right, or None where one may."""
    try:
        check_correctable(_posted(journal, posted))
    except Refusal as why:
        return why
    return None


def _posted(found: PostedJournal, posted: Sequence[PostedJournal]) -> Posted:
    year = FiscalYear.parse(found.fiscal_year)
    return Posted(
        found.row,
        JournalKind(found.kind),
        year.month(found.posting_month),
        year.month(found.effective_month),
        found.words,
        tuple(map(journal_line_of, found.lines)),
        any(one.reverses == found.row for one in posted),
    )


def _as_it_should_be(
    found: PostedJournal, wanted: Sequence[TrueLine], known: Iterable[LineKey]
) -> tuple[JournalLine, ...]:
    by_row = {one.line: one for one in wanted}
    if not by_row.keys() <= {line.row for line in found.lines}:
        raise Refusal(
            code="not_of_this_journal",
            words="A corrected line does not belong to the journal.",
            remedy="Open the journal again and change its own lines.",
            field="lines",
        )
    true = []
    for line in found.lines:
        was, one = journal_line_of(line), by_row.get(line.row)
        if one is not None:
            was = replace(was, amount_p=one.amount_p, line=_moved(was, one))
            if was.line is not None:
                _known(was.line, known, found.fiscal_year)
        true.append(was)
    return tuple(true)


def _moved(was: JournalLine, one: TrueLine) -> LineKey | None:
    if was.line is None:
        return None
    line = one.service_line or was.line.service_line
    return LineKey(line, one.provider.strip().upper() or was.line.provider)


def _lines(posted: Iterable[PostedJournal], fiscal_year: str) -> list[JournalLine]:
    mine = (one for one in posted if one.fiscal_year == fiscal_year)
    return [journal_line_of(line) for journal in mine for line in journal.lines]


def rephase_line(command: RephaseLine, reads: Connection, me: Actor) -> Outcome:
    """Move a line's money between its open months; its year stays the same."""
    check_keeper(me, "phases agreed lines again")
    year = FiscalYear.parse(command.fiscal_year)
    line = service_line_named(reads, command.service_line, "service_line")
    key = LineKey(line.row, command.provider.strip().upper())
    _known(key, agreed_lines(reads, year.label), year.label)
    before = months_of(_lines(journals(reads, year.label, budget_only=True), year.label), key)
    closed = _closed(year, states(reads, year.label))
    profile = chosen(Profile, command.profile, "profile")
    wanted = weights(profile, year, command.weights)
    after = rephase(sum(before), before, wanted, closed)
    words = f"{line_name(line, key.provider)} phased again from M{closed + 1}"
    heading = Heading(year.label, JournalKind.REPHASING, closed + 1, words)
    like = JournalLine(Account.LINE, 0, key, recurrence=recurrence_of(line.recurrence))
    journal = post(heading, rephasing_lines(like, Rephased(before, after)))
    return Outcome((journal,), (), f"{words}; this cannot be undone")


def _closed(year: FiscalYear, known: States) -> int:
    shut = (m.number for m in year.months if state_of(m, known) is not MonthState.OPEN)
    return max(shut, default=0)
