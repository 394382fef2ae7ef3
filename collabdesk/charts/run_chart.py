"""The run chart: values about their median, with the signal told by shape, colour and words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
from collabdesk.charts.style import Style
from collabdesk.charts.words import number


@dataclass(frozen=True, slots=True)
class RunChartContent:
    """A measure, the median for each reading (None where there is none), and the finding."""

    what: Measured
    median: tuple[float | None, ...]


def run_chart(content: RunChartContent, style: Style, frame: Frame) -> Picture:
    """Build the run chart."""
    what = content.what
    title = what.title or run_finding(content)
    sheet = Sheet(frame, style)
    labels = _labels(content, style)
    axes = time_axes(sheet, what, title, labels)
    stepped(axes, content.median, style.line("mean"))
    draw_target(axes, style, what.target)
    draw_readings(axes, style, what)
    draw_annotations(sheet, axes, what)
    sheet.label_lines(axes, labels)
    return Picture(
        sheet.figure, axes, frame, _spots(content), title, _alt(content, title), _table(content)
    )


def longest_run(values: Sequence[float | None], median: Sequence[float | None]) -> frozenset[int]:
    """Return the places of the longest run on one side, the latest of equal ones.

    Values missing or on the median neither break a run nor count in it.
    """
    runs: list[tuple[int, list[int]]] = []
    for place, (value, centre) in enumerate(zip(values, median, strict=True)):
        if value is None or centre is None or math.isnan(centre) or value == centre:
            continue
        side = 1 if value > centre else -1
        if runs and runs[-1][0] == side:
            runs[-1][1].append(place)
        else:
            runs.append((side, [place]))
    if not runs:
        return frozenset()
    return frozenset(max(reversed(runs), key=lambda run: len(run[1]))[1])


def run_finding(content: RunChartContent) -> str:
    """Say what the chart shows, from the verdicts it is given."""
    readings = content.what.readings
    marked = [place for place, reading in enumerate(readings) if reading.verdict]
    if not content.what.values:
        return "No values yet"
    if not marked:
        return "No more than chance: the values vary about their median"
    reading = readings[marked[-1]]
    side = against_line(reading.value, content.median[marked[-1]], "median")
    better = {"good": ", an improvement", "concern": ", a concern"}.get(reading.verdict, "")
    count = f"{len(marked)} {content.what.period}s" if len(marked) > 1 else content.what.period
    words = f"More than chance: {count} {side}{better}"
    return words if len(marked) > 1 else f"More than chance: one {count} {side}{better}"


def _labels(content: RunChartContent, style: Style) -> list[LineLabel]:
    labels = target_label(content.what, style)
    median = last_height(content.median)
    if median is not None:
        text = f"Median {number(median, content.what.places)}"
        labels.append(LineLabel(median, text, style.colour("chart.ink"), strong=True))
    return labels


def _spots(content: RunChartContent) -> tuple[Spot, ...]:
    return tuple(
        Spot(
            place,
            reading.value,
            spoken(content.what, reading, against_line(reading.value, centre, "median")),
        )
        for place, (reading, centre) in enumerate(
            zip(content.what.readings, content.median, strict=True)
        )
        if reading.value is not None
    )


def _alt(content: RunChartContent, title: str) -> str:
    what, median = content.what, last_height(content.median)
    if not what.values:
        return f"Run chart. {title}."
    last = next(r for r in reversed(what.readings) if r.value is not None)
    parts = [
        f"Run chart. {title}. {what.measure}, {len(what.readings)} {what.period}s, {what.span}"
    ]
    parts.append(f"Values from {what.figure(min(what.values))} to {what.figure(max(what.values))}")
    if median is not None:
        parts.append(f"Median {what.figure(median)}")
    if what.target is not None:
        parts.append(f"{what.target.name} {what.figure(what.target.value)}")
    parts.append(f"Latest {what.figure(last.value or 0)}, {what.when(last.day)}")
    return ". ".join(parts) + "."


def _table(content: RunChartContent) -> Table:
    what = content.what
    rows = tuple(
        (
            what.when(reading.day),
            "" if reading.value is None else number(reading.value, what.places),
            "" if centre is None or math.isnan(centre) else number(centre, what.places),
            reading.why,
        )
        for reading, centre in zip(what.readings, content.median, strict=True)
    )
    value = f"Value ({what.unit})" if what.unit else "Value"
    return Table((what.period.capitalize(), value, "Median", "Signal"), rows)
