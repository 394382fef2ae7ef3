"""Reports: what goes here, and what can already be taken out of the other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collabdesk.ui.messages import Action
from collabdesk.ui.page import Page, Surroundings
from collabdesk.ui.states import EmptyState, Shape, Way

if TYPE_CHECKING:
    from collabdesk.ui.desk import Desk


class ReportsPage(Page):
    """The place of board papers; this version composes none and says so."""

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Say what goes here and what other pages give away already."""
        super().__init__(around, "Reports")
        self._desk = desk

    def arrive(self, _within: object = None) -> None:
        """Show the ways."""
        self.show_empty(
            EmptyState(
                "No board paper is composed here yet",
                "Papers made from several pages go here. This version makes none; each page "
                "gives its own figures and charts away, with where they come from.",
                ways=(
                    self._way(
                        "improvement",
                        "Charts of a project",
                        "Save a run chart as PNG or "
                        "SVG, or copy it: its footer says source and period",
                    ),
                    self._way(
                        "metrics",
                        "Comparison of trusts",
                        "Save the league chart as PNG or SVG, or copy its table into a spreadsheet",
                    ),
                    self._way(
                        "budgets",
                        "Budget of the year",
                        "Select the grid and copy it into a spreadsheet, exact to the penny",
                    ),
                ),
                shape=Shape(
                    ("Part of a board paper", "Figures", "Chart"),
                    ("Money against envelope", "Improvement projects", "Waiting times", "Pilots"),
                    "Each part would say which ledger and which release it stands on.",
                ),
            )
        )

    def _way(self, place: str, title: str, said: str) -> Way:
        name = place.capitalize()
        return Way(place, title, said, Action(f"Open {name}", lambda: self.go.emit(place, None)))
