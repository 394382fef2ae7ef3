from __future__ import annotations

import datetime as dt

import pytest

from collabdesk.domain.budgets.providers import Provider, check_dates, check_provider, heir_of
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

YEAR = FiscalYear(2026)
OLD = Provider("RXA", "Old Trust", ends=dt.date(2026, 3, 31), succeeded_by="RHA")
KNOWN = {
    "RHA": Provider("RHA", "Nottinghamshire Healthcare"),
    "RXA": OLD,
    "RXB": Provider("RXB", "Older Trust", ends=dt.date(2024, 3, 31), succeeded_by="RXA"),
    "RXC": Provider("RXC", "Gone", ends=dt.date(2024, 3, 31)),
    "RNW": Provider("RNW", "New Trust", starts=dt.date(2027, 4, 1)),
    "RMD": Provider("RMD", "Mid-year", dt.date(2026, 9, 1), dt.date(2026, 12, 31)),
}


@pytest.mark.parametrize("code", ["RHA", "RMD"])
def test_a_provider_of_the_list_is_accepted(code: str) -> None:
    check_provider(code, KNOWN, YEAR)


@pytest.mark.parametrize(
    ("code", "wrong", "said"),
    [
        ("RHAA", "unknown_provider", "Did you mean RHA"),
        ("ZZZZ", "unknown_provider", "not on the list of providers."),
        ("RXA", "provider_ended", "ended on 31 March 2026"),
        ("RXC", "provider_ended", "ended on 31 March 2024"),
        ("RNW", "provider_not_begun", "begins on 1 April 2027"),
    ],
)
def test_another_is_refused_with_the_way_out(code: str, wrong: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_provider(code, KNOWN, YEAR)
    assert refused.value.code == wrong
    assert said in refused.value.words


def test_a_provider_that_ended_is_planned_at_whoever_followed_it() -> None:
    assert [heir_of(code, KNOWN, YEAR) for code in ("RHA", "RXA", "RXB", "RXC", "ANY")] == [
        "RHA",
        "RHA",
        "RHA",
        "RXC",
        "ANY",
    ]
    with pytest.raises(Refusal) as refused:
        check_provider("RXA", KNOWN, YEAR)
    assert "Nottinghamshire Healthcare (RHA)" in refused.value.remedy


@pytest.mark.parametrize(
    ("provider", "field"),
    [
        (Provider("R1", "One", dt.date(2026, 2, 1), dt.date(2026, 1, 31)), "ends"),
        (Provider("R1", "One", succeeded_by="R9"), "succeeded_by"),
    ],
)
def test_dates_and_heirs_that_cannot_be_are_refused(provider: Provider, field: str) -> None:
    check_dates(OLD, KNOWN)
    with pytest.raises(Refusal) as refused:
        check_dates(provider, KNOWN)
    assert refused.value.field == field
