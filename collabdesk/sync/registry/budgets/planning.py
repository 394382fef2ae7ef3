"""Budget versions, service lines, allocations and planned amounts: numbers 10–29."""

from __future__ import annotations

from collabdesk.sync.registry.model import (
    Column,
    Kind,
    Members,
    Merge,
    Scope,
    Table,
    extended,
    members,
)

MONTHS = tuple(f"m{n}" for n in range(1, 13))
VERSION_STATE = members("version_state", "draft", "agreed", "withdrawn")
SERVICE_KIND = members("service_kind", "service", "hub")
PROFILE = members("profile", "equal", "working_days", "calendar_days", "custom")
RECURRENCE = members("recurrence", "recurrent", "non_recurrent")
VERSION_KIND = extended(Members("version_kind", ()), 2, "opening", "revised", "what_if")
MOVE_KIND = extended(Members("move_kind", ()), 2, "opening", "letter", "uplift")
CONVENTION = extended(Members("convention", ()), 2, "additive", "multiplicative")

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
        Column(5, "kind", Kind.ENUM, members=VERSION_KIND, since=2),
        Column(6, "based_on", Kind.ROW, refers="budget_version", since=2),
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
        Column(8, "envelope", Kind.ROW, refers="envelope", since=2),
        Column(9, "kind", Kind.ENUM, members=MOVE_KIND, since=2),
        Column(10, "baseline_p", Kind.PENCE, Merge.MONEY, since=2),
        Column(11, "cost_uplift_pct", Kind.DECIMAL, Merge.MONEY, since=2),
        Column(12, "efficiency_pct", Kind.DECIMAL, Merge.MONEY, since=2),
        Column(13, "convention", Kind.ENUM, Merge.MONEY, members=CONVENTION, since=2),
        Column(14, "old_uplift_pct", Kind.DECIMAL, Merge.MONEY, since=2),
        Column(15, "evidence_sha256", Kind.BYTES, since=2),
        Column(16, "evidence_name", Kind.TEXT, search=True, since=2),
        Column(17, "pass_on", Kind.BOOL, Merge.MONEY, since=2),
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
# Whom money is planned at; plan lines, virements and journals name the code as text.
PROVIDER = Table(
    14,
    "provider",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "code", Kind.TEXT, required=True, search=True, since=2),
        Column(2, "name", Kind.TEXT, required=True, search=True, since=2),
        Column(3, "starts", Kind.DATE, since=2),
        Column(4, "ends", Kind.DATE, since=2),
        Column(5, "succeeded_by", Kind.TEXT, since=2),
    ),
    since=2,
)
# What holds for a whole year: how uplift and efficiency meet, and their rates.
FISCAL_YEAR = Table(
    15,
    "fiscal_year",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "convention", Kind.ENUM, Merge.MONEY, required=True, members=CONVENTION, since=2),
        Column(3, "cost_uplift_pct", Kind.DECIMAL, Merge.MONEY, since=2),
        Column(4, "efficiency_pct", Kind.DECIMAL, Merge.MONEY, since=2),
    ),
    since=2,
)
# One commissioner's money of one kind; allocations name the envelope they belong to.
ENVELOPE = Table(
    16,
    "envelope",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "commissioner", Kind.TEXT, required=True, search=True, since=2),
        Column(3, "recurrence", Kind.ENUM, required=True, members=RECURRENCE, since=2),
        Column(4, "position", Kind.INT, since=2),
    ),
    since=2,
)

TABLES = (
    BUDGET_VERSION,
    SERVICE_LINE,
    ALLOCATION_MOVE,
    PLAN_LINE,
    PROVIDER,
    FISCAL_YEAR,
    ENVELOPE,
)
