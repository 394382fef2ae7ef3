"""A return is matched with the ledger, and differences add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.reconciliation import Match, grouped, reconcile
from collabdesk.errors import Refusal

SIDE = st.dictionaries(st.text(max_size=2), st.integers(-(10**10), 10**10), max_size=10)
LEDGER = {"K1": 4_076_369, "K2": 9_375_740, "K3": 4_466_202, "K5": 1_000_000, "K6": 500_000}
RETURN = {"K1": 4_076_369, "K2": 9_357_740, "K4": 250_000, "K5": 1_000_001, "K6": 500_000}


def test_every_reference_of_either_side_has_its_status() -> None:
    """FIN-35."""
    found = reconcile(LEDGER, RETURN, 100)
    assert [(item.key, item.match, item.difference_p) for item in found.items] == [
        ("K1", Match.MATCHED, 0),
        ("K2", Match.TRANSPOSITION_SUSPECT, 18_000),
        ("K3", Match.MISSING_IN_RETURN, 4_466_202),
        ("K4", Match.MISSING_IN_LEDGER, -250_000),
        ("K5", Match.WITHIN_TOLERANCE, -1),
        ("K6", Match.MATCHED, 0),
    ]
    assert (found.ledger_p, found.return_p) == (19_418_311, 15_184_110)
    assert found.difference_p == 4_234_201
    assert found.counts[Match.MATCHED] == 2


@pytest.mark.parametrize(
    ("one", "other", "tolerance_p", "match"),
    [
        (100, 200, 100, Match.WITHIN_TOLERANCE),
        (100, 201, 100, Match.DIFFERS),
        (12, 21, 8, Match.TRANSPOSITION_SUSPECT),
        (12, 21, 9, Match.WITHIN_TOLERANCE),
        (109, 100, 0, Match.DIFFERS),
        (-45, -54, 0, Match.TRANSPOSITION_SUSPECT),
        (-45, 54, 0, Match.DIFFERS),
        (-45, 45, 0, Match.DIFFERS),
        (0, 0, 0, Match.MATCHED),
    ],
)
def test_the_tolerance_is_looked_at_before_swapped_digits(
    one: int, other: int, tolerance_p: int, match: Match
) -> None:
    (item,) = reconcile({"K": one}, {"K": other}, tolerance_p).items
    assert item.match is match


@given(st.integers(-(10**12), 10**12), st.data())
def test_any_order_of_the_same_digits_is_suspect(one: int, data: st.DataObject) -> None:
    digits = "".join(data.draw(st.permutations(str(abs(one)))))
    other = int(digits) if one >= 0 else -int(digits)
    (item,) = reconcile({"K": one}, {"K": other}).items
    assert item.difference_p % 9 == 0
    if one != other and len(str(other)) == len(str(one)):
        assert item.match is Match.TRANSPOSITION_SUSPECT


def test_an_amount_of_nought_is_not_missing() -> None:
    (item,) = reconcile({"K": 0}, {}).items
    assert (item.match, item.ledger_p, item.return_p) == (Match.MISSING_IN_RETURN, 0, None)


@given(SIDE, SIDE, st.integers(0, 10**6))
def test_the_differences_of_the_items_are_the_difference(
    ledger: dict[str, int], returned: dict[str, int], tolerance_p: int
) -> None:
    """I11."""
    found = reconcile(ledger, returned, tolerance_p)
    assert sum(item.difference_p for item in found.items) == found.difference_p
    assert found.difference_p == sum(ledger.values()) - sum(returned.values())
    keys = [item.key for item in found.items]
    assert keys == sorted(keys, key=lambda key: [ord(sign) for sign in key])
    assert set(keys) == set(ledger) | set(returned)
    assert found.counts.total() == len(keys)


def test_rows_of_one_reference_are_added_up_first() -> None:
    rows = [("K1", 70), ("K2", 5), ("K1", 30), ("K2", -5)]
    assert grouped(rows) == {"K1": 100, "K2": 0}


def test_a_tolerance_below_nought_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        reconcile({}, {}, -1)
    assert (refused.value.code, refused.value.field) == ("negative_tolerance", "tolerance_p")
