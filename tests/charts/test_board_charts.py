"""The charts of a board pack: each says in words what it shows, for eyes, ears and grey print."""

from __future__ import annotations

import pytest

from collabdesk.charts.board_charts import BoardCharts
from collabdesk.charts.drawn import Frame, Picture, draw
from collabdesk.charts.outturn_chart import OutturnContent, outturn_chart, outturn_finding
from collabdesk.charts.style import Style
from collabdesk.charts.variance_chart import MOST, VarianceContent, variance_chart, variance_finding
from collabdesk.domain.budgets.board_charts import LineFigure, MonthFigure
from collabdesk.domain.budgets.variance import Rating

NAMES = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
YEAR = tuple(
    MonthFigure(
        f"{name} 2026",
        100_000_000,
        103_000_000 if at < 2 else None,
        None if at < 2 else 99_000_000,
    )
    for at, name in enumerate(NAMES)
)
LINES = (
    LineFigure("Perinatal", 1_200_000, Rating.GREEN),
    LineFigure("Out of area", -7_341_100, Rating.AMBER),
    LineFigure("CAMHS intensive care", -13_300_000, Rating.RED),
    LineFigure("Hub", 0, Rating.GREEN),
)


def written(picture: Picture) -> list[str]:
    return [text.get_text() for text in [*picture.axes.texts, *picture.figure.texts]]


def inside(picture: Picture, frame: Frame) -> bool:
    draw(picture)
    boxes = [t.get_window_extent() for t in [*picture.axes.texts, *picture.figure.texts]]
    return all(
        b.x0 >= 0 and b.x1 <= frame.width and b.y0 >= 0 and b.y1 <= frame.height for b in boxes
    )


def test_months_are_told_by_pattern_and_word(style: Style) -> None:
    frame = Frame(660, 300)
    picture = outturn_chart(OutturnContent(YEAR), style, frame)
    assert picture.title == "The year is forecast to end £40,000 under budget, at £11,960,000"
    assert {"Actual", "Forecast, striped", "Budget"} <= set(written(picture))
    assert written(picture).count("over") == 2
    assert written(picture).count("under") == 10
    assert [bar.get_hatch() for bar in picture.axes.patches] == [None] * 2 + ["////"] * 10
    assert "Apr 2026, actual £1,030,000, budget £1,000,000" in picture.alt
    assert "Mar 2026, forecast £990,000" in picture.alt
    assert any(said.startswith("£ million by month") for said in written(picture))
    assert inside(picture, frame)
    small = tuple(MonthFigure(one.name, one.budget_p // 40, one.budget_p // 40) for one in YEAR)
    thousands = outturn_chart(OutturnContent(small), style, frame)
    assert any(said.startswith("£ thousand by month") for said in written(thousands))
    assert inside(thousands, frame)


def test_what_is_not_known_by_month_is_not_drawn(style: Style) -> None:
    known = tuple(MonthFigure(one.name, one.budget_p, one.spent_p) for one in YEAR)
    picture = outturn_chart(OutturnContent(known), style, Frame(660, 300))
    assert picture.title == "To May 2026 £60,000 over budget, at £2,060,000"
    assert "Budget alone" in written(picture)
    assert len(picture.axes.patches) == 2
    bare = tuple(MonthFigure(one.name, one.budget_p) for one in YEAR)
    assert outturn_finding(OutturnContent(bare)) == "No month is closed and none is forecast"


def test_lines_are_told_by_side_pattern_and_word(style: Style) -> None:
    frame = Frame(960, 180)
    picture = variance_chart(VarianceContent(LINES), style, frame)
    assert picture.title == (
        "2 of 4 service lines are forecast over budget, most of all CAMHS intensive care by "
        "£133,000"
    )
    assert [bar.get_hatch() for bar in picture.axes.patches] == ["////", "////", None, None]
    assert picture.table.rows[0] == ("CAMHS intensive care", "£133,000 over · R – Red")
    assert picture.table.rows[2] == ("Hub", "as budgeted · G – Green")
    assert inside(picture, frame)
    assert variance_finding(VarianceContent(LINES[:1])) == (
        "No service line is forecast over its budget"
    )


def test_many_lines_and_long_names_stay_on_the_page(style: Style) -> None:
    long = "A service line whose name somebody wrote out in full, with its wards"
    many = tuple(LineFigure(f"{n:02} {long}", 100 * (n - 15) ** 3, Rating.GREEN) for n in range(30))
    frame = Frame(960, 488)
    picture = variance_chart(VarianceContent(many), style, frame)
    assert len(picture.axes.patches) == MOST
    assert picture.table.rows[0][0].startswith("00 ")
    assert picture.alt.endswith("14 lines nearer to their budgets are in the table.")
    assert inside(picture, frame)


def test_paper_gets_a_picture_of_each_kind(style: Style, capfd: pytest.CaptureFixture[str]) -> None:
    charts = BoardCharts(style.tokens)
    for made in (charts.months(YEAR), charts.variances(LINES), charts.variances(())):
        assert made.svg.startswith(b"<?xml")
        assert made.png.startswith(b"\x89PNG")
        assert made.title in made.alt
    assert charts.months(YEAR).svg == charts.months(YEAR).svg
    assert capfd.readouterr().err == "", "no complaint about a typeface"
