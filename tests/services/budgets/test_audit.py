"""What a rogue or mistaken ledger keeper posts is seen by everybody."""

from __future__ import annotations

from collabdesk.domain.budgets.ledger import (
    Account,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    post,
)
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.queries import findings, journals, ledger_check
from tests.services.budgets.office import YEAR, Office

AMOUNT_P = 4_000_000


def _post(office: Office, amount_p: int, source: bytes | None) -> None:
    """Post a virement past every rule of the application."""
    key_from = LineKey(office.lines["ASL"], "RHA")
    key_to = LineKey(office.lines["PER"], "RHA")
    lines = (
        JournalLine(Account.LINE, amount_p, key_to, 3),
        JournalLine(Account.LINE, -amount_p, key_from, 3),
    )
    heading = Heading(YEAR, JournalKind.VIREMENT, 3, "A quiet word")
    _sign(office, heading, lines, ("virement", source) if source else None)


def _sign(
    office: Office,
    heading: Heading,
    lines: tuple[JournalLine, ...],
    source: tuple[str, bytes] | None = None,
) -> None:
    """Post as the keeper's key alone could."""
    journal = post(heading, lines, source)
    workspace = office.alliance.desks["lead"].workspace

    def sign() -> None:
        with workspace.engine() as (engine, _, _):
            engine.commit([journal])

    workspace.threads.write(sign).result()
    office.share()


def test_a_journal_without_a_proposal_is_found_everywhere(agreed: Office) -> None:
    _post(agreed, AMOUNT_P, None)
    for desk in agreed.alliance.desks:
        (found,) = agreed.ask(findings, desk=desk)
        assert (found.code, found.journal, found.amount_p) == (
            "posted_without_approval",
            2,
            AMOUNT_P,
        )
        assert agreed.ask(ledger_check, desk=desk).holds


def test_a_journal_of_a_proposal_nobody_approved_is_found(agreed: Office) -> None:
    row = agreed.propose(AMOUNT_P)
    agreed.share()
    _post(agreed, AMOUNT_P, row)
    assert [found.code for found in agreed.ask(findings)] == ["posted_without_approval"]


def test_a_journal_of_another_amount_than_approved_is_found(agreed: Office) -> None:
    row = agreed.propose(AMOUNT_P)
    agreed.share()
    agreed.run(c.ApproveVirement(row))
    _post(agreed, AMOUNT_P + 1, row)
    assert [found.code for found in agreed.ask(findings)] == ["posted_without_approval"]


def test_an_overdrawn_line_is_named(agreed: Office) -> None:
    _post(agreed, 25_000_000, None)
    overdrawn = next(found for found in agreed.ask(findings) if found.code == "overdrawn")
    assert overdrawn.words == "Adult low secure at RHA is overdrawn by £10,000.00."
    assert (overdrawn.service_line, overdrawn.provider) == (agreed.lines["ASL"], "RHA")
    standing = agreed.summary().posted
    assert standing is not None
    assert standing.identity_holds


def test_a_budget_that_was_corrected_and_money_without_a_letter_are_found(agreed: Office) -> None:
    (opening,) = agreed.ask(journals, YEAR)
    more = (JournalLine(Account.UNALLOCATED, 500), JournalLine(Account.ENVELOPE, -500))
    correction = Heading(YEAR, JournalKind.CORRECTION, 2, "Put right")
    _sign(agreed, correction, more)
    letter = agreed.made(c.AddAllocationMove(agreed.version, "IAT-001", 400, effective_month=2))
    _sign(agreed, Heading(YEAR, JournalKind.ALLOCATION, 2, "A letter, they say"), more)
    for _ in range(2):
        cancelled = Heading(YEAR, JournalKind.REVERSAL, 2, "Not so", reverses=opening.row)
        none = (JournalLine(Account.SPEND, 1), JournalLine(Account.GENERAL_LEDGER, -1))
        _sign(agreed, cancelled, none)
    unlike = Heading(YEAR, JournalKind.ALLOCATION, 2, "A letter, more or less")
    _sign(agreed, unlike, more, ("allocation_move", letter))
    agreed.share()
    for desk in agreed.alliance.desks:
        found = [(one.code, one.journal) for one in agreed.ask(findings, desk=desk)]
        assert found == [
            ("budget_corrected", 2),
            ("reversed_twice", 5),
            ("posted_without_letter", 3),
            ("posted_unlike_letter", 6),
        ]


def test_a_sound_ledger_has_no_findings(agreed: Office) -> None:
    assert agreed.ask(findings) == ()
    check = agreed.ask(ledger_check)
    assert (check.journals, check.unbalanced, check.broken, check.years_out) == (1, (), (), ())
