"""The XmR chart: values, their mean and natural process limits, and special causes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from collabdesk.charts.drawn import Frame, Picture, Spot, Table
from collabdesk.charts.series import (
    Measured,
    against_line,
    draw_annotations,
    draw_readings,
    draw_target,
    last_height,
    spoken,
    stepped,
    target_label,
    time_axes,
)
from collabdesk.charts.sheet import LineLabel, Sheet
from collabdesk.charts.style import POINTS_PER_PIXEL, Style
from collabdesk.charts.words import number


@dataclass(frozen=True, slots=True)
class XmrContent:
    """A measure and, for each reading, the lines of its group; None where one is not defined.

    `baseline` counts the first readings the lines rest on; 0 means all, and then nothing is said.
    """

    what: Measured
    mean: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    baseline: int = 0


def xmr_chart(content: XmrContent, style: Style, frame: Frame) -> Picture:
    """Build the XmR chart."""
    what = content.what
    title = what.title or xmr_finding(content)
    sheet = Sheet(frame, style)
    labels = _labels(content, style)
    axes = time_axes(sheet, what, title, [*labels, *_extremes(content)])
    _band(axes, style, content)
    stepped(axes, content.mean, style.line("mean"))
    stepped(axes, content.upper, style.line("limit"))
    stepped(axes, content.lower, style.line("limit"))
    draw_target(axes, style, what.target)
    draw_readings(axes, style, what)
    draw_annotations(sheet, axes, what)
    _baseline(sheet, axes, content)
    sheet.label_lines(axes, labels)
    return Picture(
        sheet.figure, axes, frame, _spots(content), title, _alt(content, title), _table(content)
    )


def xmr_finding(content: XmrContent) -> str:
    """Say what the chart shows at its end, from the verdicts it is given."""
    readings = [r for r in content.what.readings if r.value is not None]
    if not readings:
        return "No values yet"
    last = readings[-1]
    if not last.verdict:
        return "Common cause: nothing but the usual variation at present"
    count = 0
    while count < len(readings) and readings[-1 - count].verdict == last.verdict:
        count += 1
    said = {"good": "Improving", "concern": "A concern"}.get(last.verdict, "A change")
    side = against_line(last.value, last_height(content.mean), "average")
    if count == 1:
        return f"{said}: the latest {content.what.period} is {side}"
    return f"{said}: {count} {content.what.period}s in a row {side}"


def _extremes(content: XmrContent) -> list[LineLabel]:
    """Return the heights that earlier groups reach, so that the axis holds them too."""
    held = [h for line in (content.upper, content.lower, content.mean) for h in line]
    known = [h for h in held if h is not None and math.isfinite(h)]
    return [LineLabel(height, "", "") for height in (min(known), max(known))] if known else []


def _labels(content: XmrContent, style: Style) -> list[LineLabel]:
    labels = target_label(content.what, style)
    for name, line, role, strong in (
        ("Average", content.mean, "chart.ink", True),
        ("Upper limit", content.upper, "text.secondary", False),
        ("Lower limit", content.lower, "text.secondary", False),
    ):
        height = last_height(line)
        if height is not None:
            text = f"{name} {number(height, content.what.places)}"
            labels.append(LineLabel(height, text, style.colour(role), strong))
    return labels


def _band(axes: Axes, style: Style, content: XmrContent) -> None:
    colour = style.colour("chart.band")
    pairs = list(zip(content.lower, content.upper, strict=True))
    for place, (low, high) in enumerate(pairs):
        if low is not None and high is not None and math.isfinite(low + high):
            axes.fill_between(
                [place - 0.5, place + 0.5], low, high, color=colour, linewidth=0, zorder=0.5
            )


def _baseline(sheet: Sheet, axes: Axes, content: XmrContent) -> None:
    if not content.baseline:
        return
    low, high = axes.get_ylim()
    pixel = (high - low) / (axes.get_position().height * sheet.frame.height)
    y, tick = low + 6 * pixel, 4 * pixel
    last = content.baseline - 1
    look = sheet.style.line("axis")
    axes.plot([0, 0, last, last], [y - tick, y, y, y - tick], **look, zorder=1.8)
    axes.annotate(
        f"Baseline, first {content.baseline} {content.what.period}s",
        (last / 2, y),
        xytext=(0, 3 * POINTS_PER_PIXEL),
        textcoords="offset points",
        fontproperties=sheet.style.font("caption"),
        color=sheet.style.colour("text.secondary"),
        ha="center",
        va="bottom",
        parse_math=False,
    )


def _where(content: XmrContent, place: int) -> str:
    value = content.what.readings[place].value
    low, high = content.lower[place], content.upper[place]
    if value is not None and high is not None and value > high:
        return "above the upper limit"
    if value is not None and low is not None and value < low:
        return "below the lower limit"
    return against_line(value, content.mean[place], "average")


def _spots(content: XmrContent) -> tuple[Spot, ...]:
    return tuple(
        Spot(place, reading.value, spoken(content.what, reading, _where(content, place)))
        for place, reading in enumerate(content.what.readings)
        if reading.value is not None
    )


def _alt(content: XmrContent, title: str) -> str:
    what = content.what
    if not what.values:
        return f"XmR chart. {title}."
    parts = [
        f"XmR chart. {title}. {what.measure}, {len(what.readings)} {what.period}s, {what.span}"
    ]
    for name, line in (("Average", content.mean), ("Limits", content.lower)):
        height = last_height(line)
        if height is None:
            continue
        upper = last_height(content.upper)
        to = f" to {what.figure(upper)}" if name == "Limits" and upper is not None else ""
        parts.append(f"{name} {what.figure(height)}{to}")
    marked = sum(1 for reading in what.readings if reading.verdict)
    parts.append(f"{marked} of {len(what.readings)} points show special cause")
    if what.target is not None:
        parts.append(f"{what.target.name} {what.figure(what.target.value)}")
    return ". ".join(parts) + "."


def _table(content: XmrContent) -> Table:
    what = content.what

    def cell(line: Sequence[float | None], place: int) -> str:
        height = line[place]
        known = height is not None and math.isfinite(height)
        return number(height or 0.0, what.places) if known else ""

    rows = tuple(
        (
            what.when(reading.day),
            "" if reading.value is None else number(reading.value, what.places),
            cell(content.mean, place),
            cell(content.lower, place),
            cell(content.upper, place),
            reading.why or ("left out" if reading.ghosted else ""),
        )
        for place, reading in enumerate(what.readings)
    )
    value = f"Value ({what.unit})" if what.unit else "Value"
    header = (what.period.capitalize(), value, "Average", "Lower limit", "Upper limit", "Signal")
    return Table(header, rows)
