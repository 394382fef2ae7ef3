"""Partners' returns, how they are matched with the ledger, and what is asked: numbers 110–119."""

from __future__ import annotations

from typing import Final

from collabdesk.sync.registry.model import Column, Kind, Merge, Scope, Table

_M: Final = Merge.MONEY
_ORG: Final = Scope.ORGANISATION

# What a partner says it charged in a month; a corrected return takes the place of the earlier.
PARTNER_RETURN = Table(
    110,
    "partner_return",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "partner", Kind.TEXT, required=True, search=True, since=2),
        Column(4, "name", Kind.TEXT, required=True, search=True, since=2),
        Column(5, "sha256", Kind.BYTES, required=True, since=2),
        Column(6, "rows", Kind.INT, since=2),
    ),
    since=2,
)
RETURN_ITEM = Table(
    111,
    "return_item",
    "budgets",
    _ORG,
    (
        Column(1, "partner_return", Kind.ROW, required=True, refers="partner_return", since=2),
        Column(2, "source_row", Kind.INT, required=True, since=2),
        Column(3, "reference", Kind.TEXT, required=True, search=True, since=2),
        Column(4, "amount_p", Kind.PENCE, _M, required=True, since=2),
        Column(5, "words", Kind.TEXT, search=True, since=2),
    ),
    since=2,
)
# Two references, one on each side, that somebody says are the same.
RETURN_MATCH = Table(
    112,
    "return_match",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "partner", Kind.TEXT, required=True, search=True, since=2),
        Column(4, "ledger_reference", Kind.TEXT, required=True, search=True, since=2),
        Column(5, "return_reference", Kind.TEXT, required=True, search=True, since=2),
    ),
    since=2,
)
# The difference that is let pass in one month's reconciliation with one partner.
RETURN_TOLERANCE = Table(
    113,
    "return_tolerance",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "partner", Kind.TEXT, required=True, search=True, since=2),
        Column(4, "tolerance_p", Kind.PENCE, _M, required=True, since=2),
    ),
    since=2,
)
# A question about one reference, with both figures as they stood when it was asked.
RETURN_QUERY = Table(
    114,
    "return_query",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "partner", Kind.TEXT, required=True, search=True, since=2),
        Column(4, "reference", Kind.TEXT, required=True, search=True, since=2),
        Column(5, "question", Kind.TEXT, required=True, search=True, since=2),
        Column(6, "ledger_p", Kind.PENCE, _M, since=2),
        Column(7, "return_p", Kind.PENCE, _M, since=2),
        Column(8, "settled", Kind.BOOL, since=2),
    ),
    since=2,
)
# The partner's answer, in the partner's own scope.
QUERY_ANSWER = Table(
    115,
    "query_answer",
    "budgets",
    _ORG,
    (
        Column(1, "query", Kind.ROW, required=True, refers="return_query", since=2),
        Column(2, "answer", Kind.TEXT, required=True, search=True, since=2),
    ),
    since=2,
)

TABLES = (
    PARTNER_RETURN,
    RETURN_ITEM,
    RETURN_MATCH,
    RETURN_TOLERANCE,
    RETURN_QUERY,
    QUERY_ANSWER,
)
