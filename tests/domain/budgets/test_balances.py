"""Unpaid invoices by age, and balances as two partners state them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.balances import (
    AGES,
    Invoice,
    Stated,
    age_of,
    aged,
    agreements,
    check_agreed_month,
)
from collabdesk.errors import Refusal

JULY = dt.date(2026, 7, 31)
CODES = st.sampled_from(["RHA", "RP7", "RT5"])


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    payer = draw(CODES)
    written = draw(st.dates(dt.date(2026, 1, 1), dt.date(2026, 9, 30)))
    later = st.integers(0, 90).map(lambda days: written + dt.timedelta(days=days))
    return Invoice(
        payer,
        draw(CODES.filter(lambda code: code != payer)),
        "INV",
        draw(st.integers(-10_000, 10_000).filter(bool)),
        written,
        draw(later),
        draw(st.none() | later),
    )


@given(st.lists(invoices(), max_size=12))
def test_the_ages_add_up_to_what_is_unpaid(found: list[Invoice]) -> None:
    made = aged(found, JULY)
    unpaid = [one for one in found if one.unpaid(JULY)]
    assert sum(one.total_p for one in made) == sum(one.amount_p for one in unpaid)
    late = sum(one.amount_p for one in unpaid if one.due < JULY)
    assert sum(one.overdue_p for one in made) == late
    assert len({(one.payer, one.payee) for one in made}) == len(made)


@pytest.mark.parametrize(
    ("days", "age"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (400, 3)]
)
def test_an_invoice_ages_from_the_day_it_was_written(days: int, age: int) -> None:
    written = JULY - dt.timedelta(days=days)
    assert age_of(Invoice("RHA", "RP7", "1", 1, written, written), JULY) == age < len(AGES)


def test_a_payment_counts_from_its_day() -> None:
    one = Invoice("RHA", "RP7", "1", 500, dt.date(2026, 6, 1), dt.date(2026, 7, 1), JULY)
    assert not aged([one], JULY)
    (before,) = aged([one], JULY - dt.timedelta(days=1))
    assert (before.ages_p, before.overdue_p) == ((0, 500, 0, 0), 500)
    assert not aged([one], dt.date(2026, 5, 31))


@pytest.mark.parametrize(
    ("payee", "amount_p", "due", "paid_on", "field"),
    [
        ("RHA", 1, JULY, None, "payee"),
        ("RP7", 0, JULY, None, "amount_p"),
        ("RP7", 1, dt.date(2026, 7, 30), None, "due"),
        ("RP7", 1, JULY, dt.date(2026, 7, 30), "paid_on"),
    ],
)
def test_an_invoice_that_cannot_be_is_refused(
    payee: str, amount_p: int, due: dt.date, paid_on: dt.date | None, field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        Invoice("RHA", payee, "1", amount_p, JULY, due, paid_on)
    assert caught.value.field == field


def test_a_debt_is_agreed_when_both_state_the_same() -> None:
    told = [Stated("RHA", "RP7", 0, 500), Stated("RP7", "RHA", 500, 20), Stated("RT5", "RHA", 7, 0)]
    ours, theirs, silent = agreements(told)
    assert (ours.creditor_says_p, ours.debtor_says_p, ours.difference_p) == (0, 20, -20)
    assert (theirs.creditor, theirs.debtor, theirs.agreed) == ("RP7", "RHA", True)
    assert (silent.creditor, silent.difference_p, silent.agreed) == ("RT5", None, False)
    assert not ours.agreed


@given(st.lists(st.builds(Stated, CODES, CODES, *[st.integers(0, 9)] * 2), max_size=6))
def test_differences_are_what_creditors_say_less_what_debtors_say(told: list[Stated]) -> None:
    made = agreements(told)
    last = {(one.by, one.partner): one for one in told}
    for one in made:
        said = last.get((one.creditor, one.debtor)), last.get((one.debtor, one.creditor))
        assert one.creditor_says_p == (said[0].owed_to_us_p if said[0] else None)
        assert one.debtor_says_p == (said[1].owed_by_us_p if said[1] else None)


def test_balances_are_agreed_in_three_months() -> None:
    for month in (6, 9, 12):
        check_agreed_month(month)
    with pytest.raises(Refusal) as caught:
        check_agreed_month(7)
    assert caught.value.field == "month"
