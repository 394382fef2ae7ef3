"""A package is paid by the hour, with on-costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.packages import Package
from collabdesk.errors import Refusal


def test_two_staff_for_seventeen_days() -> None:
    """FIN-14."""
    found = Package(2_374, 2, "22.5", 17, "6.5")
    assert (found.hours, found.base_p, found.total_p) == ("765", 1_816_110, 1_934_157)


def test_the_total_is_rounded_from_the_exact_hours_not_from_the_base() -> None:
    found = Package(1, 1, "0.5", 1, "100")
    assert (found.hours, found.base_p, found.total_p) == ("0.5", 1, 1)


@given(st.integers(0, 9_999), st.integers(0, 9), st.integers(0, 48), st.integers(0, 400))
def test_without_on_costs_the_total_is_the_base(
    rate_p: int, staff: int, halves: int, days: int
) -> None:
    hours = f"{halves // 2}.{5 * (halves % 2)}"
    found = Package(rate_p, staff, hours, days)
    assert found.base_p == found.total_p
    assert 2 * found.total_p - rate_p * staff * halves * days in {0, 1}


@pytest.mark.parametrize(
    ("package", "code", "field"),
    [
        ((1, 1, "24.5", 1, "0"), "hours_per_day", "hours_per_day"),
        ((1, 1, "-1", 1, "0"), "hours_per_day", "hours_per_day"),
        ((1, 1, "8 h", 1, "0"), "decimal", "hours_per_day"),
        ((-1, 1, "8", 1, "0"), "package_below_nought", "rate_p_per_hour"),
        ((1, -1, "8", 1, "0"), "package_below_nought", "staff"),
        ((1, 1, "8", -1, "0"), "package_below_nought", "days"),
        ((1, 1, "8", 1, "-6.5"), "package_below_nought", "on_cost_pct"),
    ],
)
def test_what_no_rota_can_hold_is_refused(
    package: tuple[int, int, str, int, str], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        Package(*package)
    assert (refused.value.code, refused.value.field) == (code, field)
