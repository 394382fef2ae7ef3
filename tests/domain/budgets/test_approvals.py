"""Tiers of delegation and the two-person rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.approvals import (
    Decision,
    Proposer,
    Standing,
    Tier,
    tally,
    tier_index,
)
from collabdesk.errors import Refusal

SCHEME = (
    Tier(5_000_000, ("finance_lead",), 1),
    Tier(25_000_000, ("finance_lead", "approver"), 2),
    Tier(None, (), 2),
)
PEOPLE = st.sampled_from(["u1", "u2", "u3", "u4"])
DECISIONS = st.lists(st.builds(Decision, PEOPLE, st.booleans()), max_size=8)


@pytest.mark.parametrize(
    ("amount", "index"),
    [(1, 0), (5_000_000, 0), (5_000_001, 1), (25_000_000, 1), (25_000_001, 2), (10**15, 2)],
)
def test_upper_limits_are_included(amount: int, index: int) -> None:
    assert tier_index(SCHEME, amount) == index


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_is_refused_before_a_tier_is_looked_up(amount: int) -> None:
    with pytest.raises(Refusal) as refused:
        tier_index((), amount)
    assert refused.value.code == "amount_not_positive"


def test_an_amount_above_every_tier_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        tier_index(SCHEME[:2], 25_000_001)
    assert refused.value.code == "above_all_tiers"


def test_nobody_approves_their_own_proposal_or_twice() -> None:
    decisions = [Decision(by, approves=True) for by in ("u1", "u2", "u2", "u3", "u4")]
    count = tally(Proposer("u1"), decisions, needed=2)
    assert count.counted == ("u2", "u3")
    assert count.not_counted == (
        ("u1", "proposer_cannot_approve"),
        ("u2", "duplicate_approver"),
        ("u4", "already_decided"),
    )
    assert [standing.value for standing in count.standings] == ["pending"] * 3 + ["approved"] * 2
    assert count.missing == 0


def test_the_proposers_laptop_does_not_lend_a_second_person() -> None:
    count = tally(Proposer("u1", b"k1"), [Decision("u2", approves=True, key=b"k1")], needed=1)
    assert count.not_counted == (("u2", "key_of_proposer"),)
    assert (count.standing, count.missing) == (Standing.PENDING, 1)


def test_a_role_outside_the_tier_does_not_count() -> None:
    decisions = [
        Decision("u2", approves=True, role="qi_lead"),
        Decision("u3", approves=True, role="approver"),
    ]
    count = tally(Proposer("u1"), decisions, 1, ("approver",))
    assert count.not_counted == (("u2", "role_may_not_approve"),)
    assert count.standing is Standing.APPROVED


def test_one_rejection_ends_it_but_not_the_proposers() -> None:
    decisions = [
        Decision("u1", approves=False),
        Decision("u2", approves=False),
        Decision("u3", approves=True),
    ]
    count = tally(Proposer("u1"), decisions, needed=1)
    assert [standing.value for standing in count.standings] == ["pending", "rejected", "rejected"]
    assert count.not_counted[-1] == ("u3", "already_decided")


def test_one_who_approved_may_still_reject_whatever_their_role() -> None:
    decisions = [Decision("u2", approves=True, role="approver"), Decision("u2", approves=False)]
    count = tally(Proposer("u1"), decisions, 2, ("approver",))
    assert count.standing is Standing.REJECTED
    assert count.not_counted == ()


def test_without_decisions_a_proposal_is_pending() -> None:
    assert tally(Proposer("u1"), [], needed=2).standing is Standing.PENDING


@given(DECISIONS, st.integers(1, 3))
def test_approval_always_has_enough_distinct_people_none_the_proposer(
    decisions: list[Decision], needed: int
) -> None:
    count = tally(Proposer("u1"), decisions, needed)
    assert "u1" not in count.counted
    assert len(set(count.counted)) == len(count.counted) <= needed
    assert (count.standing is Standing.APPROVED) == (len(count.counted) == needed)
    assert len(count.standings) == len(decisions)


def test_a_delegate_of_the_proposer_neither_approves_nor_rejects() -> None:
    decisions = [Decision("u2", approves=True), Decision("u3", approves=True)]
    count = tally(Proposer("u1", delegates=frozenset({"u2"})), decisions, needed=1)
    assert count.counted == ("u3",)
    assert count.not_counted == (("u2", "delegate_of_proposer"),)
