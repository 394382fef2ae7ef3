"""Risk and gain share: numbers 80–99."""

from __future__ import annotations

from collabdesk.sync.registry.model import (
    Circle,
    Column,
    Kind,
    Merge,
    ReadClass,
    Scope,
    Side,
    Table,
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

TABLES = (SHARE_STATEMENT,)
