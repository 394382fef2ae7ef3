"""What the general ledger and other files say was spent: numbers 100–109."""

from __future__ import annotations

from typing import Final

from collabdesk.sync.registry.model import Column, Kind, Members, Merge, Scope, Table, extended

_M: Final = Merge.MONEY

SOURCE_KIND = extended(
    Members("source_kind", ()),
    2,
    "trial_balance",
    "transactions",
    "spend_file",
    "allocation_table",
    "return",
)

# A file that figures were taken from; its rows are named by number. A published file travels
# whole, with how it is to be read; of others only their figures do.
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
        Column(8, "control_p", Kind.PENCE, _M, since=2),
        Column(9, "left_out_p", Kind.PENCE, _M, since=2),
        Column(10, "file", Kind.BLOB, since=2),
        Column(11, "reading", Kind.TEXT, since=2),
    ),
    since=2,
)
# Whose spending a code of a source is, from a month on; no subjective stands for all of them.
CODE_MAPPING = Table(
    101,
    "code_mapping",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "source", Kind.TEXT, required=True, since=2),
        Column(2, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(3, "from_month", Kind.INT, required=True, since=2),
        Column(4, "cost_centre", Kind.TEXT, required=True, search=True, since=2),
        Column(5, "subjective", Kind.TEXT, search=True, since=2),
        Column(6, "service_line", Kind.ROW, _M, refers="service_line", since=2),
        Column(7, "provider", Kind.TEXT, _M, since=2),
        Column(8, "left_out", Kind.BOOL, _M, since=2),
    ),
    since=2,
)
# A row of a file that cannot be posted before its code is mapped.
WAITING_ROW = Table(
    102,
    "waiting_row",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "source_file", Kind.ROW, required=True, refers="source_file", since=2),
        Column(2, "source_row", Kind.INT, required=True, since=2),
        Column(3, "cost_centre", Kind.TEXT, search=True, since=2),
        Column(4, "subjective", Kind.TEXT, search=True, since=2),
        Column(5, "month", Kind.INT, required=True, since=2),
        Column(6, "amount_p", Kind.PENCE, _M, required=True, since=2),
        Column(7, "reference", Kind.TEXT, search=True, since=2),
        Column(8, "words", Kind.TEXT, search=True, since=2),
    ),
    since=2,
)

TABLES = (SOURCE_FILE, CODE_MAPPING, WAITING_ROW)
