"""The worked cases of forecast, variance and share, by the rules the product uses."""

from __future__ import annotations

from typing import Final

from collabdesk.domain.budgets.forecast import Method, Position, forecast
from collabdesk.domain.budgets.loss_caps import absorb
from collabdesk.domain.budgets.phasing import Profile, phase
from collabdesk.domain.budgets.share import Agreement, share
from collabdesk.domain.budgets.shares import check_shares, linked_shares
from collabdesk.domain.budgets.variance import Flow, Thresholds, variance
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.validation.cases import Case, Json

Answer = dict[str, Json]

_COMMON_YEAR: Final = FiscalYear(2026)
_PROFILES: Final = {
    "calendar": Profile.CALENDAR_DAYS,
    "working": Profile.WORKING_DAYS,
    "equal": Profile.EQUAL,
}


def forecast_methods(case: Case) -> Answer:
    """FIN-18; a case without a year has 365 days."""
    given = case.inputs
    year = FiscalYear.parse(given["fy"]) if given.get("fy") else _COMMON_YEAR
    position = Position(
        year,
        tuple(given["ytd_actual_p"]),
        phase(given["annual_budget_p"], _PROFILES[given.get("budget_phasing") or "calendar"], year),
        given.get("one_off_in_ytd_p") or 0,
        tuple(given["manual_remaining_p"]),
    )
    if position.closed != given["month"]:
        raise ValueError(given["month"])
    names = {
        "straight_line_months_p": Method.STRAIGHT_LINE_MONTHS,
        "straight_line_days_p": Method.STRAIGHT_LINE_DAYS,
        "run_rate_excluding_one_off_p": Method.EXCLUDING_ONE_OFFS,
        "last3_run_rate_p": Method.LAST_THREE,
        "budget_remaining_p": Method.BUDGET_REMAINING,
        "manual_p": Method.MANUAL,
    }
    return {
        "ytd_p": position.ytd_p,
        "ytd_budget_p": position.ytd_budget_p,
        **{name: forecast(position, method) for name, method in names.items()},
    }


def forecast_at_edges(case: Case) -> Answer:
    """FIN-19."""
    return {name: _edge(given) for name, given in case.inputs.items()}


def _edge(given: Json) -> Answer:
    budget = phase(given["annual_budget_p"], Profile.EQUAL, _COMMON_YEAR)
    position = Position(_COMMON_YEAR, tuple(given["ytd_p"]), budget)
    return {
        "straight_line_p": forecast(position, Method.STRAIGHT_LINE_MONTHS),
        "budget_remaining_p": forecast(position, Method.BUDGET_REMAINING),
    }


def variance_sign_and_rag(case: Case) -> Answer:
    """FIN-20."""
    rag = case.inputs["rag"]
    thresholds = Thresholds(rag["amber_over_pct"], rag["red_over_pct"])
    rows = [
        variance(Flow(row["kind"]), row["budget_p"], row["actual_p"]) for row in case.inputs["rows"]
    ]
    return {
        "variance_p": [row.amount_p for row in rows],
        "pct": [row.pct for row in rows],
        "rag": [row.rating(thresholds).value for row in rows],
    }


def gain_and_loss_share(case: Case) -> Answer:
    """FIN-21 and FIN-22; the amount carries the sign of the result."""
    given = case.inputs
    result_p = given["underspend_p"] if "underspend_p" in given else given["overspend_p"]
    agreement = Agreement(given["collar_pct"], given["cap_pct"], tuple(given["shares_bp"]))
    found = share(agreement, given["envelope_p"], result_p)
    return {
        "collar_p": found.collar_p,
        "shared_band_p": found.band_p,
        "above_cap_p": found.above_cap_p,
        "partners_p": found.partners_p,
    }


def loss_share_caps(case: Case) -> Answer:
    """FIN-23 and FIN-24."""
    found = absorb(case.inputs["loss_p"], case.inputs["shares_bp"], case.inputs["caps_p"])
    return {"partners_p": found.partners_p, "unabsorbed_p": found.unabsorbed_p}


def shares_must_total(case: Case) -> Answer:
    """FIN-25."""
    return {"accepted": [_accepted(shares) for shares in case.inputs["shares_bp"]]}


def _accepted(shares_bp: list[int]) -> bool:
    try:
        check_shares(shares_bp)
    except Refusal:
        return False
    return True


def budget_linked_shares(case: Case) -> Answer:
    """FIN-26."""
    return {"shares_bp": linked_shares(case.inputs["line_budgets_p"])}
