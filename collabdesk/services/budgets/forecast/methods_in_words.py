"""What the methods of forecasting are called, and what each does."""

from __future__ import annotations

from typing import Final

from collabdesk.domain.budgets.forecast import Method

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
