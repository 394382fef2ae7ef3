"""What the charts of a board pack are drawn from."""

from __future__ import annotations

from collabdesk.domain.budgets.board_charts import LineFigure, MonthFigure
from collabdesk.domain.budgets.variance import Rating


def test_a_closed_month_is_drawn_from_its_actual() -> None:
    """What was spent stands before what was forecast."""
    month = MonthFigure("Apr", 100_00, spent_p=130_00, forecast_p=90_00)
    assert (month.figure_p, month.over_p) == (130_00, 30_00)


def test_a_month_with_nothing_spent_is_closed_at_nought() -> None:
    """Nought spent is known, not unknown."""
    month = MonthFigure("Apr", 100_00, spent_p=0, forecast_p=90_00)
    assert (month.figure_p, month.over_p) == (0, -100_00)


def test_an_open_month_is_drawn_from_its_forecast() -> None:
    """The forecast stands until the month is closed."""
    month = MonthFigure("Mar", 100_00, forecast_p=90_00)
    assert (month.figure_p, month.over_p) == (90_00, -10_00)


def test_a_month_nobody_knows_is_over_by_nothing_known() -> None:
    """Unknown stays unknown instead of turning into an underspend."""
    month = MonthFigure("Mar", 100_00)
    assert (month.figure_p, month.over_p) == (None, None)


def test_a_line_carries_its_variance_and_rating() -> None:
    """A line is drawn by its name, variance and rating."""
    line = LineFigure("Secure care", -5_00, Rating.GREEN)
    assert (line.name, line.variance_p, line.rating) == ("Secure care", -5_00, Rating.GREEN)
