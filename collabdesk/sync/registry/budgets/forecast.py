"""Forecast outturn, what moved it, risks and opportunities: numbers 70–79."""

from __future__ import annotations

from collabdesk.sync.registry.budgets.planning import MONTHS
from collabdesk.sync.registry.model import (
    Column,
    Kind,
    Members,
    Merge,
    Scope,
    Table,
    extended,
)

METHOD = extended(
    Members("forecast_method", ()),
    2,
    "straight_line_months",
    "straight_line_days",
    "excluding_one_offs",
    "last_three",
    "budget_remaining",
    "manual",
    "committed",
)
MOVEMENT_REASON = extended(
    Members("movement_reason", ()),
    2,
    "activity",
    "price",
    "one_off",
    "phasing",
    "error",
    "new_package",
    "savings_slippage",
)
RISK_KIND = extended(Members("risk_kind", ()), 2, "risk", "opportunity")
RISK_STATE = extended(Members("risk_state", ()), 2, "open", "closed")

# How a line is forecast; the months are those judged by hand, and count from the first open one.
FORECAST = Table(
    70,
    "forecast",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "service_line", Kind.ROW, required=True, refers="service_line", since=2),
        Column(3, "provider", Kind.TEXT, required=True, since=2),
        Column(4, "method", Kind.ENUM, Merge.MONEY, required=True, members=METHOD, since=2),
        Column(5, "reason", Kind.TEXT, Merge.MONEY, search=True, since=2),
        *(
            Column(10 + i, month, Kind.PENCE, Merge.MONEY, since=2)
            for i, month in enumerate(MONTHS, start=1)
        ),
    ),
    since=2,
)
# A month's forecast as it was kept; kept again, the higher version counts. Never changed.
FORECAST_VERSION = Table(
    71,
    "forecast_version",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, Merge.LEDGER, required=True, since=2),
        Column(2, "month", Kind.INT, Merge.LEDGER, required=True, since=2),
        Column(3, "version", Kind.INT, Merge.LEDGER, required=True, since=2),
        Column(4, "journal_number", Kind.INT, Merge.LEDGER, required=True, since=2),
    ),
    since=2,
)
FORECAST_LINE = Table(
    72,
    "forecast_line",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(
            1,
            "forecast_version",
            Kind.ROW,
            Merge.LEDGER,
            required=True,
            refers="forecast_version",
            since=2,
        ),
        Column(
            2,
            "service_line",
            Kind.ROW,
            Merge.LEDGER,
            required=True,
            refers="service_line",
            since=2,
        ),
        Column(3, "provider", Kind.TEXT, Merge.LEDGER, required=True, since=2),
        Column(4, "method", Kind.ENUM, Merge.LEDGER, required=True, members=METHOD, since=2),
        Column(5, "outturn_p", Kind.PENCE, Merge.LEDGER, required=True, since=2),
        Column(6, "ytd_p", Kind.PENCE, Merge.LEDGER, required=True, since=2),
        Column(7, "budget_p", Kind.PENCE, Merge.LEDGER, required=True, since=2),
        Column(8, "reason", Kind.TEXT, Merge.LEDGER, since=2),
    ),
    since=2,
)
# One reason why a line's forecast moved since the last month's; one row a line and reason.
FORECAST_MOVEMENT = Table(
    73,
    "forecast_movement",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "service_line", Kind.ROW, required=True, refers="service_line", since=2),
        Column(4, "provider", Kind.TEXT, required=True, since=2),
        Column(5, "reason", Kind.ENUM, required=True, members=MOVEMENT_REASON, since=2),
        Column(6, "amount_p", Kind.PENCE, Merge.MONEY, since=2),
        Column(7, "words", Kind.TEXT, search=True, since=2),
    ),
    since=2,
)
# What is not in the forecast and may come: amounts of nought or more, an opportunity saves them.
RISK = Table(
    74,
    "risk",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "kind", Kind.ENUM, required=True, members=RISK_KIND, since=2),
        Column(3, "title", Kind.TEXT, required=True, search=True, since=2),
        Column(4, "best_p", Kind.PENCE, Merge.MONEY, since=2),
        Column(5, "likely_p", Kind.PENCE, Merge.MONEY, since=2),
        Column(6, "worst_p", Kind.PENCE, Merge.MONEY, since=2),
        Column(7, "probability_pct", Kind.DECIMAL, Merge.MONEY, since=2),
        Column(8, "action", Kind.TEXT, Merge.NOTE, search=True, since=2),
        Column(9, "owner", Kind.TEXT, since=2),
        Column(10, "state", Kind.ENUM, members=RISK_STATE, since=2),
        Column(11, "service_line", Kind.ROW, refers="service_line", since=2),
    ),
    since=2,
)

TABLES = (FORECAST, FORECAST_VERSION, FORECAST_LINE, FORECAST_MOVEMENT, RISK)
