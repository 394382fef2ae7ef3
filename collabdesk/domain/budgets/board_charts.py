"""What the charts of a board pack are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.domain.budgets.variance import Rating


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """A month in pence: its budget, and what was spent or is forecast; None where unknown."""

    name: str
    budget_p: int
    spent_p: int | None = None
    forecast_p: int | None = None

    @property
    def figure_p(self) -> int | None:
        """What stands for the month: the actual of a closed one, else the forecast."""
        return self.forecast_p if self.spent_p is None else self.spent_p

    @property
    def over_p(self) -> int | None:
        """By how much that is over the budget; below nought it is under."""
        return None if self.figure_p is None else self.figure_p - self.budget_p


@dataclass(frozen=True, slots=True)
class LineFigure:
    """A service line's variance at the year's end, favourable above nought, and its rating."""

    name: str
    variance_p: int
    rating: Rating
