"""The one table from the topic of a worked case to the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from collabdesk.services.validation import figures, finance
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
    "budget_linked_shares": finance.budget_linked_shares,
    "virement_thresholds": finance.virement_thresholds,
    "two_person_rule": finance.two_person_rule,
    "display_rounding_thousands": finance.display_rounding_thousands,
    "money_parse": finance.money_parse,
    "ptd_xmr": figures.ptd_xmr,
    "run": figures.run,
    "anhoej_critical_values": figures.anhoej_critical_values,
    "proportion_wilson": figures.proportion_wilson,
}
