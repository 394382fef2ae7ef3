"""Variances by service line: bars to either side of nought, each with its amount and rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from collabdesk.charts.drawn import Frame, Picture, Spot, Table
from collabdesk.charts.series import trimmed
from collabdesk.charts.sheet import EDGE, GAP, Sheet
from collabdesk.charts.style import POINTS_PER_PIXEL, Style
from collabdesk.charts.words import number
from collabdesk.domain.budgets.board_charts import LineFigure
from collabdesk.domain.money import format_pounds

THOUSAND: Final = 100_000
BAR: Final = 0.6
HATCH: Final = "////"
ROOM: Final = 0.03
MOST: Final = 16
_LONGEST: Final = 40
_SUBTITLE: Final = "Forecast against budget, £ thousand: left is over, striped; right is under"


@dataclass(frozen=True, slots=True)
class VarianceContent:
    """The lines with what they are forecast to be over or under at the year's end."""

    lines: tuple[LineFigure, ...]

    @property
    def ordered(self) -> tuple[LineFigure, ...]:
        """The lines, the one furthest over its budget first."""
        return tuple(sorted(self.lines, key=lambda one: (one.variance_p, one.name)))

    @property
    def shown(self) -> tuple[LineFigure, ...]:
        """Those of them that find room on a page: the furthest from their budgets."""
        far = sorted(self.ordered, key=lambda one: -abs(one.variance_p))[:MOST]
        return tuple(one for one in self.ordered if one in far)


def variance_chart(content: VarianceContent, style: Style, frame: Frame) -> Picture:
    """Build the chart of variances."""
    title = variance_finding(content)
    sheet, lines = Sheet(frame, style), content.shown
    rest = len(content.lines) - len(lines)
    left_out = f"; {rest} lines nearer to their budgets are in the table" if rest else ""
    axes = sheet.plot(
        left=EDGE + max((sheet.text_width(_short(one.name)) for one in lines), default=0) + 2 * GAP,
        right=max((sheet.text_width(_said(one), "captionStrong") for one in lines), default=0)
        + EDGE
        + 2 * GAP,
        bottom=sheet.line_height() + 2 * GAP,
        heading=("", _SUBTITLE + left_out),
    )
    _axes(axes, style, lines)
    for place, line in enumerate(lines):
        _draw(axes, style, place, line)
    spots = tuple(
        Spot(one.variance_p / THOUSAND, place, f"{one.name}, {_said(one)}")
        for place, one in enumerate(lines)
    )
    spoken = "; ".join(spot.spoken for spot in spots) + left_out
    alt = f"Bars by service line. {title}. {spoken}."
    rows = tuple((one.name, _said(one)) for one in lines)
    table = Table(("Service line", "Variance and rating"), rows)
    return Picture(sheet.figure, axes, frame, spots, title, alt, table)


def variance_finding(content: VarianceContent) -> str:
    """Say how many lines are over, and which most."""
    over = [one for one in content.ordered if one.variance_p < 0]
    if not over:
        return "No service line is forecast over its budget"
    most = over[0]
    verb = "is" if len(over) == 1 else "are"
    count = f"{len(over)} of {len(content.lines)} service lines {verb} forecast over budget"
    return f"{count}, most of all {most.name} by {format_pounds(-most.variance_p)}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _said(line: LineFigure) -> str:
    rated = f"{line.rating.value[0].upper()} – {line.rating.value.capitalize()}"
    if not line.variance_p:
        return f"as budgeted · {rated}"
    way = "over" if line.variance_p < 0 else "under"
    return f"{format_pounds(abs(line.variance_p))} {way} · {rated}"


def _axes(axes: Axes, style: Style, lines: tuple[LineFigure, ...]) -> None:
    amounts = [line.variance_p / THOUSAND for line in lines]
    _, _, ticks = trimmed([0.0, *amounts])
    least, most = min([0.0, *amounts]), max([0.0, *amounts])
    room = (most - least or 1.0) * ROOM
    low, high = least - room, most + room
    axes.set_xlim(low, high)
    shown = [tick for tick in ticks if low <= tick <= high]
    printed = [number(tick) for tick in shown]
    axes.set_xticks(shown, printed, fontproperties=style.font("caption"))
    axes.set_ylim(max(len(lines), 1) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_axisbelow(True)
    axes.grid(axis="x", **style.line("gridline"))
    axes.axvline(0, **style.line("axis"), zorder=2.5)


def _draw(axes: Axes, style: Style, place: int, line: LineFigure) -> None:
    over = line.variance_p < 0
    colour = style.colour("mark.concern" if over else "mark.good")
    axes.barh(
        place,
        line.variance_p / THOUSAND,
        height=BAR,
        facecolor=style.colour("surface.page") if over else colour,
        edgecolor=colour,
        hatch=HATCH if over else None,
        linewidth=1.5 * POINTS_PER_PIXEL,
        zorder=2,
    )
    _write(axes, style, (0, place), _short(line.name), "right")
    _write(axes, style, (1, place), _said(line), "left")


def _write(
    axes: Axes, style: Style, place: tuple[int, int], text: str, side: Literal["left", "right"]
) -> None:
    axes.annotate(
        text,
        place,
        xycoords=blended_transform_factory(axes.transAxes, axes.transData),
        xytext=((GAP if side == "left" else -GAP) * POINTS_PER_PIXEL, 0),
        textcoords="offset points",
        fontproperties=style.font("captionStrong" if side == "left" else "caption"),
        color=style.colour("text.primary"),
        ha=side,
        va="center_baseline",
        annotation_clip=False,
        parse_math=False,
    )
