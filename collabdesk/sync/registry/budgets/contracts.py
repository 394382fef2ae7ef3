"""Contracts, what they cost by activity, payments and out-of-area totals: numbers 60–69.

Spells and placements of people are no tables of the registry: they stay on one laptop.
"""

from __future__ import annotations

from typing import Final

from collabdesk.sync.registry.budgets.planning import PROFILE
from collabdesk.sync.registry.model import Column, Kind, Members, Merge, Scope, Table, extended

_M: Final = Merge.MONEY
_ORG: Final = Scope.ORGANISATION

CONTRACT_FORM = extended(
    Members("contract_form", ()),
    2,
    "block",
    "block_tolerance",
    "cost_volume",
    "obd",
    "cost_per_case",
    "package",
    "pass_through",
)
MEASURE = extended(Members("measure", ()), 2, "bed_days", "leave_days", "bed_held", "cases")
POSITION = extended(Members("position", ()), 2, "flex", "freeze")
PAYMENT_KIND = extended(
    Members("payment_kind", ()), 2, "instalment", "activity", "quality", "credit_note", "recharge"
)
CUT = extended(Members("cut", ()), 2, "everything", "distance", "reason")

CONTRACT = Table(
    60,
    "contract",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "reference", Kind.TEXT, required=True, search=True, since=2),
        Column(3, "service_line", Kind.ROW, _M, required=True, refers="service_line", since=2),
        Column(4, "provider", Kind.TEXT, _M, required=True, search=True, since=2),
        Column(5, "form", Kind.ENUM, _M, required=True, members=CONTRACT_FORM, since=2),
        Column(6, "starts", Kind.DATE, _M, required=True, since=2),
        Column(7, "ends", Kind.DATE, _M, required=True, since=2),
        Column(8, "annual_p", Kind.PENCE, _M, since=2),
        Column(9, "profile", Kind.ENUM, _M, members=PROFILE, since=2),
        Column(10, "planned", Kind.INT, _M, since=2),
        Column(11, "price_p", Kind.PENCE, _M, since=2),
        Column(12, "within_pct", Kind.DECIMAL, _M, since=2),
        Column(13, "over_pct", Kind.DECIMAL, _M, since=2),
        Column(14, "under_pct", Kind.DECIMAL, _M, since=2),
        Column(15, "threshold", Kind.INT, _M, since=2),
        Column(16, "quality_bp", Kind.INT, _M, since=2),
        Column(17, "beds", Kind.INT, since=2),
        Column(18, "staff", Kind.INT, _M, since=2),
        Column(19, "hours_per_day", Kind.DECIMAL, _M, since=2),
        Column(20, "on_cost_pct", Kind.DECIMAL, _M, since=2),
        Column(21, "terms_days", Kind.INT, since=2),
        Column(22, "note", Kind.TEXT, Merge.NOTE, since=2),
    ),
    since=2,
)
# What one unit of a measure costs from a day on, until the next price.
CONTRACT_PRICE = Table(
    61,
    "contract_price",
    "budgets",
    _ORG,
    (
        Column(1, "contract", Kind.ROW, required=True, refers="contract", since=2),
        Column(2, "measure", Kind.ENUM, required=True, members=MEASURE, since=2),
        Column(3, "starts", Kind.DATE, required=True, since=2),
        Column(4, "price_p", Kind.PENCE, _M, required=True, since=2),
    ),
    since=2,
)
# An invoice between two partners; without a contract it is a recharge.
CONTRACT_PAYMENT = Table(
    62,
    "contract_payment",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "payer", Kind.TEXT, _M, required=True, search=True, since=2),
        Column(4, "payee", Kind.TEXT, _M, required=True, search=True, since=2),
        Column(5, "invoice", Kind.TEXT, required=True, search=True, since=2),
        Column(6, "amount_p", Kind.PENCE, _M, required=True, since=2),
        Column(7, "kind", Kind.ENUM, required=True, members=PAYMENT_KIND, since=2),
        Column(8, "invoiced", Kind.DATE, _M, required=True, since=2),
        Column(9, "due", Kind.DATE, _M, required=True, since=2),
        Column(10, "paid_on", Kind.DATE, _M, since=2),
        Column(11, "contract", Kind.ROW, refers="contract", since=2),
    ),
    since=2,
)
# What one partner says another owes it, and it owes the other, at the end of M6, M9 or M12.
BALANCE_STATEMENT = Table(
    63,
    "balance_statement",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "stated_by", Kind.TEXT, required=True, since=2),
        Column(4, "partner", Kind.TEXT, required=True, search=True, since=2),
        Column(5, "owed_to_us_p", Kind.PENCE, _M, required=True, since=2),
        Column(6, "owed_by_us_p", Kind.PENCE, _M, required=True, since=2),
        Column(7, "note", Kind.TEXT, Merge.NOTE, since=2),
    ),
    since=2,
)
# Totals after the suppression gate; one without a quantity is hidden.
ACTIVITY = Table(
    64,
    "activity",
    "budgets",
    _ORG,
    (
        Column(1, "contract", Kind.ROW, required=True, refers="contract", since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "measure", Kind.ENUM, required=True, members=MEASURE, since=2),
        Column(4, "position", Kind.ENUM, required=True, members=POSITION, since=2),
        Column(5, "quantity", Kind.INT, _M, since=2),
        Column(6, "cost_p", Kind.PENCE, _M, since=2),
    ),
    since=2,
)
# A line of a bill: so many cases at a price, an invoice passed through, or a credit note.
CONTRACT_BILL = Table(
    65,
    "contract_bill",
    "budgets",
    _ORG,
    (
        Column(1, "contract", Kind.ROW, required=True, refers="contract", since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "reference", Kind.TEXT, required=True, search=True, since=2),
        Column(4, "count", Kind.INT, _M, required=True, since=2),
        Column(5, "price_p", Kind.PENCE, _M, required=True, since=2),
        Column(6, "credits", Kind.TEXT, since=2),
    ),
    since=2,
)
QUALITY_MEASURE = Table(
    66,
    "quality_measure",
    "budgets",
    _ORG,
    (
        Column(1, "contract", Kind.ROW, required=True, refers="contract", since=2),
        Column(2, "quarter", Kind.INT, required=True, since=2),
        Column(3, "name", Kind.TEXT, required=True, search=True, since=2),
        Column(4, "weight_bp", Kind.INT, _M, required=True, since=2),
        Column(5, "achieved_bp", Kind.INT, _M, since=2),
    ),
    since=2,
)
# Placements out of area after the gate, whole or by one of two cuts; people to the nearest five.
PLACEMENT_TOTAL = Table(
    67,
    "placement_total",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "month", Kind.INT, required=True, since=2),
        Column(3, "service_line", Kind.ROW, required=True, refers="service_line", since=2),
        Column(4, "cut", Kind.ENUM, required=True, members=CUT, since=2),
        Column(5, "part", Kind.TEXT, since=2),
        Column(6, "people", Kind.INT, _M, since=2),
        Column(7, "nights", Kind.INT, _M, since=2),
        Column(8, "cost_p", Kind.PENCE, _M, since=2),
        Column(9, "overdue", Kind.INT, _M, since=2),
    ),
    since=2,
)
# What placements were before: the nights, their price, and where both were taken from.
SAVING_BASELINE = Table(
    68,
    "saving_baseline",
    "budgets",
    _ORG,
    (
        Column(1, "fiscal_year", Kind.TEXT, required=True, since=2),
        Column(2, "service_line", Kind.ROW, required=True, refers="service_line", since=2),
        Column(3, "nights", Kind.INT, _M, required=True, since=2),
        Column(4, "price_p", Kind.PENCE, _M, required=True, since=2),
        Column(5, "local_cost_p", Kind.PENCE, _M, since=2),
        Column(6, "evidence", Kind.TEXT, required=True, search=True, since=2),
    ),
    since=2,
)

TABLES = (
    CONTRACT,
    CONTRACT_PRICE,
    CONTRACT_PAYMENT,
    BALANCE_STATEMENT,
    ACTIVITY,
    CONTRACT_BILL,
    QUALITY_MEASURE,
    PLACEMENT_TOTAL,
    SAVING_BASELINE,
)
