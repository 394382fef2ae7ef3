"""The posted ledger: numbers 40–59."""

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
    members,
)

JOURNAL_KIND = extended(
    members("journal_kind", "opening", "virement", "reversal", "correction"),
    2,
    "allocation",
    "uplift",
    "release",
    "rephasing",
    "investment",
    "actual",
    "accrual",
    "accrual_reversal",
    "revision",
)
# The budget side first; from spend on, the actual side. Each side of a journal sums to nought.
ACCOUNT = extended(
    members("account", "envelope", "unallocated", "line", "contingency", "investment"),
    2,
    "spend",
    "general_ledger",
    "accrued",
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
        Column(7, "reverses", Kind.ROW, Merge.LEDGER, refers="journal", since=2),
        Column(8, "source", Kind.ROW, Merge.LEDGER, refers="source_file", since=2),
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
        Column(8, "reference", Kind.TEXT, Merge.LEDGER, search=True, since=2),
        Column(9, "source_row", Kind.INT, Merge.LEDGER, since=2),
        Column(10, "one_off", Kind.BOOL, Merge.LEDGER, since=2),
        Column(11, "words", Kind.TEXT, Merge.LEDGER, search=True, since=2),
    ),
    ledger="line",
)

MONTH_STATES = extended(Members("month_states", ()), 2, "open", "soft_closed", "locked")
# Set by the keeper's laptop alone. An approval of a lock names the state and the ledger it saw.
MONTH_STATE = Table(
    42,
    "month_state",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "state", Kind.ENUM, Merge.MONEY, required=True, members=MONTH_STATES, since=2),
        Column(4, "journal_number", Kind.INT, Merge.MONEY, since=2),
        Column(5, "ledger_hash", Kind.BYTES, Merge.MONEY, since=2),
    ),
    since=2,
)
# A step of a month's close; who did it is who signed `done`.
CLOSE_STEP = Table(
    43,
    "close_step",
    "budgets",
    Scope.ORGANISATION,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "step", Kind.TEXT, required=True, since=2),
        Column(4, "owner", Kind.TEXT, since=2),
        Column(5, "done", Kind.BOOL, since=2),
        Column(6, "evidence", Kind.TEXT, search=True, since=2),
        Column(7, "evidence_sha256", Kind.BYTES, since=2),
    ),
    since=2,
)

TABLES = (JOURNAL, JOURNAL_LINE, MONTH_STATE, CLOSE_STEP)
