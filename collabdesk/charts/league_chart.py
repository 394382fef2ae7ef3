"""The league chart: one dot for each trust against the standard; suppressed ones are named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from collabdesk.charts import words
from collabdesk.charts.drawn import Frame, Picture, Spot, Table
from collabdesk.charts.series import measured_in, trimmed
from collabdesk.charts.sheet import EDGE, GAP, Sheet
from collabdesk.charts.style import CONCERN, GOOD, NEUTRAL, POINTS_PER_PIXEL, Mark, Style

SUPPRESSED: Final = "suppressed"
MISSING: Final = "missing"
NEAR_EDGE: Final = 0.2
MET: Final = {GOOD: "Met", CONCERN: "Not met", NEUTRAL: "Cannot tell", "": ""}
WHY_NONE: Final = {
    SUPPRESSED: "suppressed, fewer than 5 or no data",
    MISSING: "no figure published",
}


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One trust: its value and interval, or the reason there is none (`flag`).

    `verdict` says good, concern or neutral against the standard; `before` is an earlier value.
    """

    name: str
    value: float | None
    flag: str = "ok"
    verdict: str = ""
    lower: float | None = None
    upper: float | None = None
    before: float | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class LeagueContent:
    """Trusts in the order they are shown, first at the top, and what they are held to."""

    measure: str
    unit: str
    period: str
    rows: tuple[LeagueRow, ...]
    standard: float | None = None
    standard_name: str = "Standard"
    before_period: str = ""
    title: str = ""

    @property
    def shown(self) -> tuple[LeagueRow, ...]:
        """The trusts that have a value."""
        return tuple(row for row in self.rows if row.value is not None)

    @property
    def hidden(self) -> tuple[LeagueRow, ...]:
        """The trusts that have none."""
        return tuple(row for row in self.rows if row.value is None)

    @property
    def places(self) -> int:
        """How many decimals the values need."""
        return words.places_for([row.value for row in self.shown if row.value is not None])


def league_chart(content: LeagueContent, style: Style, frame: Frame) -> Picture:
    """Build the league chart."""
    title = content.title or league_finding(content)
    sheet = Sheet(frame, style)
    notes = _notes(sheet, content)
    names = [row.name for row in content.shown]
    name_wide = max((sheet.text_width(n, "captionStrong") for n in names), default=0)
    value_wide = max(
        (sheet.text_width(_value(content, r), "captionStrong") for r in content.shown), default=0
    )
    told_wide = max((sheet.text_width(MET[row.verdict]) for row in content.shown), default=0)
    left = EDGE + name_wide + 2 * GAP + value_wide + 2 * GAP
    axes = sheet.plot(
        left=left,
        right=told_wide + 2 * GAP + EDGE,
        bottom=sheet.line_height() * (len(notes) + 1) + 3 * GAP,
        heading=(title, _subtitle(content)),
        above=sheet.line_height() if content.standard is not None else 0,
    )
    _axes(axes, sheet, content)
    for place, row in enumerate(content.shown):
        _row(axes, sheet, content, (place, row), name_at=left - EDGE)
    _standard(axes, sheet, content)
    _write_notes(sheet, notes)
    return Picture(
        sheet.figure, axes, frame, _spots(content), title, _alt(content, title), _table(content)
    )


def league_finding(content: LeagueContent) -> str:
    """Say how many meet the standard, how many do not, and how many cannot be told."""
    if not content.shown:
        return "No trust has a figure that may be shown"
    if content.standard is None and len(content.shown) == 1:
        return f"{content.shown[0].name}: {_value(content, content.shown[0])}"
    if content.standard is None:
        low, high = content.shown[-1], content.shown[0]
        return f"From {_value(content, high)} ({high.name}) to {_value(content, low)} ({low.name})"
    at = words.with_unit(content.standard, content.unit, words.places_for([content.standard]))
    counts = [sum(1 for r in content.shown if r.verdict == v) for v in (GOOD, CONCERN)]
    unclear = len(content.shown) - sum(counts)
    said = [
        f"{words.counted(counts[0])} {'meets' if counts[0] == 1 else 'meet'} {at}",
        f"{words.counted(counts[1]).lower()} {'does' if counts[1] == 1 else 'do'} not",
    ]
    if unclear:
        said.append(f"{words.counted(unclear).lower()} unclear")
    if content.hidden:
        said.append(f"{words.counted(len(content.hidden)).lower()} not shown")
    return ", ".join(said)


def _subtitle(content: LeagueContent) -> str:
    before = f"; hollow: {content.before_period}" if content.before_period else ""
    return f"{measured_in(content.measure, content.unit)}, {content.period}{before}"


def _value(content: LeagueContent, row: LeagueRow) -> str:
    return words.with_unit(row.value or 0.0, content.unit, content.places)


def _axes(axes: Axes, sheet: Sheet, content: LeagueContent) -> None:
    ends = [end for r in content.shown for end in (r.value, r.lower, r.upper, r.before)]
    low, high, ticks = trimmed([*ends, content.standard])
    if content.unit == "%":
        low, high = max(low, 0.0), min(high, 100.0)
    ticks = [tick for tick in ticks if low <= tick <= high]
    style = sheet.style
    axes.set_xlim(low, high)
    axes.set_ylim(max(len(content.shown), 1) - 0.5, -0.5)
    decimals = words.places_for(ticks)
    printed = [words.number(tick, decimals) for tick in ticks]
    axes.set_xticks(ticks, printed, fontproperties=style.font("caption"))
    axes.set_yticks([])
    axes.set_axisbelow(True)
    for edge in range(len(content.shown) + 1):
        axes.axhline(edge - 0.5, **style.line("gridline"), zorder=0.5)


def _row(
    axes: Axes,
    sheet: Sheet,
    content: LeagueContent,
    numbered: tuple[int, LeagueRow],
    *,
    name_at: float,
) -> None:
    place, row = numbered
    style = sheet.style
    role = "captionStrong" if row.own else "caption"
    ink = style.colour("text.primary" if row.own else "text.secondary")
    _beside(axes, style, (0, place), row.name, role, ink, shift=-name_at, align="left")
    _beside(
        axes,
        style,
        (0, place),
        _value(content, row),
        "captionStrong",
        ink,
        shift=-2 * GAP,
        align="right",
    )
    _beside(axes, style, (1, place), MET[row.verdict], "caption", ink, shift=2 * GAP, align="left")
    mark = style.undecided() if row.verdict == NEUTRAL else style.mark(row.verdict)
    if row.lower is not None and row.upper is not None:
        _whisker(axes, style, place, (row.lower, row.upper), mark)
    if row.before is not None:
        axes.plot([row.before, row.value or 0.0], [place, place], **style.line("axis"), zorder=1.6)
        _dot(axes, style, (row.before, place), style.undecided())
    _dot(axes, style, (row.value or 0.0, place), mark)


def _whisker(axes: Axes, style: Style, place: int, ends: tuple[float, float], mark: Mark) -> None:
    cap = style.tokens["chart"]["lines"]["whisker"]["cap"] * POINTS_PER_PIXEL
    look = style.line("whisker") | {"color": mark.colour}
    axes.plot(ends, [place, place], marker="|", markersize=cap, zorder=1.7, **look)


def _beside(  # noqa: PLR0913, PLR0917 - one text: where, what, how
    axes: Axes,
    style: Style,
    place: tuple[float, float],
    text: str,
    role: str,
    colour: str,
    *,
    shift: float,
    align: str,
) -> None:
    axes.annotate(
        text,
        place,
        xycoords=blended_transform_factory(axes.transAxes, axes.transData),
        xytext=(shift * POINTS_PER_PIXEL, 0),
        textcoords="offset points",
        fontproperties=style.font(role),
        color=colour,
        ha="right" if align == "right" else "left",
        va="center_baseline",
        annotation_clip=False,
        parse_math=False,
    )


def _dot(axes: Axes, style: Style, place: tuple[float, float], mark: Mark) -> None:
    size = style.point_size * 1.25
    axes.plot(
        [place[0]],
        [place[1]],
        linestyle="none",
        marker=mark.marker,
        markersize=size,
        markerfacecolor=style.colour("surface.page") if mark.hollow else mark.colour,
        markeredgecolor=mark.colour,
        markeredgewidth=1.5 * POINTS_PER_PIXEL,
        zorder=3,
        clip_on=False,
    )


def _standard(axes: Axes, sheet: Sheet, content: LeagueContent) -> None:
    if content.standard is None:
        return
    style = sheet.style
    axes.axvline(content.standard, **style.line("standard"), zorder=2)
    at = words.with_unit(content.standard, content.unit, words.places_for([content.standard]))
    axes.annotate(
        f"{content.standard_name} {at}",
        (content.standard, 1),
        xycoords=blended_transform_factory(axes.transData, axes.transAxes),
        xytext=(0, 2 * POINTS_PER_PIXEL),
        textcoords="offset points",
        fontproperties=style.font("captionStrong"),
        color=style.colour("chart.target"),
        ha=_side(axes, content.standard),
        va="bottom",
        annotation_clip=False,
        parse_math=False,
    )


def _side(axes: Axes, value: float) -> Literal["left", "center", "right"]:
    """Return where words over a place are anchored, so that they stay over the plot."""
    low, high = axes.get_xlim()
    part = (value - low) / (high - low)
    return "left" if part < NEAR_EDGE else "right" if part > 1 - NEAR_EDGE else "center"


def _notes(sheet: Sheet, content: LeagueContent) -> list[str]:
    lines: list[str] = []
    for flag, why in WHY_NONE.items():
        names = [row.name for row in content.hidden if row.flag == flag]
        if names:
            text = f"{why[:1].upper()}{why[1:]}: {', '.join(names)}."
            lines += sheet.wrapped(text, sheet.frame.width - 2 * EDGE)
    return lines


def _write_notes(sheet: Sheet, notes: Sequence[str]) -> None:
    bottom = min(axes.get_position().y0 for axes in sheet.figure.axes)
    top = (1 - bottom) * sheet.frame.height + sheet.line_height() + GAP
    for number, line in enumerate(notes):
        y = top + number * sheet.line_height()
        sheet.write(EDGE, y, line, role="caption", colour="text.secondary")


def _said(content: LeagueContent, row: LeagueRow) -> str:
    if row.value is None:
        return f"{row.name}, {WHY_NONE.get(row.flag, WHY_NONE[MISSING])}"
    parts = [row.name, _value(content, row)]
    if row.lower is not None and row.upper is not None:
        low, high = (words.number(end, 1) for end in (row.lower, row.upper))
        parts.append(f"interval {low} to {high}")
    if row.before is not None:
        before = words.with_unit(row.before, content.unit, content.places)
        parts.append(f"{before} in {content.before_period}")
    told = MET[row.verdict]
    if told and content.standard is not None:
        at = words.with_unit(content.standard, content.unit, words.places_for([content.standard]))
        parts.append(f"{content.standard_name.lower()} {at} {told.lower()}")
    return ", ".join(parts)


def _spots(content: LeagueContent) -> tuple[Spot, ...]:
    return tuple(
        Spot(row.value or 0.0, place, _said(content, row))
        for place, row in enumerate(content.shown)
    )


def _alt(content: LeagueContent, title: str) -> str:
    rows = "; ".join(_said(content, row) for row in (*content.shown, *content.hidden))
    return f"League chart. {title}. {content.measure}, {content.period}. {rows}."


def _table(content: LeagueContent) -> Table:
    def cell(value: float | None, places: int) -> str:
        return "" if value is None or math.isnan(value) else words.number(value, places)

    unit = f" ({content.unit})" if content.unit else ""
    header = ["Trust", f"Value{unit}", "Lower", "Upper", "Against standard"]
    rows = [
        [
            row.name,
            cell(row.value, content.places) or ("*" if row.flag == SUPPRESSED else ""),
            cell(row.lower, 1),
            cell(row.upper, 1),
            MET[row.verdict] or WHY_NONE.get(row.flag, ""),
        ]
        for row in (*content.shown, *content.hidden)
    ]
    if content.before_period:
        header.insert(2, content.before_period)
        for row, cells in zip((*content.shown, *content.hidden), rows, strict=True):
            cells.insert(2, cell(row.before, content.places))
    return Table(tuple(header), tuple(tuple(cells) for cells in rows))
