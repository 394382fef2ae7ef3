"""How Budgets names methods of forecasting, reasons of movements, and ratings."""

from __future__ import annotations

from typing import Final, TypeVar

from collabdesk.domain.budgets.forecast import Method
from collabdesk.domain.budgets.movement import Reason
from collabdesk.domain.budgets.variance import Rating
from collabdesk.domain.changes import Cell
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.ui.inspector.signed import Telling

T = TypeVar("T")


def _pounds(cell: Cell) -> str:
    return format_pence(cell) if isinstance(cell, int) else ""


METHODS: Final = {
    Method.BUDGET_REMAINING: "Budget remaining",
    Method.STRAIGHT_LINE_MONTHS: "Straight line, months",
    Method.STRAIGHT_LINE_DAYS: "Straight line, days",
    Method.EXCLUDING_ONE_OFFS: "Without one-offs",
    Method.LAST_THREE: "Last three months",
    Method.COMMITTED: "Committed",
    Method.MANUAL: "By hand",
}
MEANINGS: Final = {
    Method.BUDGET_REMAINING: "What was spent, then the budget of each open month.",
    Method.STRAIGHT_LINE_MONTHS: "The average closed month goes on, every month alike.",
    Method.STRAIGHT_LINE_DAYS: "The average day goes on; longer months cost more.",
    Method.EXCLUDING_ONE_OFFS: "The average month without what will not come again.",
    Method.LAST_THREE: "The average of the last three closed months goes on.",
    Method.COMMITTED: "What was spent, then what contracts and placements commit.",
    Method.MANUAL: "You type the open months in the grid, and say why.",
}
"""What each method does with the open months, in a line."""
REASONS: Final = {
    Reason.ACTIVITY: "Activity",
    Reason.PRICE: "Price",
    Reason.ONE_OFF: "One-off",
    Reason.PHASING: "Phasing",
    Reason.ERROR: "Error",
    Reason.NEW_PACKAGE: "New package",
    Reason.SAVINGS_SLIPPAGE: "Savings slippage",
}
_MONTHS: Final = {f"m{number}": f"M{number}" for number in range(1, 13)}
TELLING: Final = Telling(
    names={"method": "Method", "reason": "Reason", **_MONTHS},
    values=dict.fromkeys(_MONTHS, _pounds) | {"method": lambda cell: METHODS[Method(str(cell))]},
    hidden=frozenset({"fiscal_year", "service_line", "provider"}),
    first="method",
)
"""How the history of a line's forecast is said."""
_SIZES: Final = {"best_p": "Best case", "likely_p": "Likely case", "worst_p": "Worst case"}
RISK_TELLING: Final = Telling(
    names={**_SIZES, "probability_pct": "Chance, %", "action": "What is done"},
    values=dict.fromkeys(_SIZES, _pounds),
    hidden=frozenset({"fiscal_year", "service_line", "kind"}),
    first="likely_p",
)
"""How the history of a risk or opportunity is said."""
RATINGS: Final = {Rating.GREEN: "Green", Rating.AMBER: "Amber", Rating.RED: "Red"}


def method_of(words: str) -> Method:
    """Return the method of its words, in whatever case they are typed."""
    return _found(METHODS, words, "method")


def reason_of(words: str) -> Reason:
    """Return the reason of its words, in whatever case they are typed."""
    return _found(REASONS, words, "reason")


def _found(known: dict[T, str], words: str, field: str) -> T:
    for member, said in known.items():
        if said.casefold() == words.strip().casefold():
            return member
    raise Refusal(
        code=f"{field}_unknown",
        words=f"“{words}” is not one of the choices.",
        remedy=f"Choose one of: {'; '.join(known.values())}.",
        field=field,
    )
