"""The envelope as a waterfall: opening, letters, the envelope today, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from collabdesk.charts.drawn import Frame, Picture, Spot, Table
from collabdesk.charts.series import trimmed
from collabdesk.charts.sheet import EDGE, GAP, Sheet
from collabdesk.charts.style import POINTS_PER_PIXEL, Style
from collabdesk.charts.words import MINUS, number

PENCE: Final = 100
MILLION: Final = 100_000_000
BAR: Final = 0.62
TOTAL, CHANGE, PLANNED, KEPT, LEFT, OVER = range(6)


@dataclass(frozen=True, slots=True)
class Amount:
    """A name and an amount in pence."""

    name: str
    amount_p: int


@dataclass(frozen=True, slots=True)
class EnvelopeContent:
    """The opening, the letters since, and what is planned out of the envelope, in pence."""

    opening_p: int
    letters: tuple[Amount, ...]
    lines: tuple[Amount, ...]
    contingency_p: int
    period: str = ""
    title: str = ""

    @property
    def current_p(self) -> int:
        """The envelope today."""
        return self.opening_p + sum(letter.amount_p for letter in self.letters)

    @property
    def unallocated_p(self) -> int:
        """What is neither planned nor kept as contingency; less than nought when over."""
        return self.current_p - sum(line.amount_p for line in self.lines) - self.contingency_p


@dataclass(frozen=True, slots=True)
class _Bar:
    name: str
    amount_p: int
    start_p: int
    kind: int

    @property
    def end_p(self) -> int:
        return self.start_p + self.amount_p


def envelope_chart(content: EnvelopeContent, style: Style, frame: Frame) -> Picture:
    """Build the waterfall."""
    title = content.title or envelope_finding(content)
    bars = _bars(content)
    sheet = Sheet(frame, style)
    widest = max(sheet.text_width(bar.name, "captionStrong") for bar in bars)
    axes = sheet.plot(
        left=EDGE + widest + GAP,
        right=max(sheet.text_width(_said(bar), "captionStrong") for bar in bars) + 2 * EDGE,
        bottom=sheet.line_height() + 2 * GAP,
        heading=(title, f"Devolved budget, £ million, {content.period}".removesuffix(", ")),
    )
    _axes(axes, style, bars)
    for place, bar in enumerate(bars):
        _draw(axes, style, place, bar)
    _links(axes, style, bars)
    spots = tuple(
        Spot(bar.end_p / MILLION, place, f"{bar.name}, {_said(bar)}")
        for place, bar in enumerate(bars)
    )
    alt = f"Waterfall. {title}. {'; '.join(spot.spoken for spot in spots)}."
    rows = tuple((bar.name, _said(bar)) for bar in bars)
    return Picture(sheet.figure, axes, frame, spots, title, alt, Table(("What", "Amount"), rows))


def envelope_finding(content: EnvelopeContent) -> str:
    """Say what is left of the envelope, or by how much it is overplanned."""
    left, of = content.unallocated_p, f"£{number(content.current_p / MILLION, 2)}m"
    if left < 0:
        return f"Planned {_pounds(-left)} more than the envelope of {of}"
    if left == 0:
        return f"All of the envelope of {of} is planned"
    return f"{_pounds(left)} of {of} is not yet planned"


def _bars(content: EnvelopeContent) -> list[_Bar]:
    bars = [_Bar("Opening", content.opening_p, 0, TOTAL)]
    for letter in content.letters:
        bars.append(_Bar(letter.name, letter.amount_p, bars[-1].end_p, CHANGE))
    bars.append(_Bar("Envelope today", content.current_p, 0, TOTAL))
    reached = content.current_p
    for line in content.lines:
        bars.append(_Bar(line.name, -line.amount_p, reached, PLANNED))
        reached -= line.amount_p
    bars.append(_Bar("Contingency", -content.contingency_p, reached, KEPT))
    left = content.unallocated_p
    name = "Not yet planned" if left >= 0 else "Over the envelope"
    bars.append(_Bar(name, left, 0, LEFT if left >= 0 else OVER))
    return bars


def _axes(axes: Axes, style: Style, bars: Sequence[_Bar]) -> None:
    ends = [end / MILLION for bar in bars for end in (bar.start_p, bar.end_p)]
    _, high, ticks = trimmed([0.0, *ends])
    low = min(ends)
    axes.set_xlim(min(0, low), high)
    ticks = [tick for tick in ticks if tick >= 0]
    axes.set_xticks(ticks, [number(t) for t in ticks], fontproperties=style.font("caption"))
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_axisbelow(True)
    axes.grid(axis="x", **style.line("gridline"))
    axes.axvline(0, **style.line("axis"), zorder=1.5)


def _draw(axes: Axes, style: Style, place: int, bar: _Bar) -> None:
    role = {
        TOTAL: "chart.target",
        CHANGE: "chart.series.0",
        PLANNED: "mark.neutral",
        KEPT: "mark.neutral",
        LEFT: "mark.accent",
        OVER: "mark.concern",
    }[bar.kind]
    hollow = bar.kind in (KEPT, LEFT)
    colour = style.colour(role)
    axes.barh(
        place,
        bar.amount_p / MILLION,
        left=bar.start_p / MILLION,
        height=BAR,
        facecolor=style.colour("surface.page") if hollow else colour,
        edgecolor=colour,
        linewidth=1.5 * POINTS_PER_PIXEL,
        linestyle=(0, (3, 2)) if bar.kind == LEFT else "solid",
        zorder=2,
    )
    _write(axes, style, (0, place), bar.name, bar, left=True)
    _write(axes, style, (1, place), _said(bar), bar, left=False)


def _write(  # noqa: PLR0913 - one text: where, what, how
    axes: Axes, style: Style, place: tuple[int, int], text: str, bar: _Bar, *, left: bool
) -> None:
    strong = bar.kind in (TOTAL, LEFT, OVER)
    axes.annotate(
        text,
        place,
        xycoords=blended_transform_factory(axes.transAxes, axes.transData),
        xytext=((-GAP if left else _room(axes)) * POINTS_PER_PIXEL, 0),
        textcoords="offset points",
        fontproperties=style.font("captionStrong" if strong else "caption"),
        color=style.colour("text.concern" if bar.kind == OVER else "text.primary"),
        ha="right",
        va="center_baseline",
        annotation_clip=False,
        parse_math=False,
    )


def _room(axes: Axes) -> float:
    """Return how far the right edge of the figures lies from the plot, in pixels."""
    figure = axes.get_figure(root=True)
    width = figure.get_size_inches()[0] * 96 if figure is not None else 0
    return float((1 - axes.get_position().x1) * width - EDGE)


def _links(axes: Axes, style: Style, bars: Sequence[_Bar]) -> None:
    look = style.line("nearLimit")
    for place, (bar, after) in enumerate(pairwise(bars)):
        if after.kind in (LEFT, OVER):
            continue
        at = bar.end_p / MILLION
        axes.plot([at, at], [place + BAR / 2, place + 1 - BAR / 2], **look, zorder=1.6)


def _pounds(pence: int) -> str:
    """Print whole pounds, halves up; the exact pence stand in the grid."""
    return f"£{(abs(pence) + PENCE // 2) // PENCE:,}"


def _said(bar: _Bar) -> str:
    sign = {CHANGE: "+", PLANNED: "", KEPT: ""}.get(bar.kind, "")
    if bar.amount_p < 0:
        sign = MINUS
    return f"{sign}{_pounds(bar.amount_p)}"
