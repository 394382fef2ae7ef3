"""A year by month: actual of closed months, forecast of the rest, each against its budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from collabdesk.charts.drawn import Frame, Picture, Spot, Table
from collabdesk.charts.series import limits_of
from collabdesk.charts.sheet import EDGE, GAP, LineLabel, Sheet
from collabdesk.charts.style import POINTS_PER_PIXEL, Style
from collabdesk.charts.words import number, places_for
from collabdesk.domain.budgets.board_charts import MonthFigure
from collabdesk.domain.money import format_pounds

MILLION: Final = 100_000_000
THOUSAND: Final = 100_000
BAR: Final = 0.62
MARK: Final = 0.42
HATCH: Final = "////"


@dataclass(frozen=True, slots=True)
class OutturnContent:
    """The months of a year in order."""

    months: tuple[MonthFigure, ...]

    @property
    def unit(self) -> tuple[int, str]:
        """The pence of what the axis counts in, and its name."""
        known = [abs(p) for one in self.months for p in (one.budget_p, one.figure_p or 0)]
        large = max(known, default=0) >= MILLION
        return (MILLION, "£ million") if large else (THOUSAND, "£ thousand")

    @property
    def closed(self) -> int:
        """How many months have their actual."""
        return sum(one.spent_p is not None for one in self.months)


def outturn_chart(content: OutturnContent, style: Style, frame: Frame) -> Picture:
    """Build the chart of a year by month."""
    title = outturn_finding(content)
    sheet, (unit, called) = Sheet(frame, style), content.unit
    budget = LineLabel(
        content.months[-1].budget_p / unit, "Budget", style.colour("chart.target"), strong=True
    )
    axes = sheet.plot(
        left=EDGE + sheet.text_width("0,000") + GAP,
        right=sheet.label_width([budget]),
        bottom=3 * sheet.line_height() + 3 * GAP,
        heading=("", f"{called} by month; below it, how far over or under budget in £ thousand"),
        above=sheet.line_height() + GAP,
    )
    _axes(axes, style, content)
    for place, month in enumerate(content.months):
        _draw(axes, style, (place, unit), month)
    _divide(axes, style, content)
    sheet.label_lines(axes, [budget])
    spots = tuple(
        Spot(place, (month.figure_p or 0) / unit, _spoken(month))
        for place, month in enumerate(content.months)
    )
    alt = f"Bars by month. {title}. {'; '.join(spot.spoken for spot in spots)}."
    return Picture(sheet.figure, axes, frame, spots, title, alt, _table(content))


def outturn_finding(content: OutturnContent) -> str:
    """Say where the year is forecast to end, or where it stands if nothing is forecast by month."""
    known = [one for one in content.months if one.figure_p is not None]
    if not known:
        return "No month is closed and none is forecast"
    whole = len(known) == len(content.months)
    over_p = sum(one.over_p or 0 for one in known)
    said = f"{_apart(over_p)}, at {format_pounds(sum(one.figure_p or 0 for one in known))}"
    return f"The year is forecast to end {said}" if whole else f"To {known[-1].name} {said}"


def _apart(over_p: int) -> str:
    if not over_p:
        return "as budgeted"
    return f"{format_pounds(abs(over_p))} {'over' if over_p > 0 else 'under'} budget"


def _axes(axes: Axes, style: Style, content: OutturnContent) -> None:
    months, (unit, _) = content.months, content.unit
    known = [p / unit for one in months for p in (one.budget_p, one.figure_p) if p is not None]
    low, high, ticks = limits_of([0.0, *known])
    axes.set_ylim(min(low, 0), high)
    places = places_for(ticks)
    printed = [number(tick, places) for tick in ticks]
    axes.set_yticks(ticks, printed, fontproperties=style.font("caption"))
    axes.set_xlim(-0.6, len(months) - 0.4)
    axes.set_xticks([])
    axes.set_axisbelow(True)
    axes.grid(axis="y", **style.line("gridline"))
    axes.axhline(0, **style.line("axis"), zorder=1.5)


def _draw(axes: Axes, style: Style, at: tuple[int, int], month: MonthFigure) -> None:
    place, unit = at
    blue, ink = style.colour("chart.series.0"), style.colour("chart.target")
    if month.figure_p is not None:
        spent = month.spent_p is not None
        axes.bar(
            place,
            month.figure_p / unit,
            width=BAR,
            facecolor=blue if spent else style.colour("surface.page"),
            edgecolor=blue,
            hatch=None if spent else HATCH,
            linewidth=1.5 * POINTS_PER_PIXEL,
            zorder=2,
        )
    budget, page = month.budget_p / unit, style.colour("surface.page")
    for colour, width in ((page, 4.5), (ink, 2)):  # the rim keeps it apart from a dark bar
        axes.plot(
            [place - MARK, place + MARK], [budget] * 2, color=colour, linewidth=width, zorder=3
        )
    _under(axes, style, place, 1, month.name.partition(" ")[0])
    _under(axes, style, place, 2, *_apart_short(month.over_p))


def _apart_short(over_p: int | None) -> tuple[str, str]:
    if over_p is None:
        return "", ""
    thousands = number(abs(over_p) / THOUSAND)
    if thousands == "0":
        return "0", ""
    return thousands, "over" if over_p > 0 else "under"


def _under(axes: Axes, style: Style, place: int, line: int, *texts: str) -> None:
    """Write lines of text under a month, the first one on a line counted from the plot."""
    high = float(style.tokens["type"]["scale"]["caption"]["line"]) * style.text_factor
    for further, text in enumerate(texts):
        down = GAP + (line - 1 + further) * high
        axes.annotate(
            text,
            (place, 0),
            xycoords=blended_transform_factory(axes.transData, axes.transAxes),
            xytext=(0, -down * POINTS_PER_PIXEL),
            textcoords="offset points",
            fontproperties=style.font("captionStrong" if line == 1 else "caption"),
            color=style.colour("text.primary"),
            ha="center",
            va="top",
            annotation_clip=False,
            parse_math=False,
        )


def _divide(axes: Axes, style: Style, content: OutturnContent) -> None:
    """Write over the plot which months are actual and which are forecast."""
    closed, every = content.closed, len(content.months)
    if 0 < closed < every:
        axes.axvline(closed - 0.5, **style.line("axis"), zorder=1.4)
    forecast = any(one.forecast_p is not None for one in content.months)
    rest = "Forecast, striped" if forecast else "Budget alone"
    for first, last, text in ((0, closed, "Actual"), (closed, every, rest)):
        if first < last:
            axes.annotate(
                text,
                ((first + last - 1) / 2, 1),
                xycoords=blended_transform_factory(axes.transData, axes.transAxes),
                xytext=(0, GAP / 2 * POINTS_PER_PIXEL),
                textcoords="offset points",
                fontproperties=style.font("captionStrong"),
                color=style.colour("text.primary"),
                ha="center",
                va="bottom",
                annotation_clip=False,
                parse_math=False,
            )


def _spoken(month: MonthFigure) -> str:
    budget = f"budget {format_pounds(month.budget_p)}"
    if month.figure_p is None:
        return f"{month.name}, {budget}"
    what = "forecast" if month.spent_p is None else "actual"
    return f"{month.name}, {what} {format_pounds(month.figure_p)}, {budget}"


def _table(content: OutturnContent) -> Table:
    rows = tuple(
        (
            month.name,
            format_pounds(month.budget_p),
            "" if month.spent_p is None else format_pounds(month.spent_p),
            "" if month.forecast_p is None else format_pounds(month.forecast_p),
        )
        for month in content.months
    )
    return Table(("Month", "Budget", "Actual", "Forecast"), rows)
