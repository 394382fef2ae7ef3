"""Moves of money between lines: numbers 30–39."""

from __future__ import annotations

from collabdesk.sync.registry.budgets.planning import RECURRENCE
from collabdesk.sync.registry.model import (
    Column,
    Kind,
    Members,
    Merge,
    Scope,
    Table,
    extended,
)

POT = extended(Members("pot", ()), 2, "unallocated", "contingency", "investment")

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
        # A pot in place of a line: the line's columns then name the other side again.
        Column(10, "from_pot", Kind.ENUM, Merge.MONEY, members=POT, since=2),
        Column(11, "to_pot", Kind.ENUM, Merge.MONEY, members=POT, since=2),
    ),
)
# Who may act for whom: neither approves what the other proposed.
DELEGATION = Table(
    31,
    "delegation",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "person", Kind.PERSON, Merge.MONEY, required=True, since=2),
        Column(2, "delegate", Kind.PERSON, Merge.MONEY, required=True, since=2),
        Column(3, "delegate_of", Kind.ORG, Merge.MONEY, required=True, since=2),
        Column(4, "starts", Kind.DATE, Merge.MONEY, since=2),
        Column(5, "ends", Kind.DATE, Merge.MONEY, since=2),
    ),
    since=2,
)

TABLES = (VIREMENT, DELEGATION)
