from __future__ import annotations

from collections.abc import Callable

import pytest

from collabdesk.charts.drawn import Drawn, Frame, Picture, draw
from collabdesk.charts.envelope_chart import (
    Amount,
    EnvelopeContent,
    envelope_chart,
    envelope_finding,
)
from collabdesk.charts.league_chart import LeagueContent, LeagueRow, league_chart, league_finding
from collabdesk.charts.style import Style

StyleMaker = Callable[..., Style]
FRAME = Frame(760, 360)
ROWS = (
    LeagueRow("Nottinghamshire Healthcare", 20.0, verdict="good", before=17.0),
    LeagueRow("Lincolnshire Partnership", 7.0, verdict="neutral", lower=4.2, upper=16.1, own=True),
    LeagueRow("Derbyshire Healthcare", 4.0, verdict="concern", before=3.0),
    LeagueRow("Northamptonshire Healthcare", None, "suppressed"),
    LeagueRow("Leicestershire Partnership", None, "missing"),
)
LEAGUE = LeagueContent(
    "Children: clock stops within four weeks",
    "%",
    "September 2024",
    ROWS,
    15.0,
    before_period="April 2024",
)


def pixel(drawn: Drawn, place: int) -> str:
    point = drawn.points[place]
    start = (int(point.y_px) * drawn.width + int(point.x_px)) * 4
    return "#" + drawn.rgba[start : start + 3].hex().upper()


def written(picture: Picture) -> str:
    return " ".join(text.get_text() for text in [*picture.axes.texts, *picture.figure.texts])


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_dots_lie_where_they_are_said_to_lie(styled: StyleMaker, theme: str) -> None:
    style = styled(theme)
    drawn = draw(league_chart(LEAGUE, style, FRAME))
    roles = ("mark.good", "surface.page", "mark.concern")
    assert [pixel(drawn, place) for place in range(3)] == [style.colour(role) for role in roles]


def test_the_league_says_who_meets_the_standard() -> None:
    assert league_finding(LEAGUE) == "One meets 15%, one does not, one unclear, two not shown"
    bare = LeagueContent("m", "days", "now", ROWS[:3])
    assert league_finding(bare) == (
        "From 20 days (Nottinghamshire Healthcare) to 4 days (Derbyshire Healthcare)"
    )
    one = LeagueContent("m", "days", "now", ROWS[:1])
    assert league_finding(one) == "Nottinghamshire Healthcare: 20 days"
    none = LeagueContent("m", "days", "now", ROWS[3:])
    assert league_finding(none) == "No trust has a figure that may be shown"


def test_trusts_without_a_figure_are_named_with_the_reason(style: Style) -> None:
    picture = league_chart(LEAGUE, style, FRAME)
    words = written(picture)
    assert "Suppressed, fewer than 5 or no data: Northamptonshire Healthcare." in words
    assert "No figure published: Leicestershire Partnership." in words
    assert "Standard 15%" in words
    drawn = draw(picture)
    assert len(drawn.points) == 3
    assert drawn.table.rows[3] == (
        "Northamptonshire Healthcare",
        "*",
        "",
        "",
        "",
        "suppressed, fewer than 5 or no data",
    )


def test_a_dot_is_spoken_with_interval_and_earlier_value(style: Style) -> None:
    drawn = draw(league_chart(LEAGUE, style, FRAME))
    assert [point.spoken for point in drawn.points] == [
        "Nottinghamshire Healthcare, 20%, 17% in April 2024, standard 15% met",
        "Lincolnshire Partnership, 7%, interval 4.2 to 16.1, standard 15% cannot tell",
        "Derbyshire Healthcare, 4%, 3% in April 2024, standard 15% not met",
    ]
    assert drawn.table.header == (
        "Trust",
        "Value (%)",
        "April 2024",
        "Lower",
        "Upper",
        "Against standard",
    )
    assert "Northamptonshire Healthcare, suppressed" in drawn.alt


@pytest.mark.parametrize("standard", [None, 0.5, 15.0, 99.5])
@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_no_words_of_a_league_are_clipped(
    styled: StyleMaker, standard: float | None, factor: float
) -> None:
    frame = Frame(900, 460)
    content = LeagueContent("Clock stops", "%", "September 2024", ROWS, standard)
    picture = league_chart(content, styled("light", factor), frame)
    draw(picture)
    for text in [*picture.axes.texts, *picture.figure.texts]:
        box = text.get_window_extent()
        assert box.x0 >= 0, text
        assert box.x1 <= frame.width, text
        assert box.y0 >= 0, text
        assert box.y1 <= frame.height, text


def test_a_league_without_figures_is_drawn(style: Style) -> None:
    drawn = draw(league_chart(LeagueContent("m", "", "now", ROWS[3:]), style, FRAME))
    assert drawn.points == ()


LETTERS = (Amount("Service development funding", 117_000_000), Amount("Capital", -31_525_000))
LINES = (Amount("Adult secure", 6_030_995_605), Amount("CAMHS Tier 4", 2_060_000_000))


def envelope(contingency: int = 46_325_000) -> EnvelopeContent:
    return EnvelopeContent(9_118_240_000, LETTERS, LINES, contingency, "2026/27")


def test_the_waterfall_adds_up() -> None:
    content = envelope()
    assert content.current_p == 9_203_715_000
    spent = sum(line.amount_p for line in content.lines) + content.contingency_p
    assert content.unallocated_p == content.current_p - spent


def test_the_envelope_finding_says_what_is_left() -> None:
    assert envelope_finding(envelope()) == "£10,663,944 of £92.04m is not yet planned"
    left = envelope().unallocated_p
    assert (
        envelope_finding(envelope(46_325_000 + left)) == "All of the envelope of £92.04m is planned"
    )
    over = envelope(46_325_000 + left + 5_000_000)
    assert envelope_finding(over) == "Planned £50,000 more than the envelope of £92.04m"


def test_each_bar_is_named_with_its_amount(style: Style) -> None:
    drawn = draw(envelope_chart(envelope(), style, FRAME))
    assert [row[0] for row in drawn.table.rows] == [
        "Opening",
        "Service development funding",
        "Capital",
        "Envelope today",
        "Adult secure",
        "CAMHS Tier 4",
        "Contingency",
        "Not yet planned",
    ]
    assert drawn.table.rows[1][1] == "+£1,170,000"
    assert drawn.table.rows[2][1] == "−£315,250"
    assert drawn.points[3].spoken == "Envelope today, £92,037,150"
    assert drawn.alt.startswith("Waterfall. £10,663,944 of £92.04m is not yet planned.")


def test_a_plan_over_the_envelope_is_named_and_marked(style: Style) -> None:
    picture = envelope_chart(envelope(2_000_000_000), style, FRAME)
    drawn = draw(picture)
    assert drawn.table.rows[-1] == ("Over the envelope", "−£8,872,806")
    concern = [t for t in picture.axes.texts if t.get_color() == style.colour("text.concern")]
    assert [text.get_text() for text in concern] == ["Over the envelope", "−£8,872,806"]


def test_an_empty_envelope_is_drawn(style: Style) -> None:
    drawn = draw(envelope_chart(EnvelopeContent(0, (), (), 0), style, FRAME))
    assert [row[1] for row in drawn.table.rows] == ["£0"] * 4
