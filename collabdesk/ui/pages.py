"""The pages of the window, in one table; each is imported on its first visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from collabdesk.ui.page import Page, Surroundings

if TYPE_CHECKING:
    from collabdesk.ui.desk import Desk
    from collabdesk.ui.house import House


@dataclass(frozen=True)
class Place:
    """One page: its name in the navigation, and where its class is found.

    A page of the house takes the house as well as the desk.
    """

    key: str
    title: str
    module: str
    name: str
    of_the_house: bool = False

    def build(self, around: Surroundings, desk: Desk, house: House) -> Page:
        """Import the page and build it."""
        made: Callable[..., Page] = getattr(
            import_module(f"collabdesk.ui.{self.module}"), self.name
        )
        return made(around, desk, house) if self.of_the_house else made(around, desk)


PLACES: Final = (
    Place("home", "Home", "home.page", "HomePage", of_the_house=True),
    Place("budgets", "Budgets", "budgets.page", "BudgetsPage"),
    Place("improvement", "Improvement", "improvement.page", "ImprovementPage"),
    Place("pilots", "Pilots", "pilots.page", "PilotsPage"),
    Place("metrics", "Metrics", "metrics.page", "MetricsPage"),
    Place("reports", "Reports", "reports", "ReportsPage"),
    Place("sharing", "Sharing", "sharing.page", "SharingPage", of_the_house=True),
    Place("settings", "Settings", "settings.page", "SettingsPage", of_the_house=True),
)
