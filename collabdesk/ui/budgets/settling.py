"""Contested figures of contracts, invoices, forecasts and risks: marked and settled there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.services.figures import contested_cells
from collabdesk.ui.disputes import ask_to_resolve

if TYPE_CHECKING:
    from collabdesk.services.figures import CellSiblings
    from collabdesk.ui.budgets.part_view import PartView

_MONTHS: Final = {f"m{n}": f"M{n}" for n in range(1, MONTHS_IN_YEAR + 1)}
COLUMNS: Final[Mapping[str, str]] = {
    **_MONTHS,
    "amount_p": "amount",
    "annual_p": "sum of a whole year",
    "achieved_bp": "how far it was met",
    "best_p": "best case",
    "due": "due date",
    "ends": "last day",
    "form": "form",
    "hours_per_day": "hours a day",
    "invoiced": "date of the invoice",
    "kind": "kind",
    "likely_p": "likely case",
    "method": "method",
    "on_cost_pct": "on-costs",
    "over_pct": "rate above the tolerance",
    "paid_on": "day it was paid",
    "planned": "planned quantity",
    "price_p": "price",
    "probability_pct": "probability",
    "profile": "phasing",
    "provider": "provider",
    "quality_bp": "share linked to quality",
    "quantity": "quantity",
    "service_line": "service line",
    "staff": "staff",
    "starts": "first day",
    "state": "state",
    "threshold": "threshold",
    "under_pct": "rate below the tolerance",
    "weight_bp": "weight",
    "within_pct": "tolerance",
    "worst_p": "worst case",
}
"""What people call a column whose figures two laptops may both have set."""


@dataclass(frozen=True)
class Disputed:
    """A record with contested figures; `name` is what people call it."""

    table: str
    row: bytes
    name: str
    columns: Collection[str]

    @property
    def words(self) -> str:
        """What is contested, for the reason of a cell."""
        return f"{self.name}: two laptops entered a different {named(self.columns)}."


def named(columns: Collection[str]) -> str:
    """Return what people call some columns, in one phrase."""
    return ", ".join(COLUMNS.get(one, one.replace("_", " ")) for one in sorted(columns))


def settle_first(view: PartView, disputed: Sequence[Disputed], column: str = "") -> None:
    """Ask about the contested figure in the current column, or else about the first one."""
    if not disputed:
        return
    first = next((one for one in disputed if column in one.columns), disputed[0])
    view.desk.ask(
        view,
        contested_cells,
        first.table,
        done=partial(_ask, view, first, column),
        failed=view.failed.emit,
    )


def _ask(view: PartView, one: Disputed, column: str, cells: tuple[CellSiblings, ...]) -> None:
    mine = [cell for cell in cells if cell.row == one.row]
    found = next((cell for cell in mine if cell.column == column), next(iter(mine), None))
    if found is None:
        # Somebody settled it meanwhile: the screen shows what stands now.
        view.read()
        return
    place = f"{one.name}, {named((found.column,))}"
    view.dialog = ask_to_resolve(view, view.around.look, view.desk, found, place)
