"""Why a forecast moved since last month: a table of reasons that adds up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal


class Reason(StrEnum):
    """The reason code of one movement."""

    ACTIVITY = "activity"
    PRICE = "price"
    ONE_OFF = "one_off"
    PHASING = "phasing"
    ERROR = "error"
    NEW_PACKAGE = "new_package"
    SAVINGS_SLIPPAGE = "savings_slippage"


@dataclass(frozen=True, slots=True)
class Movement:
    """One reason and the pence by which it raised the forecast; below nought it lowered it."""

    reason: Reason
    amount_p: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class MovementTable:
    """Last month's forecast, what moved it, and this month's; in pence."""

    last_p: int
    movements: tuple[Movement, ...]

    @property
    def moved_p(self) -> int:
        """All movements together."""
        return sum(movement.amount_p for movement in self.movements)

    @property
    def now_p(self) -> int:
        """This month's forecast: last month's and all movements."""
        return self.last_p + self.moved_p

    @property
    def by_reason(self) -> dict[Reason, int]:
        """The movements added up by reason; reasons that moved nothing are nought."""
        return {
            reason: sum(each.amount_p for each in self.movements if each.reason is reason)
            for reason in Reason
        }


def explain(last_p: int, now_p: int, movements: Sequence[Movement]) -> MovementTable:
    """Make the table of a line; refused while reasons and movement differ by a penny."""
    table = MovementTable(last_p, tuple(movements))
    if table.now_p != now_p:
        raise Refusal(
            code="movement_does_not_add_up",
            words=(
                f"The forecast moved by {format_pence(now_p - last_p)}; the reasons explain "
                f"{format_pence(table.moved_p)} of it."
            ),
            remedy=f"Give a reason for the other {format_pence(now_p - table.now_p)}.",
            field="movements",
        )
    return table


def all_lines(tables: Iterable[MovementTable]) -> MovementTable:
    """Add the tables of lines up to one of them all."""
    kept = tuple(tables)
    return MovementTable(
        sum(table.last_p for table in kept),
        tuple(movement for table in kept for movement in table.movements),
    )
