"""A chart builder reaches the view through one adapter."""

from __future__ import annotations

import datetime as dt

from pytestqt.qtbot import QtBot

from collabdesk.charts.drawn import Footer
from collabdesk.charts.envelope_chart import Amount, EnvelopeContent, envelope_chart
from collabdesk.ui.charts_drawn import chart
from collabdesk.ui.charts_view import ChartView
from collabdesk.ui.page import Surroundings
from tests.ui.hands import show, texts

CONTENT = EnvelopeContent(
    8_500_000_000,
    (Amount("Pay award", 365_000_000),),
    (Amount("Adult secure", 6_100_000_000),),
    54_000_000,
    "2026/27",
)


def test_an_envelope_is_drawn_walked_and_exported(qtbot: QtBot, around: Surroundings) -> None:
    footer = Footer("Sample: figures invented", "2026/27", dt.date(2026, 10, 12))
    built = chart(lambda style, frame: envelope_chart(CONTENT, style, frame), lambda: footer)
    view = ChartView(around)
    qtbot.addWidget(view)
    view.resize(700, 400)
    show(view)
    with qtbot.waitSignal(view.drawn, timeout=30_000):
        view.show_chart(built)
    assert view.picture.picture().width() == view.picture.width()
    assert any("not yet planned" in said for said in texts(view))
    view.picture.step_to(0)
    assert "Opening" in view.picture.accessibleDescription()
    canvas = view.canvas()
    assert built.save(canvas, "png").startswith(b"\x89PNG")
    assert b'<svg role="img"' in built.save(canvas, "svg")
