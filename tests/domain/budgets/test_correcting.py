"""A closed month never changes; what was wrong in it is cancelled and posted again later."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.correcting import (
    Posted,
    Rephased,
    accrue,
    correct_journal,
    rebalanced,
    rephasing_lines,
    reversed_lines,
)
from collabdesk.domain.budgets.ledger import (
    Account,
    JournalKind,
    JournalLine,
    LineKey,
    out_of_balance,
)
from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.changes import NewRow, PostJournal
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

YEAR = FiscalYear(2026)
KEY, OTHER = LineKey(b"s" * 16, "RHA"), LineKey(b"o" * 16, "RT5")
CLOSED = {YEAR.month(n): MonthState.LOCKED for n in (1, 2, 3)}
SPENT = (
    JournalLine(Account.SPEND, 700, KEY, 2, reference="INV-9", source_row=4),
    JournalLine(Account.GENERAL_LEDGER, -700, month=2),
)
ACTUAL = Posted(
    b"j" * 16, JournalKind.ACTUAL, YEAR.month(2), YEAR.month(2), "Trial balance M2", SPENT
)
PENCE = st.integers(-(10**12), 10**12)


def amounts(journal: PostJournal) -> list[tuple[object, object, object]]:
    return [(e.cells["account"], e.cells["amount_p"], e.cells["month"]) for e in journal.lines]


def test_a_locked_month_is_corrected_by_a_pair_in_the_first_open_one() -> None:
    """FIN-33."""
    true = (replace(SPENT[0], amount_p=650, line=OTHER), SPENT[1])
    reversal, correction = correct_journal(ACTUAL, true, CLOSED, "Wrong provider")
    for journal, kind in ((reversal, "reversal"), (correction, "correction")):
        cells = journal.header.cells
        assert (cells["kind"], cells["posting_month"], cells["effective_month"]) == (kind, 4, 2)
    assert reversal.header.cells["reverses"] == b"j" * 16
    assert correction.header.cells["words"] == "Correction: Trial balance M2 (Wrong provider)"
    assert amounts(reversal) == [("spend", -700, 2), ("general_ledger", 700, 2)]
    assert amounts(correction) == [("spend", 650, 2), ("general_ledger", -650, 2)]
    assert correction.lines[0].cells["provider"] == "RT5"


@pytest.mark.parametrize(
    ("original", "code"),
    [
        (replace(ACTUAL, reversed=True), "already_reversed"),
        (replace(ACTUAL, kind=JournalKind.REVERSAL), "already_reversed"),
        (replace(ACTUAL, kind=JournalKind.ACCRUAL_REVERSAL), "already_reversed"),
        (replace(ACTUAL, kind=JournalKind.VIREMENT), "moved_by_approval"),
        (replace(ACTUAL, kind=JournalKind.OPENING), "moved_by_approval"),
        (replace(ACTUAL, kind=JournalKind.INVESTMENT), "moved_by_approval"),
        (replace(ACTUAL, kind=JournalKind.ALLOCATION), "budget_not_corrected"),
        (replace(ACTUAL, kind=JournalKind.REPHASING), "budget_not_corrected"),
        (replace(ACTUAL, kind=JournalKind.REVISION), "budget_not_corrected"),
        (
            replace(
                ACTUAL,
                kind=JournalKind.CORRECTION,
                lines=(JournalLine(Account.UNALLOCATED, 5), JournalLine(Account.LINE, -5, KEY)),
            ),
            "budget_not_corrected",
        ),
    ],
)
def test_what_may_not_be_corrected(original: Posted, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        correct_journal(original, SPENT, CLOSED, "Why")
    assert refused.value.code == code


def test_a_letter_is_put_right_by_a_letter() -> None:
    letter = replace(ACTUAL, kind=JournalKind.UPLIFT, words="Uplift: Pay award")
    with pytest.raises(Refusal, match="“Uplift: Pay award” is what a letter says") as refused:
        correct_journal(letter, SPENT, CLOSED, "Ninety times as much")
    assert refused.value.remedy.startswith("Record a further letter")


def test_with_every_month_closed_nothing_is_corrected() -> None:
    shut = dict.fromkeys(YEAR.months, MonthState.LOCKED)
    with pytest.raises(Refusal) as refused:
        correct_journal(ACTUAL, SPENT, shut, "Why")
    assert refused.value.code == "year_closed"


@given(st.lists(PENCE, min_size=1, max_size=5), st.lists(PENCE, min_size=1, max_size=5))
def test_a_reversal_cancels_exactly_and_a_correction_balances(
    before: list[int], after: list[int]
) -> None:
    """I8."""
    original, true = (
        rebalanced(
            (
                *(JournalLine(Account.SPEND, pence, KEY, 2) for pence in found),
                JournalLine(Account.GENERAL_LEDGER, 0, month=2),
            )
        )
        for found in (before, after)
    )
    assert out_of_balance(original) == out_of_balance(true) == 0
    left: dict[object, int] = defaultdict(int)
    for line in (*original, *reversed_lines(original)):
        left[line.account, line.line, line.month] += line.amount_p
    assert not any(left.values())


def test_a_side_without_a_counter_account_is_left_as_it_is() -> None:
    lines = (JournalLine(Account.LINE, 5, KEY, 1), JournalLine(Account.LINE, -4, KEY, 2))
    assert rebalanced(lines) == lines


def test_an_accrual_is_taken_back_on_the_first_of_the_next_month() -> None:
    """FIN-32."""
    lines = [JournalLine(Account.SPEND, 90, KEY, 4, reference="PO 7")]
    accrual, back = accrue(YEAR, 4, lines, {2026: CLOSED}, "Agency")
    assert amounts(accrual) == [("spend", 90, 4), ("accrued", -90, 4)]
    assert amounts(back) == [("spend", -90, 5), ("accrued", 90, 5)]
    assert back.header.cells["reverses"] == NewRow("accrual")
    assert back.header.cells["words"] == "Accrual taken back on 1 Aug 2026: Agency"
    kinds = [one.header.cells["kind"] for one in (accrual, back)]
    assert kinds == ["accrual", "accrual_reversal"]


def test_a_late_accrual_stands_in_the_first_open_month_and_a_march_one_ends_in_april() -> None:
    lines = [JournalLine(Account.SPEND, 90, KEY, 2)]
    accrual, back = accrue(YEAR, 2, lines, {2026: CLOSED}, "Agency")
    assert (accrual.header.cells["posting_month"], accrual.header.cells["effective_month"]) == (
        4,
        2,
    )
    assert back.header.cells["posting_month"] == 5
    shut = {YEAR.month(n): MonthState.LOCKED for n in range(1, 12)}
    _, back = accrue(YEAR, 12, [replace(lines[0], month=12)], {2026: shut}, "Agency")
    cells = back.header.cells
    assert (cells["fiscal_year"], cells["posting_month"]) == ("2027/28", 1)


@given(st.lists(PENCE, min_size=12, max_size=12))
def test_phasing_again_moves_money_between_months_only(months: list[int]) -> None:
    after = (*months[:3], *reversed(months[3:]))
    line = JournalLine(Account.LINE, 0, KEY)
    moved = rephasing_lines(line, Rephased(tuple(months), after))
    assert sum(one.amount_p for one in moved) == 0
    assert all(one.amount_p == 0 for one in moved[:3])
    assert [one.amount_p + before for one, before in zip(moved, months, strict=True)] == [*after]
