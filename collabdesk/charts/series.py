"""What charts of one measure over time share: points, lines, notes and axes."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from collabdesk.charts import words
from collabdesk.charts.sheet import EDGE, GAP, LineLabel, Sheet
from collabdesk.charts.style import POINTS_PER_PIXEL, Style

MONTH: Final = "month"
WEEK: Final = "week"
DAY: Final = "day"
HEADROOM: Final = 0.12


@dataclass(frozen=True, slots=True)
class Reading:
    """One period's value; None where there is none, and then the line has a gap.

    `verdict` is "" for common cause, else good, concern or neutral; `why` says it in words.
    """

    day: dt.date
    value: float | None
    verdict: str = ""
    why: str = ""
    ghosted: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """The value aimed at and its name on the chart."""

    value: float
    name: str = "Aim"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What happened on a day, written on the chart."""

    day: dt.date
    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What a chart of time is about, whatever its rules."""

    measure: str
    unit: str
    period: str
    readings: tuple[Reading, ...]
    target: Target | None = None
    annotations: tuple[Annotation, ...] = ()
    title: str = ""

    @property
    def values(self) -> list[float]:
        """The values that are there."""
        return [r.value for r in self.readings if r.value is not None]

    @property
    def places(self) -> int:
        """How many decimals the values need."""
        return words.places_for(self.values)

    def figure(self, value: float) -> str:
        """Print a value with its unit."""
        return words.with_unit(value, self.unit, self.places)

    def when(self, day: dt.date) -> str:
        """Say which period a day stands for."""
        if self.period == MONTH:
            return words.month(day)
        return f"week of {words.full_day(day)}" if self.period == WEEK else words.full_day(day)

    def tick(self, day: dt.date) -> str:
        """Print a period on the axis."""
        return words.short_month(day) if self.period == MONTH else words.short_day(day)

    @property
    def span(self) -> str:
        """The first and last period in words."""
        if not self.readings:
            return ""
        return f"{self.when(self.readings[0].day)} to {self.when(self.readings[-1].day)}"


def limits_of(numbers: Iterable[float | None]) -> tuple[float, float, list[float]]:
    """Return the ends and ticks of the value axis, on round figures with all numbers inside."""
    known = [n for n in numbers if n is not None and math.isfinite(n)] or [0.0, 1.0]
    low, high = min(known), max(known)
    room = (high - low or abs(high) or 1) * HEADROOM
    below = 0.0 if 0 <= low < high / 3 else low - room
    ticks = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(below, high + room)
    return float(ticks[0]), float(ticks[-1]), [float(tick) for tick in ticks]


def trimmed(numbers: Iterable[float | None]) -> tuple[float, float, list[float]]:
    """Return ends just beyond the numbers, and the round figures between them."""
    given = list(numbers)
    low, high, ticks = limits_of(given)
    most = max((n for n in given if n is not None), default=high)
    high = min(high, most + (most - low) * HEADROOM / 2)
    return low, high, [tick for tick in ticks if tick <= high]


def time_axes(sheet: Sheet, what: Measured, title: str, labels: Sequence[LineLabel]) -> Axes:
    """Return the plot with both axes drawn, its ends chosen so that everything fits."""
    held = [label.y for label in labels]
    low, high, ticks = limits_of([*what.values, *held])
    decimals = words.places_for(ticks)
    printed = [words.number(tick, decimals) for tick in ticks]
    left = EDGE + max(sheet.text_width(text) for text in printed) + GAP
    axes = sheet.plot(
        left=left,
        right=sheet.label_width(labels),
        bottom=sheet.line_height() + 2 * GAP,
        heading=(title, subtitle(what)),
    )
    style, font = sheet.style, sheet.style.font("caption")
    axes.set_ylim(low, high)
    axes.set_yticks(ticks, printed, fontproperties=font)
    axes.set_axisbelow(True)
    axes.grid(axis="y", **style.line("gridline"))
    axes.axhline(low, **style.line("axis"), zorder=1.5, clip_on=False)
    count = len(what.readings)
    axes.set_xlim(-0.5, max(count, 1) - 0.5)
    places = _tick_places(sheet, what, axes)
    axes.set_xticks(places, [what.tick(what.readings[p].day) for p in places], fontproperties=font)
    return axes


def subtitle(what: Measured) -> str:
    """Say what is measured, in what unit and how often."""
    return f"{measured_in(what.measure, what.unit)}, each {what.period}"


def measured_in(measure: str, unit: str) -> str:
    """Name a measure with its unit, unless its name says the unit or the figures carry it."""
    return measure if unit == "%" or unit in measure.lower() else f"{measure}, {unit}"


def _tick_places(sheet: Sheet, what: Measured, axes: Axes) -> list[int]:
    count = len(what.readings)
    if not count:
        return []
    widest = max(sheet.text_width(what.tick(r.day)) for r in what.readings) + 2 * GAP
    room = axes.get_position().width * sheet.frame.width
    step = max(1, math.ceil(count * widest / room))
    # Counted from the last, because the latest period is the one people look for.
    return list(range(count - 1, -1, -step))[::-1]


def draw_readings(axes: Axes, style: Style, what: Measured) -> None:
    """Draw the line with gaps and each point by the shape and colour of its verdict."""
    shown = [math.nan if r.value is None or r.ghosted else r.value for r in what.readings]
    axes.plot(range(len(shown)), shown, **style.line("series"), color=style.colour("mark.neutral"))
    for place, reading in enumerate(what.readings):
        if reading.value is not None:
            point(axes, style, (place, reading.value), reading)


def point(axes: Axes, style: Style, place: tuple[float, float], reading: Reading) -> None:
    """Draw one point."""
    mark = style.undecided() if reading.ghosted else style.mark(reading.verdict)
    size = style.point_size * (1 if reading.verdict else 0.85)
    axes.plot(
        [place[0]],
        [place[1]],
        linestyle="none",
        marker=mark.marker,
        markersize=size * (1.2 if mark.marker == "^" else 1),
        markerfacecolor=style.colour("surface.page") if mark.hollow else mark.colour,
        markeredgecolor=mark.colour if mark.hollow else style.colour("surface.page"),
        markeredgewidth=(1.5 if mark.hollow else 1) * POINTS_PER_PIXEL,
        zorder=3,
        clip_on=False,
    )


def stepped(
    axes: Axes, heights: Sequence[float | None], look: dict[str, Any]
) -> list[tuple[int, int, float]]:
    """Draw a level line for each stretch of equal heights; return where each runs."""
    known = [None if h is None or not math.isfinite(h) else float(h) for h in heights]
    stretches = []
    for height, places in groupby(range(len(known)), key=known.__getitem__):
        where = list(places)
        if height is not None:
            stretches.append((where[0], where[-1], height))
            axes.plot([where[0] - 0.5, where[-1] + 0.5], [height, height], zorder=2, **look)
    return stretches


def last_height(heights: Sequence[float | None]) -> float | None:
    """Return the last height that is there."""
    known = [float(h) for h in heights if h is not None and math.isfinite(h)]
    return known[-1] if known else None


def draw_target(axes: Axes, style: Style, target: Target | None) -> None:
    """Draw the line aimed at."""
    if target is not None:
        axes.axhline(target.value, **style.line("target"), zorder=2)


def target_label(what: Measured, style: Style) -> list[LineLabel]:
    """Return the name of the target line, if there is one."""
    if what.target is None:
        return []
    text = f"{what.target.name} {what.figure(what.target.value)}"
    return [LineLabel(what.target.value, text, style.colour("chart.target"), strong=True)]


def draw_annotations(sheet: Sheet, axes: Axes, what: Measured) -> None:
    """Write what happened above its point, each on a free row, with a line down to the point."""
    low, high = axes.get_ylim()
    box = axes.get_position()
    pixel_x = (axes.get_xlim()[1] - axes.get_xlim()[0]) / (box.width * sheet.frame.width)
    row = sheet.line_height() * (high - low) / (box.height * sheet.frame.height)
    free_from: list[float] = []
    for note in sorted(what.annotations, key=lambda note: note.day):
        place = _place_of(note.day, what.readings)
        if place is None:
            continue
        wide = (sheet.text_width(note.text) + 2 * GAP) * pixel_x
        start = min(place, axes.get_xlim()[1] - wide)
        level = next((n for n, end in enumerate(free_from) if end <= start), len(free_from))
        free_from[level : level + 1] = [start + wide]
        top = high - (level + 0.5) * row
        value = what.readings[place].value
        foot = top - row if value is None else value
        style = sheet.style
        axes.plot([place, place], [foot, top], **style.line("axis"), zorder=1.8)
        axes.text(
            start + (GAP / 2) * pixel_x,
            top,
            note.text,
            fontproperties=style.font("caption"),
            color=style.colour("chart.ink"),
            va="center",
            ha="left",
            backgroundcolor=style.colour("surface.page"),
            bbox={"pad": 1, "facecolor": style.colour("surface.page"), "linewidth": 0},
            zorder=4,
            parse_math=False,
        )


def _place_of(day: dt.date, readings: Sequence[Reading]) -> int | None:
    """Return the period a day falls in: the last one that has started by then."""
    started = [place for place, reading in enumerate(readings) if reading.day <= day]
    return started[-1] if started else None


def spoken(what: Measured, reading: Reading, against: str) -> str:
    """Say a point: period, value, where it lies and what it means."""
    when = what.when(reading.day)
    when = when[:1].upper() + when[1:]
    if reading.value is None:
        return f"{when}, no value"
    parts = [when, what.figure(reading.value), against, reading.why]
    parts.append("left out of the limits" if reading.ghosted else "")
    parts += [note.text for note in what.annotations if _on(what, note, reading)]
    return ", ".join(part for part in parts if part)


def _on(what: Measured, note: Annotation, reading: Reading) -> bool:
    place = _place_of(note.day, what.readings)
    return place is not None and what.readings[place] is reading


def against_line(value: float | None, line: float | None, name: str) -> str:
    """Say on which side of a line a value lies."""
    if value is None or line is None or not math.isfinite(line):
        return ""
    side = "above" if value > line else "below" if value < line else "on"
    return f"{side} the {name}"
