"""Risk and gain share: numbers 80–99."""

from __future__ import annotations

from collabdesk.sync.registry.model import (
    Circle,
    Column,
    Kind,
    Members,
    Merge,
    ReadClass,
    Scope,
    Side,
    Table,
    extended,
)

STATEMENT_READERS = ReadClass(
    "the finance leads of the partner it is about and of the lead provider",
    (Circle(Side.PARTY, ("finance_lead",)), Circle(Side.LEAD, ("finance_lead",))),
    party="partner",
)
SHARE_BASIS = extended(
    Members("share_basis", ()),
    2,
    "stated",
    "equal",
    "budget",
    "equity",
    "performance",
    "weighted_need",
    "compensation",
    "network_pot",
)
RESULT_BASIS = extended(Members("result_basis", ()), 2, "lines", "envelope")
INVESTMENT_STATE = extended(Members("investment_state", ()), 2, "proposed", "withdrawn")

# One version of the risk and gain share; it holds from a month until the next one begins.
SHARE_AGREEMENT = Table(
    80,
    "share_agreement",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "name", Kind.TEXT, required=True, search=True, since=2),
        Column(3, "effective_month", Kind.INT, Merge.MONEY, required=True, since=2),
        Column(4, "collar_pct", Kind.DECIMAL, Merge.MONEY, required=True, since=2),
        Column(5, "cap_pct", Kind.DECIMAL, Merge.MONEY, required=True, since=2),
        Column(6, "basis", Kind.ENUM, Merge.MONEY, required=True, members=SHARE_BASIS, since=2),
        Column(7, "result", Kind.ENUM, Merge.MONEY, required=True, members=RESULT_BASIS, since=2),
    ),
    since=2,
)
# A partner's terms in a version: what it agreed with the lead is not every other partner's.
SHARE_PARTNER = Table(
    81,
    "share_partner",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "agreement", Kind.ROW, required=True, refers="share_agreement", since=2),
        Column(2, "partner", Kind.ORG, required=True, since=2),
        Column(3, "position", Kind.INT, since=2),
        *(
            Column(number, name, kind, Merge.MONEY, read=STATEMENT_READERS, since=2)
            for number, name, kind in (
                (10, "share_bp", Kind.INT),
                (11, "cap_p", Kind.PENCE),
                (12, "weight", Kind.INT),
            )
        ),
    ),
    since=2,
)
# A saving confirmed against a stated baseline: the only money recurrent investment comes from.
SAVING = Table(
    85,
    "saving",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "title", Kind.TEXT, required=True, search=True, since=2),
        Column(3, "recurrent_p", Kind.PENCE, Merge.MONEY, since=2),
        Column(4, "non_recurrent_p", Kind.PENCE, Merge.MONEY, since=2),
        Column(5, "evidence", Kind.TEXT, Merge.MONEY, required=True, search=True, since=2),
        Column(6, "position", Kind.INT, since=2),
    ),
    since=2,
)
INVESTMENT = Table(
    86,
    "investment",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, Merge.MONEY, required=True, since=2),
        Column(2, "title", Kind.TEXT, required=True, search=True, since=2),
        Column(
            3,
            "service_line",
            Kind.ROW,
            Merge.MONEY,
            required=True,
            refers="service_line",
            since=2,
        ),
        Column(4, "provider", Kind.TEXT, Merge.MONEY, required=True, since=2),
        Column(5, "recurrent_p", Kind.PENCE, Merge.MONEY, required=True, since=2),
        Column(6, "non_recurrent_p", Kind.PENCE, Merge.MONEY, required=True, since=2),
        Column(7, "planned_start", Kind.DATE, Merge.MONEY, required=True, since=2),
        Column(8, "start", Kind.DATE, Merge.MONEY, since=2),
        Column(9, "measures", Kind.TEXT, Merge.NOTE, search=True, since=2),
        Column(10, "position", Kind.INT, since=2),
        Column(11, "state", Kind.ENUM, Merge.MONEY, members=INVESTMENT_STATE, since=2),
    ),
    since=2,
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
        Column(5, "agreement", Kind.ROW, refers="share_agreement", since=2),
        Column(6, "issue", Kind.INT, since=2),
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

TABLES = (SHARE_AGREEMENT, SHARE_PARTNER, SAVING, INVESTMENT, SHARE_STATEMENT)
