"""What the general ledger and other files say was spent: numbers 100–109."""

from __future__ import annotations

from collabdesk.sync.registry.model import Column, Kind, Members, Merge, Scope, Table, extended

SOURCE_KIND = extended(
    Members("source_kind", ()),
    2,
    "trial_balance",
    "transactions",
    "spend_file",
    "allocation_table",
    "return",
)

# A file that figures were taken from; its rows are named by number.
SOURCE_FILE = Table(
    100,
    "source_file",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "kind", Kind.ENUM, required=True, members=SOURCE_KIND, since=2),
        Column(2, "name", Kind.TEXT, required=True, search=True, since=2),
        Column(3, "sha256", Kind.BYTES, required=True, since=2),
        Column(4, "source", Kind.TEXT, since=2),
        Column(5, "fiscal_year", Kind.TEXT, since=2),
        Column(6, "month", Kind.INT, since=2),
        Column(7, "rows", Kind.INT, since=2),
        Column(8, "control_p", Kind.PENCE, Merge.MONEY, since=2),
    ),
    since=2,
)

TABLES = (SOURCE_FILE,)
