"""Risks and opportunities widen a forecast, never out of order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.risks import Risk, RiskKind, outlook
from collabdesk.errors import Refusal

SIZE = st.integers(0, 10**9)
SIZES = st.tuples(SIZE, SIZE, SIZE).map(lambda three: tuple(sorted(three)))
CHANCES = st.integers(0, 1000).map(lambda tenths: f"{tenths // 10}.{tenths % 10}")


def risk(best_p: int, likely_p: int, worst_p: int, pct: str = "50") -> Risk:
    return Risk(RiskKind.RISK, best_p, likely_p, worst_p, pct)


def opportunity(best_p: int, likely_p: int, worst_p: int, pct: str = "50") -> Risk:
    return Risk(RiskKind.OPPORTUNITY, best_p, likely_p, worst_p, pct)


def test_risks_add_to_the_outturn_and_opportunities_take_from_it() -> None:
    found = outlook(1_000, [risk(0, 101, 300), opportunity(200, 60, 10, "25")])
    assert (found.best_p, found.likely_p, found.worst_p) == (800, 1_041, 1_290)
    assert found.expected_p == 1_036, "50.5 − 15 = 35.5, half away from nought"
    assert outlook(7, []).worst_p == 7


@pytest.mark.parametrize(
    ("made", "code", "field"),
    [
        ((RiskKind.RISK, 0, -1, 5, "50"), "risk_below_nought", "likely_p"),
        ((RiskKind.RISK, 9, 5, 10, "50"), "cases_out_of_order", "likely_p"),
        ((RiskKind.OPPORTUNITY, 1, 5, 10, "50"), "cases_out_of_order", "likely_p"),
        ((RiskKind.RISK, 0, 1, 2, "100.1"), "not_a_probability", "probability_pct"),
        ((RiskKind.RISK, 0, 1, 2, "-1"), "not_a_probability", "probability_pct"),
    ],
)
def test_what_is_no_risk(made: tuple[RiskKind, int, int, int, str], code: str, field: str) -> None:
    with pytest.raises(Refusal) as why:
        Risk(*made)
    assert (why.value.code, why.value.field) == (code, field)


@given(st.integers(-(10**9), 10**9), st.lists(st.tuples(SIZES, CHANCES, st.booleans()), max_size=6))
def test_best_is_never_above_likely_nor_that_above_worst(
    forecast_p: int, cases: list[tuple[tuple[int, ...], str, bool]]
) -> None:
    known = [
        risk(low, mid, high, pct) if adverse else opportunity(high, mid, low, pct)
        for (low, mid, high), pct, adverse in cases
    ]
    found = outlook(forecast_p, known)
    assert found.best_p <= found.likely_p <= found.worst_p
    lowest = forecast_p + sum(min(0, one.costs_p[1]) for one in known)
    highest = forecast_p + sum(max(0, one.costs_p[1]) for one in known)
    assert lowest <= found.expected_p <= highest
