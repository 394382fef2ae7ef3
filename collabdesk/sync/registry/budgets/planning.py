"""Budget versions, service lines, allocations and planned amounts: numbers 10–29."""

from __future__ import annotations

from collabdesk.sync.registry.model import Column, Kind, Merge, Scope, Table, members

MONTHS = tuple(f"m{n}" for n in range(1, 13))
VERSION_STATE = members("version_state", "draft", "agreed", "withdrawn")
SERVICE_KIND = members("service_kind", "service", "hub")
PROFILE = members("profile", "equal", "working_days", "calendar_days", "custom")
RECURRENCE = members("recurrence", "recurrent", "non_recurrent")

BUDGET_VERSION = Table(
    10,
    "budget_version",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True),
        Column(2, "name", Kind.TEXT, required=True, search=True),
        Column(3, "state", Kind.ENUM, Merge.MONEY, required=True, members=VERSION_STATE),
        Column(4, "contingency_pct", Kind.DECIMAL, Merge.MONEY),
    ),
)
SERVICE_LINE = Table(
    11,
    "service_line",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "code", Kind.TEXT, required=True, search=True),
        Column(2, "name", Kind.TEXT, required=True, search=True),
        Column(3, "kind", Kind.ENUM, required=True, members=SERVICE_KIND),
        Column(4, "parent", Kind.ROW, refers="service_line"),
        Column(5, "position", Kind.INT),
        Column(6, "recurrence", Kind.ENUM, members=RECURRENCE),
    ),
)
ALLOCATION_MOVE = Table(
    12,
    "allocation_move",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "version", Kind.ROW, required=True, refers="budget_version"),
        Column(2, "reference", Kind.TEXT, required=True, search=True),
        Column(3, "recurrence", Kind.ENUM, Merge.MONEY, required=True, members=RECURRENCE),
        Column(4, "amount_p", Kind.PENCE, Merge.MONEY, required=True),
        Column(5, "letter_date", Kind.DATE, Merge.MONEY),
        Column(6, "effective_month", Kind.INT, Merge.MONEY),
        Column(7, "position", Kind.INT),
    ),
)
PLAN_LINE = Table(
    13,
    "plan_line",
    "budgets",
    Scope.SHARED,
    (
        Column(1, "version", Kind.ROW, required=True, refers="budget_version"),
        Column(2, "service_line", Kind.ROW, required=True, refers="service_line"),
        Column(3, "provider", Kind.TEXT, required=True, search=True),
        Column(4, "profile", Kind.ENUM, required=True, members=PROFILE),
        Column(5, "note", Kind.TEXT, Merge.NOTE),
        *(Column(10 + i, m, Kind.PENCE, Merge.MONEY) for i, m in enumerate(MONTHS, start=1)),
    ),
)

TABLES = (BUDGET_VERSION, SERVICE_LINE, ALLOCATION_MOVE, PLAN_LINE)
