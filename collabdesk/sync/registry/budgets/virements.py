"""Moves of money between lines: numbers 30–39."""

from __future__ import annotations

from collabdesk.sync.registry.budgets.planning import RECURRENCE
from collabdesk.sync.registry.model import Column, Kind, Merge, Scope, Table

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

TABLES = (VIREMENT,)
