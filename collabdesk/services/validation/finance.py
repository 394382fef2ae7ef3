"""The worked cases of money, phasing and the envelope, by the rules the product uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.envelope import (
    Convention,
    envelope,
    late_uplift,
    opening_allocation,
)
from collabdesk.domain.budgets.phasing import Profile, phase, weights
from collabdesk.domain.money import format_thousands, parse_money
from collabdesk.domain.periods import Calendar, FiscalYear, england
from collabdesk.errors import Refusal
from collabdesk.services.validation.cases import Case, Json

Answer = dict[str, Json]


def phasing_equal(case: Case) -> Answer:
    """FIN-01."""
    months = phase(case.inputs["annual_p"], Profile.EQUAL, FiscalYear(2026))
    return {"months_p": months}


def phasing_calendar_days(case: Case) -> Answer:
    """FIN-02."""
    year = FiscalYear.parse(case.inputs["fy"])
    months = phase(case.inputs["annual_p"], Profile.CALENDAR_DAYS, year)
    return {"days": year.days, "months_p": months}


def phasing_working_days(case: Case) -> Answer:
    """FIN-03; bank holidays that are given stand in place of England's."""
    year = FiscalYear.parse(case.inputs["fy"])
    given = case.inputs.get("bank_holidays")
    calendar = (
        Calendar(frozenset(map(dt.date.fromisoformat, given))) if given is not None else england()
    )
    months = phase(case.inputs["annual_p"], Profile.WORKING_DAYS, year, calendar=calendar)
    return {"working_days": calendar.working_days(year.start, year.end), "months_p": months}


def phasing_calendar_edge_years(case: Case) -> Answer:
    """FIN-04."""
    years = map(FiscalYear.parse, case.inputs["years"])
    return {f"fy{year.label.replace('/', '_')}": _year(year) for year in years}


def _year(year: FiscalYear) -> Answer:
    calendar = weights(Profile.CALENDAR_DAYS, year)
    working = weights(Profile.WORKING_DAYS, year)
    return {
        "calendar": calendar,
        "working": working,
        "bank_holidays": len(england().holidays_between(year.start, year.end)),
        "calendar_total": sum(calendar),
        "working_total": sum(working),
    }


def phasing_custom(case: Case) -> Answer:
    """FIN-05."""
    custom = case.inputs["weights"]
    months = phase(case.inputs["annual_p"], Profile.CUSTOM, FiscalYear(2026), custom)
    return {"months_p": months}


def negative_apportionment(case: Case) -> Answer:
    """FIN-06."""
    return {"lines_p": split(case.inputs["total_p"], case.inputs["line_budgets_p"])}


def tie_break(case: Case) -> Answer:
    """FIN-07."""
    total, parts = case.inputs["total_p"], case.inputs["weights"]
    totals = {"parts_p": total, "minus": -total, "one_penny": 1, "zero": 0}
    return {name: split(amount, parts) for name, amount in totals.items()}


def apportion_refusals(case: Case) -> Answer:
    """FIN-08."""
    return {"error": [_refusal(each["total_p"], each["weights"]) for each in case.inputs["cases"]]}


def _refusal(total_p: int, parts: Sequence[int]) -> str | None:
    try:
        split(total_p, parts)
    except Refusal as refusal:
        return refusal.code
    return None


def opening_allocation_uplift(case: Case) -> Answer:
    """FIN-09."""
    given = case.inputs
    found = {
        convention.value: opening_allocation(
            given["recurrent_baseline_p"],
            given["cost_uplift_pct"],
            given["efficiency_pct"],
            convention,
        )
        for convention in Convention
    }
    return {
        name: {
            "net_pct": opening.net_pct,
            "uplift_p": opening.uplift_p,
            "opening_p": opening.opening_p,
        }
        for name, opening in found.items()
    }


def in_year_retroactive_uplift(case: Case) -> Answer:
    """FIN-10."""
    given = case.inputs
    found = late_uplift(
        given["baseline_p"],
        given["old_uplift_pct"],
        given["new_uplift_pct"],
        given["effective_from_month"],
        given["actioned_in_month"],
    )
    return {
        "old_uplift_p": found.old_uplift_p,
        "new_uplift_p": found.new_uplift_p,
        "adjustment_p": found.adjustment_p,
        "monthly_entitlement_p": found.entitlement_p,
        "posted_by_month_p": found.posted_p,
    }


def envelope_identity(case: Case) -> Answer:
    """FIN-11."""
    given = case.inputs
    moves = [given["opening_p"], *(amount for _, amount in given["in_year"])]
    found = envelope(moves, given["contingency_pct"], given["line_allocations_p"])
    return {
        "envelope_p": found.envelope_p,
        "contingency_p": found.contingency_p,
        "unallocated_p": found.unallocated_p,
    }


def display_rounding_thousands(case: Case) -> Answer:
    """FIN-38."""
    rows = [format_thousands(amount) for amount in case.inputs["rows_p"]]
    return {
        "rows_k": rows,
        "sum_of_rounded": str(sum(map(int, rows))),
        "total_k": format_thousands(sum(case.inputs["rows_p"])),
    }


def money_parse(case: Case) -> Answer:
    """FIN-39."""
    return {"pence": [_pence(text) for text in case.inputs["texts"]]}


def _pence(text: str) -> int | None:
    try:
        return parse_money(text)
    except Refusal:
        return None
