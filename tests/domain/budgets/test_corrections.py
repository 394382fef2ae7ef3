"""A locked month is corrected in an open one, and both truths are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.corrections import correct
from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.budgets.postings import (
    Posting,
    PostingKind,
    later_p,
    reported_p,
    restated_p,
    year_to_date_p,
)
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

YEAR = FiscalYear(2026)
M3, M5 = YEAR.month(3), YEAR.month(5)
LOCKED = {YEAR.month(n): MonthState.LOCKED for n in range(1, 5)}
ORIGINAL = Posting(PostingKind.ACTUAL, M3, M3, 12_500_000, key="orig")
PENCE = st.integers(-(10**12), 10**12)


def test_reversal_and_correction_stand_in_the_open_month_and_belong_to_the_locked_one() -> None:
    """FIN-33."""
    pair = correct(ORIGINAL, 10_250_000, M5, LOCKED, [ORIGINAL])
    assert [(each.kind.value, each.amount_p, each.reverses) for each in pair] == [
        ("reversal", -12_500_000, "orig"),
        ("correction", 10_250_000, ""),
    ]
    assert {(each.period, each.effective) for each in pair} == {(M5, M3)}


@given(PENCE, PENCE, PENCE)
def test_as_reported_stays_and_restated_is_true(posted_p: int, true_p: int, again_p: int) -> None:
    """I8 and I12."""
    original = replace(ORIGINAL, amount_p=posted_p)
    cancelled, corrected = correct(original, true_p, M5, LOCKED, [original])
    ledger = [original, cancelled, replace(corrected, key="second")]
    ledger += correct(ledger[-1], again_p, M5, LOCKED, ledger)
    assert reported_p(ledger, M3) == posted_p
    assert restated_p(ledger, M3) == again_p == posted_p + later_p(ledger, M3)
    assert year_to_date_p(ledger, M5) - year_to_date_p([original], M5) == again_p - posted_p


def test_the_pair_is_posted_for_an_equal_amount_too() -> None:
    named = replace(ORIGINAL, words="Bed days of June")
    pair = correct(named, 12_500_000, M5, LOCKED, [named])
    assert [each.words for each in pair] == [
        "Reversal: Bed days of June",
        "Correction: Bed days of June",
    ]


def test_the_month_it_is_found_in_must_be_open() -> None:
    with pytest.raises(Refusal) as refused:
        correct(ORIGINAL, 1, YEAR.month(4), LOCKED, [ORIGINAL])
    assert (refused.value.code, refused.value.field) == ("month_not_open", "found_in")


def test_a_posting_is_corrected_once() -> None:
    pair = correct(ORIGINAL, 1, M5, LOCKED, [ORIGINAL])
    with pytest.raises(Refusal) as refused:
        correct(ORIGINAL, 2, M5, LOCKED, [ORIGINAL, *pair])
    assert refused.value.code == "already_reversed"
