"""A virement is proposed, approved by somebody else, and posted within what is there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.approvals import Decision, Proposer, Tier
from collabdesk.domain.budgets.ledger import (
    Account,
    Balances,
    JournalLine,
    LineKey,
    Recurrence,
    balances,
)
from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.budgets.queue import moved
from collabdesk.domain.budgets.virement import (
    Virement,
    approvals,
    journal_lines,
    post_virement,
    propose,
    ready_to_post,
)
from collabdesk.domain.changes import OWN
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

SECURE = LineKey(b"s" * 16, "RHA")
CAMHS = LineKey(b"c" * 16, "RP1")
ASKED = Virement("2026/27", SECURE, CAMHS, 4_000, 6, Recurrence.RECURRENT, " Winter beds ")
HELD = Balances(10_000, 0, 0, 0, {SECURE: 10_000})
SCHEME = (Tier(5_000, (), 1), Tier(None, (), 2))
R = Recurrence.RECURRENT


def test_a_proposal_is_a_row_of_the_proposers_trust() -> None:
    change = propose(ASKED, R, HELD)
    assert (change.table, change.scope) == ("virement", OWN)
    assert change.cells == {
        "fiscal_year": "2026/27",
        "from_line": SECURE.service_line,
        "from_provider": "RHA",
        "to_line": CAMHS.service_line,
        "to_provider": "RP1",
        "amount_p": 4_000,
        "month": 6,
        "recurrence": "recurrent",
        "reason": "Winter beds",
    }


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (replace(ASKED, amount_p=0), "amount_not_positive", "amount_p"),
        (replace(ASKED, month=13), "month", "month"),
        (replace(ASKED, fiscal_year="26"), "fiscal_year", "fiscal_year"),
        (replace(ASKED, target=SECURE), "same_line", "to_line"),
        (replace(ASKED, reason="  "), "reason_missing", "reason"),
        (replace(ASKED, amount_p=10_001), "overdrawn", "amount_p"),
        (replace(ASKED, source=CAMHS, target=SECURE), "overdrawn", "amount_p"),
    ],
)
def test_a_broken_rule_is_refused_at_its_field(wrong: Virement, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose(wrong, R, HELD)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_an_overdraw_says_what_is_available() -> None:
    with pytest.raises(Refusal, match=r"holds £100\.00 for the year") as refused:
        propose(replace(ASKED, amount_p=10_001), R, HELD)
    assert "at most £100.00" in refused.value.remedy


def test_the_whole_of_a_line_may_move() -> None:
    assert propose(replace(ASKED, amount_p=10_000), R, HELD).cells["amount_p"] == 10_000


@pytest.mark.parametrize(
    ("moved", "source", "allowed"),
    [
        (Recurrence.RECURRENT, Recurrence.NON_RECURRENT, False),
        (Recurrence.NON_RECURRENT, Recurrence.NON_RECURRENT, True),
        (Recurrence.NON_RECURRENT, Recurrence.RECURRENT, True),
    ],
)
def test_recurrent_money_needs_a_recurrent_source(
    moved: Recurrence, source: Recurrence, *, allowed: bool
) -> None:
    asked = replace(ASKED, recurrence=moved)
    if allowed:
        assert propose(asked, source, HELD).cells["recurrence"] == moved.value
        return
    with pytest.raises(Refusal) as refused:
        propose(asked, source, HELD)
    assert refused.value.code == "recurrent_from_non_recurrent"


def test_the_tier_decides_how_many_people_are_needed() -> None:
    one = [Decision("u2", approves=True)]
    large = replace(ASKED, amount_p=5_001)
    assert ready_to_post(ASKED, SCHEME, Proposer("u1"), one)
    assert not ready_to_post(ASKED, SCHEME, Proposer("u2"), one)
    assert not ready_to_post(large, SCHEME, Proposer("u1"), one)
    assert approvals(large, SCHEME, Proposer("u1"), one).missing == 1


def test_posting_debits_the_target_and_credits_the_source() -> None:
    posted = post_virement(b"v" * 16, ASKED, R, HELD)
    assert posted.source == ("virement", b"v" * 16)
    assert posted.header.cells["words"] == "Virement of £40.00: Winter beds"
    assert posted.header.cells["posting_month"] == 6
    assert [(entry.cells["provider"], entry.cells["amount_p"]) for entry in posted.lines] == [
        ("RP1", 4_000),
        ("RHA", -4_000),
    ]


def test_posting_checks_again_what_is_left() -> None:
    with pytest.raises(Refusal) as refused:
        post_virement(b"v" * 16, ASKED, R, replace(HELD, lines={SECURE: 3_999}))
    assert refused.value.code == "overdrawn"


@given(st.lists(st.integers(1, 12_000), max_size=8))
def test_no_order_of_virements_overdraws_a_line(amounts: list[int]) -> None:
    lines: tuple[JournalLine, ...] = ()
    held = HELD
    for amount in amounts:
        asked = replace(ASKED, amount_p=amount)
        if amount <= held.lines[SECURE]:
            post_virement(b"v" * 16, asked, R, held)
            lines = (*lines, *journal_lines(asked))
        moved = balances(lines)
        held = replace(HELD, lines={SECURE: 10_000 + moved.lines.get(SECURE, 0)})
        assert sum(moved.lines.values()) == 0
        assert held.lines[SECURE] >= 0


POTS = Balances(20_000, 3_000, 5_000, 2_000, {SECURE: 10_000})
CLOSED = {FiscalYear(2026).month(n): MonthState.LOCKED for n in range(1, 7)}


@pytest.mark.parametrize("pot", [Account.UNALLOCATED, Account.CONTINGENCY, Account.INVESTMENT])
def test_money_is_released_from_a_pot_and_given_back(pot: Account) -> None:
    released = replace(ASKED, amount_p=2_000, source=CAMHS, from_pot=pot)
    assert propose(released, Recurrence.NON_RECURRENT, POTS).cells["from_pot"] == pot.value
    posted = post_virement(b"v" * 16, released, R, POTS)
    assert posted.header.cells["kind"] == "release"
    assert [(e.cells["account"], e.cells["amount_p"]) for e in posted.lines] == [
        ("line", 2_000),
        (pot.value, -2_000),
    ]
    after = moved(POTS, released)
    assert after.lines[CAMHS] == 2_000
    given_back = replace(released, source=CAMHS, target=CAMHS, from_pot=None, to_pot=pot)
    assert propose(given_back, R, after).cells["to_pot"] == pot.value
    assert moved(after, given_back) == replace(POTS, lines={**POTS.lines, CAMHS: 0})


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(ASKED, amount_p=5_001, from_pot=Account.CONTINGENCY), "insufficient_contingency"),
        (replace(ASKED, amount_p=3_001, from_pot=Account.UNALLOCATED), "insufficient_unallocated"),
        (replace(ASKED, from_pot=Account.CONTINGENCY, to_pot=Account.CONTINGENCY), "same_line"),
    ],
)
def test_a_pot_is_not_overdrawn_nor_poured_into_itself(wrong: Virement, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose(wrong, R, POTS)
    assert refused.value.code == code


def test_a_closed_month_is_no_target() -> None:
    with pytest.raises(Refusal) as refused:
        propose(ASKED, R, HELD, CLOSED)
    assert (refused.value.code, refused.value.field) == ("month_not_open", "month")


def test_a_virement_approved_before_its_month_closed_moves_money_in_the_next_open_one() -> None:
    posted = post_virement(b"v" * 16, ASKED, R, HELD, CLOSED)
    cells = posted.header.cells
    assert (cells["posting_month"], cells["effective_month"]) == (7, 6)
    assert {entry.cells["month"] for entry in posted.lines} == {7}


def test_a_recurrent_release_draws_on_recurrent_money_alone() -> None:
    """What a pot holds for this year alone is not promised every year."""
    held = replace(POTS, recurrent_p=1_999)
    released = replace(ASKED, amount_p=2_000, source=CAMHS, from_pot=Account.UNALLOCATED)
    with pytest.raises(Refusal, match=r"£19\.99 of .* £20\.00 cannot") as refused:
        propose(released, R, held)
    assert (refused.value.code, refused.value.field) == (
        "recurrent_from_non_recurrent",
        "recurrence",
    )
    once = replace(released, recurrence=Recurrence.NON_RECURRENT)
    assert propose(once, R, held).cells["recurrence"] == "non_recurrent"
    assert moved(held, once).recurrent_p == 1_999
    kept_back = replace(released, to_pot=Account.CONTINGENCY)
    assert propose(kept_back, R, held).cells["to_pot"] == "contingency"
    assert moved(held, kept_back).recurrent_p == 1_999
    assert propose(replace(released, amount_p=1_999), R, held).cells["amount_p"] == 1_999
    fits = replace(released, amount_p=1_999)
    left = moved(held, fits)
    assert left.recurrent_p == 0
    back = replace(fits, source=CAMHS, target=CAMHS, from_pot=None, to_pot=Account.UNALLOCATED)
    assert moved(left, back).recurrent_p == 1_999
    assert balances(journal_lines(fits)).recurrent_p == -1_999
    assert balances(journal_lines(once)).recurrent_p == 0
