"""Journals balance, the identity holds, and what looks wrong is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.ledger import (
    Account,
    Heading,
    Journal,
    JournalKind,
    JournalLine,
    LineKey,
    Recurrence,
    balances,
    findings,
    months_of,
    post,
)
from collabdesk.domain.changes import OWN, NewRow
from collabdesk.errors import Refusal

SECURE = LineKey(b"s" * 16, "RHA")
HUB = LineKey(b"h" * 16, "RHA")
OPENING = Heading("2026/27", JournalKind.OPENING, 1, "Opening budget", b"v" * 16)
USES = (Account.LINE, Account.CONTINGENCY, Account.UNALLOCATED, Account.INVESTMENT)


def line(account: Account, amount: int, key: LineKey | None = None) -> JournalLine:
    return JournalLine(account, amount, key)


@st.composite
def balanced(draw: st.DrawFn) -> Journal:
    uses = draw(st.lists(st.tuples(st.sampled_from(USES), st.integers(-(10**9), 10**9))))
    lines = [
        line(account, amount, SECURE if account is Account.LINE else None)
        for account, amount in uses
    ]
    total = sum(amount for _, amount in uses)
    kind = draw(st.sampled_from(JournalKind))
    return Journal(kind, "A journal", (*lines, line(Account.ENVELOPE, -total)))


@given(st.lists(balanced(), max_size=6))
def test_balanced_journals_keep_the_identity(journals: list[Journal]) -> None:
    held = balances(entry for journal in journals for entry in journal.lines)
    assert held.identity_holds
    assert not [found for found in findings(journals) if found.code == "unbalanced"]


def test_a_journal_is_posted_with_its_header_and_lines() -> None:
    lines = [
        JournalLine(Account.ENVELOPE, -100, month=1, recurrence=Recurrence.RECURRENT),
        JournalLine(Account.LINE, 100, SECURE, 3),
        JournalLine(Account.CONTINGENCY, 0),
    ]
    posted = post(OPENING, lines, ("budget_version", b"v" * 16))
    assert posted.header.scope is OWN
    assert posted.header.cells == {
        "fiscal_year": "2026/27",
        "kind": "opening",
        "posting_month": 1,
        "effective_month": 1,
        "words": "Opening budget",
        "version": b"v" * 16,
    }
    journal = NewRow(posted.header.key)
    assert [dict(entry.cells) for entry in posted.lines] == [
        {
            "journal": journal,
            "account": "envelope",
            "amount_p": -100,
            "month": 1,
            "recurrence": "recurrent",
        },
        {
            "journal": journal,
            "account": "line",
            "amount_p": 100,
            "service_line": SECURE.service_line,
            "provider": "RHA",
            "month": 3,
        },
    ]
    assert posted.source == ("budget_version", b"v" * 16)


def test_an_unbalanced_journal_is_refused_with_the_difference() -> None:
    lines = [line(Account.ENVELOPE, -100), line(Account.UNALLOCATED, 99)]
    with pytest.raises(Refusal, match=r"out of balance by −£0\.01") as refused:
        post(OPENING, lines)
    assert refused.value.code == "unbalanced"


def test_a_journal_of_nothing_is_refused() -> None:
    heading = Heading("2026/27", JournalKind.CORRECTION, 5, "Correction")
    with pytest.raises(Refusal) as refused:
        post(heading, [line(Account.LINE, 0, SECURE)])
    assert refused.value.code == "nothing_to_post"


def test_a_header_without_a_version_leaves_the_cell_out() -> None:
    heading = Heading("2026/27", JournalKind.CORRECTION, 5, "Correction")
    lines = [line(Account.LINE, 5, SECURE), line(Account.LINE, -5, HUB)]
    assert "version" not in post(heading, lines).header.cells


def test_months_of_a_line_come_from_its_journal_lines_alone() -> None:
    lines = [
        JournalLine(Account.LINE, 70, SECURE, 1),
        JournalLine(Account.LINE, 30, SECURE, 12),
        JournalLine(Account.LINE, 5, SECURE, 1),
        JournalLine(Account.LINE, 99, HUB, 1),
        JournalLine(Account.LINE, 99, SECURE),
        JournalLine(Account.CONTINGENCY, 99, month=1),
    ]
    assert months_of(lines, SECURE) == (75, *(0,) * 10, 30)


def test_pots_and_lines_drawn_below_nought_are_found() -> None:
    opening = Journal(
        JournalKind.OPENING,
        "Opening",
        (
            line(Account.ENVELOPE, -100),
            line(Account.LINE, 150, SECURE),
            line(Account.LINE, -50, HUB),
        ),
    )
    spent = Journal(
        JournalKind.CORRECTION,
        "Rogue",
        (
            line(Account.LINE, -151, SECURE),
            line(Account.UNALLOCATED, -1),
            line(Account.CONTINGENCY, -2),
            line(Account.INVESTMENT, -3),
            line(Account.ENVELOPE, 150),
        ),
    )
    assert findings([opening]) == ()
    found = findings([opening, spent])
    assert [(entry.code, entry.amount_p, entry.line) for entry in found] == [
        ("unbalanced", -7, None),
        ("overdrawn", -1, None),
        ("overdrawn", -2, None),
        ("overdrawn", -3, None),
        ("overdrawn", -1, SECURE),
    ]
    assert "overdrawn by £0.01" in found[-1].words


def test_recurrent_lines_beyond_the_recurrent_envelope_are_found() -> None:
    once = replace(line(Account.ENVELOPE, -100), recurrence=Recurrence.NON_RECURRENT)
    kept = replace(line(Account.LINE, 10, HUB), recurrence=Recurrence.NON_RECURRENT)
    lines = (line(Account.ENVELOPE, -40), once, kept, line(Account.UNALLOCATED, 90))
    sound = Journal(JournalKind.OPENING, "Opening", (*lines, line(Account.LINE, 40, SECURE)))
    assert findings([sound]) == ()
    moved = (line(Account.LINE, 25, SECURE), line(Account.UNALLOCATED, -25))
    (found,) = findings([sound, Journal(JournalKind.RELEASE, "For ever", moved)])
    assert (found.code, found.amount_p) == ("beyond_recurrent_envelope", -25)
    assert "£0.25 more than the recurrent envelope" in found.words


def test_a_line_without_its_name_breaks_the_identity() -> None:
    held = balances([line(Account.ENVELOPE, -5), line(Account.LINE, 5)])
    assert not held.identity_holds


def test_each_side_of_a_journal_balances_by_itself() -> None:
    heading = Heading("2026/27", JournalKind.ACTUAL, 5, "Trial balance M5")
    crossed = [
        JournalLine(Account.SPEND, 100, SECURE, 5),
        JournalLine(Account.UNALLOCATED, -100),
    ]
    with pytest.raises(Refusal) as refused:
        post(heading, crossed)
    assert refused.value.code == "unbalanced"
    straight = [crossed[0], JournalLine(Account.GENERAL_LEDGER, -100, month=5)]
    assert len(post(heading, straight).lines) == len(straight)
    (found,) = findings([Journal(JournalKind.ACTUAL, "Crossed", tuple(crossed))])[:1]
    assert (found.code, found.amount_p) == ("unbalanced", -100)


def test_a_journal_says_what_it_belongs_to_reverses_and_comes_from() -> None:
    heading = Heading(
        "2026/27",
        JournalKind.REVERSAL,
        6,
        "Reversal",
        effective_month=3,
        reverses=b"j" * 16,
        source_file=b"f" * 16,
        key="reversal",
    )
    lines = [
        JournalLine(
            Account.SPEND, 7, SECURE, 3, None, "INV-1", 12, one_off=True, words="Agency nurse"
        ),
        JournalLine(Account.GENERAL_LEDGER, -7, month=3),
    ]
    posted = post(heading, lines)
    cells = posted.header.cells
    assert (cells["posting_month"], cells["effective_month"]) == (6, 3)
    assert (cells["reverses"], cells["source"]) == (b"j" * 16, b"f" * 16)
    first, second = (dict(entry.cells) for entry in posted.lines)
    assert first["journal"] == NewRow("reversal")
    assert (first["reference"], first["source_row"], first["one_off"]) == ("INV-1", 12, True)
    assert first["words"] == "Agency nurse"
    assert not {"reference", "source_row", "one_off", "words"} & second.keys()
