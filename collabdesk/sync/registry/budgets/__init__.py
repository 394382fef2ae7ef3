"""Numbers 10–199: devolved budgets and the posted ledger."""

from __future__ import annotations

from collabdesk.sync.registry.budgets import (
    actuals,
    contracts,
    forecast,
    ledger,
    planning,
    returns,
    share,
    virements,
)
from collabdesk.sync.registry.model import Area, Room, SharedArea

ROOM = Room(
    "budgets",
    range(10, 200),
    areas=(Area(1, "budgets"), Area(2, "ledger")),
    shared_areas=(SharedArea(1, "draft_plan"),),
    tables=(
        *planning.TABLES,
        *virements.TABLES,
        *ledger.TABLES,
        *contracts.TABLES,
        *forecast.TABLES,
        *share.TABLES,
        *actuals.TABLES,
        *returns.TABLES,
    ),
)
