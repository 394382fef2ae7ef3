"""Money that comes in the middle of a year, and an uplift agreed late."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.envelope import late_uplift
from collabdesk.domain.budgets.ledger import (
    Account,
    Balances,
    LineKey,
    Recurrence,
    balances,
    out_of_balance,
)
from collabdesk.domain.budgets.letters import Letter, check_passed_on, letter_lines, uplift_lines
from collabdesk.errors import Refusal

HELD = Balances(100, 40, 10, 0, {})
R = Recurrence.RECURRENT
KEYS = [LineKey(bytes([n]) * 16, "RHA") for n in range(3)]


def test_a_letter_goes_to_unallocated_money() -> None:
    lines = letter_lines(Letter("IAT-7", 125, R, 4), HELD)
    assert balances(lines) == Balances(125, 125, 0, 0, {})
    assert [(line.month, line.reference) for line in lines] == [(4, "IAT-7"), (None, "")]


def test_a_letter_takes_back_no_more_than_is_unallocated() -> None:
    assert balances(letter_lines(Letter("IAT-8", -40, R, 4), HELD)).unallocated_p == -40
    with pytest.raises(Refusal, match=r"takes £0\.41 back") as refused:
        letter_lines(Letter("IAT-8", -41, R, 4), HELD)
    assert refused.value.code == "insufficient_unallocated"


def test_a_cut_passed_on_takes_no_more_from_a_line_than_it_holds() -> None:
    held = Balances(100, 40, 0, 0, dict(zip(KEYS[:2], (36, 24), strict=True)))
    names = {KEYS[0]: "Adult at RHA"}
    for cut, why in ((-60, ""), (-62, r"takes £0\.37 back from Adult at RHA, which holds £0\.36")):
        late = late_uplift(-cut, "100", "0", 1, 1)
        letter = Letter("Pay award", cut, R, 1)
        lines = uplift_lines(letter, late, held.lines)
        if not why:
            check_passed_on(letter, lines, held, names)
            continue
        with pytest.raises(Refusal, match=why) as refused:
            check_passed_on(letter, lines, held, names)
        assert refused.value.code == "insufficient_line"


def test_an_uplift_agreed_in_june_catches_up_from_april() -> None:
    """FIN-10."""
    late = late_uplift(8_425_000_000, "4.15", "4.83", 1, 4)
    lines = uplift_lines(Letter("Pay award", late.adjustment_p, R, 1), late, {})
    came = {line.month: -line.amount_p for line in lines if line.account is Account.ENVELOPE}
    assert (came[4], came[5]) == (19_096_668, 4_774_167)
    assert min(month or 0 for month in came) == 4
    assert balances(lines).unallocated_p == 57_290_000


@given(
    st.integers(0, 10**11),
    st.integers(0, 900),
    st.integers(0, 900),
    st.integers(1, 12),
    st.integers(1, 12),
    st.lists(st.integers(0, 10**9), min_size=3, max_size=3),
)
def test_an_uplift_passed_on_reaches_every_line_to_the_penny(  # noqa: PLR0913, PLR0917 - what makes it
    baseline: int, old: int, new: int, a: int, b: int, weights: list[int]
) -> None:
    late = late_uplift(baseline, f"{old / 100:.2f}", f"{new / 100:.2f}", min(a, b), max(a, b))
    shares = dict(zip(KEYS, weights, strict=True)) if sum(weights) else {}
    lines = uplift_lines(Letter("Pay award", late.adjustment_p, R, min(a, b)), late, shares)
    assert out_of_balance(lines) == 0
    held = balances(lines)
    assert held.identity_holds
    assert held.envelope_p == late.adjustment_p
    if shares and late.adjustment_p:
        whole = sum(weights)
        for key, part in held.lines.items():
            exact = Fraction(late.adjustment_p * shares[key], whole)
            assert abs(part - exact) < 1
        assert min(line.month or 13 for line in lines) >= max(a, b)
