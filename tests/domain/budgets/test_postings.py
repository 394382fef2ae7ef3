"""As reported and restated differ by what came later; a reversal cancels once and exactly."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.postings import (
    Posting,
    PostingKind,
    caught_up_p,
    later_p,
    reported_p,
    restated_p,
    reversal,
    year_to_date_p,
)
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal

YEAR = FiscalYear(2026)
MONTHS = YEAR.months
APRIL, MAY = MONTHS[:2]
POSTINGS = st.lists(
    st.tuples(
        st.sampled_from(PostingKind),
        st.tuples(st.sampled_from(MONTHS), st.sampled_from(MONTHS)).map(sorted),
        st.integers(-(10**10), 10**10),
    ).map(lambda it: Posting(it[0], it[1][1], it[1][0], it[2], key="x")),
    max_size=12,
)


@given(POSTINGS, st.sampled_from(MONTHS))
def test_restated_less_reported_is_what_was_posted_out_of_its_month(
    postings: Sequence[Posting], month: Month
) -> None:
    """I12."""
    apart = restated_p(postings, month) - reported_p(postings, month)
    assert apart == later_p(postings, month) - caught_up_p(postings, month)


@given(POSTINGS, st.sampled_from(MONTHS))
def test_the_year_to_date_is_what_was_reported_so_far(
    postings: Sequence[Posting], month: Month
) -> None:
    so_far = [each for each in MONTHS if each <= month]
    assert year_to_date_p(postings, month) == sum(reported_p(postings, each) for each in so_far)
    both = [sum(view(postings, each) for each in MONTHS) for view in (reported_p, restated_p)]
    assert both[0] == both[1] == year_to_date_p(postings, MONTHS[-1])


def test_the_year_to_date_starts_in_april() -> None:
    march = FiscalYear(2025).month(12)
    old = Posting(PostingKind.ACTUAL, march, march, 5)
    assert year_to_date_p([old], APRIL) == 0


@given(POSTINGS.filter(bool))
def test_a_reversal_cancels_its_original_exactly_and_once(postings: list[Posting]) -> None:
    """I8."""
    original = next((each for each in postings if each.kind is not PostingKind.REVERSAL), None)
    if original is None:
        original = Posting(PostingKind.ACTUAL, APRIL, APRIL, 1, key="x")
    cancelled = reversal(original, original.period, original.effective, postings)
    assert original.amount_p + cancelled.amount_p == 0
    assert (cancelled.effective, cancelled.reverses) == (original.effective, "x")
    with pytest.raises(Refusal) as refused:
        reversal(original, MONTHS[-1], original.effective, [*postings, cancelled])
    assert (refused.value.code, refused.value.field) == ("already_reversed", "reverses")


def test_a_reversal_is_not_reversed() -> None:
    cancelled = Posting(PostingKind.REVERSAL, MAY, APRIL, -5, key="r", reverses="x")
    with pytest.raises(Refusal) as refused:
        reversal(cancelled, MAY, APRIL, [cancelled])
    assert refused.value.code == "already_reversed"


def test_what_is_not_in_the_ledger_yet_is_not_reversed() -> None:
    with pytest.raises(Refusal) as refused:
        reversal(Posting(PostingKind.ACTUAL, MAY, APRIL, 5), MAY, APRIL, [])
    assert refused.value.code == "not_in_ledger"


def test_the_words_of_the_original_are_kept() -> None:
    named = Posting(PostingKind.ACTUAL, APRIL, APRIL, 5, key="x", words="Bed days of April")
    assert reversal(named, MAY, APRIL, []).words == "Reversal: Bed days of April"


def test_nothing_is_posted_before_the_month_it_belongs_to() -> None:
    with pytest.raises(Refusal) as refused:
        Posting(PostingKind.ACTUAL, APRIL, MAY, 5)
    assert (refused.value.code, refused.value.field) == (
        "posted_before_effective",
        "effective_month",
    )
