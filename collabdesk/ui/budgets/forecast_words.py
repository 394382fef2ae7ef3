"""How Budgets names methods of forecasting, reasons of movements, and ratings."""

from __future__ import annotations

from typing import Final, TypeVar

from collabdesk.domain.budgets.forecast import Method
from collabdesk.domain.budgets.movement import Reason
from collabdesk.domain.budgets.variance import Rating
from collabdesk.domain.changes import Cell
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.forecast.methods_in_words import METHODS
from collabdesk.ui.inspector.signed import Telling

T = TypeVar("T")


def _pounds(cell: Cell) -> str:
    return format_pence(cell) if isinstance(cell, int) else ""


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
