"""A chart as a result: the picture for the screen, its points, words and table, and its files."""

from __future__ import annotations

import datetime as dt
import io
import threading
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from collabdesk.charts.style import PIXELS_PER_INCH
from collabdesk.charts.words import full_day

SOFTWARE: Final = "CollabDesk"

# matplotlib shares font caches and settings between threads; one chart is drawn at a time.
_DRAWING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Footer:
    """What a picture that leaves the program says about itself."""

    source: str
    period: str
    made_on: dt.date
    stamp: str = ""

    @property
    def words(self) -> str:
        """The footer on one line."""
        said = (self.source, self.period, f"made {full_day(self.made_on)}", self.stamp)
        return " · ".join(part for part in said if part)


@dataclass(frozen=True, slots=True)
class Frame:
    """How large a picture is, in pixels at 100 %; `scale` is the screen's pixel ratio.

    With a footer the picture also carries its title, because no page stands round it.
    """

    width: int
    height: int
    scale: float = 1.0
    footer: Footer | None = None


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """Where a point lies in the picture, from its top left, and what is said of it."""

    x_px: float
    y_px: float
    spoken: str


@dataclass(frozen=True, slots=True)
class Table:
    """The table that says what the picture shows, in the same order."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in the units of its axes."""

    x: float
    y: float
    spoken: str


@dataclass(frozen=True)
class Picture:
    """A built figure and everything said about it; draw it once."""

    figure: Figure
    axes: Axes
    frame: Frame
    spots: tuple[Spot, ...]
    title: str
    alt: str
    table: Table


@dataclass(frozen=True)
class Drawn:
    """A chart ready for the screen: `rgba` holds four bytes for each pixel, by row."""

    rgba: bytes
    width: int
    height: int
    points: tuple[ChartPoint, ...]
    title: str
    alt: str
    table: Table


def figure_for(frame: Frame, background: str) -> Figure:
    """Return an empty figure of the frame's size."""
    size = (frame.width / PIXELS_PER_INCH, frame.height / PIXELS_PER_INCH)
    return Figure(figsize=size, dpi=PIXELS_PER_INCH * frame.scale, facecolor=background)


def draw(picture: Picture) -> Drawn:
    """Draw the picture into memory, with its points in pixels of that picture."""
    out = io.BytesIO()
    with _DRAWING:
        picture.figure.savefig(out, format="rgba")
        width, height = (int(size) for size in picture.figure.bbox.size)
        places = picture.axes.transData.transform([(s.x, s.y) for s in picture.spots] or [(0, 0)])
    points = tuple(
        ChartPoint(float(x), height - float(y), spot.spoken)
        for spot, (x, y) in zip(picture.spots, places, strict=False)
    )
    return Drawn(out.getvalue(), width, height, points, picture.title, picture.alt, picture.table)


def to_png(picture: Picture) -> bytes:
    """Return the picture as a PNG file with its title and alternative text inside."""
    out = io.BytesIO()
    said = {"Title": picture.title, "Description": picture.alt, "Software": SOFTWARE}
    with _DRAWING:
        picture.figure.savefig(out, format="png", metadata=said)
    return out.getvalue()


def to_svg(picture: Picture) -> bytes:
    """Return the picture as an SVG file that a screen reader can read; no date in it."""
    out = io.StringIO()
    said = {"Title": picture.title, "Creator": SOFTWARE, "Date": None}
    with _DRAWING, mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": SOFTWARE}):
        picture.figure.savefig(out, format="svg", metadata=said)
    title = f"<title>{escape(picture.title)}</title>"
    text = out.getvalue().replace(title, f"{title}\n <desc>{escape(picture.alt)}</desc>", 1)
    return text.replace("<svg ", '<svg role="img" ', 1).encode("utf-8")
