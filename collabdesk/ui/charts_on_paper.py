"""Hands a paper who draws its charts; matplotlib is imported on the thread that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collabdesk.ui.theme.tokens import load_tokens

if TYPE_CHECKING:
    from collabdesk.services.budgets.papers.pack_asked import Draws


def charts_for_paper() -> Draws:
    """Return who draws for paper, in the light colours whatever the screen shows."""
    from collabdesk.charts.board_charts import BoardCharts

    return BoardCharts(load_tokens().tree)
