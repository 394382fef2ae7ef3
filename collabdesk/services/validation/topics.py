"""The one table from the topic of a worked case to the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from collabdesk.services.validation import (
    activity,
    approval,
    closing,
    figures,
    finance,
    outturn,
    real_files,
)
from collabdesk.services.validation.cases import Case, Json

TOPICS: Final[Mapping[str, Callable[[Case], dict[str, Json]]]] = {
    "phasing_equal": finance.phasing_equal,
    "phasing_calendar_days": finance.phasing_calendar_days,
    "phasing_working_days": finance.phasing_working_days,
    "phasing_calendar_edge_years": finance.phasing_calendar_edge_years,
    "phasing_custom": finance.phasing_custom,
    "negative_apportionment_efficiency": finance.negative_apportionment,
    "tie_break": finance.tie_break,
    "apportion_refusals": finance.apportion_refusals,
    "opening_allocation_uplift": finance.opening_allocation_uplift,
    "in_year_retroactive_uplift": finance.in_year_retroactive_uplift,
    "envelope_identity": finance.envelope_identity,
    "occupied_bed_days": activity.occupied_bed_days,
    "price_change_mid_spell": activity.price_change_mid_spell,
    "enhanced_observation_package": activity.enhanced_observation_package,
    "block_with_tolerance_marginal": activity.block_with_tolerance_marginal,
    "cost_per_case": activity.cost_of_cases,
    "out_of_area_saving_volume_price": activity.out_of_area_saving,
    "forecast_methods": outturn.forecast_methods,
    "forecast_at_edges": outturn.forecast_at_edges,
    "variance_sign_and_rag": outturn.variance_sign_and_rag,
    "gain_share_collar_cap": outturn.gain_and_loss_share,
    "loss_share_same_rule": outturn.gain_and_loss_share,
    "loss_share_partner_caps_waterfall": outturn.loss_share_caps,
    "loss_share_all_capped": outturn.loss_share_caps,
    "shares_must_total_10000bp": outturn.shares_must_total,
    "budget_linked_shares": outturn.budget_linked_shares,
    "virement_thresholds": approval.virement_thresholds,
    "virement_splitting_detected": approval.virement_splitting_detected,
    "two_person_rule": approval.two_person_rule,
    "concurrent_virements_overdraw": approval.concurrent_overdraw,
    "stale_approval": approval.stale_approval,
    "accrual_reversal": closing.accrual_reversal,
    "closed_period_correction": closing.closed_period_correction,
    "period_states": closing.period_states,
    "partner_return_reconciliation": closing.partner_return_reconciliation,
    "full_and_part_year_effect": closing.full_and_part_year_effect,
    "investment_capped_by_recurrent_savings": closing.investment_capped,
    "display_rounding_thousands": finance.display_rounding_thousands,
    "money_parse": finance.money_parse,
    "import_nhs_spend_over_25k": real_files.spend_over_25k,
    "import_ccg_allocations": real_files.allocation_table,
    "real_year_mental_health_lines": real_files.year_of_lines,
    "ptd_xmr": figures.ptd_xmr,
    "run": figures.run,
    "anhoej_critical_values": figures.anhoej_critical_values,
    "proportion_wilson": figures.proportion_wilson,
}
