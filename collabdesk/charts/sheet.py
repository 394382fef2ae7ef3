"""The paper a chart is drawn on: margins in pixels, words round the plot, nothing clipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from collabdesk.charts.drawn import Frame, figure_for
from collabdesk.charts.style import POINTS_PER_PIXEL, Style

GAP: Final = 8
EDGE: Final = 12


@dataclass(frozen=True, slots=True)
class LineLabel:
    """Words at the right end of a line, at the line's height."""

    y: float
    text: str
    colour: str
    strong: bool = False


class Sheet:
    """A figure whose margins are chosen from the words that stand in them."""

    def __init__(self, frame: Frame, style: Style) -> None:
        """Take an empty page of the frame's size."""
        self.frame = frame
        self.style = style
        self.figure = figure_for(frame, style.colour("surface.page"))

    def text_width(self, text: str, role: str = "caption") -> float:
        """Return how wide a text is, in pixels at 100 %."""
        font = self.style.font(role)
        written = self.figure.text(0, 0, text or " ", fontproperties=font, parse_math=False)
        width = written.get_window_extent().width
        written.remove()
        return width / self.frame.scale

    def line_height(self, role: str = "caption") -> float:
        """Return the height of a line of text, in pixels at 100 %."""
        return float(self.style.tokens["type"]["scale"][role]["line"]) * self.style.text_factor

    def wrapped(self, text: str, width: float, role: str = "caption") -> list[str]:
        """Break a text into lines that fit a width."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.text_width(longer, role) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def plot(
        self,
        *,
        left: float,
        right: float,
        bottom: float,
        heading: tuple[str, str],
        above: float = 0,
    ) -> Axes:
        """Return axes between margins in pixels, under title, subtitle and over the footer.

        `heading` is the title, used only on a page that leaves the program, and the subtitle;
        `above` is room kept between them and the plot.
        """
        title, subtitle = heading
        top = self._write_heading(title, subtitle) + above
        foot = bottom + self._write_footer()
        width, height = self.frame.width, self.frame.height
        span = (max(width - left - right, 1) / width, max(height - top - foot, 1) / height)
        axes = self.figure.add_axes((left / width, foot / height, *span))
        axes.set_facecolor("none")
        for side in ("top", "right", "left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0, labelcolor=self.style.colour("text.secondary"))
        return axes

    def write(self, x: float, y: float, text: str, *, role: str, colour: str) -> None:
        """Write a line of text with its top left at pixels from the page's top left."""
        self.figure.text(
            x / self.frame.width,
            1 - y / self.frame.height,
            text,
            fontproperties=self.style.font(role),
            color=self.style.colour(colour),
            va="top",
            ha="left",
            parse_math=False,
        )

    def label_lines(self, axes: Axes, labels: Sequence[LineLabel]) -> None:
        """Write each line's name at its right end, moved apart where they would touch."""
        wanted = sorted(labels, key=lambda label: label.y)
        low, high = axes.get_ylim()
        tall = axes.get_position().height * self.frame.height
        pixel = (high - low) / tall
        places = spread([label.y for label in wanted], self.line_height() * pixel, low, high)
        across = blended_transform_factory(axes.transAxes, axes.transData)
        for label, place in zip(wanted, places, strict=True):
            axes.annotate(
                label.text,
                (1, place),
                xycoords=across,
                xytext=(GAP * POINTS_PER_PIXEL, 0),
                textcoords="offset points",
                fontproperties=self.style.font("captionStrong" if label.strong else "caption"),
                color=label.colour,
                va="center",
                ha="left",
                annotation_clip=False,
                parse_math=False,
            )

    def label_width(self, labels: Sequence[LineLabel]) -> float:
        """Return the right margin that the names of lines need, in pixels."""
        widths = [self.text_width(x.text, "captionStrong") for x in labels]
        return GAP + max(widths, default=0) + EDGE

    def _write_heading(self, title: str, subtitle: str) -> float:
        y = float(GAP)
        width = self.frame.width - 2 * EDGE
        if self.frame.footer is not None:
            for line in self.wrapped(title, width, "heading"):
                self.write(EDGE, y, line, role="heading", colour="text.primary")
                y += self.line_height("heading")
        for line in self.wrapped(subtitle, width):
            self.write(EDGE, y, line, role="caption", colour="text.secondary")
            y += self.line_height()
        return y + GAP

    def _write_footer(self) -> float:
        if self.frame.footer is None:
            return 0
        lines = self.wrapped(self.frame.footer.words, self.frame.width - 2 * EDGE)
        height = len(lines) * self.line_height() + GAP
        for number, line in enumerate(lines):
            y = self.frame.height - height + number * self.line_height()
            self.write(EDGE, y, line, role="caption", colour="text.secondary")
        return height + GAP


def spread(places: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Move ascending places until they stand `apart`, keeping within the limits if they can.

    >>> spread([1.0, 1.0, 9.0], 2.0, 0.0, 10.0)
    [0.0, 2.0, 9.0]
    """
    moved = list(places)
    for _ in range(len(moved) * 4):
        for here in range(len(moved) - 1):
            short = apart - (moved[here + 1] - moved[here])
            if short > 0:
                moved[here] -= short / 2
                moved[here + 1] += short / 2
    if moved and moved[0] < low:
        moved = _climb(moved, apart, low)
    if moved and moved[-1] > high:
        moved = [-place for place in _climb([-p for p in reversed(moved)], apart, -high)][::-1]
    return moved


def _climb(places: Sequence[float], apart: float, low: float) -> list[float]:
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + apart if moved else low))
    return moved
