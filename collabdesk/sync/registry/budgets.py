"""Numbers 10–199: devolved budgets and the posted ledger."""

from __future__ import annotations

from collabdesk.sync.registry.model import (
    Area,
    Circle,
    Column,
    Kind,
    Merge,
    ReadClass,
    Room,
    Scope,
    SharedArea,
    Side,
    Table,
    members,
)

MONTHS = tuple(f"m{n}" for n in range(1, 13))

VERSION_STATE = members("version_state", "draft", "agreed", "withdrawn")
SERVICE_KIND = members("service_kind", "service", "hub")
PROFILE = members("profile", "equal", "working_days", "calendar_days", "custom")
RECURRENCE = members("recurrence", "recurrent", "non_recurrent")
JOURNAL_KIND = members("journal_kind", "opening", "virement", "reversal", "correction")
ACCOUNT = members("account", "envelope", "unallocated", "line", "contingency", "investment")

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
VIREMENT = Table(
    30,
    "virement",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, Merge.MONEY, required=True),
        Column(2, "from_line", Kind.ROW, Merge.MONEY, required=True, refers="service_line"),
        Column(3, "from_provider", Kind.TEXT, Merge.MONEY, required=True),
        Column(4, "to_line", Kind.ROW, Merge.MONEY, required=True, refers="service_line"),
        Column(5, "to_provider", Kind.TEXT, Merge.MONEY, required=True),
        Column(6, "amount_p", Kind.PENCE, Merge.MONEY, required=True),
        Column(7, "month", Kind.INT, Merge.MONEY, required=True),
        Column(8, "recurrence", Kind.ENUM, Merge.MONEY, required=True, members=RECURRENCE),
        Column(9, "reason", Kind.TEXT, Merge.MONEY, required=True, search=True),
    ),
)
JOURNAL = Table(
    40,
    "journal",
    "ledger",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, Merge.LEDGER, required=True),
        Column(2, "kind", Kind.ENUM, Merge.LEDGER, required=True, members=JOURNAL_KIND),
        Column(3, "posting_month", Kind.INT, Merge.LEDGER, required=True),
        Column(4, "effective_month", Kind.INT, Merge.LEDGER, required=True),
        Column(5, "words", Kind.TEXT, Merge.LEDGER, required=True, search=True),
        Column(6, "version", Kind.ROW, Merge.LEDGER, refers="budget_version"),
    ),
    ledger="header",
)
JOURNAL_LINE = Table(
    41,
    "journal_line",
    "ledger",
    Scope.ORGANISATION,
    (
        Column(1, "journal", Kind.ROW, Merge.LEDGER, required=True, refers="journal"),
        Column(2, "account", Kind.ENUM, Merge.LEDGER, required=True, members=ACCOUNT),
        Column(3, "amount_p", Kind.PENCE, Merge.LEDGER, required=True),
        Column(4, "service_line", Kind.ROW, Merge.LEDGER, refers="service_line"),
        Column(5, "provider", Kind.TEXT, Merge.LEDGER),
        Column(6, "month", Kind.INT, Merge.LEDGER),
        Column(7, "recurrence", Kind.ENUM, Merge.LEDGER, members=RECURRENCE),
    ),
    ledger="line",
)

STATEMENT_READERS = ReadClass(
    "the finance leads of the partner it is about and of the lead provider",
    (Circle(Side.PARTY, ("finance_lead",)), Circle(Side.LEAD, ("finance_lead",))),
    party="partner",
)
# The lead provider's word to one partner on its share of a gain (+) or loss (−).
SHARE_STATEMENT = Table(
    90,
    "share_statement",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "partner", Kind.ORG, required=True, since=2),
        Column(4, "journal_number", Kind.INT, since=2),
        *(
            Column(number, name, kind, merge, read=STATEMENT_READERS, since=2)
            for number, name, kind, merge in (
                (10, "share_bp", Kind.INT, Merge.MONEY),
                (11, "share_p", Kind.PENCE, Merge.MONEY),
                (12, "beyond_cap_p", Kind.PENCE, Merge.MONEY),
                (13, "statement", Kind.TEXT, Merge.NOTE),
            )
        ),
    ),
    since=2,
)

ROOM = Room(
    "budgets",
    range(10, 200),
    areas=(Area(1, "budgets"), Area(2, "ledger")),
    shared_areas=(SharedArea(1, "draft_plan"),),
    tables=(
        BUDGET_VERSION,
        SERVICE_LINE,
        ALLOCATION_MOVE,
        PLAN_LINE,
        VIREMENT,
        JOURNAL,
        JOURNAL_LINE,
        SHARE_STATEMENT,
    ),
)
