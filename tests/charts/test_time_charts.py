from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.charts.drawn import Drawn, Frame, Picture, draw
from collabdesk.charts.run_chart import RunChartContent, longest_run, run_chart, run_finding
from collabdesk.charts.series import (
    Annotation,
    Measured,
    Reading,
    Target,
    limits_of,
    measured_in,
    trimmed,
)
from collabdesk.charts.style import Style
from collabdesk.charts.xmr_chart import XmrContent, xmr_chart, xmr_finding

StyleMaker = Callable[..., Style]
VALUES = (41, 44, 43, 40, 42, 41, 39, 43, 42, 46, 41, 40, 43, 44, 36, 35, 37, 34, 35, 33, 34, 32)
FRAME = Frame(640, 320)


def months(count: int) -> list[dt.date]:
    return [dt.date(2024 + n // 12, n % 12 + 1, 1) for n in range(count)]


def measured(values: Sequence[float | None], marked: Sequence[int] = ()) -> Measured:
    readings = tuple(
        Reading(day, value, *(("good", "part of a run") if place in marked else ()))
        for place, (day, value) in enumerate(zip(months(len(values)), values, strict=True))
    )
    return Measured("Median days to first contact", "days", "month", readings, Target(28))


def run_content(what: Measured, median: float | None = 40.0) -> RunChartContent:
    return RunChartContent(what, (median,) * len(what.readings))


def xmr_content(what: Measured) -> XmrContent:
    size = len(what.readings)
    return XmrContent(what, (42.0,) * size, (35.5,) * size, (48.5,) * size, 14)


def pixel(drawn: Drawn, x: float, y: float) -> str:
    start = (int(y) * drawn.width + int(x)) * 4
    return "#" + drawn.rgba[start : start + 3].hex().upper()


def full() -> Measured:
    what = measured(VALUES, range(14, 22))
    notes = (
        Annotation(dt.date(2024, 6, 10), "Cycle 1: text the day before"),
        Annotation(dt.date(2025, 3, 3), "Cycle 2: phone opt-in call"),
        Annotation(dt.date(2020, 1, 1), "Long before"),
    )
    return Measured(what.measure, what.unit, what.period, what.readings, what.target, notes)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_each_point_lies_where_its_mark_is_drawn(
    styled: StyleMaker, theme: str, scale: float
) -> None:
    style = styled(theme)
    drawn = draw(run_chart(run_content(full()), style, Frame(640, 320, scale)))
    assert (drawn.width, drawn.height) == (640 * scale, 320 * scale)
    assert len(drawn.rgba) == drawn.width * drawn.height * 4
    assert len(drawn.points) == len(VALUES)
    for place, point in enumerate(drawn.points):
        role = "mark.good" if place >= 14 else "mark.neutral"
        assert pixel(drawn, point.x_px, point.y_px) == style.colour(role)


def test_the_same_content_gives_the_same_picture(style: Style) -> None:
    one, other = (draw(run_chart(run_content(full()), style, FRAME)) for _ in range(2))
    assert one == other


def test_a_signal_is_told_by_shape_too(style: Style) -> None:
    picture = run_chart(run_content(full()), style, FRAME)
    marks = [line for line in picture.axes.get_lines() if line.get_linestyle() == "None"]
    shapes = [line.get_marker() for line in marks]
    assert shapes == ["o"] * 14 + ["s"] * 8


def test_the_title_says_the_finding() -> None:
    said = run_finding(run_content(full()))
    assert said == "More than chance: 8 months below the median, an improvement"
    assert run_finding(run_content(measured(VALUES))).startswith("No more than chance")
    assert run_finding(run_content(measured((None, None)))) == "No values yet"
    one = measured(VALUES, [6])
    assert "one month below the median" in run_finding(run_content(one))
    own = Measured("m", "", "month", one.readings, title="Waits fell")
    assert run_finding(run_content(own)) != "Waits fell"


def test_every_point_is_spoken_with_value_place_meaning_and_note(style: Style) -> None:
    drawn = draw(run_chart(run_content(full()), style, FRAME))
    assert drawn.points[5].spoken == (
        "June 2024, 41 days, above the median, Cycle 1: text the day before"
    )
    assert drawn.points[-1].spoken == "October 2025, 32 days, below the median, part of a run"


def test_words_and_table_say_what_the_picture_shows(style: Style) -> None:
    drawn = draw(run_chart(run_content(full()), style, FRAME))
    assert drawn.alt == (
        "Run chart. More than chance: 8 months below the median, an improvement. "
        "Median days to first contact, 22 months, January 2024 to October 2025. "
        "Values from 32 days to 46 days. Median 40 days. Aim 28 days. "
        "Latest 32 days, October 2025."
    )
    assert drawn.table.header == ("Month", "Value (days)", "Median", "Signal")
    assert len(drawn.table.rows) == len(VALUES)
    assert drawn.table.rows[-1][0] == "October 2025"


def test_a_missing_value_is_a_gap_and_is_said(style: Style) -> None:
    what = measured((41, None, 43))
    drawn = draw(run_chart(run_content(what), style, FRAME))
    assert len(drawn.points) == 2
    assert drawn.table.rows[1][1] == ""


def texts(picture: Picture) -> list[str]:
    return [text.get_text() for text in picture.axes.texts]


def test_lines_carry_their_names(style: Style) -> None:
    names = texts(xmr_chart(xmr_content(full()), style, FRAME))
    for name in ("Average 42", "Upper limit 48", "Lower limit 36", "Aim 28 days"):
        assert name in names
    assert "Baseline, first 14 months" in names
    assert "Cycle 2: phone opt-in call" in names
    assert "Long before" not in names


@pytest.mark.parametrize("factor", [1.0, 1.5, 2.0])
def test_no_words_are_clipped_at_any_text_size(styled: StyleMaker, factor: float) -> None:
    frame = Frame(900, 460)
    for picture in (
        run_chart(run_content(full()), styled("light", factor), frame),
        xmr_chart(xmr_content(full()), styled("light", factor), frame),
    ):
        draw(picture)
        ticks = [*picture.axes.get_xticklabels(), *picture.axes.get_yticklabels()]
        for text in [*picture.axes.texts, *picture.figure.texts, *ticks]:
            box = text.get_window_extent()
            assert box.x0 >= 0, text
            assert box.y0 >= 0, text
            assert box.x1 <= frame.width, text
            assert box.y1 <= frame.height, text


def test_the_xmr_chart_says_limits_causes_and_ghosts(style: Style) -> None:
    base = full()
    readings = list(base.readings)
    readings[9] = Reading(readings[9].day, 60.0, ghosted=True)
    readings[2] = Reading(readings[2].day, 55.0, "concern", "outside the limits")
    what = Measured(base.measure, "days", "month", tuple(readings))
    drawn = draw(xmr_chart(xmr_content(what), style, FRAME))
    assert "above the upper limit, outside the limits" in drawn.points[2].spoken
    assert "left out of the limits" in drawn.points[9].spoken
    assert "below the lower limit" in drawn.points[-1].spoken
    assert "9 of 22 points show special cause" in drawn.alt
    assert "Limits 36 days to 48 days" in drawn.alt
    assert drawn.table.rows[9][-1] == "left out"
    assert pixel(drawn, drawn.points[2].x_px, drawn.points[2].y_px) == style.colour("mark.concern")


def test_the_xmr_finding_speaks_of_the_last_stretch() -> None:
    content = xmr_content(full())
    assert xmr_finding(content) == "Improving: 8 months in a row below the average"
    assert xmr_finding(xmr_content(measured(VALUES))).startswith("Common cause")
    assert xmr_finding(xmr_content(measured(()))) == "No values yet"
    last = xmr_content(measured(VALUES, [21]))
    assert xmr_finding(last) == "Improving: the latest month is below the average"


def test_limits_that_start_anew_are_drawn_in_stretches(style: Style) -> None:
    what = measured(VALUES)
    cut, rest = 14, len(VALUES) - 14
    content = XmrContent(
        what,
        (42.0,) * cut + (34.0,) * rest,
        (35.5,) * cut + (math.nan,) * rest,
        (48.5,) * cut + (None,) * rest,
    )
    picture = xmr_chart(content, style, FRAME)
    assert "Average 34" in texts(picture)
    assert draw(picture).table.rows[-1][3:5] == ("", "")


@pytest.mark.parametrize("values", [(), (None,), (41,), (40, 40, 40), (None, 3, None)])
def test_thin_charts_are_drawn(style: Style, values: tuple[float | None, ...]) -> None:
    what = Measured("Visits", "", "week", measured(values).readings)
    known = any(value is not None for value in values)
    run = draw(run_chart(run_content(what, 40 if known else None), style, FRAME))
    size = len(values)
    bare = XmrContent(what, (None,) * size, (math.nan,) * size, (None,) * size)
    xmr = draw(xmr_chart(bare, style, FRAME))
    assert len(run.points) == len(xmr.points) == sum(value is not None for value in values)
    assert run.alt.startswith("Run chart. ")
    assert run.table.header[1] == "Value"


def test_days_and_weeks_are_named(style: Style) -> None:
    reading = (Reading(dt.date(2026, 10, 5), 3.5),)
    week = draw(run_chart(run_content(Measured("m", "", "week", reading)), style, FRAME))
    assert week.points[0].spoken.startswith("Week of 5 October 2026, 3.5, below")
    day = draw(run_chart(run_content(Measured("m", "", "day", reading)), style, FRAME))
    assert day.points[0].spoken.startswith("5 October 2026")


def test_the_longest_run_skips_what_is_missing_or_on_the_median() -> None:
    assert longest_run([1, 2, 9, 8, 5, None, 7, 1], [5.0] * 8) == {2, 3, 6}
    assert longest_run([1, 1, 9, 9], [5.0] * 4) == {2, 3}
    assert longest_run([5, None], [5.0, None]) == frozenset()


@settings(max_examples=40)
@given(
    st.lists(st.none() | st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False), max_size=30)
)
def test_the_axis_holds_every_value_between_round_figures(values: list[float | None]) -> None:
    low, high, ticks = limits_of(values)
    assert all(low <= value <= high for value in values if value is not None)
    assert ticks == sorted(ticks)
    assert (ticks[0], ticks[-1]) == (low, high)
    low, high, ticks = trimmed(values)
    assert all(low <= value <= high for value in values if value is not None)
    assert all(low <= tick <= high for tick in ticks)


def test_a_unit_is_said_once() -> None:
    assert measured_in("Median days", "days") == "Median days"
    assert measured_in("Wait", "days") == "Wait, days"
    assert measured_in("Share", "%") == "Share"
