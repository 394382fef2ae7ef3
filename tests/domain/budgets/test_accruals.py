"""An accrual is taken back on the first day of the next month."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.accruals import next_month, opening_reversals
from collabdesk.domain.budgets.postings import Posting, PostingKind, reported_p, year_to_date_p
from collabdesk.domain.periods import FiscalYear

YEAR = FiscalYear(2026)
M6, M7 = YEAR.month(6), YEAR.month(7)
ACCRUED = Posting(PostingKind.ACCRUAL, M6, M6, 45_000_000, key="a", words="Bed days")


def test_only_the_difference_to_the_invoice_is_left_in_the_next_month() -> None:
    """FIN-32."""
    invoice = Posting(PostingKind.ACTUAL, M7, M7, 46_212_500, key="i", words="Invoice")
    ledger = [ACCRUED, *opening_reversals([ACCRUED], M7), invoice]
    assert reported_p(ledger, M6) == 45_000_000
    assert reported_p(ledger, M7) == 1_212_500
    assert year_to_date_p(ledger, M7) == 46_212_500


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(-(10**9), 10**9)), max_size=10))
def test_every_accrual_is_taken_back_exactly_and_once(found: list[tuple[int, int]]) -> None:
    """I8."""
    ledger = [
        Posting(PostingKind.ACCRUAL, YEAR.month(n), YEAR.month(n), amount_p, key=str(place))
        for place, (n, amount_p) in enumerate(found)
    ]
    month = YEAR.month(1)
    for _ in range(12):
        month = next_month(month)
        opened = opening_reversals(ledger, month)
        assert all(each.period == each.effective == month for each in opened)
        ledger += [replace(each, key=f"r{each.reverses}") for each in opened]
        assert opening_reversals(ledger, month) == ()
    assert sum(posting.amount_p for posting in ledger) == 0
    assert len(ledger) == 2 * len(found)


def test_the_accruals_of_march_are_taken_back_in_april() -> None:
    assert next_month(YEAR.month(12)) == FiscalYear(2027).month(1)


def test_nothing_is_taken_back_in_its_own_month_nor_what_was_really_spent() -> None:
    spent = replace(ACCRUED, kind=PostingKind.ACTUAL, key="s")
    assert opening_reversals([ACCRUED], M6) == ()
    assert opening_reversals([spent], M7) == ()
