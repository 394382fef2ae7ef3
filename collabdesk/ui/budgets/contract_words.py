"""How the screens of contracts write forms, measures and states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from collabdesk.domain.budgets.terms import Counted, Form
from collabdesk.domain.money import parse_money_or_sum
from collabdesk.domain.periods import date_digits
from collabdesk.services.budgets.contracts.balance_board import InvoiceLine
from collabdesk.ui.grid import GridColumn, Kind
from collabdesk.ui.grid.cells import Value

FORMS: Final[Mapping[Form, str]] = {
    Form.BLOCK: "Block",
    Form.BLOCK_TOLERANCE: "Block with tolerance",
    Form.COST_VOLUME: "Cost and volume",
    Form.OBD: "Occupied bed days",
    Form.COST_PER_CASE: "Cost per case",
    Form.PACKAGE: "Package of care",
    Form.PASS_THROUGH: "Pass-through",
}
MEASURES: Final[Mapping[Counted, str]] = {
    Counted.BED_DAYS: "Occupied bed days",
    Counted.LEAVE_DAYS: "Leave days",
    Counted.BED_HELD: "Bed held",
    Counted.CASES: "Cases",
}
PAYMENT_KINDS: Final[Mapping[str, str]] = {
    "instalment": "Instalment",
    "activity": "Activity",
    "quality": "Quality element",
    "credit_note": "Credit note",
    "recharge": "Recharge",
}


def pounds_text(amount_p: int | None) -> str | None:
    """Write an amount to the penny as a number column shows it: ``710.05``."""
    if amount_p is None:
        return None
    pounds, pence = divmod(abs(amount_p), 100)
    return f"{'-' if amount_p < 0 else ''}{pounds}.{pence:02}"


def price_column(key: str, title: str, second: str, *, editable: bool = True) -> GridColumn:
    """Return a column of prices, which are shown to the penny and never in thousands."""

    def read(text: str) -> Value:
        return pounds_text(parse_money_or_sum(text, title))

    return GridColumn(key, title, second, kind=Kind.NUMBER, editable=editable, read=read)


def price_p(value: Value, what: str = "price") -> int:
    """Return what a cell of a price column holds, in pence."""
    return parse_money_or_sum(str(value), what)


def measure_named(words: str) -> Counted:
    """Return the measure that is called so."""
    return next(measure for measure, said in MEASURES.items() if said == words)


def paid_words(one: InvoiceLine) -> str:
    """Say whether an invoice is paid, and how late it is if not."""
    paid = one.payment
    if paid.paid_on is not None:
        return f"Paid {date_digits(paid.paid_on)}"
    if one.overdue_days:
        return f"Overdue by {one.overdue_days:,} day{'' if one.overdue_days == 1 else 's'}"
    return f"Unpaid, due {date_digits(paid.due)}"
