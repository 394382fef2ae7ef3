"""Hands the chart builders to the chart view; matplotlib is imported on the reader's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from collabdesk.ui.charts_view import Canvas, Chart, Drawn, Kind

if TYPE_CHECKING:
    from collabdesk.charts.drawn import Footer, Frame, Picture
    from collabdesk.charts.style import Style

    Build = Callable[[Style, Frame], Picture]


def chart(build: Build, footer: Callable[[], Footer] | None = None) -> Chart:
    """Return a chart from a builder; `footer` is asked for only when a file is made."""

    def draw(canvas: Canvas) -> Drawn:
        from collabdesk.charts.drawn import draw as drawn

        return drawn(build(*_style_and_frame(canvas)))

    def save(canvas: Canvas, kind: Kind) -> bytes:
        from collabdesk.charts.drawn import to_png, to_svg

        style, frame = _style_and_frame(canvas)
        framed = replace(frame, footer=footer()) if footer is not None else frame
        picture = build(style, framed)
        return to_svg(picture) if kind == "svg" else to_png(picture)

    return Chart(draw, save)


def _style_and_frame(canvas: Canvas) -> tuple[Style, Frame]:
    from collabdesk.charts.drawn import Frame
    from collabdesk.charts.style import Style

    style = Style(canvas.colours, canvas.tokens, canvas.text_factor, canvas.families)
    return style, Frame(canvas.width, canvas.height, canvas.scale)
