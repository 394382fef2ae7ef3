"""The further views of Budgets, in the order of the menu; each part of the room adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.desk import Desk
from collabdesk.ui.page import Surroundings

Build = Callable[[Surroundings, Desk], PartView]


@dataclass(frozen=True)
class More:
    """A further view: its key within Budgets, its words, and where its class is.

    The class is imported when the view is first shown: opening Budgets waits for none of them.
    """

    key: str
    words: str
    module: str
    name: str
    posted: bool = True
    """Whether it is about the agreed year, whichever draft was looked at before."""

    def build(self, around: Surroundings, desk: Desk) -> PartView:
        """Build the view."""
        made: Build = getattr(import_module(f"collabdesk.ui.budgets.{self.module}"), self.name)
        return made(around, desk)


GROUPS: Final = (
    (
        More("forecast", "Forecast", "forecast_view", "ForecastView"),
        More("share", "Risk and gain share", "share_view", "ShareView"),
        More("investments", "Investment of savings", "investments_view", "InvestmentsView"),
    ),
    (
        More("contracts", "Contracts and activity", "contracts_view", "ContractsView"),
        More("out_of_area", "Out-of-area placements", "out_of_area_view", "OutOfAreaView"),
    ),
    (
        More("actuals", "Actuals", "actuals_view", "ActualsView"),
        More("reconciliation", "Reconciliation", "recon_view", "ReconView"),
        More("published", "Published files", "published_view", "PublishedView"),
    ),
    (
        More("setup", "Year set-up", "setup_view", "SetupView", posted=False),
        More("close", "Close", "close_view", "CloseView"),
        More("audit", "Audit", "audit_view", "AuditView"),
        More("restated", "As reported and restated", "restated_view", "RestatedView"),
    ),
)
"""Where the year ends; what is paid for; what was spent; the year and its books."""
MORE: Final = tuple(one for group in GROUPS for one in group)
MORE_WORDS: Final = {one.key: one.words for one in MORE}
POSTED: Final = frozenset(one.key for one in MORE if one.posted)
